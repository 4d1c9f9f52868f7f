"""Pages of a dosing session."""
