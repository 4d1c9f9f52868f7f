"""Clinics and users."""

import uuid
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Clinic(models.Model):
    """One treating site. Every clinical row belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    time_zone = models.CharField(max_length=64, default="America/New_York")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    crisis_line = models.CharField(max_length=80, default="988", help_text=_("Shown on every page a patient sees"))

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Role(models.TextChoices):
    """What somebody does in the clinic; permissions follow the role."""

    PRESCRIBER = "prescriber", _("Prescriber")
    NURSE = "nurse", _("Infusion nurse")
    FRONT_DESK = "front_desk", _("Front desk")
    PATIENT = "patient", _("Patient")


class User(AbstractUser):
    """A person who signs in; always of one clinic."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(max_length=16, choices=Role.choices)
    credential = models.CharField(max_length=40, blank=True, help_text=_("As printed beside a signature: MD, RN"))

    REQUIRED_FIELDS = ["clinic", "role"]

    @property
    def signature(self) -> str:
        """Name and credential as they stand on a record."""
        name = self.get_full_name() or self.username
        return f"{name}, {self.credential}" if self.credential else name
