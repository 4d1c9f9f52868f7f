"""Is this person a candidate, why, what is not known, and what would change the answer."""
