"""Every write on intake, decisions, plans and self-checks."""

from reprieve.clinic.assessments.services.decisions import assessment_make, assessment_sign
from reprieve.clinic.assessments.services.definitions import trial_definition_choose
from reprieve.clinic.assessments.services.intake import conflict_settle, intake_record
from reprieve.clinic.assessments.services.letters import letter_issue
from reprieve.clinic.assessments.services.overrides import override_sign, overrides_end
from reprieve.clinic.assessments.services.self_checks import self_check_invite, self_check_record
from reprieve.clinic.assessments.services.steps import step_close

__all__ = [
    "assessment_make",
    "assessment_sign",
    "conflict_settle",
    "intake_record",
    "letter_issue",
    "override_sign",
    "overrides_end",
    "self_check_invite",
    "self_check_record",
    "step_close",
    "trial_definition_choose",
]
