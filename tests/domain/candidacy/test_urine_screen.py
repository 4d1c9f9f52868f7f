"""A urine drug screen out of single results (LAB-UDS, CI-UDS)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from reprieve.domain.candidacy.case import Case, read_case
from reprieve.domain.candidacy.chart import SNOMED_CT, Chart, ChartMedication, ChartObservation, Coding, Sex
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.measurements import measurement_codes

ON = date(2026, 3, 2)
SCREEN = load_chart_map().urine_screen
TESTS = {item.name: min(item.loinc) for item in SCREEN.substances}
POSITIVE, NEGATIVE, UNCLEAR = "10828004", "260385009", "373121007"
AMPHETAMINE = ChartMedication(codings=(), name="amphetamine 20 MG", status="active", daily_dose_mg=20)


def result(name, code=NEGATIVE, days=0):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days)
    return ChartObservation(loinc=TESTS[name], effective_at=at, value_codings=(Coding(system=SNOMED_CT, code=code),))


def panel(count=10, days=0, **positive):
    return [result(name, positive.get(name, NEGATIVE), days) for name in sorted(TESTS)[:count]]


def read(*rows, medications=()):
    chart = Chart(birth_on=None, sex=Sex.UNKNOWN, observations=tuple(rows), medications=tuple(medications))
    facts = read_case(Case(on=ON, chart=chart), load_chart_map(), fact_definitions()).facts
    return facts.value("urine_drug_screen_done"), facts.value("urine_drug_screen_unexplained")


@pytest.mark.parametrize(
    ("rows", "done", "unexplained"),
    [
        (panel(), True, False),
        (panel(9), None, None),  # nine substances are no panel of ten
        ([*panel(9), result("amphetamines")], None, None),  # the same substance twice
        (panel(amphetamines=POSITIVE), True, True),
        ([result("cannabinoids", POSITIVE)], None, True),  # one positive result is enough to ask
        ([result("cannabinoids", UNCLEAR)], None, None),
        (panel(days=30), True, False),  # fresh for 30 days
        (panel(days=31), None, None),
        (panel(days=40, cocaine=POSITIVE) + panel(), True, False),  # what lies further back than a screen is fresh
        ([*panel(days=3, cocaine=POSITIVE), result("cocaine")], True, False),  # tested again
        ([*panel(), result("cocaine", POSITIVE)], True, True),  # of two results of one day the positive one counts
        (panel(days=-1), None, None),
    ],
)
def test_single_results_together(rows, done, unexplained):
    assert read(*rows) == (done, unexplained)


def test_a_prescribed_medicine_explains_its_own_result():
    assert read(*panel(amphetamines=POSITIVE), medications=[AMPHETAMINE]) == (True, False)
    assert read(*panel(cocaine=POSITIVE), medications=[AMPHETAMINE]) == (True, True)
    assert read(result("amphetamines", POSITIVE), medications=[AMPHETAMINE]) == (None, None)


def test_every_test_is_read_from_other_records():
    assert {code for item in SCREEN.substances for code in item.loinc} <= set(measurement_codes())
