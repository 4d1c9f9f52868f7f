"""Adequate trials (DEF-TRD) and diazepam equivalents (BEQ-RULE), at their limits."""

from dataclasses import replace
from datetime import date

import pytest

from reprieve.domain.candidacy.case import Case, read_case
from reprieve.domain.candidacy.equivalents import EquivalentDose, daily_equivalent
from reprieve.domain.candidacy.facts import Teller, state
from reprieve.domain.candidacy.trials import Trial, TrialCriteria, TrialPart, count_trials, judge
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.chart_map import load_chart_map

CRITERIA = {criteria.id: criteria for criteria in load_chart_map().trial_criteria}
TABLES = load_chart_map().equivalent_tables
GOOD = Trial(drug="sertraline", daily_dose_mg=50, weeks=6, improvement_percent=49, adherence_percent=80,
             stopped_for_side_effects=False, current_episode=True)  # fmt: skip


def test_a_trial_at_every_limit_counts():
    assert judge(GOOD, CRITERIA["default"]).counts is True


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"daily_dose_mg": 49}, TrialPart.DOSE),
        ({"weeks": 5.9}, TrialPart.DURATION),
        ({"improvement_percent": 50}, TrialPart.IMPROVEMENT),
        ({"adherence_percent": 79}, TrialPart.ADHERENCE),
        ({"current_episode": False}, TrialPart.EPISODE),
    ],
)
def test_just_outside_a_limit_it_does_not(change, part):
    verdict = judge(replace(GOOD, **change), CRITERIA["default"])
    assert (verdict.counts, verdict.against) == (False, (part,))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"daily_dose_mg": None}, TrialPart.DOSE),
        ({"drug": "agomelatine"}, TrialPart.DOSE),  # not in the table: adequacy of its dose is not known
        ({"weeks": None}, TrialPart.DURATION),
        ({"improvement_percent": None}, TrialPart.IMPROVEMENT),
        ({"adherence_percent": None}, TrialPart.ADHERENCE),
        ({"current_episode": None}, TrialPart.EPISODE),
    ],
)
def test_what_nobody_knows_is_not_a_failure_and_not_a_success(change, part):
    verdict = judge(replace(GOOD, **change), CRITERIA["default"])
    assert (verdict.counts, verdict.unknown) == (None, (part,))


def test_stopping_early_for_side_effects_is_intolerance():
    verdict = judge(replace(GOOD, weeks=3, stopped_for_side_effects=True), CRITERIA["default"])
    assert verdict.against == (TrialPart.DURATION, TrialPart.INTOLERANCE)


@pytest.mark.parametrize(
    ("weeks", "against", "unknown"),
    [
        (None, (), (TrialPart.DURATION,)),  # may have been long enough: then it was no early stop
        (5.9, (TrialPart.DURATION, TrialPart.INTOLERANCE), ()),
        (6, (), ()),
    ],
)
def test_a_stop_for_side_effects_is_early_only_where_its_length_is_known(weeks, against, unknown):
    verdict = judge(replace(GOOD, weeks=weeks, stopped_for_side_effects=True), CRITERIA["default"])
    assert (verdict.against, verdict.unknown) == (against, unknown)
    assert verdict.counts is (False if against else None if unknown else True)


def test_a_definition_that_says_nothing_else_is_about_the_current_episode():
    plain = TrialCriteria(
        id="plain", needed=2, minimum_weeks=6, improvement_below_percent=50, adherence_at_least_percent=80,
        minimum_dose_mg={"sertraline": 50},
    )  # fmt: skip
    assert judge(replace(GOOD, current_episode=False), plain).against == (TrialPart.EPISODE,)


def test_definitions_differ_and_all_are_kept():
    trial = replace(GOOD, weeks=4, improvement_percent=24, current_episode=True)
    assert judge(trial, CRITERIA["default"]).counts is False
    assert judge(trial, CRITERIA["european"]).counts is True  # Sforzini 2022: 4 weeks, under 25 %
    assert judge(replace(GOOD, current_episode=False), CRITERIA["lifetime"]).counts is True


