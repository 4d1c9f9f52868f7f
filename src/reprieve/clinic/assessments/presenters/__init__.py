"""Candidacy in the words of people."""

from reprieve.clinic.assessments.presenters.decision import DecisionPresenter
from reprieve.clinic.assessments.presenters.intake import intake_progress, intake_themes, told_apart
from reprieve.clinic.assessments.presenters.routes import has_moved_on, route_columns
from reprieve.clinic.assessments.presenters.steps import planned_steps, step_rows

__all__ = [
    "DecisionPresenter",
    "has_moved_on",
    "intake_progress",
    "intake_themes",
    "planned_steps",
    "route_columns",
    "step_rows",
    "told_apart",
]
