"""Measured outcomes: questionnaires sent and answered, scores, the trend, and safety tasks."""
