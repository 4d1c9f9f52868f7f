"""Who takes part in the registry, and what became of each signed session.

These rows are the only place that ties a study id or a registry row to a person, and they stay in the clinic.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.patients.models import Patient
from reprieve.clinic.visits.models import DosingSession


class RegistryParticipant(models.Model):
    """A person's random study id (45 CFR 164.514(c)), made from nothing about the person; new after a withdrawal.

    `findings` are those of the scores and the baseline, in the form of `Submission.findings`.
    """

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="registry_participant")
    study_id = models.UUIDField(unique=True, default=uuid.uuid4)
    created_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64, blank=True, help_text="sha256 of what the registry holds now")
    findings = models.JSONField(default=list)
    submitted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)


class Outcome(models.TextChoices):
    """What became of a signed session."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("In the registry")
    REJECTED = "rejected", _("Not accepted")
    NO_CONSENT = "no_consent", _("No consent")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Submission(models.Model):
    """The line from a session's event log to its registry row (K7).

    `event_hash` is the hash of the last event at submission: who holds the row can have the chart prove what it says.
    """

    session = models.OneToOneField(DosingSession, on_delete=models.PROTECT, related_name="submission")
    row_id = models.UUIDField(unique=True, default=uuid.uuid4)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.WAITING)
    findings = models.JSONField(default=list, help_text="[{rule, severity, sentence}]")
    event_hash = models.CharField(max_length=64)
    event_seq = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, help_text="When the row was last written to the registry")

    class Meta:
        ordering = ["-created_at", "-pk"]
