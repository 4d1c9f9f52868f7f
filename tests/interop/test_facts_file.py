"""A facts file is read whole or refused with one sentence and its place."""

from datetime import date

import pytest

from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.candidacy.rules import Route
from reprieve.errors import InputError
from reprieve.interop.facts_file import read_facts_file

ON = date(2026, 3, 2)
FULL = b"""
on = 2026-03-01
route = "IM"
indication = "IND-TRD"
birth_on = 1980-05-17
sex = "female"
[facts]
aneurysm = "unknown"
stroke_ever = false
sud_history = "none"
phq9 = 18
systolic_mmhg = { value = 20, unit = "kPa", said_by = "clinician", said_on = 2026-02-27 }
diastolic_mmhg = { value = 80 }
[[conditions]]
icd10 = "F33.2"
onset_on = 2020-01-01
[[medications]]
name = "Sertraline 100 MG"
rxcui = "36437"
daily_dose_mg = 100
as_needed = false
[[trials]]
drug = " Sertraline "
weeks = 8
current_episode = true
"""


def test_a_full_file():
    read = read_facts_file(FULL, on=ON)
    facts = {fact.key: fact for fact in read.case.statements}
    assert (read.route, read.indication, read.case.on) == (Route.IM, "IND-TRD", date(2026, 3, 1))
    assert facts["aneurysm"].value is None
    assert facts["stroke_ever"].value is False
    assert facts["systolic_mmhg"].value == pytest.approx(150.01, abs=0.01)  # 20 kPa
    assert (facts["systolic_mmhg"].said_by, facts["systolic_mmhg"].said_on) == (Teller.CLINICIAN, date(2026, 2, 27))
    assert facts["diastolic_mmhg"].value == 80
    assert read.case.trials[0].drug == "sertraline"
    assert read.case.chart.medications[0].daily_dose_mg == 100


def test_an_empty_file_is_a_person_of_whom_nothing_is_known():
    read = read_facts_file(b"", on=ON)
    assert (read.route, read.indication, read.case.on, read.case.statements) == (None, None, ON, ())


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"\xff\xfe", "FACTS-ENCODING", ""),
        (b"facts = [", "FACTS-TOML", ""),
        (b"colour = 1", "FACTS-KEY", "colour"),
        (b"facts = 3", "FACTS-SHAPE", "facts"),
        (b"trials = 3", "FACTS-SHAPE", "trials"),
        (b"on = '2026'", "FACTS-DATE", "on"),
        (b"on = 2026-03-02T10:00:00Z", "FACTS-DATE", "on"),
        (b"route = 'EYE'", "FACTS-WORD", "route"),
        (b"indication = 'IND-X'", "FACTS-INDICATION", "indication"),
        (b"[facts]\naneurism = true", "FACTS-FACT", "facts.aneurism"),
        (b"[facts]\naneurysm = 1", "FACTS-VALUE", "facts.aneurysm"),
        (b"[facts]\nmadrs = true", "FACTS-VALUE", "facts.madrs"),
        (b"[facts]\nsud_history = 'huge'", "FACTS-VALUE", "facts.sud_history"),
        (b"[facts]\naneurysm = {value = true, unit = 'mg'}", "FACTS-UNIT", "facts.aneurysm"),
        (b"[facts]\nmadrs = {value = 1, unit = 'mg'}", "FACTS-UNIT", "facts.madrs"),
        (b"[facts]\nsystolic_mmhg = {value = 1, unit = 'mmHg'}", "FACTS-UNIT", "facts.systolic_mmhg"),
        (b"[facts]\nsystolic_mmhg = {value = 'x', unit = 'kPa'}", "FACTS-VALUE", "facts.systolic_mmhg"),
        (b"[facts]\nsystolic_mmhg = {value = true, unit = 'kPa'}", "FACTS-VALUE", "facts.systolic_mmhg"),
        (b"[facts]\nsystolic_mmhg = {value = -inf, unit = 'kPa'}", "FACTS-VALUE", "facts.systolic_mmhg"),
        (b"[facts]\nsystolic_mmhg = nan", "FACTS-VALUE", "facts.systolic_mmhg"),
        (b"[facts]\nage_years = -3", "FACTS-VALUE", "facts.age_years"),
        (b"[facts]\nmadrs = 1" + b"0" * 400, "FACTS-VALUE", "facts.madrs"),
        (b"[facts]\nmadrs = {value = 1, said_by = 'rule'}", "FACTS-WORD", "facts.madrs.said_by"),
        (b"[facts]\naneurysm = {value = true, said_on = 2026-03-03}", "FACTS-FUTURE", "facts.aneurysm.said_on"),
        (b"on = 9999-12-31", "FACTS-DATE", "on"),
        (b"birth_on = 1700-01-01", "FACTS-DATE", "birth_on"),
        (b"birth_on = 2026-03-03", "FACTS-FUTURE", "birth_on"),
        (b"indication = ['IND-TRD']", "FACTS-INDICATION", "indication"),
        (b"a=" + b"[" * 5000 + b"]" * 5000, "FACTS-TOML", ""),
        (b"[[conditions]]\nicd10 = 'F20.0'\nstatus = 'aktiv'", "FACTS-WORD", "conditions[0].status"),
        (b"[[medications]]\nname = 'theophylline'\nstatus = 'Active'", "FACTS-WORD", "medications[0].status"),
        (b"[facts]\nmadrs = 900", "FACTS-VALUE", "facts.madrs"),
        (b"[facts]\nspo2_percent = {value = 150, comparator = '<'}", "FACTS-VALUE", "facts.spo2_percent"),
        (b"[[medications]]\nname = 'x'\ndaily_dose_mg = nan", "FACTS-NUMBER", "medications[0].daily_dose_mg"),
        (b"[facts]\nmadrs = {worth = 1}", "FACTS-KEY", "facts.madrs"),
        (b"[facts]\nmadrs = {value = 1, said_by = 'nobody'}", "FACTS-WORD", "facts.madrs.said_by"),
        (b"[[conditions]]\nstatus = 'active'", "FACTS-CODE", "conditions[0]"),
        (b"[[medications]]\nrxcui = '596'", "FACTS-DRUG", "medications[0]"),
        (b"[[medications]]\nname = 'x'\ndaily_dose_mg = -1", "FACTS-NUMBER", "medications[0].daily_dose_mg"),
        (b"[[medications]]\nname = 'x'\nas_needed = 1", "FACTS-YES-NO", "medications[0].as_needed"),
        (b"[[trials]]\nweeks = 8", "FACTS-TRIAL", "trials[0]"),
    ],
)
def test_bad_input_has_one_sentence_and_its_place(content, code, place):
    with pytest.raises(InputError) as refused:
        read_facts_file(content, on=ON)
    assert (refused.value.code, refused.value.where) == (code, place)


