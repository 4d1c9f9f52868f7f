"""Open steps of deferral plans, and links of self-checks."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from reprieve.clinic.accounts.models import Clinic
from reprieve.clinic.assessments.models import DeferralStep, SelfCheckLink
from reprieve.clinic.patients.models import Patient


def open_steps(clinic: Clinic) -> QuerySet[DeferralStep]:
    """Steps that nobody has closed, those due first at the top."""
    steps = DeferralStep.objects.filter(patient__clinic=clinic, closed_at__isnull=True)
    return steps.select_related("patient", "assessment").order_by("due_on", "opened_at", "number")


def open_steps_of(patient: Patient) -> QuerySet[DeferralStep]:
    """What still has to be done for one person, the first due first."""
    return DeferralStep.objects.filter(patient=patient, closed_at__isnull=True).select_related("assessment")


def step_get(clinic: Clinic, step_id: UUID) -> DeferralStep:
    """Raises: Http404 when there is none in this clinic."""
    return get_object_or_404(DeferralStep.objects.select_related("patient"), patient__clinic=clinic, pk=step_id)


def token_sha256(token: str) -> str:
    """What is kept of a link's secret; 32 random bytes need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of_token(token: str) -> SelfCheckLink | None:
    """The self-check behind a link, found by the hash of its secret."""
    return SelfCheckLink.objects.select_related("patient__clinic").filter(token_sha256=token_sha256(token)).first()


def open_links(patient: Patient, *, at: datetime) -> QuerySet[SelfCheckLink]:
    """Sent, not answered, not expired."""
    return SelfCheckLink.objects.filter(patient=patient, used_at__isnull=True, expires_at__gt=at)
