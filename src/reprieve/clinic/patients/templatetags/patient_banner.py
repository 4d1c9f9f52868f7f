"""The facts of the patient banner, which every clinical page shows."""

from dataclasses import dataclass

from django import template
from django.utils import timezone

from reprieve.clinic.patients import selectors
from reprieve.clinic.patients.models import Observation, Patient
from reprieve.clinic.patients.wording import clinical_name
from reprieve.domain.quantities.interval import Interval
from reprieve.domain.quantities.spans import age_years

register = template.Library()


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerFacts:
    """Age today, the last weight with its date, and the names of allergies that are not over."""

    age: int
    weight: Observation | None
    allergies: tuple[str, ...]

    @property
    def weight_range(self) -> str:
        """`> 200` where the scale could tell no more."""
        interval = self.weight.interval if self.weight else None
        return "" if interval is None else str(Interval.of_ends(interval))


@register.simple_tag
def banner_facts(patient: Patient) -> BannerFacts:
    """Two queries: weight and allergies."""
    return BannerFacts(
        age=age_years(patient.birth_on, on=timezone.localdate()),
        weight=selectors.latest_observation(patient, selectors.BODY_WEIGHT),
        allergies=tuple(clinical_name(allergy.name) for allergy in selectors.active_allergies(patient)),
    )
