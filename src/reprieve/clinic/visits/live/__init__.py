"""What the open page of a running session is told, and how it gets there."""
