"""Tokens that were shown once. Nothing of a patient is kept."""

from django.db import models


class UsedToken(models.Model):
    """One admitted token, kept until it has run out, so that it admits nobody twice."""

    token_sha256 = models.CharField(max_length=64, unique=True, help_text="Of issuer and jti")
    expires_at = models.DateTimeField(db_index=True)
