"""What a person, and the clinicians, told the clinic that an answer is made for; it counts beside the record sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ChartMedication
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.facts import Fact, Teller
from reprieve.domain.candidacy.medicines import is_current, recognise
from reprieve.domain.candidacy.trials import Trial

# Said of the list of the clinic. The list that was sent is another one: what lacks in it is unknown, never not taken.
_OF_ANOTHER_LIST = frozenset({"medication_list_complete"})


class HeldBack(StrEnum):
    """Why nothing that was told to the clinic is in an answer."""

    OTHER_BIRTH = "other_birth"
    BIRTH_NOT_SENT = "birth_not_sent"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told, as a case beside the record sent; None where nothing is known, or `held_back` says why not used.

    `trials_on`: the day on which each teller told the trials. `indication`: the one treated at the clinic.
    """

    case: Case | None = None
    trials_on: Mapping[Teller, date] = field(default_factory=dict)
    indication: str | None = None
    held_back: HeldBack | None = None

    @property
    def statements(self) -> tuple[Fact, ...]:
        """Answers to single questions."""
        return () if self.case is None else self.case.statements

    @property
    def medications(self) -> tuple[ChartMedication, ...]:
        """Medicines that people named."""
        return () if self.case is None else self.case.told_medications

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Antidepressant trials."""
        return () if self.case is None else self.case.trials

    @property
    def is_disputed(self) -> bool:
        """Record number and date of birth name two different persons."""
        return self.held_back is HeldBack.OTHER_BIRTH

    @property
    def count(self) -> int:
        """How many things were told."""
        return len(self.statements) + len(self.medications) + len(self.trials)


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Somebody who names a medicine: a teller and the day, or (`said_by` None) the order that is being made."""

    said_by: Teller | None
    said_on: date | None = None


def told_beside(case: Case, *, trials_on: Mapping[Teller, date], indication: str | None) -> Told:
    """What was told, out of everything known of a person."""
    said = tuple(fact for fact in case.statements if fact.key not in _OF_ANOTHER_LIST)
    return Told(case=replace(case, statements=said), trials_on=trials_on, indication=indication)


def namings(
    medications: Iterable[ChartMedication], orders: Iterable[ChartMedication], chart_map: ChartMap, on: date
) -> Mapping[str, tuple[Naming, ...]]:
    """By ingredient everybody who names it: one fact stands for all, and each drug keeps its tellers."""
    named: dict[str, dict[Naming, None]] = {}
    rows = [(row, Naming(said_by=row.said_by, said_on=row.said_on)) for row in medications if is_current(row, on)]
    for row, naming in [*rows, *((order, Naming(said_by=None)) for order in orders)]:
        for drug in recognise(row, chart_map):
            named.setdefault(drug.ingredient.name, {})[naming] = None
    return {drug: tuple(tellers) for drug, tellers in named.items()}
