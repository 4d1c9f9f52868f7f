"""The questions of the intake by theme, each with what is known already."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.forms import BoundField

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.models import IntakeAnswer
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail, shown_unit
from reprieve.clinic.assessments.selectors import rows_of
from reprieve.clinic.assessments.wording import Text
from reprieve.domain.candidacy.facts import Fact, FactSet, Teller
from reprieve.knowledge.candidacy import fact_words

_ASK_FIRST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """What is known already, who said it, when, and until when it is believed; `stale`: too old to be used."""

    teller: Text
    value: str
    detail: str
    said_on: date | None
    fresh_until: date | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFact:
    """One question of the intake with what is known already."""

    field: BoundField
    hint: KnownAnswer | None
    others: tuple[KnownAnswer, ...]
    needed: bool
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """The questions of one theme."""

    key: str
    label: Text
    icon: str
    asked: tuple[AskedFact, ...]
    open_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeProgress:
    """How many questions have an answer that still counts, and which open ones to ask first."""

    answered: int
    total: int
    first: tuple[tuple[str, str], ...]


def intake_progress(keys: Collection[str], facts: FactSet, order: Sequence[str]) -> IntakeProgress:
    """`order`: unknown facts, the ones that matter most first."""
    first = [(key, fact_words()[key].question) for key in order if key in keys][:_ASK_FIRST]
    answered = sum(facts.value(key) is not None for key in keys)
    return IntakeProgress(answered=answered, total=len(keys), first=tuple(first))


def intake_themes(
    form: Iterable[BoundField], facts: FactSet, told: Iterable[Fact], needed: Collection[str]
) -> list[ThemeView]:
    """The intake by theme; `told` is what each person said, `needed` the unknown facts that rules wait for."""
    said: dict[str, list[Fact]] = {}
    for fact in told:
        said.setdefault(fact.key, []).append(fact)
    by_theme: dict[str, list[AskedFact]] = {}
    for field in form:
        if field.name in fact_words():
            asked = AskedFact(
                field=field,
                hint=_hint(field.name, facts),
                others=tuple(_others(field.name, facts, said.get(field.name, []))),
                needed=field.name in needed,
                unit=shown_unit(field.name),
            )
            by_theme.setdefault(fact_words()[field.name].theme, []).append(asked)
    return [
        ThemeView(key=key, label=label, icon=icon, asked=tuple(by_theme[key]),
                  open_count=sum(item.needed for item in by_theme[key]))
        for key, (label, icon) in wording.THEMES.items()
        if key in by_theme
    ]  # fmt: skip


def _hint(key: str, facts: FactSet) -> KnownAnswer | None:
    fact = facts.by_key.get(key)
    return None if fact is None or fact.value is None else _known(fact, facts.on)


def _others(key: str, facts: FactSet, said: Iterable[Fact]) -> Iterator[KnownAnswer]:
    """Who says something else: shown beside what counts, never left out."""
    used = facts.by_key.get(key)
    sides = [side for item in facts.conflicts if item.believed.key == key for side in (item.believed, item.other)]
    for fact in dict.fromkeys([*said, *sides]):
        if used is not None and fact.value is not None and fact.value != used.value:
            yield _known(fact, facts.on)


def _known(fact: Fact, on: date) -> KnownAnswer:
    return KnownAnswer(
        teller=wording.TELLERS[fact.said_by],
        value=show_value(fact.key, fact.value),
        detail=shown_detail(fact.detail) if fact.said_by == Teller.CHART else "",
        said_on=fact.said_on,
        fresh_until=None if fact.fresh_until == date.min else fact.fresh_until,
        stale=fact.is_stale(on=on),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldList:
    """One list as one person told it."""

    teller: Text
    told_at: datetime
    rows: tuple[str, ...]


def told_apart(lists: Mapping[str, Sequence[IntakeAnswer]]) -> dict[str, list[ToldList]]:
    """The lists of several people side by side; none where only one person told one."""
    return {key: [_told_list(answer) for answer in answers] for key, answers in lists.items() if len(answers) > 1}


def _told_list(answer: IntakeAnswer) -> ToldList:
    names = ((row.get("name") or row["drug"], row.get("daily_dose_mg")) for row in rows_of(answer))
    rows = tuple(name if mg is None else f"{name} {mg:g} mg" for name, mg in names)
    return ToldList(teller=wording.TELLERS[answer.said_by], told_at=answer.answered_at, rows=rows)
