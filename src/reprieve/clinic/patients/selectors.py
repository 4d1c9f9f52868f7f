"""What can be read of patients and their chart; always inside one clinic, so an outsider's id answers 404."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.patients.models import (
    Allergy,
    Condition,
    Consent,
    ImportedDocument,
    ImportJob,
    Medication,
    Observation,
    Patient,
    SafetyTask,
)
from reprieve.domain.candidacy.chart import (
    Chart,
    ChartAllergy,
    ChartCondition,
    ChartMedication,
    ChartObservation,
    Coding,
    Sex,
)
from reprieve.domain.quantities.interval import Interval

BODY_WEIGHT = "29463-7"
EMERGENCY_RULES = ("SR-03", "SR-06")
CodingsAsStored = Iterable[dict[str, str]]


def patients_of(clinic: Clinic, query: str = "") -> QuerySet[Patient]:
    """Patients of a clinic whose name or record number holds every word of `query`."""
    found = Patient.objects.filter(clinic=clinic)
    for word in query.replace("\0", " ").split():
        found = found.filter(Q(family_name__icontains=word) | Q(given_name__icontains=word) | Q(mrn__istartswith=word))
    return found


def with_open_tasks(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Each patient with `open_tasks`, the number of safety tasks that nobody has closed.

    Counted by a subquery, so that a page of a list counts for its own rows and not for the whole clinic.
    """
    open_tasks = SafetyTask.objects.filter(patient=OuterRef("pk"), closed_at__isnull=True).order_by()
    number = open_tasks.values("patient").annotate(number=Count("pk")).values("number")
    return patients.annotate(open_tasks=Coalesce(Subquery(number), 0))


def patient_get(clinic: Clinic, patient_id: UUID) -> Patient:
    """Raises: Http404 when there is none in this clinic."""
    return get_object_or_404(Patient, clinic=clinic, pk=patient_id)


def import_job_of(clinic: Clinic, job_id: UUID) -> ImportJob | None:
    """An upload of this clinic and how far it came, without its bytes."""
    jobs = ImportJob.objects.filter(clinic=clinic, pk=job_id).defer("content", "document__content")
    return jobs.select_related("document__patient").first()


def document_get(clinic: Clinic, document_id: UUID) -> ImportedDocument:
    """An imported document without its bytes.  Raises: Http404 when there is none in this clinic."""
    documents = ImportedDocument.objects.defer("content").select_related("patient")
    return get_object_or_404(documents, clinic=clinic, pk=document_id)


def recent_documents(clinic: Clinic, *, count: int = 8) -> QuerySet[ImportedDocument]:
    """The newest imports, without their bytes."""
    return (
        ImportedDocument.objects.filter(clinic=clinic)
        .defer("content")
        .select_related("patient", "received_by")
        .order_by("-received_at")[:count]
    )


def latest_observation(patient: Patient, loinc: str) -> Observation | None:
    """The newest value of one code."""
    return Observation.objects.filter(patient=patient, loinc=loinc).order_by("-effective_at", "-id").first()


def latest_observations(patient: Patient) -> QuerySet[Observation]:
    """The newest value of every code on record, in the order of their codes."""
    return Observation.objects.filter(patient=patient).order_by("loinc", "-effective_at", "-id").distinct("loinc")


def active_allergies(patient: Patient) -> QuerySet[Allergy]:
    """Allergies that are not stated to be over; an unknown status counts as active."""
    return (
        Allergy.objects.filter(patient=patient).exclude(clinical_status__in=("inactive", "resolved")).order_by("name")
    )


def consent_in_force(patient: Patient, scope: str) -> Consent | None:
    """The latest decision on this scope; `permit` False means refused or withdrawn, None that nobody asked."""
    return Consent.objects.filter(patient=patient, scope=scope).order_by("-decided_at", "-recorded_order").first()


def chart_of(patient: Patient) -> Chart:
    """The chart of a person as candidacy reads it, newest last."""
    conditions = sorted(patient.conditions.all(), key=lambda row: (row.onset_on or date.min, row.fhir_id))
    medications = sorted(patient.medications.all(), key=lambda row: (row.started_on or date.min, row.fhir_id))
    allergies = sorted(patient.allergys.all(), key=lambda row: (row.name, row.fhir_id))
    observations = sorted(patient.observations.all(), key=lambda row: (row.effective_at, row.fhir_id))
    return Chart(
        birth_on=patient.birth_on,
        sex=Sex(patient.sex),
        conditions=tuple(_condition(row) for row in conditions),
        medications=tuple(_medication(row) for row in medications),
        allergies=tuple(_allergy(row) for row in allergies),
        observations=tuple(_observation(row) for row in observations),
    )


def _codings(stored: CodingsAsStored) -> tuple[Coding, ...]:
    return tuple(Coding(**coding) for coding in stored)


def _condition(row: Condition) -> ChartCondition:
    return ChartCondition(
        codings=_codings(row.codings),
        clinical_status=row.clinical_status,
        verification_status=row.verification_status,
        onset_on=row.onset_on,
        abated_on=row.abated_on,
    )


def _medication(row: Medication) -> ChartMedication:
    return ChartMedication(
        codings=_codings(row.codings),
        name=row.name,
        status=row.status,
        started_on=row.started_on,
        ended_on=row.ended_on,
        daily_dose_mg=row.daily_dose_mg,
        as_needed=row.as_needed,
    )


def _allergy(row: Allergy) -> ChartAllergy:
    return ChartAllergy(codings=_codings(row.codings), name=row.name, clinical_status=row.clinical_status)


def _observation(row: Observation) -> ChartObservation:
    return ChartObservation(
        loinc=row.loinc,
        effective_at=row.effective_at,
        value=row.value,
        interval=None if row.interval is None else Interval.of_ends(row.interval),
        unit=row.unit,
        value_codings=_codings(row.value_codings),
        display=row.display,
    )


def open_emergencies(patient: Patient) -> QuerySet[SafetyTask]:
    """Suicide-risk emergencies that nobody has settled yet; they block routine visits (SR-03, SR-06)."""
    return SafetyTask.objects.filter(patient=patient, rule__in=EMERGENCY_RULES, closed_at__isnull=True)
