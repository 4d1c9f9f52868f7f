"""What a bundle gave: the person, the chart, and an account of everything taken and everything left."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from reprieve.domain.candidacy.chart import (
    Chart,
    ChartAllergy,
    ChartCondition,
    ChartMedication,
    ChartObservation,
    Coding,
    Sex,
)

Item = TypeVar("Item", ChartCondition, ChartMedication, ChartAllergy, ChartObservation)


class Reason(StrEnum):
    """Why something of a bundle was left out. The sentence for people is made in the shell."""

    NOT_READ = "NOT-READ"
    CODE_NOT_READ = "CODE-NOT-READ"
    NO_CODE = "NO-CODE"
    NO_RESOURCE = "NO-RESOURCE"
    NO_ID = "NO-ID"
    DUPLICATE = "DUPLICATE"
    NO_SUBJECT = "NO-SUBJECT"
    OTHER_SUBJECT = "OTHER-SUBJECT"
    OTHER_FOCUS = "OTHER-FOCUS"
    ENTERED_IN_ERROR = "ENTERED-IN-ERROR"
    CANCELLED = "CANCELLED"
    NOT_FINAL = "NOT-FINAL"
    NOT_ORDERED = "NOT-ORDERED"
    DO_NOT_PERFORM = "DO-NOT-PERFORM"
    REFUTED = "REFUTED"
    NO_DATE = "NO-DATE"
    DATE_PARTIAL = "DATE-PARTIAL"
    DATE_INVALID = "DATE-INVALID"
    DATE_NO_ZONE = "DATE-NO-ZONE"
    NO_VALUE = "NO-VALUE"
    COMPARATOR = "COMPARATOR"
    UNIT_MISSING = "UNIT-MISSING"
    UNIT_UNKNOWN = "UNIT-UNKNOWN"
    UNIT_INCOMPATIBLE = "UNIT-INCOMPATIBLE"
    VALUE_OUT_OF_SCALE = "VALUE-OUT-OF-SCALE"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """How often something was left out for one reason, and where it happened first.

    `resource_type` with a dot (`Condition.onset`) is a part: the rest of that resource was taken.
    """

    resource_type: str
    reason_code: Reason
    count: int
    example_path: str


@dataclass(slots=True)
class Account:
    """Counts while reading."""

    _taken: dict[str, int] = field(default_factory=dict)
    _left: dict[tuple[str, Reason], tuple[int, str]] = field(default_factory=dict)

    def take(self, resource_type: str) -> None:
        self._taken[resource_type] = self._taken.get(resource_type, 0) + 1

    def leave(self, resource_type: str, reason: Reason, path: str) -> None:
        count, first_path = self._left.get((resource_type, reason), (0, path))
        self._left[resource_type, reason] = (count + 1, first_path)

    def taken(self) -> dict[str, int]:
        return dict(sorted(self._taken.items()))

    def left(self) -> tuple[LeftOut, ...]:
        """Grouped by kind and reason, in the order of their names."""
        return tuple(
            LeftOut(resource_type=kind, reason_code=reason, count=count, example_path=path)
            for (kind, reason), (count, path) in sorted(self._left.items())
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who the bundle is about. `mrn` is the identifier typed MR; `phone` may be empty."""

    mrn: str
    family_name: str
    given_name: str
    birth_on: date
    sex: Sex
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Generic[Item]):
    """One entry of the chart with what storage needs: a stable id and when the source last changed it."""

    fhir_id: str
    item: Item
    codings: tuple[Coding, ...]
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of each list, newest last."""

    conditions: tuple[Row[ChartCondition], ...]
    medications: tuple[Row[ChartMedication], ...]
    allergies: tuple[Row[ChartAllergy], ...]
    observations: tuple[Row[ChartObservation], ...]

    @property
    def count(self) -> int:
        return len(self.conditions) + len(self.medications) + len(self.allergies) + len(self.observations)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleReading:
    """Everything a bundle gave. Resources taken plus resources left are all of its entries."""

    person: Person
    chart: Chart
    rows: Rows
    taken: Mapping[str, int]
    left: tuple[LeftOut, ...]


def rows_in_order(
    *,
    conditions: Iterable[Row[ChartCondition]],
    medications: Iterable[Row[ChartMedication]],
    allergies: Iterable[Row[ChartAllergy]],
    observations: Iterable[Row[ChartObservation]],
) -> Rows:
    """Newest last; a row without a date comes first, and the id settles equal dates."""
    return Rows(
        conditions=tuple(sorted(conditions, key=lambda row: (row.item.onset_on or date.min, row.fhir_id))),
        medications=tuple(sorted(medications, key=lambda row: (row.item.started_on or date.min, row.fhir_id))),
        allergies=tuple(sorted(allergies, key=lambda row: (row.item.name, row.fhir_id))),
        observations=tuple(sorted(observations, key=lambda row: (row.item.effective_at, row.fhir_id))),
    )


def chart_from(person: Person, rows: Rows) -> Chart:
    """The chart that candidacy reads."""
    return chart_of(rows, birth_on=person.birth_on, sex=person.sex)


def chart_of(rows: Rows, *, birth_on: date | None, sex: Sex) -> Chart:
    """The chart of somebody whose name and record number nobody needs."""
    return Chart(
        birth_on=birth_on,
        sex=sex,
        conditions=tuple(row.item for row in rows.conditions),
        medications=tuple(row.item for row in rows.medications),
        allergies=tuple(row.item for row in rows.allergies),
        observations=tuple(row.item for row in rows.observations),
    )
