"""Template tags of the patient pages."""
