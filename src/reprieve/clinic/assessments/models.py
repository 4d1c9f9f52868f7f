"""What was answered, what was decided from it, and who signed. No row of these tables ever changes."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import User
from reprieve.clinic.patients.models import Patient


class Teller(models.TextChoices):
    """Who said it; the record itself speaks through the chart."""

    PATIENT = "patient", _("Patient")
    CLINICIAN = "clinician", _("Clinician")


class IntakeAnswer(models.Model):
    """One statement about one fact. `value` null: asked again and not known, which withdraws the earlier answer.

    Two keys hold lists: `trials` (antidepressant trials) and `medications` (medicines told beside the chart).
    """

    id = models.BigAutoField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intake_answers")
    fact = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    said_by = models.CharField(max_length=12, choices=Teller.choices)
    answered_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["patient", "fact", "said_by", "-answered_at"], name="intake_answer_latest")]


class Assessment(models.Model):
    """A candidacy decision as it was made: the columns are for lists, `record` is the whole value (ALG-11)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="assessments")
    route = models.CharField(max_length=8)
    indication_id = models.CharField(max_length=40, blank=True, help_text="IND-* id, empty when none is stated")
    decision = models.CharField(max_length=12)
    emergency = models.BooleanField()
    temporary = models.BooleanField()
    record = models.JSONField()
    knowledge_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["patient", "-made_at"], name="assessment_latest")]


class AssessmentSignature(models.Model):
    """The prescriber's signature under a decision: the software proposes, a clinician decides (ALG-10)."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()


class OverrideSignature(models.Model):
    """One of the two signatures that let a REVIEW go ahead (ALG-04); the prescriber's carries the reasons."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="override_signatures")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    risk_benefit = models.TextField(blank=True)
    mitigation = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "signed_by"], name="override_signed_once_a_person"),
            models.CheckConstraint(
                condition=models.Q(risk_benefit="", mitigation="")
                | (~models.Q(risk_benefit="") & ~models.Q(mitigation="")),
                name="override_reasons_come_together",
            ),
        ]
