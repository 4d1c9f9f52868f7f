"""Which of two statements counts when both cannot be true, to the number and to the day."""

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, Teller, state
from reprieve.domain.candidacy.merging import merge
from reprieve.domain.quantities.interval import Interval, compared

ON = date(2026, 3, 2)
PATIENT, CLINICIAN, CHART, FILE = Teller.PATIENT, Teller.CLINICIAN, Teller.CHART, Teller.FILE


def number(key, unit, **more):
    return FactDefinition(key=key, kind=FactKind.NUMBER, unit=unit, **more)


DEFINITIONS = MappingProxyType(
    {
        one.key: one
        for one in (
            number("dose", "mg", safer="higher"),
            number("trials", "{count}", safer="lower"),
            number("months", "mo"),
            number("days", "d"),
            number("count", "{count}"),
            number("score", "{score}", effort=Effort.TEST),
            FactDefinition(key="aneurysm", kind=FactKind.BOOLEAN, safer=True),
            FactDefinition(key="use", kind=FactKind.CHOICE, choices=("none", "mild", "severe"), safer="severe"),
        )
    }
)


def said(key, value, by=PATIENT, days_ago=0):
    return state(DEFINITIONS[key], value, said_by=by, said_on=None if days_ago is None else ON - timedelta(days_ago))


def merged(*statements):
    found = [merge(order, DEFINITIONS, on=ON) for order in (statements, statements[::-1])]
    assert found[0] == found[1]
    return found[0]


@pytest.mark.parametrize(
    ("key", "values", "believed"),
    [
        ("dose", (20.0, 30.0), 30.0),
        ("trials", (2.0, 1.0), 1.0),
        ("dose", (Interval(lower=5.0, upper=10.0), 20.0), 20.0),
        ("dose", (Interval(lower=5.0, upper=30.0), 40.0), 40.0),
        ("dose", (Interval(lower=50.0, upper=60.0), 40.0), Interval(lower=50.0, upper=60.0)),
        ("dose", (compared(">", 50.0), 40.0), compared(">", 50.0)),  # no end above: may be any dose
        ("dose", (compared("<", 50.0), 60.0), 60.0),
        ("trials", (Interval(lower=2.0, upper=5.0), 1.0), 1.0),
        ("trials", (Interval(lower=0.0, upper=1.0), 2.0), Interval(lower=0.0, upper=1.0)),
        ("trials", (compared("<", 2.0), 3.0), compared("<", 2.0)),  # no end below: may be none
        ("trials", (compared(">", 2.0), 1.0), 1.0),
    ],
)
def test_of_two_numbers_the_safer_end_counts_whoever_said_it(key, values, believed):
    for tellers in ((PATIENT, CLINICIAN), (CLINICIAN, PATIENT)):
        facts = merged(*(said(key, value, by) for value, by in zip(values, tellers, strict=True)))
        (conflict,) = facts.conflicts
        assert facts.value(key) == conflict.believed.value == believed
        assert {conflict.believed.value, conflict.other.value} == set(values)


@pytest.mark.parametrize(
    ("unit", "then", "now", "days_between", "grown"),
    [
        ("days", 10.0, 17.0, 7, True),
        ("days", 10.0, 18.0, 7, False),
        ("days", 10.0, 10.0, 7, True),
        ("months", 3.0, 3.0, 20, True),  # said in whole months
        ("months", 3.0, 3.5, 20, True),
        ("months", 3.0, 4.0, 20, True),  # a month begun
        ("months", 3.0, 4.1, 20, False),
        ("months", 3.0, 2.9, 20, False),  # time does not make it smaller
        ("months", 3.0, 4.0, 0, False),  # both of one day
        ("count", 1.0, 2.0, 400, False),  # counts nothing from an event
    ],
)
def test_what_time_explains_is_no_disagreement(unit, then, now, days_between, grown):
    facts = merged(said(unit, then, CHART, days_between), said(unit, now, PATIENT))
    assert (facts.conflicts == ()) is grown
    assert not grown or facts.value(unit) == now


@pytest.mark.parametrize("undated", [0, 1])
def test_without_a_day_nothing_has_grown(undated):
    days = [None, 5] if undated == 0 else [5, None]
    facts = merged(*(said("months", value, by, ago) for value, by, ago in zip((3.0, 4.0), (CHART, FILE), days,
                                                                               strict=True)))  # fmt: skip
    assert len(facts.conflicts) == 1


def test_what_is_said_only_later_is_not_believed_yet():
    tomorrow = said("aneurysm", False, PATIENT, -1)
    assert merged(tomorrow).by_key == {}
    facts = merged(said("aneurysm", True, PATIENT), tomorrow)
    assert (facts.value("aneurysm"), facts.conflicts) == (True, ())


def test_of_three_who_disagree_the_newest_of_the_others_is_shown():
    facts = merged(said("use", "none", CHART, 9), said("use", "mild", PATIENT, 5), said("use", "severe", CLINICIAN, 7))
    (conflict,) = facts.conflicts
    assert (facts.value("use"), conflict.other.value) == ("severe", "mild")


def test_two_readings_of_a_scale_are_both_right_and_the_newest_counts():
    facts = merged(said("score", 30.0, CLINICIAN, 3), said("score", 20.0, PATIENT))
    assert (facts.value("score"), facts.conflicts) == (20.0, ())
