"""Course, planned session, order and second check."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import User
from reprieve.clinic.patients.models import Patient


class CourseStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped")


class Course(models.Model):
    """A series under one regimen (FHIR `EpisodeOfCare` with `CarePlan`). `plan` is the stored domain value."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="courses")
    regimen_id = models.CharField(max_length=40)
    indication_id = models.CharField(max_length=40, help_text="IND-* id")
    route = models.CharField(max_length=8)
    status = models.CharField(max_length=12, choices=CourseStatus.choices, default=CourseStatus.ACTIVE)
    starts_on = models.DateField()
    plan = models.JSONField(default=dict)
    knowledge_hash = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-starts_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient"], condition=models.Q(status="active"), name="one_active_course_a_patient"
            )
        ]


class PlannedSession(models.Model):
    """One dated session of the plan; `number` starts at 1."""

    id = models.BigAutoField(primary_key=True)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="planned_sessions")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    is_checkpoint = models.BooleanField(default=False)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="planned_session_once")]


class OrderStatus(models.TextChoices):
    """Ordered is not checked: only a checked order may be started."""

    SIGNED = "signed", _("Signed, waiting for the second check")
    CHECKED = "checked", _("Checked by a second person")
    DISAGREED = "disagreed", _("Second check disagrees")
    CANCELLED = "cancelled", _("Cancelled")


LIVE_ORDER = (OrderStatus.SIGNED, OrderStatus.CHECKED, OrderStatus.DISAGREED)


class DoseOrder(models.Model):
    """FHIR `MedicationRequest`. The columns are what pumps and papers need; `value` is the whole domain order.

    Only `status` ever changes; a trigger refuses anything else (migration 0002). A new dose is a new order.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned_session = models.ForeignKey(PlannedSession, on_delete=models.PROTECT, related_name="orders")
    status = models.CharField(max_length=12, choices=OrderStatus.choices, default=OrderStatus.SIGNED)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    dosing_weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    weight_basis = models.CharField(max_length=12)
    dose_mg_per_kg = models.DecimalField(max_digits=5, decimal_places=3)
    dose_mg = models.DecimalField(max_digits=6, decimal_places=2)
    vial_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    draw_volume_ml = models.DecimalField(max_digits=6, decimal_places=2)
    bag_volume_ml = models.DecimalField(max_digits=6, decimal_places=2)
    concentration_mg_per_ml = models.DecimalField(max_digits=8, decimal_places=4)
    rate_ml_per_h = models.DecimalField(max_digits=6, decimal_places=1)
    duration_min = models.DecimalField(max_digits=5, decimal_places=1)
    diluent_id = models.CharField(max_length=40, blank=True, help_text="Empty when given undiluted")
    reason = models.TextField(blank=True, help_text="Why a caution was passed")
    value = models.JSONField(default=dict)
    knowledge_hash = models.CharField(max_length=64)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["planned_session"],
                condition=models.Q(status__in=["signed", "checked", "disagreed"]),
                name="one_live_order_a_planned_session",
            )
        ]

    @property
    def patient(self) -> Patient:
        return self.planned_session.course.patient


class SecondCheck(models.Model):
    """An independent calculation, entered blind (C4). Never changed: a trigger refuses it (migration 0002)."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(DoseOrder, on_delete=models.PROTECT, related_name="second_checks")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1)
    vial_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    rate_ml_per_h = models.DecimalField(max_digits=6, decimal_places=1)
    cosigned = models.BooleanField(default=False, help_text="Co-signed a dose above the soft limit (REG-DOSE-MAX-M)")
    agrees = models.BooleanField()
    differences = models.JSONField(default=list, help_text="[{quantity, ordered, found}]")

    class Meta:
        ordering = ["at", "id"]
