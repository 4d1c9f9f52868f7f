"""Which resource a reference points to, and the stable id under which we store a row."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from reprieve.interop.fhir.datatypes import Resource
from reprieve.interop.fhir.dates import instant_of
from reprieve.interop.fhir.document import RawEntry

_URN = "urn:uuid:"
_LONGEST_ID = 64


def names_of(entry: RawEntry, resource: Resource) -> frozenset[str]:
    """Every way in which a reference inside the document may name this resource."""
    names = {entry.full_url}
    if resource.id:
        names |= {f"{entry.resource_type}/{resource.id}", _URN + resource.id}
    return frozenset(names - {""})


def points_to(reference: str, names: Iterable[str]) -> bool:
    """Does `Patient/1`, `urn:uuid:...`, or a full address, versioned or not, name one of these?"""
    return reference.partition("/_history/")[0] in names


def stable_id(entry: RawEntry, resource: Resource) -> str:
    """`Type/id`, from the full address where the resource has no id; empty when it has neither.

    An address that is too long to be a FHIR id is replaced by its digest.
    """
    named = resource.id or entry.full_url.removeprefix(_URN)
    if len(named) > _LONGEST_ID:
        named = hashlib.sha256(named.encode()).hexdigest()
    return f"{entry.resource_type}/{named}" if named else ""


def updated_at(resource: Resource) -> datetime | None:
    """When the source last changed the resource, when it says so."""
    at = instant_of(resource.meta.last_updated)
    return at if isinstance(at, datetime) else None
