"""The smallest sets of facts that, learned or changed, leave no rule in the way: a search with a bound on its work.

Exact as long as the work suffices. A rule in the way can only be cleared by a fact that it reads, or from which such a
fact follows; so the search takes the rule with the fewest ways out, tries each, and gives up where the rules that
share no fact need more facts than the best set found so far.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import assert_never

from reprieve.domain.candidacy.assessment import Assessment, Decision
from reprieve.domain.candidacy.compiled import UNKNOWN, YES, Codes
from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind, FactValue, is_exact
from reprieve.domain.candidacy.fewest import State, fewest_facts
from reprieve.domain.candidacy.plan import AskedRule, Plan, plan_for
from reprieve.domain.candidacy.rules import RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.interval import Interval

MOST_TRIES = 300
MOST_SETS = 5

Values = dict[str, FactValue]
InTheWay = Callable[[AskedRule, int, int], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Values that leave no rule in the way, by fact."""

    values: Mapping[str, FactValue]
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The sets that were found, all of one size; after `MOST_SETS` only smaller ones were looked for.

    `proven`: no smaller set exists.
    """

    sets: tuple[Found, ...]
    proven: bool


def stops(decision: Decision) -> InTheWay:
    """Rules that keep the answer from being more open than this decision, or that would call an emergency."""

    def in_the_way(asked: AskedRule, code: int, before: int) -> bool:
        if code == YES:
            return asked.opens >= decision.rank or _new_emergency(asked, before)
        return code == UNKNOWN and asked.asks_for_data and decision.rank <= Decision.DEFER.rank

    return in_the_way


def leaves_unknown(missing: Collection[AskedRule] = ()) -> InTheWay:
    """Rules that wait for data, rules that would newly say more than information, and `missing`, once they are clear.

    `missing`: rules that speak now because nothing is known (`missing_data`).
    """

    def in_the_way(asked: AskedRule, code: int, before: int) -> bool:
        if code == YES:
            return (before != YES and asked.opens > 0) or _new_emergency(asked, before) or asked in missing
        return code == UNKNOWN and asked.asks_for_data

    return in_the_way


def missing_data(assessment: Assessment) -> frozenset[AskedRule]:
    """Rules that speak because a fact is not known."""
    values = assessment.facts.values
    asked = zip(assessment.evaluations.asked, assessment.evaluations.codes, strict=True)
    return frozenset(one for one, code in asked if code == YES and one.asks_for_data and one.unknown(code, values))


def _new_emergency(asked: AskedRule, before: int) -> bool:
    return asked.counts_as is Severity.EMERGENCY and before != YES


@dataclass(slots=True, kw_only=True)
class _Search:
    """One person, the facts that may be learned or changed with the values worth trying, and what was found so far."""

    plan: Plan
    known: Mapping[str, FactValue]
    levers: Mapping[str, tuple[FactValue, ...]]
    in_the_way: InTheWay
    before: Codes
    tries: int = 0
    best: float = float("inf")
    found: dict[frozenset[str], Values] = field(default_factory=dict)
    ways: list[tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        order = {key: place for place, key in enumerate(self.levers)}
        usable = [[key for key in ways if key in order] for ways in self.plan.ways]
        self.ways = [tuple(sorted(keys, key=order.__getitem__)) for keys in usable]

    def run(self) -> Result:
        self._deepen({}, frozenset())
        sets = tuple(self._at_best(values) for values in self.found.values())
        return Result(sets=sets, proven=self.tries < MOST_TRIES)

    def _deepen(self, chosen: Values, passed: frozenset[str]) -> float:
        """The size of the smallest set found below. `passed`: facts whose every value an earlier branch has tried."""
        if self.tries >= MOST_TRIES:
            return float("inf")
        self.tries += 1
        used = passed | chosen.keys()
        blocked = self._in_the_way(chosen)
        if not blocked:
            return self._keep(chosen)
        bound = len(chosen) + self._still_needed(blocked, chosen, used)
        if bound > (self.best if len(self.found) < MOST_SETS else self.best - 1) or bound == float("inf"):
            return float("inf")
        ways = [tuple(key for key in self.ways[place] if key not in used) for place in blocked]
        tried = _one_by_one(min(ways, key=len), passed)
        return min((self._try(key, chosen, before, bound) for key, before in tried), default=float("inf"))

    def _try(self, key: str, chosen: Values, passed: frozenset[str], bound: float) -> float:
        """The values of one fact, good news first, until one of them leads as far as any could."""
        smallest = float("inf")
        for value in self.levers[key]:
            smallest = min(smallest, self._deepen({**chosen, key: value}, passed))
            if smallest <= bound:
                break
        return smallest

    def _in_the_way(self, chosen: Values) -> list[int]:
        """Places of the rules that are in the way."""
        codes = self.plan.supposing(self.known, chosen)
        asked = zip(self.plan.rules, codes, self.before, strict=True)
        return [place for place, (rule, code, before) in enumerate(asked) if self.in_the_way(rule, code, before)]

    def _still_needed(self, blocked: list[int], chosen: Values, used: frozenset[str]) -> float:
        """A lower bound of the facts still to learn or change: what rules that share no fact need one by one."""
        values = {**self.known, **chosen}
        values |= self.plan.implied(values)
        state = State(values=values, free=self.levers.keys() - used, family=self.plan.family)
        needs = [(fewest_facts(self.plan.rules[place].rule.when, False, state), place) for place in blocked]
        needed, seen = 0.0, set[str]()
        for need, place in sorted(needs, reverse=True):
            families = {self.plan.family[key] for key in self.ways[place] if key not in used}
            if seen.isdisjoint(families) or need == float("inf"):
                needed += need
                seen |= families
        return needed

    def _keep(self, chosen: Values) -> float:
        if len(chosen) < self.best:
            self.best = len(chosen)
            self.found.clear()
        self.found.setdefault(frozenset(chosen), chosen)
        return len(chosen)

    def _at_best(self, values: Values) -> Found:
        """The set with each fact at the value that opens most, one after another."""
        best = self._decision(values)
        for key in values:
            for value in self.levers[key]:
                other = {**values, key: value}
                if not self._in_the_way(other) and self._decision(other).rank < best.rank:
                    values, best = other, self._decision(other)
        return Found(values=values, decision=best)

    def _decision(self, chosen: Values) -> Decision:
        return self.plan.decision(self.plan.supposing(self.known, chosen))


def smallest_sets(
    base: RuleBase, assessment: Assessment, in_the_way: InTheWay, *, supposing: Mapping[str, FactValue], change: bool
) -> Result:
    """The smallest sets once `supposing` holds; `change`: known findings that care or time can turn may be used too."""
    plan = plan_for(base, route=assessment.route, indication=assessment.indication, phase=assessment.phase)
    known = {**assessment.facts.values, **supposing}
    before = assessment.evaluations.codes
    levers = _levers(base, plan, assessment, known, change=change)
    search = _Search(plan=plan, known=known, levers=levers, in_the_way=in_the_way, before=before)
    return search.run()


def effort_of(definition: FactDefinition, *, known: bool) -> Effort:
    """What it costs to learn a fact, or to turn a known one."""
    return definition.changed_by if known and definition.changed_by is not None else definition.effort


def worth_trying(
    definition: FactDefinition, limits: tuple[float, ...], now: FactValue | None = None
) -> tuple[FactValue, ...]:
    """One value out of each range that can make a difference: both answers, each word, each side of each limit.

    Of a number known as an interval only what lies in it.
    """
    if isinstance(now, Interval):
        return tuple(_within(now, limits))
    match definition.kind:
        case FactKind.BOOLEAN:
            return (False, True)
        case FactKind.CHOICE:
            return definition.choices
        case FactKind.NUMBER:
            return tuple(_sides(limits or (0.0,)))
        case _:
            assert_never(definition.kind)


def _sides(limits: tuple[float, ...]) -> Iterator[float]:
    """Below, on and above each limit; never below zero where no limit is."""
    below = limits[0] - 1.0
    if below >= 0.0 or limits[0] < 0.0:
        yield below
    elif limits[0] > 0.0:
        yield limits[0] / 2
    for limit, after in zip(limits, (*limits[1:], limits[-1] + 2.0), strict=True):
        yield limit
        yield (limit + after) / 2


def _within(interval: Interval, limits: tuple[float, ...]) -> Iterator[float]:
    """On each limit inside, between the limits and the ends, and beyond the outermost where there is no end."""
    ends = {end for end in (interval.lower, interval.upper) if end is not None}
    points = sorted(ends | {limit for limit in limits if limit in interval})
    beyond = {*_sides((points[0],)), *_sides((points[-1],))}
    between = {(low + high) / 2 for low, high in pairwise(points)}
    yield from sorted(value for value in {*points, *between, *beyond} if value in interval)


def _levers(
    base: RuleBase, plan: Plan, assessment: Assessment, known: Mapping[str, FactValue], *, change: bool
) -> dict[str, tuple[FactValue, ...]]:
    """Facts that may be learned or changed, least effort first, each with its values, good news first."""
    levers: dict[str, tuple[FactValue, ...]] = {}
    keys = dict.fromkeys(key for ways in plan.ways for key in ways)
    definitions = [base.definitions[key] for key in keys]
    usable = [one for one in definitions if not is_exact(known.get(one.key)) or (change and one.changed_by is not None)]
    for one in sorted(usable, key=lambda one: _cost(one, known)):
        now = known.get(one.key)
        tried = _supposable(one, plan.limits.get(one.key, ()), now)
        values = [value for value in tried if _is_reachable(one, now, value)]
        levers[one.key] = tuple(sorted(values, key=lambda value: _badness(plan, known, one, value)))
    return levers


def _supposable(definition: FactDefinition, limits: tuple[float, ...], now: FactValue | None) -> tuple[FactValue, ...]:
    """What a plan may build on: a person is never to be suicidal for a rule to clear (STEP-05)."""
    values = worth_trying(definition, limits, now)
    return values[:1] if definition.never_hoped else values


def _cost(definition: FactDefinition, known: Mapping[str, FactValue]) -> tuple[int, bool, str]:
    """Least effort first, a yes or no before a number."""
    effort = effort_of(definition, known=is_exact(known.get(definition.key)))
    return effort.rank, definition.kind is FactKind.NUMBER, definition.key


def _is_reachable(definition: FactDefinition, now: FactValue | None, value: FactValue) -> bool:
    """Any answer while nothing is known; another one by care; by time only a larger number."""
    if definition.changed_by is Effort.WAIT and isinstance(now, float) and isinstance(value, float):
        return value > now
    return value != now


def _badness(
    plan: Plan, known: Mapping[str, FactValue], definition: FactDefinition, value: FactValue
) -> tuple[bool, int]:
    """The safer answer is the bad news; among numbers and words what makes the rules speak."""
    if isinstance(definition.safer, bool):
        return value is definition.safer, 0
    codes = plan.supposing(known, {definition.key: value})
    return False, sum(asked.opens for asked, code in zip(plan.rules, codes, strict=True) if code == YES)


def _one_by_one(ways: tuple[str, ...], passed: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Each fact with those that were tried before it."""
    for key in ways:
        yield key, passed
        passed |= {key}
