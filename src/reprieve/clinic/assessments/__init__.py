"""Candidacy at a clinic: intake answers, the decision page and what would change it."""
