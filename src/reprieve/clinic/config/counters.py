"""Counters of the rate limits: in the database, so that they hold over all web processes, and without addresses."""

from django.utils.crypto import salted_hmac


def hidden_key(key: str, key_prefix: str, version: int) -> str:
    """The key of a counter as a keyed hash: the table tells nobody from which address somebody came."""
    return salted_hmac("rate-counters", f"{key_prefix}:{version}:{key}", algorithm="sha256").hexdigest()
