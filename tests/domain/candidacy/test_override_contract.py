"""ALG-04 and ALG-05: who may go ahead against a rule, with what words, and for how long."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprieve.domain.candidacy.override import Override, OverrideProblem, OverrideRefused
from reprieve.domain.quantities.findings import Severity

SIGNED = date(2026, 3, 2)
COMPLETE = {
    "rules": {"CI-ANEUR": Severity.RELATIVE},
    "prescriber": "prescriber-1",
    "second_clinician": "nurse-1",
    "risk_benefit": "Repaired four years ago, two adequate trials failed.",
    "mitigation": "Pressure every 5 minutes, stop at 160/100.",
    "signed_on": SIGNED,
}


def test_a_complete_override_is_in_force_until_the_series_ends():
    override = Override(**COMPLETE, course="course-1")
    assert not override.in_force(SIGNED - timedelta(days=1), series_ended_on=None)
    assert override.in_force(SIGNED, series_ended_on=None)
    ended = SIGNED + timedelta(days=21)
    assert override.in_force(ended, series_ended_on=ended)
    assert not override.in_force(ended + timedelta(days=1), series_ended_on=ended)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"rules": {"CI-ANEUR": Severity.ABSOLUTE}}, OverrideProblem.ABSOLUTE),
        ({"rules": {"CI-BP1": Severity.RELATIVE, "CI-HTN-SEV": Severity.ABSOLUTE}}, OverrideProblem.ABSOLUTE),
        ({"rules": {}}, OverrideProblem.NOTHING),
        ({"rules": {"CI-LFT": Severity.WORKUP}}, OverrideProblem.NOTHING),
        ({"rules": {"CI-BP1": Severity.RELATIVE, "CI-LFT": Severity.WORKUP}}, OverrideProblem.NOTHING),
        ({"second_clinician": "prescriber-1"}, OverrideProblem.SAME_PERSON),
        ({"second_clinician": " prescriber-1 "}, OverrideProblem.SAME_PERSON),
        ({"prescriber": ""}, OverrideProblem.REASONS),
        ({"second_clinician": " "}, OverrideProblem.REASONS),
        ({"risk_benefit": " \n"}, OverrideProblem.REASONS),
        ({"mitigation": ""}, OverrideProblem.REASONS),
    ],
)
def test_what_refuses_an_override(changed, problem):
    with pytest.raises(OverrideRefused) as refused:
        Override(**{**COMPLETE, **changed})
    assert refused.value.problem is problem
    assert str(refused.value) == problem.value


@given(st.dictionaries(st.sampled_from(["CI-ANEUR", "CI-BP1", "CI-PREG"]), st.sampled_from(Severity)))
def test_it_covers_only_the_rules_that_were_accepted(later):
    override = Override(**COMPLETE)
    relative = {rule for rule, level in later.items() if level is Severity.RELATIVE}
    assert override.covers(later) is (Severity.ABSOLUTE not in later.values() and relative <= {"CI-ANEUR"})
