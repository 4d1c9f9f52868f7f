"""Scores of questionnaires, what a change in them means, and which of them may stand in one series."""
