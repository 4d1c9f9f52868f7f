"""What medicine says, as data a clinician can review: TOML files, their loader, their schema, their content hash."""
