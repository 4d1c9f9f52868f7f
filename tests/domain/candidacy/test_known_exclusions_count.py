"""What somebody said to be there decides, also where nobody said the rest; what is not recorded is no yes."""

from datetime import date

import pytest

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.decision import assess
from reprieve.domain.candidacy.facts import FactSet, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.rules import Route
from reprieve.knowledge.candidacy import load_rule_base

BASE = load_rule_base()
NOBODY = FactSet(on=date(2026, 3, 2))


def found(indication="IND-TRD", **facts):
    return assess(BASE, NOBODY.supposing(facts), route=Route.IV, indication=indication)


def severities(result, rule):
    return [str(item.finding.severity) for item in result.findings if item.finding.code == rule]


@pytest.mark.parametrize("on_file", [{}, {"ecg_12_months": False}, {"ecg_12_months": True}])
def test_a_dangerous_ecg_excludes_whatever_is_said_of_the_paper(on_file):
    """ECG-02: the finding counts although nobody ticked that an ECG is on file."""
    result = found(ecg_exclusion_finding=True, **on_file)
    assert severities(result, "ECG-02") == ["ABSOLUTE"]
    assert result.decision is Decision.INELIGIBLE


def test_an_ecg_on_file_asks_what_it_shows_and_no_ecg_asks_nothing():
    assert "ECG-02" in [needed.rule for needed in found(ecg_12_months=True).data_needed]
    assert "ECG-02" not in [needed.rule for needed in found(ecg_12_months=False).data_needed]


@pytest.mark.parametrize("indication", ["IND-TRD", "IND-PTSD", "IND-CRPS", None])
@pytest.mark.parametrize(("ymrs", "fires"), [(5.0, []), (6.0, ["WORKUP"]), (12.0, ["WORKUP"]), (13.0, [])])
def test_some_manic_symptoms_defer_whatever_is_treated(indication, ymrs, fires):
    """CI-MANIA-SUB: 5 < YMRS <= 12 is not only a matter of bipolar II."""
    assert severities(found(indication, ymrs=ymrs), "CI-MANIA-SUB") == fires


@pytest.mark.parametrize(
    ("said", "fires"), [({}, True), ({"psychotherapy_tried": False}, True), ({"psychotherapy_tried": True}, False)]
)
def test_a_missing_entry_on_psychotherapy_is_a_caution(said, fires):
    """STEP-01: a missing entry counts as missing."""
    assert bool(severities(found(**said), "STEP-01")) is fires


@pytest.mark.parametrize(
    ("said", "fires"),
    [({}, True), ({"other_medicines_checked": False}, True), ({"other_medicines_checked": True}, False)],
)
def test_an_unrecognised_medicine_waits_for_a_person(said, fires):
    """WU-MED: checked by hand, or it defers."""
    result = found(medicine_not_recognised=True, medication_list_complete=True, **said)
    assert bool(severities(result, "WU-MED")) is fires


@pytest.mark.parametrize("other", [Teller.FILE, Teller.PATIENT, Teller.CHART])
@pytest.mark.parametrize(("clinician", "others"), [(1.0, 20.0), (20.0, 1.0)])
def test_of_one_day_the_number_of_the_clinician_counts(other, clinician, others):
    """Not the one whose name comes later in the alphabet: a stroke one month ago stayed unseen beside "20"."""
    definition = BASE.definitions["months_since_stroke"]
    said = [
        state(definition, months, said_by=teller, said_on=NOBODY.on)
        for months, teller in ((clinician, Teller.CLINICIAN), (others, other))
    ]
    for order in (said, said[::-1]):
        assert merge(order, BASE.definitions, on=NOBODY.on).value("months_since_stroke") == clinician