def test_a_misspelt_fact_is_guessed_at():
    with pytest.raises(InputError, match="Did you mean 'aneurysm'"):
        read_facts_file(b"[facts]\naneurism = true", on=ON)


@pytest.mark.parametrize(("comparator", "shown"), [("<", "< 70"), ("<=", "<= 70"), (">", "> 70"), (">=", ">= 70")])
def test_a_comparator_leaves_an_interval_in_the_unit_of_the_fact(comparator, shown):
    text = f"[facts]\nglucose_mg_per_dl = {{ value = 0.7, unit = 'g/L', comparator = '{comparator}' }}"
    (fact,) = read_facts_file(text.encode(), on=ON).case.statements
    assert str(fact.value) == shown


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("madrs = { value = 20, comparator = 'about' }", "FACTS-WORD"),
        ("madrs = { value = 20, comparator = 3 }", "FACTS-WORD"),
        ("madrs = { comparator = '<' }", "FACTS-VALUE"),
        ("aneurysm = { value = true, comparator = '<' }", "FACTS-COMPARATOR"),
        ("sud_history = { value = 'none', comparator = '<' }", "FACTS-COMPARATOR"),
    ],
)
def test_a_comparator_needs_a_number(entry, code):
    with pytest.raises(InputError) as refused:
        read_facts_file(f"[facts]\n{entry}".encode(), on=ON)
    assert refused.value.code == code


def test_who_told_a_medicine_and_how_it_is_taken():
    read = read_facts_file(
        b"""
trial_definition = "two_classes"
[[medications]]
name = "fluticasone"
route = "nasal"
[[medications]]
name = "tramadol"
said_by = "patient"
said_on = 2026-02-27
[[trials]]
drug = "Lithium"
added_to = "Sertraline"
said_by = "clinician"
""",
        on=ON,
    )
    (recorded,), (told,), (trial,) = read.case.chart.medications, read.case.told_medications, read.case.trials
    assert ([coding.code for coding in recorded.given_by], recorded.said_by) == (["46713006"], "chart")
    assert (told.name, told.said_by, told.said_on) == ("tramadol", "patient", date(2026, 2, 27))
    assert (trial.drug, trial.added_to, trial.said_by) == ("lithium", "sertraline", "clinician")
    assert read.case.trial_definition == "two_classes"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('trial_definition = "by feeling"', "FACTS-WORD"),
        ('[[medications]]\nname = "x"\nroute = "ear"', "FACTS-WORD"),
        ('[[medications]]\nname = "x"\nsaid_by = "neighbour"', "FACTS-WORD"),
        ('[[trials]]\ndrug = "lithium"\nadded_to = 5', "FACTS-TRIAL"),
        ('[[trials]]\ndrug = "lithium"\nsaid_by = "rule"', "FACTS-WORD"),
    ],
)
def test_what_those_words_cannot_be(text, code):
    with pytest.raises(InputError) as problem:
        read_facts_file(text.encode(), on=ON)
    assert problem.value.code == code
