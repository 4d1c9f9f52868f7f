"""Record, patient and clinician each name medicines: what anybody names counts, and differences are shown."""

from datetime import date, timedelta

import pytest

from reprieve.domain.candidacy.case import Case, read_case
from reprieve.domain.candidacy.chart import RXNORM, Chart, ChartMedication, Coding, Sex
from reprieve.domain.candidacy.daily_totals import Dose, total_facts
from reprieve.domain.candidacy.equivalents import EquivalentDose, EquivalentTable
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.from_chart import ReviewReason
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.chart_map import load_chart_map

ON = date(2026, 3, 2)
DEFINITIONS = fact_definitions()
TABLE = EquivalentTable(
    name="TABLE",
    doses={
        "alprazolam": EquivalentDose(lower_mg=0.5, upper_mg=1),
        "clonazepam": EquivalentDose(lower_mg=3, upper_mg=3),
        "diazepam": EquivalentDose(lower_mg=10, upper_mg=10),
    },
)
ALPRAZOLAM = Coding(system=RXNORM, code="596")
CHART, PATIENT, CLINICIAN = Teller.CHART, Teller.PATIENT, Teller.CLINICIAN


def row(name, mg=None, by=CHART, codings=(), **fields):
    told_on = None if by is CHART else ON - timedelta(days=1)
    return ChartMedication(
        codings=codings, name=name, status="active", daily_dose_mg=mg, said_by=by, said_on=told_on, **fields
    )


def confirms(by, value=True, day=ON):
    return state(DEFINITIONS["medication_list_complete"], value, said_by=by, said_on=day)


def read(*rows, complete=(), settlements=(), statements=()):
    case = Case(
        on=ON,
        statements=(*map(confirms, complete), *statements),
        chart=Chart(birth_on=None, sex=Sex.UNKNOWN, medications=tuple(one for one in rows if one.said_by is CHART)),
        settlements=settlements,
        told_medications=tuple(one for one in rows if one.said_by is not CHART),
    )
    return read_case(case, load_chart_map(), DEFINITIONS)


def test_what_anybody_names_is_taken():
    reading = read(row("theophylline", 400, CLINICIAN), row("sertraline", 100, PATIENT), row("tramadol", 100))
    for fact in ("taking_xanthine", "taking_ssri_snri", "taking_opioid"):
        assert reading.facts.value(fact) is True
    assert reading.facts.by_key["taking_xanthine"].said_by is CLINICIAN
    assert reading.facts.by_key["taking_ssri_snri"].said_by is PATIENT


def test_a_difference_between_two_lists_is_shown():
    reading = read(row("theophylline", 400, CLINICIAN), row("sertraline", 100, PATIENT), row("tramadol", 100))
    shown = {(item.reason, item.what) for item in reading.reviews}
    assert shown == {(ReviewReason.ONLY_ONE_NAMES_IT, "theophylline"), (ReviewReason.ONLY_ONE_NAMES_IT, "sertraline")}
    same = read(row("Sertraline 100 MG", 100, CLINICIAN), row("zoloft", 100, PATIENT), row("tramadol", 100))
    assert same.reviews == ()
    assert read(row("sertraline", 100, PATIENT), row("tramadol", 100)).reviews == ()  # beside the record, as asked


def test_who_calls_the_list_complete_and_lacks_what_another_names_disagrees():
    reading = read(row("tramadol", 100, PATIENT), complete=[CLINICIAN])
    (conflict,) = [item for item in reading.facts.conflicts if item.believed.key == "taking_opioid"]
    assert (conflict.believed.value, conflict.believed.said_by) == (True, PATIENT)
    assert (conflict.other.value, conflict.other.said_by) == (False, CLINICIAN)
    assert reading.facts.value("taking_xanthine") is False
    assert read(row("tramadol", 100, PATIENT), complete=[PATIENT]).facts.conflicts == ()
    assert read(row("tramadol", 100, PATIENT)).facts.value("taking_xanthine") is None


