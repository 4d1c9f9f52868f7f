"""The audit trail (IHE BALP on FHIR AuditEvent, operations of 45 CFR 164.312(b)): no clinical value, no name."""

from django.db import models

from reprieve.clinic.accounts.models import Clinic, User


class AuditEvent(models.Model):
    """One action. A trigger refuses UPDATE and DELETE (migration 0001)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(auto_now_add=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    system = models.CharField(max_length=40, blank=True, help_text="The program part that acted, when no person did")
    action = models.CharField(max_length=60)
    entity = models.CharField(max_length=60)
    entity_id = models.CharField(max_length=64)
    patient_id = models.UUIDField(null=True, db_index=True)
    detail = models.JSONField(default=dict, help_text="Codes and ids only")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) ^ ~models.Q(system=""), name="audit_has_exactly_one_actor"
            )
        ]
