"""Adequate trials (DEF-TRD) and diazepam equivalents (BEQ-RULE), at their limits."""

from dataclasses import replace

import pytest

from reprieve.domain.candidacy.equivalents import EquivalentDose, daily_equivalent
from reprieve.domain.candidacy.trials import Trial, TrialCriteria, TrialPart, count_trials, judge
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


def test_tables_that_disagree_about_the_limit_say_so():
    assert daily_equivalent({"temazepam": 15}, TABLES).is_table_dependent(8)
    assert not daily_equivalent({"alprazolam": 2}, TABLES).is_table_dependent(8)


def test_a_drug_in_no_table_has_no_equivalent():
    assert daily_equivalent({"midazolam": 2, "diazepam": 5}, TABLES) is None


@pytest.mark.parametrize(("lower", "upper"), [(0, 1), (2, 1)])
def test_an_equivalent_is_a_range(lower, upper):
    with pytest.raises(ValueError, match="ordered"):
        EquivalentDose(lower_mg=lower, upper_mg=upper)