def test_the_same_drug_counts_once():
    count = count_trials([GOOD, replace(GOOD, daily_dose_mg=200)], CRITERIA["default"])
    assert (count.certain, count.possible) == (1, 1)
    assert count.is_resistant(history_complete=True) is False
    assert count.is_resistant(history_complete=None) is None


def test_an_incomplete_history_can_prove_resistance():
    count = count_trials([GOOD, replace(GOOD, drug="fluoxetine")], CRITERIA["default"])
    assert count.is_resistant(history_complete=None) is True


def test_what_is_unknown_may_still_count():
    count = count_trials([GOOD, replace(GOOD, drug="fluoxetine", weeks=None)], CRITERIA["default"])
    assert (count.certain, count.possible) == (1, 2)
    assert count.is_resistant(history_complete=True) is None


@pytest.mark.parametrize(
    ("doses", "low", "high"),
    [
        ({"alprazolam": 2}, 20, 40),  # VA/DoD 1 mg, Ashton 0.5 mg for 10 mg of diazepam
        ({"temazepam": 15}, 7.5, 10),  # VA/DoD 15 mg, Ashton 20 mg
        ({"diazepam": 8}, 8, 8),
        ({"clobazam": 20}, 10, 10),  # only Ashton lists it
        ({"estazolam": 1}, 5, 10),  # Ashton 1-2 mg
        ({"lorazepam": 1, "diazepam": 2}, 7, 12),  # 1 x 10 / 2 + 2 and 1 x 10 / 1 + 2
    ],
)
def test_equivalents_by_both_tables(doses, low, high):
    total = daily_equivalent(doses, TABLES)
    assert (total.low_mg, total.high_mg) == (low, high)


@pytest.mark.parametrize(
    ("doses", "by_table"),
    [
        ({"clobazam": 20}, {"ASHTON": 10}),  # BEQ-12: VA/DoD does not list it
        ({"clobazam": 20, "diazepam": 5}, {"ASHTON": 15}),
        ({"diazepam": 8}, {"VADOD21": 8, "ASHTON": 8}),
    ],
)
def test_a_total_bears_the_name_only_of_a_table_that_lists_every_drug(doses, by_table):
    assert daily_equivalent(doses, TABLES).by_table == by_table


def test_a_drug_in_no_table_has_no_equivalent():
    assert daily_equivalent({"midazolam": 2, "diazepam": 5}, TABLES) is None


@pytest.mark.parametrize(("lower", "upper"), [(0, 1), (2, 1)])
def test_an_equivalent_is_a_range(lower, upper):
    with pytest.raises(ValueError, match="ordered"):
        EquivalentDose(lower_mg=lower, upper_mg=upper)


# variants that a clinic may choose, and augmentation

SECOND = replace(GOOD, drug="fluoxetine", daily_dose_mg=20)
OTHER_CLASS = replace(GOOD, drug="mirtazapine", daily_dose_mg=15)
ADDED = Trial(drug="lithium", weeks=4, improvement_percent=10, adherence_percent=90, current_episode=True,
              added_to="sertraline")  # fmt: skip


def resistant(variant, *trials, complete=True):
    return count_trials(trials, CRITERIA[variant]).is_resistant(history_complete=complete)


@pytest.mark.parametrize(
    ("trials", "default", "two_classes", "three_trials"),
    [
        ((GOOD, SECOND), True, False, False),  # two SSRIs
        ((GOOD, OTHER_CLASS), True, True, False),
        ((GOOD, SECOND, replace(GOOD, drug="citalopram", daily_dose_mg=20)), True, False, True),
        ((GOOD,), False, False, False),
    ],
)
def test_the_stricter_variants(trials, default, two_classes, three_trials):
    """DEF-CLASS (PMC6884875): three trials, or trials from two classes."""
    found = tuple(resistant(variant, *trials) for variant in ("default", "two_classes", "three_trials"))
    assert found == (default, two_classes, three_trials)


