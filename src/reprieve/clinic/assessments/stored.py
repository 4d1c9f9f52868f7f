"""The stored decisions of all clinics, for the operator who proves that they still come out the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from reprieve.clinic.assessments.models import Assessment


def stored_answers() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The id and the record of each decision, oldest first."""
    rows = Assessment.objects.order_by("made_at", "pk").values_list("pk", "record")
    for pk, record in rows.iterator(chunk_size=200):
        yield f"assessment {pk}", record
