"""Settings, database, addresses and the page frame."""
