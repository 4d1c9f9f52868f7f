"""What a record says, and above all what it does not say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from reprieve.domain.candidacy.case import Case, read_case
from reprieve.domain.candidacy.chart import (
    ICD_10_CM,
    RXNORM,
    SNOMED_CT,
    Chart,
    ChartAllergy,
    ChartCondition,
    ChartMedication,
    ChartObservation,
    Coding,
    Sex,
)  # fmt: skip
from reprieve.domain.candidacy.chart_map import ConditionMap, dotted_icd10, matches_icd10
from reprieve.domain.candidacy.facts import FactDefinition, FactKind, FactSet, Teller, state
from reprieve.domain.candidacy.from_chart import ReviewReason, indications_in
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import screen
from reprieve.knowledge.candidacy import fact_definitions, load_rule_base
from reprieve.knowledge.chart_map import load_chart_map

ON = date(2026, 3, 2)
DEFINITIONS = fact_definitions()
MAP = load_chart_map()
COCAINE = next(code for code, name in MAP.urine_screen.by_loinc.items() if name == "cocaine")


def condition(code, *, system=ICD_10_CM, status="active", sure="confirmed", **fields):
    return ChartCondition(codings=(Coding(system=system, code=code, display=f"<{code}>"),), clinical_status=status,
                          verification_status=sure, **fields)  # fmt: skip


def drug(name, *, status="active", mg=None, rxcui=None, **fields):
    codings = () if rxcui is None else (Coding(system=RXNORM, code=rxcui),)
    return ChartMedication(codings=codings, name=name, status=status, daily_dose_mg=mg, **fields)


def reading(chart, *, complete=False, **case):
    said = [state(DEFINITIONS["medication_list_complete"], True, said_by=Teller.CLINICIAN, said_on=ON)]
    return read_case(Case(on=ON, chart=chart, statements=tuple(said if complete else ()), **case), MAP, DEFINITIONS)


def of(*, conditions=(), medications=(), observations=(), allergies=(), birth_on=None, sex=Sex.UNKNOWN):
    return Chart(birth_on=birth_on, sex=sex, conditions=tuple(conditions), medications=tuple(medications),
                 observations=tuple(observations), allergies=tuple(allergies))  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "fact", "value"),
    [
        (condition("F20.9"), "psychosis_current", True),
        (condition("F209"), "psychosis_current", True),
        (condition("F20.9", status="resolved"), "psychosis_current", None),
        (condition("F20.9", status="resolved"), "schizophrenia_spectrum_ever", True),
        (condition("F20.9", status="remission"), "schizophrenia_spectrum_ever", True),
        (condition("F20.9", sure="refuted"), "schizophrenia_spectrum_ever", None),
        (condition("F20.9", sure="entered-in-error"), "schizophrenia_spectrum_ever", None),
        (condition("F20.9", sure="provisional"), "schizophrenia_spectrum_ever", None),
        (condition("I71.40", status="resolved"), "aneurysm", True),
        (condition("F10.20"), "substance_use_disorder_active", True),
        (condition("F10.21"), "substance_use_disorder_active", None),  # in remission
        (condition("F17.210"), "substance_use_disorder_active", None),  # tobacco
        (condition("F31.81"), "mania_ever", None),
        (condition("F31.10"), "mania_ever", True),
        (condition("9340000", system=SNOMED_CT), "mania_ever", True),
        (condition("9340000", system="urn:other"), "mania_ever", None),
        (condition("72892002", system=SNOMED_CT, onset_on=ON - timedelta(days=100)), "pregnant", True),
        (condition("72892002", system=SNOMED_CT, status="resolved"), "pregnant", None),
        (condition("72892002", system=SNOMED_CT, onset_on=ON - timedelta(days=300)), "pregnant", True),
        (condition("72892002", system=SNOMED_CT, onset_on=ON - timedelta(days=301)), "pregnant", None),
        (condition("72892002", system=SNOMED_CT), "pregnant", True),
        (condition("Z33.1", abated_on=ON), "pregnant", None),
        (condition("Z33.1", abated_on=ON + timedelta(days=1)), "pregnant", True),
        (condition("I50.21"), "heart_disease_unstable", True),
        (condition("I50.22"), "heart_disease_unstable", None),
        (condition("G93.2", onset_on=ON + timedelta(days=1)), "raised_icp", None),
    ],
)
def test_diagnoses(entry, fact, value):
    assert reading(of(conditions=[entry])).facts.value(fact) is value


def test_one_known_code_of_several_is_enough():
    """Records code a diagnosis in two systems, and not every code is in the map."""
    codings = (Coding(system="urn:other", code="X1"), Coding(system=ICD_10_CM, code="F20.9"))
    entry = ChartCondition(codings=codings, clinical_status="active", verification_status="confirmed")
    fact = reading(of(conditions=[entry])).facts.by_key["psychosis_current"]
    assert (fact.value, fact.detail) == (True, ("X1",))  # by its code where the record has no words for it


def test_a_code_of_remission_speaks_for_the_whole_diagnosis():
    """F10.20 alone is current; the same entry coded "in remission" (F10.21) too is not."""
    codings = tuple(Coding(system=ICD_10_CM, code=code) for code in ("F10.20", "F10.21"))
    entry = ChartCondition(codings=codings, clinical_status="active", verification_status="confirmed")
    assert reading(of(conditions=[entry])).facts.value("substance_use_disorder_active") is None


def test_a_diagnosis_that_begins_only_tomorrow_hides_none_of_today_and_supports_no_treatment():
    rows = [condition("G93.2", onset_on=ON + timedelta(days=days)) for days in (-400, 0, 1)]
    fact = reading(of(conditions=rows)).facts.by_key["raised_icp"]
    assert (fact.value, fact.said_on) == (True, ON)
    planned = of(conditions=[condition("F33.2", onset_on=ON + timedelta(days=1))])
    assert indications_in(planned, MAP, on=ON) == ()
    assert indications_in(of(conditions=[condition("F33.2", onset_on=ON)]), MAP, on=ON) == ("IND-TRD",)


def test_doubtful_diagnoses_go_to_a_person():
    reviews = reading(of(conditions=[
        condition("G93.2", sure="provisional"), condition("G93.2", status="unknown"),
        condition("I71.4", status="unknown"), condition("G93.2", sure="refuted"),
    ])).reviews  # fmt: skip
    assert [item.reason for item in reviews] == [ReviewReason.NOT_CONFIRMED, ReviewReason.STATUS_UNKNOWN]
    for clear in (condition("G93.2"), condition("G93.2", status="resolved"), condition("G93.2", sure="refuted")):
        assert reading(of(conditions=[clear])).reviews == ()


@pytest.mark.parametrize(
    ("code", "pattern", "matches"),
    [("I71.40", "I71", True), ("F30.1", "F30.1x", False), ("F30.10", "F30.1x", True), ("J45.901", "J45.x1", True),
     ("J45.902", "J45.x1", False), ("F3", "F30", False)],
)  # fmt: skip
def test_icd10_by_prefix(code, pattern, matches):
    assert matches_icd10(code, pattern) is matches


@pytest.mark.parametrize(("written", "code"), [("i714", "I71.4"), (" I71.4 ", "I71.4"), ("I71", "I71"), ("f3", "F3")])
def test_a_code_is_read_with_or_without_its_dot(written, code):
    assert dotted_icd10(written) == code


def test_a_diagnosis_that_is_over_counts_only_where_the_map_says_so():
    over = of(conditions=[condition("F33.2", status="resolved")])
    for lifetime, found in (({}, ()), ({"lifetime": True}, ("SOME",))):
        mapping = ConditionMap(fact="SOME", icd10=("F33",), **lifetime)
        assert indications_in(over, replace(MAP, indications=(mapping,)), on=ON) == found


def test_absence_from_a_list_is_unknown_until_the_list_is_confirmed():
    chart = of(medications=[drug("Sertraline 100 MG Oral Tablet")])
    assert reading(chart).facts.value("taking_ssri_snri") is True
    assert reading(chart).facts.value("taking_xanthine") is None
    assert reading(chart, complete=True).facts.value("taking_xanthine") is False


@pytest.mark.parametrize(
    "row",
    [
        drug("theophylline", status="stopped"),
        drug("theophylline", status="completed"),
        drug("theophylline", started_on=ON + timedelta(days=1)),
        drug("theophylline", ended_on=ON),
    ],
)
def test_a_stopped_or_planned_drug_is_not_taken(row):
    assert reading(of(medications=[row]), complete=True).facts.value("taking_xanthine") is False


def test_a_drug_that_starts_on_that_very_day_is_taken():
    """The first tablet may have been swallowed before the session."""
    assert reading(of(medications=[drug("theophylline", started_on=ON)])).facts.value("taking_xanthine") is True


def test_names_are_whole_words_and_brands_are_known():
    facts = reading(of(medications=[drug("Desvenlafaxine 50 MG"), drug("Xanax 1 mg", mg=1)]), complete=True).facts
    assert facts.by_key["taking_ssri_snri"].detail == ("desvenlafaxine",)
    assert facts.by_key["taking_benzodiazepine"].detail == ("alprazolam",)
    assert facts.value("benzodiazepine_high_mg") == 20  # 1 x 10 / 0.5, Ashton


def test_name_and_code_that_disagree_are_neither_yes_nor_no():
    """ALG-08: alprazolam was found coded as tramadol (10689) in public lists."""
    read = reading(of(medications=[drug("alprazolam 1 MG", rxcui="10689", mg=1)]), complete=True)
    assert read.facts.value("taking_benzodiazepine") is None
    assert read.facts.value("taking_opioid") is None
    assert read.facts.value("benzodiazepine_high_mg") is None
    assert [item.reason for item in read.reviews] == [ReviewReason.NAME_AND_CODE_DISAGREE]


def test_name_and_code_that_agree_and_a_code_alone():
    agreed = reading(of(medications=[drug("alprazolam", rxcui="596")]))
    assert agreed.facts.value("taking_benzodiazepine") is True
    alone = reading(of(medications=[drug("Tablet", rxcui="596")]))
    assert alone.facts.value("taking_benzodiazepine") is None


def test_an_unrecognised_drug_is_shown():
    reviews = reading(of(medications=[drug("Wunderol 5 MG")])).reviews
    assert [(item.reason, item.what) for item in reviews] == [(ReviewReason.DRUG_NOT_RECOGNISED, "Wunderol 5 MG")]


def test_an_unrecognised_drug_is_a_fact_of_its_own():
    """Theo-24 is a brand of theophylline: that no class names it must not read as "takes none of them"."""
    facts = reading(of(medications=[drug("Theo-24 200 MG")]), complete=True).facts
    assert facts.value("medicine_not_recognised") is True  # also without a day: a record lists what is taken now
    assert facts.by_key["medicine_not_recognised"].detail == ("Theo-24 200 MG",)
    assert facts.conflicts == ()  # a complete list does not deny that one of its medicines is strange
    known = reading(of(medications=[drug("diazepam", mg=5)]), complete=True).facts
    assert known.value("medicine_not_recognised") is False
    assert reading(of(medications=[drug("diazepam", mg=5)])).facts.value("medicine_not_recognised") is None


@pytest.mark.parametrize(("name", "covers"), [("cariprazine", True), ("lurasidone", False)])
def test_only_what_holds_mania_down_covers_bipolar_depression(name, covers):
    """IND-BP2-MS: lurasidone treats bipolar depression and has no proof against mania."""
    facts = reading(of(medications=[drug(name)]), complete=True).facts
    assert facts.value("taking_mood_stabiliser") is covers
    assert facts.value("taking_antipsychotic") is True


def test_renewals_count_once_and_a_missing_dose_is_unknown():
    twice = reading(of(medications=[drug("diazepam", mg=5), drug("diazepam", mg=5)]))
    assert twice.facts.value("benzodiazepine_high_mg") == 5
    without = reading(of(medications=[drug("diazepam", mg=5), drug("lorazepam")]))
    assert without.facts.value("benzodiazepine_high_mg") is None


def bp(value, *, at, loinc="8480-6", unit="mm[Hg]"):
    return ChartObservation(loinc=loinc, effective_at=at, value=value, unit=unit, display="Systolic")


def test_the_latest_day_counts_as_a_mean_and_grows_stale():
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    rows = [bp(200, at=at - timedelta(days=9)), bp(150, at=at), bp(140, at=at + timedelta(minutes=6))]
    facts = reading(of(observations=rows)).facts
    assert facts.value("systolic_mmhg") == 145
    assert facts.by_key["systolic_mmhg"].detail == ("n=2",)
    for days, value in ((30, 150), (31, None)):  # fresh for 30 days
        old = [bp(150, at=datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days))]
        assert reading(of(observations=old)).facts.value("systolic_mmhg") == value


def test_units_are_converted_or_put_before_a_person():
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert reading(of(observations=[bp(20, at=at, unit="kPa")])).facts.value("systolic_mmhg") == pytest.approx(
        150.01, abs=0.01
    )
    read = reading(of(observations=[bp(150, at=at, unit=""), bp(150, at=at, unit="kg")]))
    assert read.facts.value("systolic_mmhg") is None
    assert "systolic_mmhg" not in read.facts.by_key  # nothing is stated, not even that it is unknown
    assert {item.reason for item in read.reviews} == {ReviewReason.UNIT_NOT_READ}


def test_a_number_that_cannot_be_true_is_put_before_a_person():
    at = datetime(2026, 3, 1, 9, tzinfo=UTC)
    read = reading(of(observations=[bp(900, at=at)], birth_on=date(1826, 1, 1)))
    assert read.facts.value("systolic_mmhg") is None and read.facts.value("age_years") is None
    assert [(item.reason, item.what) for item in read.reviews] == [
        (ReviewReason.VALUE_NOT_PLAUSIBLE, "Systolic 900 mm[Hg]")
    ]


@pytest.mark.parametrize(
    "kg, cm, told, index",
    [
        (130.0, 170.0, None, 130.0 / 1.7**2),  # 45.0: CI-OSA asks about apnoea without a BMI on file
        (130.0, 170.0, 31.0, 31.0),  # what somebody measured or wrote down stands
        (130.0, None, None, None),
        (630.0, 120.0, None, None),  # 438 kg/m2 cannot be: no guess which of the two is wrong
    ],
)
def test_weight_and_height_give_the_body_mass_index(kg, cm, told, index):
    said = {"weight_kg": kg, "height_cm": cm, "bmi": told}
    statements = [
        state(fact_definitions()[key], value, said_by=Teller.CLINICIAN, said_on=ON)
        for key, value in said.items()
        if value is not None
    ]
    found = read_case(Case(on=ON, statements=tuple(statements)), load_chart_map(), fact_definitions()).facts
    assert found.value("bmi") == (None if index is None else pytest.approx(index))


def test_an_evening_reading_belongs_to_the_evening_of_the_clinic():
    at = datetime(2026, 3, 3, 1, tzinfo=UTC)  # 20:00 on 2 March at UTC-5
    chart = of(observations=[bp(150, at=at)])
    assert reading(chart).facts.value("systolic_mmhg") is None
    assert reading(chart, zone=timezone(timedelta(hours=-5))).facts.value("systolic_mmhg") == 150


def test_age_sex_and_allergy():
    chart = of(birth_on=date(1990, 3, 3), sex=Sex.MALE,
               allergies=[ChartAllergy(codings=(), name="Ketamine", clinical_status="active")])  # fmt: skip
    facts = reading(chart).facts
    assert (facts.value("age_years"), facts.value("could_be_pregnant"), facts.value("ketamine_allergy")) == (
        35,
        False,
        True,
    )
    over = of(birth_on=ON + timedelta(days=1), allergies=[
        ChartAllergy(codings=(), name="Ketamine", clinical_status="resolved"),
        ChartAllergy(codings=(), name="Aspirin", clinical_status="active"),
    ])  # fmt: skip
    assert reading(over).facts.by_key.keys().isdisjoint({"age_years", "ketamine_allergy", "could_be_pregnant"})


def test_an_answer_of_nought_is_nought():
    """PHQ-9 item 9 "not at all": neither unknown nor one."""
    row = ChartObservation(loinc="44260-8", effective_at=datetime(2026, 3, 2, 9, tzinfo=UTC), value=0.0, unit="{score}")
    assert reading(of(observations=[row])).facts.value("phq9_item9") == 0


def test_a_person_born_on_that_day_is_of_age_nought():
    assert reading(of(birth_on=ON)).facts.value("age_years") == 0


def test_the_indication_is_taken_only_when_one_is_supported():
    base = load_rule_base()
    for codes, expected in (
        (["F33.2"], "IND-TRD"),
        (["F33.2", "I10"], "IND-TRD"),
        (["F33.2", "F43.10"], None),
        ([], None),
    ):
        chart = of(conditions=[condition(code) for code in codes])
        assert screen(Case(on=ON, chart=chart), base, MAP, route=Route.IV).assessment.indication == expected
    assert indications_in(of(conditions=[condition("F33.2", status="resolved")]), MAP, on=ON) == ()


def test_a_conflict_is_in_the_record():
    patient_says = state(DEFINITIONS["aneurysm"], False, said_by=Teller.PATIENT, said_on=ON)
    case = Case(on=ON, chart=of(conditions=[condition("I71.40")]), statements=(patient_says,))
    conflict = screen(case, load_rule_base(), MAP, route=Route.IV).record["conflicts"][0]
    assert (conflict["believed"]["value"], conflict["other"]["value"]) == (True, False)


def said(value, by, day=0, key="aneurysm"):
    return state(DEFINITIONS[key], value, said_by=by, said_on=ON - timedelta(days=day))


def test_who_is_believed():
    def value(*statements):
        return merge(statements, DEFINITIONS, on=ON).value("aneurysm")

    assert value(said(True, Teller.CHART, 900), said(False, Teller.PATIENT)) is True
    assert value(said(True, Teller.PATIENT, 5), said(False, Teller.PATIENT)) is False  # the same teller corrects
    assert value(said(True, Teller.PATIENT, 5), said(None, Teller.PATIENT)) is None
    assert value(said(True, Teller.PATIENT, -1)) is None  # said only tomorrow
    number = merge([said(30.0, Teller.CHART, 3, "madrs"), said(20.0, Teller.PATIENT, 1, "madrs")], DEFINITIONS, on=ON)
    assert number.value("madrs") == 20
    assert number.conflicts == ()


def test_an_undated_statement_about_something_that_changes_is_stale():
    fact = state(DEFINITIONS["madrs"], 30.0, said_by=Teller.FILE, said_on=None)
    assert FactSet(on=ON, by_key={"madrs": fact}).value("madrs") is None
    later = state(DEFINITIONS["aneurysm"], True, said_by=Teller.FILE, said_on=ON + timedelta(days=1))
    assert later.value_on(ON) is None


@pytest.mark.parametrize(
    "wrong",
    [{"kind": FactKind.NUMBER}, {"kind": FactKind.BOOLEAN, "unit": "mg"}, {"kind": FactKind.CHOICE},
     {"kind": FactKind.BOOLEAN, "choices": ("a",)}],
)  # fmt: skip
def test_a_definition_is_whole(wrong):
    with pytest.raises(ValueError, match="x:"):
        FactDefinition(key="x", **wrong)


@pytest.mark.parametrize(
    ("key", "value"), [("aneurysm", 1.0), ("madrs", True), ("madrs", float("nan")), ("madrs", float("inf"))]
)
def test_a_value_of_the_wrong_type_is_refused(key, value):
    with pytest.raises(ValueError, match="cannot be"):
        state(DEFINITIONS[key], value, said_by=Teller.FILE, said_on=ON)


def result(loinc, *codes, days=0):
    at = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days)
    return ChartObservation(loinc=loinc, effective_at=at, value_codings=tuple(
        Coding(system=SNOMED_CT, code=code) for code in codes))  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        ([result("2106-3", "10828004")], True),
        ([result("2106-3", "260385009")], False),
        ([result("2106-3", "373121007")], None),  # a code that says neither: unknown, never negative
        ([result("2106-3", "10828004", "260385009")], None),
        ([result("2106-3", "260385009"), result("2110-5", "10828004")], True),  # the same day: yes before no
        ([result("2106-3", "10828004", days=3), result("2106-3", "260385009")], False),
        ([result("2106-3", "260385009", days=8)], None),  # fresh for 7 days
        ([result(COCAINE, "10828004")], None),  # positive, and of something else
        ([result("2106-3", "260385009"), result("2106-3", "10828004", days=-1)], False),  # not yet known
    ],
)
def test_a_coded_result_is_yes_or_no(rows, value):
    assert reading(of(observations=rows)).facts.value("hcg_positive") is value


def test_an_ecg_on_file_counts_for_a_month_and_for_a_year():
    for days, month, year in ((30, True, True), (31, None, True), (366, None, None)):
        facts = reading(of(observations=[result("34534-8", days=days)])).facts
        assert (facts.value("ecg_30_days"), facts.value("ecg_12_months")) == (month, year)


def test_a_laboratory_value_of_a_hundred_days_is_unknown():
    for days, value in ((90, 4.1), (100, None)):
        at = datetime(2026, 3, 2, 9, tzinfo=UTC) - timedelta(days=days)
        row = ChartObservation(loinc="2823-3", effective_at=at, value=4.1, unit="mmol/L")
        assert reading(of(observations=[row])).facts.value("potassium_mmol_per_l") == value


@pytest.mark.parametrize(
    ("medicines", "low", "high"),
    [
        ([drug("oxycodone 20 MG", mg=40)], 60, 60),  # 40 x 1.5
        ([drug("tramadol", mg=200)], 20, 40),  # 200 x 0.1 (2016) and x 0.2 (2022)
        ([drug("methadone", mg=30)], 120, 360),  # 30 x 4 to x 12 (2016), 141 by 4.7 (2022)
        ([drug("oxycodone", mg=40), drug("morphine", mg=15)], 75, 75),
        ([drug("oxycodone")], None, None),
        ([drug("fentanyl", mg=1)], None, None),  # a patch is counted by the hour
    ],
)
def test_opioids_become_morphine_by_both_editions(medicines, low, high):
    facts = reading(of(medications=medicines)).facts
    assert (facts.value("opioid_mme_low_per_day"), facts.value("opioid_mme_per_day")) == (low, high)
