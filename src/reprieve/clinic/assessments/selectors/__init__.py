"""What can be read of intake, decisions, plans and links; always inside one clinic."""

from reprieve.clinic.assessments.selectors.cases import (
    LISTS,
    MEDICATIONS,
    TRIALS,
    case_of,
    current_lists,
    latest_answers,
    local_day,
    mark_of,
    relevant_facts,
)
from reprieve.clinic.assessments.selectors.decisions import (
    assessment_get,
    assessments_of,
    indication_of,
    is_overridden,
    is_signed,
    latest_assessment,
    override_has_ended,
    permits_course,
    routes_compared,
)
from reprieve.clinic.assessments.selectors.steps import (
    link_of_token,
    open_links,
    open_steps,
    open_steps_of,
    step_get,
    token_sha256,
)

__all__ = [
    "LISTS",
    "MEDICATIONS",
    "TRIALS",
    "assessment_get",
    "assessments_of",
    "case_of",
    "current_lists",
    "indication_of",
    "is_overridden",
    "is_signed",
    "latest_answers",
    "latest_assessment",
    "link_of_token",
    "local_day",
    "mark_of",
    "open_links",
    "open_steps",
    "open_steps_of",
    "override_has_ended",
    "permits_course",
    "relevant_facts",
    "routes_compared",
    "step_get",
    "token_sha256",
]
