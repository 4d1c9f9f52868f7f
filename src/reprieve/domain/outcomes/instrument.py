"""A questionnaire as data: items, answers, bands, cut-offs, scoring rule. The wording is part of the instrument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reprieve.domain.quantities.sources import Source


class Combination(StrEnum):
    """How item values become a total."""

    SUM = "sum"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerOption:
    """One choice: LOINC answer code, printed words and its value in our own table (never its place in foreign data)."""

    code: str
    text: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. `counted` is false where the answer never enters the total (the PHQ-9 difficulty item).

    `flag_from` marks a safety item: this value or more raises a flag, and so does no answer at all.
    """

    number: int
    loinc: str
    text: str
    options: tuple[AnswerOption, ...]
    counted: bool = True
    flag_from: int | None = None

    def __post_init__(self) -> None:
        if len({option.value for option in self.options}) != len(self.options) or not self.options:
            raise ValueError(f"item {self.number} needs options with distinct values")

    @property
    def allowed(self) -> frozenset[int]:
        """The values that an answer may have."""
        return frozenset(option.value for option in self.options)

    @property
    def upper(self) -> int:
        """The highest value."""
        return max(self.allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named severity range of totals, both ends included."""

    code: str
    label: str
    lower: int
    upper: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringRule:
    """`max_missing` counted items may be unanswered; they are then replaced by the mean of those answered."""

    combination: Combination
    max_missing: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """One limit in points or percent, as its source gives it."""

    value: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """The named limits by which two totals of one instrument are compared; each is its own definition (F10).

    `baseline_days`: a baseline is measured at most so long before the first dose, and never after it (DQ03).
    """

    response_percent: Cutoff
    partial_percent: Cutoff
    remission_below: Cutoff
    reliable_points: Cutoff
    important_points: Cutoff
    worsening_points: Cutoff
    baseline_days: Cutoff


@dataclass(frozen=True, slots=True, kw_only=True)
class SyndromeRule:
    """An item counts from `positive_from`, or from its own limit in `exceptions`; one of `core_items` must count."""

    core_items: frozenset[int]
    positive_from: int
    exceptions: Mapping[int, int]
    major_from: int
    other_from: int
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyTaskRule:
    """A task for a person: dossier id and hours until it is due."""

    rule: str
    due_h: float
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """One questionnaire in one wording. Bands cover every possible total exactly once.  Raises: ValueError."""

    id: str
    title: str
    version: str
    panel_loinc: str
    total_loinc: str
    stem: str
    recall_days: int
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    scoring: ScoringRule
    change: ChangeRule
    notice: str
    source: Source
    syndrome: SyndromeRule | None = None
    tasks: Mapping[str, SafetyTaskRule] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if [item.number for item in self.items] != list(range(1, len(self.items) + 1)):
            raise ValueError(f"{self.id}: items are numbered 1, 2, 3 ... in their printed order")
        edge = 0
        for band in self.bands:
            if band.lower != edge or band.upper < band.lower:
                raise ValueError(f"{self.id}: band {band.code} leaves a gap or overlaps")
            edge = band.upper + 1
        if edge != self.max_total + 1:
            raise ValueError(f"{self.id}: bands end at {edge - 1}, totals at {self.max_total}")

    @property
    def counted_items(self) -> tuple[Item, ...]:
        """Items that enter the total."""
        return tuple(item for item in self.items if item.counted)

    @property
    def max_total(self) -> int:
        """The highest total."""
        return sum(item.upper for item in self.counted_items)

    def band_of(self, total: int) -> Band:
        """The severity band of a total.  Raises: ValueError outside 0 to `max_total`."""
        for band in self.bands:
            if band.lower <= total <= band.upper:
                return band
        raise ValueError(f"{self.id}: no total can be {total}")
