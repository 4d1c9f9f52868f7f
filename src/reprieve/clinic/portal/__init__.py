"""Pages a patient opens on a phone."""
