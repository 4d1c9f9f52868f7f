"""Rows of the chart, written in bulk: new ones are added, changed ones updated, the rest left alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from reprieve.clinic.patients.models import (
    Allergy,
    ChartRow,
    Condition,
    ImportedDocument,
    Medication,
    Observation,
    Patient,
)
from reprieve.domain.candidacy.chart import Coding
from reprieve.interop.fhir.reading import Row, Rows

_BATCH = 500
_SHARED = ("codings", "source_updated_at", "document")
_FIELDS: dict[type[ChartRow], tuple[str, ...]] = {
    Condition: ("clinical_status", "verification_status", "onset_on", "abated_on"),
    Medication: ("name", "status", "started_on", "ended_on", "daily_dose_mg", "as_needed"),
    Allergy: ("name", "clinical_status"),
    Observation: ("loinc", "effective_at", "value", "interval", "unit", "value_codings", "display"),
}


@dataclass(frozen=True, slots=True)
class Written:
    """Rows by kind."""

    added: dict[str, int] = field(default_factory=dict)
    updated: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)


def chart_write(
    *, patient: Patient, document: ImportedDocument, rows: Rows, on_progress: Callable[[int, int], None]
) -> Written:
    """Bring the chart of a person up to the rows of a document. Rows that the document lacks stay."""
    written, done = Written(), 0
    for model, found in _as_models(patient, document, rows):
        for start in range(0, len(found), _BATCH):
            batch = found[start : start + _BATCH]
            _write_batch(model, patient, batch, written)
            done += len(batch)
            on_progress(done, rows.count)
    return written


def _write_batch(model: type[ChartRow], patient: Patient, batch: Sequence[ChartRow], written: Written) -> None:
    manager = model._default_manager
    stored = {row.fhir_id: row for row in manager.filter(patient=patient, fhir_id__in=[row.fhir_id for row in batch])}
    new = [row for row in batch if row.fhir_id not in stored]
    changed = [row for row in batch if row.fhir_id in stored and _supersedes(row, stored[row.fhir_id])]
    for row in changed:
        row.pk = stored[row.fhir_id].pk
    manager.bulk_create(new, ignore_conflicts=True)
    if changed:
        manager.bulk_update(changed, [*_FIELDS[model], *_SHARED])
    name = model.__name__
    for tally, number in (
        (written.added, len(new)),
        (written.updated, len(changed)),
        (written.unchanged, len(batch) - len(new) - len(changed)),
    ):
        tally[name] = tally.get(name, 0) + number


def _supersedes(row: ChartRow, stored: ChartRow) -> bool:
    """Does it say something else, and is it not an older version of the same resource?"""
    ours, theirs = stored.source_updated_at, row.source_updated_at
    if ours is not None and theirs is not None and theirs < ours:
        return False
    fields = ("codings", *_FIELDS[type(row)])
    return any(getattr(row, name) != getattr(stored, name) for name in fields)


def _as_models(
    patient: Patient, document: ImportedDocument, rows: Rows
) -> Iterable[tuple[type[ChartRow], Sequence[ChartRow]]]:
    kinds: tuple[tuple[type[ChartRow], Iterable[Row[Any]]], ...] = (
        (Condition, rows.conditions),
        (Medication, rows.medications),
        (Allergy, rows.allergies),
        (Observation, rows.observations),
    )
    for model, found in kinds:
        yield model, [_as_model(model, patient, document, row) for row in found]


def _as_model(model: type[ChartRow], patient: Patient, document: ImportedDocument, row: Row[Any]) -> ChartRow:
    """A row of the chart: the item's fields have the names of the columns."""
    fields = {name: getattr(row.item, name) for name in _FIELDS[model]}
    if "value_codings" in fields:
        fields["value_codings"] = stored_codings(row.item.value_codings)
        fields["interval"] = None if row.item.interval is None else row.item.interval.ends()
    return model(
        patient=patient,
        document=document,
        fhir_id=row.fhir_id,
        source_updated_at=row.updated_at,
        codings=stored_codings(row.codings),
        **fields,
    )


def stored_codings(codings: Iterable[Coding]) -> list[dict[str, str]]:
    """Codings as the JSON column keeps them."""
    return [{"system": one.system, "code": one.code, "display": one.display} for one in codings]
