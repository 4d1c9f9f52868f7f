"""Clinics, the people who work in or are treated by them, and who may open what."""
