"""Measures: each a named, versioned definition, an Ibis expression, and its release under disclosure control."""
