"""Candidacy in the words of people."""

from reprieve.clinic.assessments.presenters.decision import DecisionPresenter
from reprieve.clinic.assessments.presenters.intake import intake_themes

__all__ = ["DecisionPresenter", "intake_themes"]
