"""The decision about many people at once, the same as `assess` gives about each of them (held by a property)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reprieve.domain.candidacy.assessment import Decision
from reprieve.domain.candidacy.columns import AskColumns, Column, ColumnCodes, Rows, Table, compile_columns
from reprieve.domain.candidacy.compiled import UNKNOWN, YES
from reprieve.domain.candidacy.decision import INDICATION_STATED
from reprieve.domain.candidacy.expression import leaves
from reprieve.domain.candidacy.plan import AskedRule, plan_for
from reprieve.domain.candidacy.rules import Implication, Phase, Route, RuleBase
from reprieve.domain.quantities.findings import Severity

_DEFER = Decision.DEFER.rank


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """Which of these names apply to whom: a row a name, a column a person."""

    names: tuple[str, ...]
    marked: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CohortAnswer:
    """One entry a person: rank of the decision, the overlays, rules that fired and that wait, strongest first.

    `missing`: facts that a waiting rule could not read, in the order of the knowledge files.
    """

    decisions: NDArray[np.int8]
    emergency: Rows
    temporary: Rows
    needs_confirmation: Rows
    fired: Marks
    waiting: Marks
    missing: Marks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Clause:
    """A rule at its place among all rules in scope, and the places of clauses of the same id that count before it."""

    place: int
    asked: AskedRule
    before: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cohort:
    """The rules of one scope, prepared for tables of people."""

    base: RuleBase
    route: Route
    indication: str | None
    phase: Phase = Phase.SCREEN
    _ask: AskColumns = field(init=False)
    _follows: tuple[tuple[AskColumns, Implication], ...] = field(init=False)
    _findings: tuple[_Clause, ...] = field(init=False)
    _waiting: tuple[_Clause, ...] = field(init=False)

    def __post_init__(self) -> None:
        plan = plan_for(self.base, route=self.route, indication=self.indication, phase=self.phase)
        places = list(enumerate(plan.rules))
        asks = [(place, asked) for place, asked in places if asked.asks_for_data]
        for name, value in (
            ("_ask", compile_columns(asked.rule.when for asked in plan.rules)),
            ("_follows", tuple((compile_columns([one.when]), one) for one in self.base.implications)),
            ("_findings", _clauses(places, lambda asked: asked.order)),
            ("_waiting", _clauses(asks, lambda asked: (asked.rule.severity.rank, 0, asked.rule.id))),
        ):
            object.__setattr__(self, name, value)

    def answer(self, table: Table) -> CohortAnswer:
        """The decision about everybody in the table."""
        known = self._complete(table)
        codes = _stacked(self._ask(known.column), table.people)
        fired = _told(codes == YES, self._findings)
        waits = codes == UNKNOWN
        waiting = _told(waits, self._waiting)
        decisions, deciding = self._decide(fired, _anywhere(waiting))
        decided = _anywhere(deciding)
        return CohortAnswer(
            decisions=decisions,
            emergency=self._any_of(fired, lambda asked: asked.rule.severity is Severity.EMERGENCY),
            temporary=decided & ~self._any_of(deciding, lambda asked: not asked.rule.temporary),
            needs_confirmation=decided & ~self._any_of(deciding, lambda asked: not asked.recalled),
            fired=Marks(names=tuple(clause.asked.rule.id for clause in self._findings), marked=fired),
            waiting=Marks(names=tuple(clause.asked.rule.id for clause in self._waiting), marked=waiting),
            missing=self._missing(known, waits),
        )

    def _complete(self, table: Table) -> Table:
        """With the stated indication and what follows where nothing is known, one after another."""
        columns = dict(table.columns)
        known = Table(people=table.people, columns=columns)
        stated = known.column(INDICATION_STATED)
        columns[INDICATION_STATED] = stated.filled(stated.unknown, self.indication is not None)
        for ask, one in self._follows:
            column = known.column(one.fact)
            rows = (_stacked(ask(known.column), table.people)[0] == YES) & column.unknown
            if rows.any():
                columns[one.fact] = column.filled(rows, one.value)
        return known

    def _decide(self, fired: Rows, waits: Rows) -> tuple[NDArray[np.int8], Rows]:
        """ALG-02: the ranks, and the findings that decide alone; none where data are missing at the same level."""
        opens = np.array([clause.asked.opens for clause in self._findings], np.int8)
        decisions = np.where(waits, np.int8(_DEFER), np.int8(0))
        for rank in sorted({*opens.tolist()} - {0}):
            decisions[fired[opens == rank].any(axis=0) & (decisions < rank)] = rank
        alone = (decisions > 0) & ~((decisions == _DEFER) & waits)
        return decisions, fired & (opens[:, None] == decisions) & alone

    def _any_of(self, marked: Rows, wanted: Callable[[AskedRule], bool]) -> Rows:
        """Whom a finding of this kind is marked for."""
        return _anywhere(marked[[wanted(clause.asked) for clause in self._findings]])

    def _missing(self, known: Table, waits: Rows) -> Marks:
        """What waiting rules could not read: unknown, or known too roughly for what they ask."""
        readers: dict[str, list[_Clause]] = {}
        for clause in sorted(self._waiting, key=lambda clause: clause.place):
            for key in clause.asked.rule.reads:
                readers.setdefault(key, []).append(clause)
        names = tuple(key for key in self.base.definitions if key in readers)
        marked = [_unread(key, known.column(key), readers[key], waits) for key in names]
        return Marks(names=names, marked=np.array(marked, np.bool_).reshape(len(names), known.people))


def _clauses(
    asked: Iterable[tuple[int, AskedRule]], order: Callable[[AskedRule], tuple[int, int, str]]
) -> tuple[_Clause, ...]:
    """In the order of the answer. Of several clauses of one id the strongest counts, of equal ones the first."""
    by_id: dict[str, list[int]] = {}
    clauses = []
    for place, one in sorted(asked, key=lambda pair: (order(pair[1])[0], pair[0])):
        before = by_id.setdefault(one.rule.id, [])
        clauses.append(_Clause(place=place, asked=one, before=tuple(before)))
        before.append(place)
    return tuple(sorted(clauses, key=lambda clause: order(clause.asked)))


def _told(marked: Rows, clauses: tuple[_Clause, ...]) -> Rows:
    """The clauses that count, in their order."""
    told = marked[[clause.place for clause in clauses]]
    for row, clause in enumerate(clauses):
        if clause.before:
            told[row] &= ~marked[list(clause.before)].any(axis=0)
    return told


def _unread(key: str, column: Column, readers: Iterable[_Clause], waits: Rows) -> Rows:
    unknown, rough = column.unknown, column.rough
    missing = np.zeros(len(unknown), np.bool_)
    for clause in readers:
        unread = unknown.copy()
        if rough.any():
            asked = [leaf for leaf in leaves(clause.asked.rule.when) if leaf.fact == key]
            unread |= rough & np.any([column.answers(leaf) == UNKNOWN for leaf in asked], axis=0)
        missing |= unread & waits[clause.place]
    return missing


def _anywhere(marked: Rows) -> Rows:
    return np.asarray(marked.any(axis=0))


def _stacked(codes: tuple[ColumnCodes, ...], people: int) -> NDArray[np.uint8]:
    """A row a condition; one that asks nothing has the same answer for everybody."""
    return np.array([np.broadcast_to(one, people) for one in codes], np.uint8).reshape(len(codes), people)
