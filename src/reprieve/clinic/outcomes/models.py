"""Questionnaires that were sent, and the answers that came back."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.patients.models import Observation, Patient


class Invitation(models.Model):
    """A questionnaire sent to one person. The link's secret is not kept, only its sha256."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="invitations")
    instrument_id = models.CharField(max_length=40)
    token_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]

    def is_expired(self, at: datetime) -> bool:
        """A link is dead from the very second of `expires_at`."""
        return at >= self.expires_at


class Mode(models.TextChoices):
    """How the answers were given."""

    LINK = "link", _("Phone link")
    PORTAL = "portal", _("Signed in")


class Rater(models.TextChoices):
    """Whose judgement a score is."""

    SELF = "self", _("Patient")


class QuestionnaireResponse(models.Model):
    """FHIR `QuestionnaireResponse`, scored when it came. A trigger refuses UPDATE and DELETE (migration 0002)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="response")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="questionnaire_responses")
    observation = models.OneToOneField(Observation, on_delete=models.PROTECT, null=True, related_name="+")
    instrument_id = models.CharField(max_length=40)
    instrument_version = models.CharField(max_length=80)
    recall_days = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12, default="en")
    rater = models.CharField(max_length=12, choices=Rater.choices, default=Rater.SELF)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    answered_at = models.DateTimeField()
    minutes_since_dose = models.PositiveIntegerField(null=True, help_text="Since the start of the last dose, if any")
    answers = models.JSONField(help_text="Item number to value; null is no answer")
    status = models.CharField(max_length=16)
    total = models.PositiveSmallIntegerField(null=True)
    item9 = models.PositiveSmallIntegerField(null=True, help_text="PHQ-9 only; null when it was not answered")
    missing = models.JSONField(default=list)
    knowledge_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-answered_at"]
        indexes = [models.Index(fields=["patient", "instrument_id", "answered_at"], name="response_series")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status="not_scorable", total__isnull=True, observation__isnull=True)
                | (~models.Q(status="not_scorable") & models.Q(total__isnull=False)),
                name="response_has_a_total_unless_not_scorable",
            )
        ]
