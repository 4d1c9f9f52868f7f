"""What was answered, what was decided from it, and who signed. Only two kinds of row change, once: a link is used, a
step is closed."""

import uuid
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import Clinic, User
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


class ConflictSettlement(models.Model):
    """A clinician compared two statements that disagree and stated which holds; both are kept as they were seen."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="conflict_settlements")
    fact = models.CharField(max_length=60)
    value = models.JSONField()
    reason = models.TextField()
    believed = models.JSONField(help_text="{value, said_by, said_on, detail} of the statement that counted till then")
    other = models.JSONField()
    settled_at = models.DateTimeField()
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["settled_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="settlement_has_a_reason"),
        ]


class TrialDefinitionChoice(models.Model):
    """Which definition of treatment resistance decides at a clinic, from when, by whom and why (DEF-CLASS, DEF-AUG)."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="trial_definition_choices")
    definition = models.CharField(max_length=40, help_text="A variant of indications/adequate_trials.toml")
    reason = models.TextField()
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["chosen_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="trial_definition_has_a_reason"),
        ]


class SelfCheckLink(models.Model):
    """A phone self-check sent to one person. The link's secret is not kept, only its sha256."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="self_check_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]

    def is_expired(self, at: datetime) -> bool:
        """A link is dead from the very second of `expires_at`."""
        return at >= self.expires_at


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


class OverrideEnd(models.Model):
    """The series that followed an override has ended, and the override with it (ALG-04)."""

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="override_end")
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")


class DeferralStep(models.Model):
    """One thing that somebody has to do before a "not yet" can become a yes; open until a person closes it (A9)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="deferral_steps")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="deferral_steps")
    number = models.PositiveSmallIntegerField()
    effort = models.CharField(max_length=12)
    owner = models.CharField(max_length=16)
    due_on = models.DateField()
    rules = models.JSONField(help_text="Rule ids")
    facts = models.JSONField(help_text="Keys of the facts to learn or change")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closing_note = models.TextField(blank=True)

    class Meta:
        ordering = ["due_on", "number"]
        indexes = [
            models.Index(fields=["patient", "due_on"], condition=models.Q(closed_at=None), name="deferral_step_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="deferral_step_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True, closing_note="")
                | (models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(closing_note="")),
                name="deferral_step_closed_by_a_person_with_a_note",
            ),
        ]
