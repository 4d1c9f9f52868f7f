"""Totals by the name of a table, and what a definition of resistance means where it says nothing."""

from dataclasses import replace

from reprieve.domain.candidacy.equivalents import EquivalentDose, EquivalentTable, daily_equivalent
from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.candidacy.trials import Trial, TrialCriteria, count_trials

PLAIN = TrialCriteria(
    id="plain", needed=2, minimum_weeks=6, improvement_below_percent=50, adherence_at_least_percent=80,
    minimum_dose_mg={"sertraline": 50, "fluoxetine": 20},
)  # fmt: skip
FAILED = Trial(
    drug="sertraline", daily_dose_mg=100, weeks=8, improvement_percent=10, adherence_percent=90,
    stopped_for_side_effects=False, current_episode=True, said_by=Teller.PATIENT,
)  # fmt: skip


def test_a_total_bears_the_name_of_a_table_of_exactly_these_drugs():
    one = EquivalentTable(name="ONE", doses={"diazepam": EquivalentDose(lower_mg=10, upper_mg=10)})
    assert daily_equivalent({"diazepam": 4.0}, (one,)).by_table == {"ONE": 4.0}


def test_two_drugs_of_one_class_are_enough_where_no_classes_are_asked_for():
    same_class = replace(PLAIN, drug_class={"sertraline": "SSRI", "fluoxetine": "SSRI"})
    count = count_trials([FAILED, replace(FAILED, drug="fluoxetine")], same_class)
    assert (count.certain, count.certain_classes) == (2, 1)
    assert count.is_resistant(history_complete=True) is True
    assert count_trials([FAILED], replace(same_class, needed_classes=2)).is_resistant(history_complete=True) is False


def test_a_drug_is_disputed_only_where_one_says_that_it_failed_and_another_that_it_did_not():
    short = replace(FAILED, weeks=1)
    assert count_trials([short], PLAIN).disputed == ()
    assert count_trials([FAILED], PLAIN).disputed == ()
    assert count_trials([FAILED, replace(short, said_by=Teller.CHART)], PLAIN).disputed == ("sertraline",)
    assert count_trials([replace(FAILED, weeks=None), replace(short, said_by=Teller.CHART)], PLAIN).disputed == ()


def test_an_added_drug_is_no_trial_of_its_own_where_the_definition_does_not_say_so():
    lithium = replace(FAILED, drug="lithium", added_to="sertraline")
    adds = replace(PLAIN, augmenting=frozenset({"lithium"}), augmentation_weeks=4)
    assert count_trials([FAILED, lithium], adds).counted == {"sertraline"}
    assert count_trials([FAILED, lithium], replace(adds, counts_augmentation=True)).counted == {"sertraline", "lithium"}
    bare = {name: getattr(adds, name) for name in adds.__slots__ if name != "counts_augmentation"}
    assert count_trials([FAILED, lithium], TrialCriteria(**bare)).counted == {"sertraline"}
