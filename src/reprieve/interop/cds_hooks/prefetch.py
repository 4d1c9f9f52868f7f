"""What a record system sent along, read into a chart, with an exact account of what did not come."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from reprieve.domain.candidacy.chart import Chart, Sex
from reprieve.errors import InputError
from reprieve.interop.cds_hooks.request import HookRequest
from reprieve.interop.cds_hooks.services import PREFETCH
from reprieve.interop.fhir.bundle import decode_patient
from reprieve.interop.fhir.chart_reader import ChartReader, products_of
from reprieve.interop.fhir.condition import kept_day
from reprieve.interop.fhir.datatypes import CodeableConcept, Element
from reprieve.interop.fhir.document import RawEntry
from reprieve.interop.fhir.patient import Patient, record_identifiers, sex_of
from reprieve.interop.fhir.reading import chart_of

_OUTCOME = "OperationOutcome"
NOBODY = Patient()


class _Link(Element, frozen=True):
    relation: str = ""


class _Entry(Element, frozen=True):
    full_url: str = ""
    resource: msgspec.Raw = msgspec.Raw(b"")


class _Sent(Element, frozen=True):
    """A resource or a searchset; only what tells which it is and whether it is whole."""

    resource_type: str = ""
    entry: tuple[_Entry, ...] = ()
    link: tuple[_Link, ...] = ()


_sent = msgspec.json.Decoder(_Sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefetched:
    """The chart, and what it lacks: keys that did not come, keys of which only a page came, resources not understood.

    `record_numbers`: medical record numbers of the Patient, each with the system that gave it, to find the same person
    here.
    """

    chart: Chart
    missing: tuple[str, ...]
    cut: tuple[str, ...]
    unreadable: Mapping[str, int]
    record_numbers: frozenset[tuple[str, str]]

    @property
    def is_whole(self) -> bool:
        return not (self.missing or self.cut or self.unreadable)

    @property
    def is_empty(self) -> bool:
        """Nothing that was asked for has come."""
        return set(self.missing) == set(PREFETCH)


def read_prefetch(request: HookRequest) -> Prefetched:
    """The chart in a request. A resource that cannot be read leaves its facts unknown and is counted.

    Raises: InputError CDS-OTHER-PATIENT when the Patient that came is not the one of the context.
    """
    found = {key: _found(request.sent.get(key), key) for key in PREFETCH}
    came = {key: sent for key, sent in found.items() if sent is not None}
    entries = [entry for sent in came.values() for entry in sent.entries]
    patient = _patient(entries, request.context.patient_id)
    unreadable: Counter[str] = Counter()
    reader = ChartReader(subject=_subject(request, entries), products=_products(entries, unreadable))
    for entry in entries:
        if entry.resource_type not in {"Patient", "Medication"}:
            _read(reader, entry, unreadable)
    birth_on = kept_day(patient.birth_date, reader.account, "Patient.birthDate", "prefetch.patient")
    return Prefetched(
        chart=chart_of(reader.rows(), birth_on=birth_on, sex=sex_of(patient) if patient is not NOBODY else Sex.UNKNOWN),
        missing=tuple(key for key in PREFETCH if key not in came),
        cut=tuple(key for key, sent in came.items() if sent.is_cut),
        unreadable=dict(sorted(unreadable.items())),
        record_numbers=frozenset(record_identifiers(patient)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    entries: tuple[RawEntry, ...]
    is_cut: bool = False


def _found(raw: msgspec.Raw | None, key: str) -> _Found | None:
    """None when the key did not come, was null, or holds an error of the record system instead of data."""
    if raw is None:
        return None
    path = f"prefetch.{key}"
    try:
        sent = _sent.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if sent.resource_type != "Bundle":
        whole = sent.resource_type not in {"", _OUTCOME}
        return _Found(entries=(RawEntry(path, "", sent.resource_type, raw),)) if whole else None
    entries = tuple(_entries(sent, path))
    if any(entry.resource_type == _OUTCOME for entry in entries):
        return None if len(entries) == 1 else _Found(entries=entries, is_cut=True)
    return _Found(entries=entries, is_cut=any(link.relation == "next" for link in sent.link))


def _entries(sent: _Sent, path: str) -> Iterator[RawEntry]:
    for number, entry in enumerate(sent.entry):
        try:
            kind = _sent.decode(entry.resource).resource_type
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            kind = ""
        yield RawEntry(f"{path}.entry[{number}].resource", entry.full_url, kind, entry.resource)


def _patient(entries: list[RawEntry], patient_id: str) -> Patient:
    for entry in entries:
        if entry.resource_type == "Patient":
            patient = decode_patient(entry)
            if patient.id != patient_id:
                sentence = "The Patient that was sent along is not the one whose record is open."
                raise InputError("CDS-OTHER-PATIENT", sentence, where=entry.path)
            return patient
    return NOBODY


def _subject(request: HookRequest, entries: list[RawEntry]) -> frozenset[str]:
    """How resources may name the person: relative, or below the address of the record system."""
    name = f"Patient/{request.context.patient_id}"
    full = {f"{request.fhir_server.rstrip('/')}/{name}"} if request.fhir_server else set()
    own = {entry.full_url for entry in entries if entry.resource_type == "Patient" and entry.full_url}
    return frozenset({name} | full | own)


def _products(entries: list[RawEntry], unreadable: Counter[str]) -> dict[str, CodeableConcept]:
    products: dict[str, CodeableConcept] = {}
    for entry in entries:
        if entry.resource_type == "Medication":
            try:
                products |= products_of([entry])
            except InputError:
                unreadable["Medication"] += 1
    return products


def _read(reader: ChartReader, entry: RawEntry, unreadable: Counter[str]) -> None:
    try:
        reader.read(entry)
    except InputError:
        unreadable[entry.resource_type] += 1
