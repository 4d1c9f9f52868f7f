"""Writes sessions: every write is an event at the end of a locked log, with its audit row."""

from reprieve.clinic.visits.services.append import CHANNEL, Entry, event_append
from reprieve.clinic.visits.services.chairs import chair_create
from reprieve.clinic.visits.services.commands import session_command
from reprieve.clinic.visits.services.opening import session_open
from reprieve.clinic.visits.services.vitals import vital_signs_append

__all__ = ["CHANNEL", "Entry", "chair_create", "event_append", "session_command", "session_open", "vital_signs_append"]