def test_a_list_that_somebody_calls_incomplete_proves_no_absence():
    said = (confirms(CLINICIAN), confirms(PATIENT, False))
    assert read(row("tramadol", 100), statements=said).facts.value("taking_xanthine") is None


@pytest.mark.parametrize("days", [(5,), (5, 9), (9, 5)])
def test_a_medicine_is_absent_as_of_the_last_day_on_which_the_list_was_confirmed(days):
    """Not as of today: "takes no theophylline" grows old with the list that says so."""
    said = tuple(confirms(CLINICIAN, day=ON - timedelta(days=ago)) for ago in days)
    fact = read(row("tramadol", 100), statements=said).facts.by_key["taking_xanthine"]
    assert (fact.value, fact.said_by, fact.said_on) == (False, CLINICIAN, ON - timedelta(days=5))


def test_a_list_whose_day_of_confirmation_nobody_knows_proves_no_absence():
    said = (confirms(CLINICIAN, day=None), confirms(PATIENT))
    fact = read(row("tramadol", 100), statements=said).facts.by_key["taking_xanthine"]
    assert (fact.value, fact.said_by, fact.said_on) == (False, PATIENT, ON)


@pytest.mark.parametrize(
    ("doubtful", "fact"),
    [
        (row("Tablet", 1, PATIENT, codings=(ALPRAZOLAM,)), "taking_benzodiazepine"),
        (row("fluticasone", by=PATIENT), "taking_nasal_spray"),  # or an inhaler
    ],
)
def test_what_one_person_may_have_meant_is_not_denied_by_the_list_of_another(doubtful, fact):
    assert read(doubtful, complete=[CLINICIAN]).facts.value(fact) is None


def test_protection_counts_only_where_nobody_denies_it():
    """A mood stabiliser protects: that one of two names it is not enough once the other calls the list complete."""
    reading = read(row("lithium", 900, PATIENT), complete=[CLINICIAN])
    assert reading.facts.value("taking_mood_stabiliser") is False
    assert reading.facts.value("taking_valproate_or_lithium") is True


@pytest.mark.parametrize(
    ("rows", "high", "other"),
    [
        # alprazolam by Ashton: 0.5 mg for 10 mg of diazepam
        ([row("alprazolam", 2)], 40, None),
        ([row("alprazolam", 2), row("alprazolam", 4, PATIENT)], 80, 40),
        ([row("alprazolam", 4), row("alprazolam", 2, PATIENT)], 80, 40),
        ([row("alprazolam", 2), row("alprazolam", None, PATIENT)], 40, None),
        ([row("alprazolam", 2), row("diazepam", 5, PATIENT)], 45, None),
        ([row("alprazolam", 2), row("alprazolam", 2, PATIENT)], 40, None),  # the same box, not twice the dose
        # each names one of the two drugs higher: 4 mg of alprazolam and 10 mg of diazepam
        (
            [row("alprazolam", 4), row("diazepam", 5), row("alprazolam", 2, PATIENT), row("diazepam", 10, PATIENT)],
            90,
            50,
        ),
        ([row("alprazolam", None), row("alprazolam", None, PATIENT)], None, None),
        ([row("midazolam", 5)], None, None),  # in no table
    ],
)
def test_the_highest_dose_that_anybody_names_counts_and_the_lower_is_shown(rows, high, other):
    reading = read(*rows)
    assert reading.facts.value("benzodiazepine_high_mg") == high
    assert [item.other.value for item in reading.facts.conflicts] == ([] if other is None else [other])


def dose(drug, mg, by=CHART, certain=True):
    return Dose(drug=drug, mg=mg, certain=certain, said_by=by, said_on=ON)


def told(*doses):
    """Smallest and largest total a day, as each teller is heard with it."""
    keys = {"low": "benzodiazepine_low_mg", "high": "benzodiazepine_high_mg"}
    facts = total_facts(doses, (TABLE,), DEFINITIONS, **keys)
    return [(fact.key.split("_")[1], fact.value, fact.said_by) for fact in facts]


