"""Patients, their chart as imported or typed, and their consents."""
