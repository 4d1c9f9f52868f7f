"""The command `reprieve`."""
