"""Django app `audit`."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "reprieve.clinic.audit"
