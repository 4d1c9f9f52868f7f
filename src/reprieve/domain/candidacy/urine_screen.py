"""Single results of a urine drug screen read together: is it done (LAB-UDS), is anything unexplained (CI-UDS)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from reprieve.domain.candidacy.chart import ChartObservation
from reprieve.domain.candidacy.facts import Fact, FactDefinition, Teller, state

DONE, UNEXPLAINED = "urine_drug_screen_done", "urine_drug_screen_unexplained"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrineSubstance:
    """What one test looks for; a medicine of `explained_by` makes a positive result expected."""

    name: str
    loinc: frozenset[str]
    explained_by: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrineScreen:
    """Substances, how many of them make a panel, and the codes of a positive and of a negative result."""

    substances: tuple[UrineSubstance, ...]
    panel_of: int
    positive: frozenset[str]
    negative: frozenset[str]
    by_loinc: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        named = {code: item.name for item in self.substances for code in item.loinc}
        object.__setattr__(self, "by_loinc", named)

    def reads(self, row: ChartObservation) -> bool | None:
        """Positive or negative; None when a result says neither, or both."""
        codes = {coding.code for coding in row.value_codings}
        says_yes, says_no = bool(codes & self.positive), bool(codes & self.negative)
        return says_yes if says_yes is not says_no else None


def read_urine_screen(
    rows: Iterable[tuple[date, ChartObservation]],
    screen: UrineScreen,
    definitions: Mapping[str, FactDefinition],
    *,
    taken: Collection[str],
    on: date,
) -> Iterator[Fact]:
    """`rows` with the day of each. Fewer negative results than a panel say nothing; one unexplained positive does."""
    by_day = _by_day(rows, screen, on)
    panels = [day for day, found in by_day.items() if len(found) >= screen.panel_of]
    if panels:
        yield state(definitions[DONE], True, said_by=Teller.CHART, said_on=max(panels))
    window = definitions[UNEXPLAINED].fresh_for_days
    recent = [day for day in sorted(by_day) if window is None or (on - day).days <= window]
    newest = {name: (day, result) for day in recent for name, result in by_day[day].items()}
    wanted = {item.name: item.explained_by for item in screen.substances}
    positive = {name: day for name, (day, result) in newest.items() if result and not wanted[name] & set(taken)}
    if positive:
        detail = tuple(sorted(positive))
        yield state(definitions[UNEXPLAINED], True, said_by=Teller.CHART, said_on=max(positive.values()), detail=detail)
    elif panels:
        yield state(definitions[UNEXPLAINED], False, said_by=Teller.CHART, said_on=max(panels))


def _by_day(
    rows: Iterable[tuple[date, ChartObservation]], screen: UrineScreen, on: date
) -> dict[date, dict[str, bool]]:
    """What each substance said on each day until now; of two results of one day a positive counts."""
    found: dict[date, dict[str, bool]] = {}
    for day, row in rows:
        name = screen.by_loinc.get(row.loinc)
        result = screen.reads(row)
        if name is not None and result is not None and day <= on:
            held = found.setdefault(day, {})
            held[name] = result or held.get(name, False)
    return found