def test_a_class_that_may_still_count_is_unknown():
    assert resistant("two_classes", GOOD, SECOND, replace(OTHER_CLASS, weeks=None)) is None
    count = count_trials([GOOD, SECOND, replace(OTHER_CLASS, weeks=None)], CRITERIA["two_classes"])
    assert (count.certain_classes, count.possible_classes) == (1, 2)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({}, True),
        ({"weeks": 3.9}, False),
        ({"weeks": None}, None),
        ({"added_to": None}, None),  # to what it was added is not known
        ({"added_to": "citalopram"}, None),  # of which no trial is listed
        ({"improvement_percent": 60}, False),
        ({"current_episode": False}, False),
    ],
)
def test_an_augmentation_counts_where_a_variant_says_so(change, counts):
    """DEF-AUG: four weeks or more, added to an antidepressant that was itself adequate."""
    added = replace(ADDED, **change)
    assert judge(added, CRITERIA["with_augmentation"], beside=[GOOD, added]).counts is counts
    assert resistant("with_augmentation", GOOD, added) is counts
    assert judge(added, CRITERIA["default"], beside=[GOOD, added]).against == (TrialPart.AUGMENTATION,)
    assert resistant("default", GOOD, added) is False


def test_an_augmentation_of_too_low_a_dose_is_none():
    low = replace(GOOD, daily_dose_mg=25)
    assert judge(ADDED, CRITERIA["with_augmentation"], beside=[low, ADDED]).counts is False


def test_of_one_drug_that_two_people_tell_the_clinician_counts_and_both_are_shown():
    def counted(**tellers):
        told = (replace(SECOND, said_by=Teller(by), improvement_percent=percent) for by, percent in tellers.items())
        count = count_trials([GOOD, *told], CRITERIA["default"])
        return count.certain, count.possible, count.disputed

    assert counted(patient=10, clinician=70) == (1, 1, ("fluoxetine",))
    assert counted(patient=70, clinician=10) == (2, 2, ("fluoxetine",))
    assert counted(patient=10, clinician=20) == (2, 2, ())
    assert counted(patient=10, clinician=None) == (1, 2, ())
    assert counted(patient=10, file=70) == (1, 1, ("fluoxetine",))  # no clinician: all must say that it failed


def test_a_case_decides_by_the_definition_that_it_names():
    def decided(variant):
        case = Case(on=date(2026, 3, 2), trials=(GOOD, SECOND), trial_definition=variant, statements=(COMPLETE,))
        reading = read_case(case, load_chart_map(), fact_definitions())
        facts = ("treatment_resistant", "resistant_two_classes", "resistant_with_augmentation")
        return reading.trial_counts[0].criteria.id, *(reading.facts.value(key) for key in facts)

    assert decided("") == ("default", True, False, True)
    assert decided("two_classes") == ("two_classes", False, False, True)
    with pytest.raises(ValueError, match="no definition"):
        decided("by feeling")


def test_only_what_the_deciding_definition_counts_apart_is_put_before_a_person():
    """Of a trial in another episode the tellers differ only where the episode matters."""
    told = (replace(GOOD, said_by=Teller.PATIENT), replace(GOOD, said_by=Teller.FILE, current_episode=False))

    def apart(variant):
        case = Case(on=date(2026, 3, 2), trials=told, trial_definition=variant)
        return [item.what for item in read_case(case, load_chart_map(), fact_definitions()).reviews]

    assert apart("default") == ["sertraline"]
    assert apart("lifetime") == []


def test_what_the_trials_leave_open_is_not_stated():
    """An open question is no statement, and stands before nobody's earlier word."""
    case = Case(on=date(2026, 3, 2), trials=(GOOD,))
    assert "treatment_resistant" not in read_case(case, load_chart_map(), fact_definitions()).facts.by_key


COMPLETE = state(
    fact_definitions()["treatment_history_complete"], True, said_by=Teller.CLINICIAN, said_on=date(2026, 3, 2)
)
