"""Chairs, dosing sessions and their append-only event log."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.courses.models import DoseOrder
from reprieve.clinic.patients.models import Patient


class Chair(models.Model):
    """A treatment place. `code` is what a monitor sends in PV1-3."""

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="chairs")
    name = models.CharField(max_length=40)
    code = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "code"], name="chair_code_once_a_clinic")]


class Phase(models.TextChoices):
    """Where the session is. A projection of its events, kept for lists and guards; the events decide."""

    PREPARING = "preparing", _("Preparing")
    INFUSING = "infusing", _("Infusing")
    PAUSED = "paused", _("Paused")
    OBSERVING = "observing", _("Observing")
    DISCHARGED = "discharged", _("Discharged")
    SIGNED = "signed", _("Signed")


class DosingSession(models.Model):
    """One treatment (FHIR `Encounter` with `MedicationAdministration`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="dosing_sessions")
    order = models.OneToOneField(DoseOrder, on_delete=models.PROTECT, related_name="dosing_session")
    chair = models.ForeignKey(Chair, on_delete=models.PROTECT, null=True, related_name="dosing_sessions")
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.PREPARING)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chair"],
                condition=models.Q(phase__in=["preparing", "infusing", "paused", "observing"]),
                name="one_running_session_a_chair",
            )
        ]


class SessionEvent(models.Model):
    """One entry of the log; a trigger refuses UPDATE and DELETE, `hash` covers the row and the one before."""

    id = models.UUIDField(primary_key=True, editable=False, help_text="Made where the event was entered")
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    observed_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    received_at = models.DateTimeField()
    author = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    device = models.CharField(max_length=80, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["session", "seq"], name="event_sequence_once")]
