"""Patients and their chart. Rows of the chart keep the FHIR words and the document they came from."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import Clinic, User


class Sex(models.TextChoices):
    """FHIR `administrative-gender`."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Patient(models.Model):
    """A person under care of one clinic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    mrn = models.CharField(_("record number"), max_length=64)
    family_name = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120)
    birth_on = models.DateField(_("date of birth"))
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    phone = models.CharField(max_length=40, blank=True)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="patient")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["family_name", "given_name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "mrn"], name="patient_mrn_once_a_clinic")]
        indexes = [models.Index(fields=["clinic", "family_name", "given_name"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"


class ImportedDocument(models.Model):
    """A FHIR bundle as it came, kept byte for byte (compressed), with the report of what was taken from it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="documents")
    file_name = models.TextField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(help_text="gzip of the original bytes")
    size_bytes = models.BigIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    report = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "sha256"], name="document_once_a_clinic")]


class ImportState(models.TextChoices):
    """How far an upload came."""

    WAITING = "waiting", _("Waiting for its turn")
    READING = "reading", _("Reading the file")
    WRITING = "writing", _("Writing the chart")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class ImportJob(models.Model):
    """One upload on its way into the chart: what the progress page shows. Its bytes are dropped when it ends."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file_name = models.TextField()
    size_bytes = models.BigIntegerField()
    content = models.BinaryField(help_text="The upload as it came, empty once the job has ended")
    state = models.CharField(max_length=8, choices=ImportState.choices, default=ImportState.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    document = models.ForeignKey(ImportedDocument, on_delete=models.PROTECT, null=True, related_name="+")
    changed = models.BooleanField(default=True, help_text="False when the same bundle had been imported before")
    problem_code = models.CharField(max_length=40, blank=True)
    problem_sentence = models.CharField(max_length=400, blank=True)
    problem_where = models.CharField(max_length=200, blank=True)

    @property
    def ended(self) -> bool:
        return self.state in {ImportState.DONE, ImportState.REFUSED}


class ChartRow(models.Model):
    """What every row of the chart has: its patient, its document, and its id there."""

    id = models.BigAutoField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)ss")
    document = models.ForeignKey(ImportedDocument, on_delete=models.PROTECT, null=True, related_name="+")
    fhir_id = models.CharField(max_length=120, help_text="Type/id inside the document, or local/uuid when typed here")
    source_updated_at = models.DateTimeField(
        null=True, help_text="meta.lastUpdated of the resource: an older export does not overwrite a newer one"
    )
    codings = models.JSONField(default=list, help_text="[{system, code, display}]")

    class Meta:
        abstract = True


class Condition(ChartRow):
    """FHIR `Condition`."""

    clinical_status = models.CharField(max_length=16)
    verification_status = models.CharField(max_length=16)
    onset_on = models.DateField(null=True)
    abated_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "fhir_id"], name="condition_once")]


class Medication(ChartRow):
    """FHIR `MedicationRequest` or `MedicationStatement`."""

    name = models.TextField()
    status = models.CharField(max_length=24)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    daily_dose_mg = models.FloatField(null=True)
    as_needed = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "fhir_id"], name="medication_once")]


class Allergy(ChartRow):
    """FHIR `AllergyIntolerance`."""

    name = models.TextField()
    clinical_status = models.CharField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "fhir_id"], name="allergy_once")]


class Observation(ChartRow):
    """One measured value; a panel is one row a component, its LOINC code part of `fhir_id`."""

    loinc = models.CharField(max_length=16, db_index=True)
    effective_at = models.DateTimeField()
    value = models.FloatField(null=True)
    interval = models.JSONField(
        null=True, help_text="{lower, upper, lower_open, upper_open} of a value given as < or >"
    )
    unit = models.CharField(max_length=24, blank=True, help_text="UCUM")
    value_codings = models.JSONField(default=list)
    display = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["patient", "fhir_id"], name="observation_once")]
        indexes = [models.Index(fields=["patient", "loinc", "-effective_at"], name="observation_latest")]


class ConsentScope(models.TextChoices):
    """What is consented to. Registry consent never depends on, and never blocks, treatment (CONS-11)."""

    TREATMENT = "treatment", _("Treatment series")
    REGISTRY = "registry", _("Registry, de-identified")


class Consent(models.Model):
    """FHIR `Consent`: one decision, never changed; a withdrawal is a later row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    scope = models.CharField(max_length=16, choices=ConsentScope.choices)
    permit = models.BooleanField()
    version = models.CharField(max_length=24)
    decided_at = models.DateTimeField()
    recorded_order = models.DateTimeField(
        default=timezone.now, editable=False, help_text="Breaks ties between decisions of one instant"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at", "-recorded_order"]


class SafetyTask(models.Model):
    """Something about a person's safety that stays open until somebody closes it with a note (A8, F7)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="safety_tasks")
    rule = models.CharField(max_length=40, help_text="The dossier id that asked for it, such as SR-05")
    params = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closing_note = models.TextField(blank=True)

    class Meta:
        ordering = ["opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True, closing_note="")
                | (models.Q(closed_at__isnull=False, closed_by__isnull=False) & ~models.Q(closing_note="")),
                name="safety_task_closed_by_a_person_with_a_note",
            )
        ]
