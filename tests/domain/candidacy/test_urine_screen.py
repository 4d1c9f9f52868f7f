"""A urine drug screen out of single results (LAB-UDS, CI-UDS)."""

from dataclasses import replace
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


def result(name, *codes, days=0):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days)
    answers = tuple(Coding(system=SNOMED_CT, code=code) for code in codes or (NEGATIVE,))
    return ChartObservation(loinc=TESTS[name], effective_at=at, value_codings=answers)


def panel(count=10, days=0, **positive):
    return [result(name, positive.get(name, NEGATIVE), days=days) for name in sorted(TESTS)[:count]]


def facts_of(*rows, medications=()):
    chart = Chart(birth_on=None, sex=Sex.UNKNOWN, observations=tuple(rows), medications=tuple(medications))
    return read_case(Case(on=ON, chart=chart), load_chart_map(), fact_definitions()).facts


def read(*rows, medications=()):
    facts = facts_of(*rows, medications=medications)
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
        ([result("cannabinoids", POSITIVE, NEGATIVE)], None, None),  # coded as both says neither
        (panel(amphetamines=UNCLEAR), None, None),  # the tenth result says nothing
        ([result("cannabinoids", POSITIVE, days=30)], None, True),  # the last day of the window
        ([result("cannabinoids", POSITIVE, days=31)], None, None),
        ([*panel(), result("cocaine", POSITIVE, days=-1)], True, False),  # not yet known on that day
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


def test_the_newest_unexplained_result_tells_the_day():
    facts = facts_of(result("cocaine", POSITIVE, days=20), result("cannabinoids", POSITIVE, days=4))
    found = facts.by_key["urine_drug_screen_unexplained"]
    assert (found.said_on, found.detail) == (ON - timedelta(days=4), ("cannabinoids", "cocaine"))


def test_a_result_that_never_grows_old_still_counts_years_later():
    """Otherwise the panel of that day would pass for one without anything unexplained."""
    definitions = fact_definitions()
    lasting = {key: replace(one, fresh_for_days=None) for key, one in definitions.items() if key.startswith("urine_")}
    chart = Chart(birth_on=None, sex=Sex.UNKNOWN, observations=tuple(panel(days=900, cocaine=POSITIVE)))
    facts = read_case(Case(on=ON, chart=chart), load_chart_map(), {**definitions, **lasting}).facts
    assert facts.value("urine_drug_screen_unexplained") is True


def test_a_prescribed_medicine_explains_its_own_result():
    assert read(*panel(amphetamines=POSITIVE), medications=[AMPHETAMINE]) == (True, False)
    assert read(*panel(cocaine=POSITIVE), medications=[AMPHETAMINE]) == (True, True)
    assert read(result("amphetamines", POSITIVE), medications=[AMPHETAMINE]) == (None, None)


def test_every_test_is_read_from_other_records():
    assert {code for item in SCREEN.substances for code in item.loinc} <= set(measurement_codes())
