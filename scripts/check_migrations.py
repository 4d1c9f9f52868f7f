"""Fails when the models and the migrations differ."""

import os
import sys

import django
from django.core.management import call_command


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reprieve.clinic.config.settings")
    django.setup()
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    print("Models and migrations agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
