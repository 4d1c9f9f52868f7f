"""ALG-04 and ALG-05: who may go ahead against a rule, and with what words."""

import pytest

from reprieve.domain.candidacy.override import Override, OverrideProblem, OverrideRefused
from reprieve.domain.quantities.findings import Severity

COMPLETE = {
    "rules": {"CI-ANEUR": Severity.RELATIVE},
    "prescriber": "prescriber-1",
    "second_clinician": "nurse-1",
    "risk_benefit": "Repaired four years ago, two adequate trials failed.",
    "mitigation": "Pressure every 5 minutes, stop at 160/100.",
}


def test_a_complete_override_stands():
    assert Override(**COMPLETE).rules == {"CI-ANEUR": Severity.RELATIVE}


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
