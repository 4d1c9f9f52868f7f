"""Papers about a decision."""
