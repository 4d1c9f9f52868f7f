"""Who did what to which record, append-only."""
