"""Writes on monitor messages (`filing`) and their quarantine (`quarantine`)."""
