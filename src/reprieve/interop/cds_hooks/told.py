"""What a person, and the clinicians, told the clinic that an answer is made for; it counts beside the record sent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from reprieve.domain.candidacy.case import Case
from reprieve.domain.candidacy.chart import ChartMedication
from reprieve.domain.candidacy.chart_map import ChartMap
from reprieve.domain.candidacy.facts import Fact, Teller
from reprieve.domain.candidacy.medicines import is_current, recognise
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.domain.candidacy.trials import Trial

By = tuple[Teller, date]
# Said of the list of the clinic. The list that was sent is another one: what lacks in it is unknown, never not taken.
_OF_ANOTHER_LIST = frozenset({"medication_list_complete"})


class HeldBack(StrEnum):
    """Why nothing that was told to the clinic is in an answer."""

    OTHER_BIRTH = "other_birth"
    BIRTH_NOT_SENT = "birth_not_sent"
    NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Statements, the lists of medicines and of trials with who told each and when, settled disagreements, indication.

    `only_told`: ingredients of told medicines that the record sent does not name.
    """

    statements: tuple[Fact, ...] = ()
    medications: tuple[ChartMedication, ...] = ()
    medications_by: By | None = None
    only_told: frozenset[str] = frozenset()
    trials: tuple[Trial, ...] = ()
    trials_by: By | None = None
    settlements: tuple[Settlement, ...] = ()
    indication: str | None = None
    held_back: HeldBack | None = None

    @property
    def is_disputed(self) -> bool:
        """Record number and date of birth name two different persons."""
        return self.held_back is HeldBack.OTHER_BIRTH

    @property
    def count(self) -> int:
        """How many things were told."""
        return len(self.statements) + len(self.medications) + len(self.trials)


NOTHING_TOLD = Told()


def told_beside(
    case: Case, chart_map: ChartMap, *, medications_by: By | None, trials_by: By | None, indication: str | None
) -> Told:
    """What was told, out of a case whose chart is the record sent."""
    in_record = _ingredients(case.chart.medications, chart_map, case.on)
    return Told(
        statements=tuple(fact for fact in case.statements if fact.key not in _OF_ANOTHER_LIST),
        medications=case.told_medications,
        medications_by=medications_by,
        only_told=_ingredients(case.told_medications, chart_map, case.on) - in_record,
        trials=case.trials,
        trials_by=trials_by,
        settlements=case.settlements,
        indication=indication,
    )


def without_medicines(told: Told) -> Told:
    """The same without the told medicines."""
    return replace(told, medications=(), only_told=frozenset())


def _ingredients(rows: Iterable[ChartMedication], chart_map: ChartMap, on: date) -> frozenset[str]:
    return frozenset(drug.ingredient.name for row in rows if is_current(row, on) for drug in recognise(row, chart_map))
