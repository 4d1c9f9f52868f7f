"""What the record says of a person that a prediction needs, by whom and when; all of it can be changed on the page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.assessments.presenters.values import show_value, shown_detail
from reprieve.clinic.assessments.selectors import case_of, local_day
from reprieve.clinic.assessments.wording import TELLERS
from reprieve.clinic.courses import selectors
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import latest_observation
from reprieve.domain.candidacy.case import read_case
from reprieve.domain.candidacy.facts import Fact, FactSet
from reprieve.domain.quantities.spans import age_years
from reprieve.knowledge.candidacy import fact_definitions, fact_words
from reprieve.knowledge.chart_map import load_chart_map

Text = str | Promise
_LIVER = {"liver_severe": "child_pugh_c", "liver_moderate": "child_pugh_b"}
"""Facts of the record and the grade of which they are part, the worst first. Both name more than the grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One statement behind a value: what, by whom, when. `counts` is false for a side that is not believed now."""

    what: str
    teller: Text
    said_on: date | None
    detail: str = ""
    counts: bool = True
    is_stale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Values as they stand in the form, empty where nobody knows, and the statements they come from, by field."""

    values: Mapping[str, str]
    said: Mapping[str, tuple[Said, ...]]


def known_of(patient: Patient, *, at: datetime) -> Known:
    """Weight, height, age and liver at an instant."""
    case = case_of(patient, at=at)
    facts = read_case(case, load_chart_map(), fact_definitions()).facts
    weight_kg, height_cm = selectors.previous_weight_kg(patient), selectors.height_cm(patient)
    age = None if patient.birth_on is None else age_years(patient.birth_on, on=case.on)
    return Known(
        values={
            "weight_kg": "" if weight_kg is None else f"{weight_kg:.1f}",
            "height_cm": "" if height_cm is None else f"{height_cm:g}",
            "age_years": "" if age is None else str(age),
            "liver": next((grade for key, grade in _LIVER.items() if facts.value(key) is True), ""),
        },
        said={
            "weight_kg": tuple(_weight_said(patient)) if weight_kg is not None else (),
            "height_cm": tuple(_measured(patient, selectors.BODY_HEIGHT)) if height_cm is not None else (),
            "age_years": () if age is None else (Said(what="", teller=_("Date of birth"), said_on=patient.birth_on),),
            "liver": tuple(_liver_said(facts)),
        },
    )


def _weight_said(patient: Patient) -> Iterator[Said]:
    """The last order carries its own weight and comes before the chart, as in `previous_weight_kg`."""
    order = selectors.last_order(patient)
    if order is None:
        yield from _measured(patient, selectors.BODY_WEIGHT)
    else:
        yield Said(what="", teller=_("Last order"), said_on=local_day(patient.clinic, order.signed_at))


def _measured(patient: Patient, loinc: str) -> Iterator[Said]:
    row = latest_observation(patient, loinc)
    if row is not None:
        yield Said(what="", teller=TELLERS["chart"], said_on=local_day(patient.clinic, row.effective_at))


def _liver_said(facts: FactSet) -> Iterator[Said]:
    for key in _LIVER:
        used = facts.by_key.get(key)
        if used is not None and used.value is not None:
            yield _said(used, facts.on, counts=True)
        for conflict in facts.conflicts:
            if conflict.believed.key == key:
                yield _said(conflict.other, facts.on, counts=False)


def _said(fact: Fact, on: date, *, counts: bool) -> Said:
    return Said(
        what=f"{fact_words()[fact.key].question}: {show_value(fact.key, fact.value)}",
        teller=TELLERS[fact.said_by],
        said_on=fact.said_on,
        detail=shown_detail(fact.detail),
        counts=counts,
        is_stale=fact.is_stale(on=on),
    )
