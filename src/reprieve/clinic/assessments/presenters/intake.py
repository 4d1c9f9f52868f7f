"""The questions of the intake by theme, each with what is known already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.forms import BoundField

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail
from reprieve.clinic.assessments.wording import Text
from reprieve.domain.candidacy.facts import FactSet, Teller
from reprieve.knowledge.candidacy import fact_words


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAnswer:
    """What is known already, who said it and when; `stale`: too old to be used."""

    teller: Text
    value: str
    detail: str
    said_on: date | None
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFact:
    """One question of the intake with what is known already."""

    field: BoundField
    hint: KnownAnswer | None
    needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ThemeView:
    """The questions of one theme."""

    key: str
    label: Text
    icon: str
    asked: tuple[AskedFact, ...]
    open_count: int


def intake_themes(form: Iterable[BoundField], facts: FactSet, needed: Collection[str]) -> list[ThemeView]:
    """The intake by theme; `needed` are the unknown facts that rules wait for."""
    by_theme: dict[str, list[AskedFact]] = {}
    for field in form:
        if field.name in fact_words():
            asked = AskedFact(field=field, hint=_hint(field.name, facts), needed=field.name in needed)
            by_theme.setdefault(fact_words()[field.name].theme, []).append(asked)
    return [
        ThemeView(key=key, label=label, icon=icon, asked=tuple(by_theme[key]),
                  open_count=sum(item.needed for item in by_theme[key]))
        for key, (label, icon) in wording.THEMES.items()
        if key in by_theme
    ]  # fmt: skip


def _hint(key: str, facts: FactSet) -> KnownAnswer | None:
    fact = facts.by_key.get(key)
    if fact is None or fact.value is None:
        return None
    return KnownAnswer(
        teller=wording.TELLERS[fact.said_by],
        value=show_value(key, fact.value),
        detail=shown_detail(fact.detail) if fact.said_by == Teller.CHART else "",
        said_on=fact.said_on,
        stale=fact.is_stale(on=facts.on),
    )
