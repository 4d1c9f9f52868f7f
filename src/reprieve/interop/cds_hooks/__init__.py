"""CDS Hooks 2.0 as values: requests in, what the cards must say out; no sentence and no network."""