@pytest.mark.parametrize(
    ("doses", "totals"),
    [
        # Ten times the dose over the equivalent one of TABLE: 2 mg of alprazolam are 20 to 40 mg of diazepam.
        ([dose("alprazolam", 2)], [("low", 20, CHART), ("high", 40, CHART)]),
        # the same dose from two people is one total, told once
        ([dose("alprazolam", 2), dose("alprazolam", 2, PATIENT)], [("low", 20, CHART), ("high", 40, CHART)]),
        # who names less is heard with the lower total, and who names most only with the highest
        (
            [dose("alprazolam", 2), dose("alprazolam", 4, PATIENT)],
            [("low", 40, PATIENT), ("high", 80, PATIENT), ("high", 40, CHART)],
        ),
        # each names one drug higher: the total that nobody names alone is told once, and the other's own beside it
        (
            [dose("alprazolam", 4), dose("diazepam", 5), dose("alprazolam", 2, PATIENT), dose("diazepam", 10, PATIENT)],
            [("low", 50, CHART), ("high", 90, CHART), ("high", 50, PATIENT)],
        ),
        # 1 mg of clonazepam where 3 mg are the equivalent dose: 3.333... mg, told to a millionth of a milligram
        ([dose("clonazepam", 1)], [("low", 3.333333, CHART), ("high", 3.333333, CHART)]),
        # the record's diazepam may be another drug, so no total is told although the patient names its dose
        ([dose("diazepam", None, certain=False), dose("diazepam", 5, PATIENT)], []),
    ],
)
def test_each_total_is_told_once_by_who_said_it(doses, totals):
    assert told(*doses) == totals


def test_a_clinician_settles_the_dose():
    rows = (row("alprazolam", 2), row("alprazolam", 4, PATIENT))
    (conflict,) = read(*rows).facts.conflicts
    stated = state(DEFINITIONS[conflict.believed.key], 40.0, said_by=CLINICIAN, said_on=ON)
    settled = Settlement(stated=stated, believed=conflict.believed, other=conflict.other)
    reading = read(*rows, settlements=(settled,))
    assert (reading.facts.value("benzodiazepine_high_mg"), reading.facts.conflicts) == (40, ())
    more = read(row("alprazolam", 2), row("alprazolam", 6, PATIENT), settlements=(settled,))
    assert more.facts.value("benzodiazepine_high_mg") == 120  # something else was said since


FORMS = [
    ("120 ACTUAT fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray [Flonase]", True),
    ("Flonase", True),
    ("120 ACTUAT fluticasone propionate 0.044 MG/ACTUAT Metered Dose Inhaler [Flovent]", False),
    ("budesonide 0.25 MG/ML Inhalation Suspension [Pulmicort]", False),
    ("triamcinolone acetonide 1 MG/ML Topical Cream", False),
    ("phenylephrine 10 MG Oral Tablet", False),
    ("fluticasone", None),
]


@pytest.mark.parametrize(("name", "value"), FORMS)
def test_a_steroid_is_a_nasal_spray_only_by_the_nose(name, value):
    """DDI-NASAL: an inhaler against asthma is none; where nobody says how it is taken it stays a question."""
    reading = read(row(name), complete=[CLINICIAN])
    assert reading.facts.value("taking_nasal_spray") is value
    asks = [item.fact for item in reading.reviews if item.reason is ReviewReason.ROUTE_NOT_KNOWN]
    assert asks == (["taking_nasal_spray"] if value is None else [])


def test_of_several_ways_that_a_name_mentions_the_first_of_the_map_counts():
    """A metered dose may be of an inhaler or of a nasal spray; the nose is named."""
    assert load_chart_map().routes_of((), "Metered Dose Nasal Spray") == {"nasal"}
    assert load_chart_map().routes_of((), "Powder for Oral Inhalation") == {"inhaled"}


@pytest.mark.parametrize(("code", "value"), [("46713006", True), ("447694001", False), ("0", None)])
def test_the_route_of_the_record_decides(code, value):
    given = (Coding(system="http://snomed.info/sct", code=code),)
    assert read(row("fluticasone", given_by=given), complete=[CLINICIAN]).facts.value("taking_nasal_spray") is value
