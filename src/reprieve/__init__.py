"""Reprieve runs ketamine therapy from referral to remission and turns every treatment into evidence."""

__version__ = "0.1.0"
