"""Every message of a monitor as it came, and the quarantine of those that could not be filed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.accounts.models import Clinic, User
from reprieve.clinic.visits.models import DosingSession


class Outcome(models.TextChoices):
    """What became of a message."""

    FILED = "filed", _("Filed")
    NOTHING = "nothing", _("Nothing measured")
    PARTLY = "partly", _("Filed in part")
    REFUSED = "refused", _("Understood, not filed")
    UNREADABLE = "unreadable", _("Not understood")


class DeviceMessage(models.Model):
    """One message, byte for byte, written before it is answered. A trigger refuses UPDATE and DELETE.

    `sha256` is over the content, in which sender and control id stand: the same row is a message sent again.
    """

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(DosingSession, on_delete=models.PROTECT, null=True, related_name="device_messages")
    received_at = models.DateTimeField()
    sender = models.CharField(max_length=200, blank=True, help_text="MSH-3 and MSH-4")
    control_id = models.CharField(max_length=199, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    content = models.BinaryField()
    size_bytes = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    answer = models.CharField(max_length=2, help_text="MSA-1: AA, AE or AR")
    code = models.CharField(max_length=40, blank=True, help_text="Why it was not filed whole")
    sentence = models.CharField(max_length=400, blank=True)
    place = models.CharField(max_length=60, blank=True, help_text="Segment and field that the sentence is about")
    readings = models.PositiveSmallIntegerField(default=0)
    left = models.JSONField(default=list, help_text="Rows without a reading: row, reason, code")
    flags = models.JSONField(default=list, help_text="What was assumed about time")


class QuarantinedMessage(models.Model):
    """Something that a person should look at; the same trouble again counts up instead of making a new entry."""

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=40)
    sentence = models.CharField(max_length=400)
    sender = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(DeviceMessage, on_delete=models.PROTECT, related_name="+", help_text="The first one")
    last_message = models.ForeignKey(DeviceMessage, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = [F("closed_at").desc(nulls_first=True), "-last_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "code", "sender", "sentence"],
                condition=Q(closed_at__isnull=True),
                nulls_distinct=False,
                name="one_open_quarantine_a_trouble",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ Q(closed_by__isnull=False, note__gt=""),
                name="quarantine_closed_by_a_person_with_a_note",
            ),
        ]
