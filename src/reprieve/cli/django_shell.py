"""Loads the Django project for commands that need the database."""

import os


def load() -> None:
    """Set Django up; starts the embedded database when the clinic names none of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reprieve.clinic.config.settings")
    import django

    django.setup()
