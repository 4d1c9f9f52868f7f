"""Other medicines and the liver: what can be chosen on the page, and what of it stands in the patient's record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from reprieve.clinic.courses.wording import CHANGES
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.selectors import chart_of
from reprieve.domain.candidacy.medicines import is_current, recognise
from reprieve.domain.pharmacology.exposure import Adjusted, ExposureChange, apply_factors
from reprieve.domain.pharmacology.exposure_told import KnownDirection, age_findings, direction_findings
from reprieve.domain.pharmacology.linear_model import LinearModel, Route
from reprieve.domain.quantities.findings import Finding
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.exposure_changes import (
    age_bands,
    changes_of_ingredients,
    directions_of_ingredients,
    exposure_changes,
    targets_of,
)

OTHERS = ("rifampicin", "st_johns_wort", "ticlopidine", "clarithromycin", "itraconazole", "grapefruit")
LIVER = ("child_pugh_a", "child_pugh_b", "child_pugh_c")


@dataclass(frozen=True, slots=True, kw_only=True)
class OnRecord:
    """Current medicines that change exposure: those with factors by id, and those known by direction only."""

    changes: tuple[str, ...] = ()
    directions: tuple[KnownDirection, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """As words, those with factors."""
        return tuple(str(CHANGES[change]) for change in self.changes)


def on_record(patient: Patient, *, on: date) -> OnRecord:
    """What the record says is taken; a medicine that is not on it may be taken all the same."""
    chart_map = load_chart_map()
    current = [row for row in chart_of(patient).medications if is_current(row, on)]
    names = {drug.ingredient.name for row in current for drug in recognise(row, chart_map)}
    return OnRecord(
        changes=tuple(change.id for change in changes_of_ingredients(names)),
        directions=directions_of_ingredients(names),
    )


def changes_named(ids: Iterable[str]) -> tuple[ExposureChange, ...]:
    """In the order of the knowledge file."""
    wanted = frozenset(ids)
    return tuple(change for name, change in exposure_changes().items() if name in wanted)


def exposed(model: LinearModel, changes: tuple[ExposureChange, ...], routes: Iterable[Route]) -> Adjusted:
    """The model as these changes leave it."""
    return apply_factors(model, changes, targets=targets_of(model.id), routes=routes)


def beside_the_curve(directions: Iterable[KnownDirection], *, age_y: float | None, is_spray: bool) -> list[Finding]:
    """What is shown and moves nothing: directions, and for the spray the label's band of older adults."""
    return [*direction_findings(directions), *(age_findings(age_bands(), age_y=age_y) if is_spray else ())]
