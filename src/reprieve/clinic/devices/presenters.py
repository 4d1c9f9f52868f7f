"""Quarantine entries as a person reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from reprieve.clinic.devices.models import DeviceMessage, Outcome, QuarantinedMessage

_TITLES: Mapping[str, str | Promise] = {
    "UNKNOWN-CLINIC": _("Not for a clinic here"),
    "UNKNOWN-PATIENT": _("Unknown patient"),
    "UNKNOWN-CHAIR": _("Unknown chair"),
    "NO-SESSION": _("No running session"),
    "TWO-SESSIONS": _("Two running sessions"),
    "NOT-ADDRESSED": _("Names nobody"),
    "CHAIR-PATIENT-MISMATCH": _("Chair and patient disagree"),
    "SIMULATED": _("Training message"),
    "CLOCK-AHEAD": _("Monitor clock ahead"),
    "CLOCK-BEHIND": _("Values came late"),
    "BEFORE-SESSION": _("Older than the session"),
    "ROWS-REFUSED": _("Unusable values"),
    "NOT-FILED": _("Not taken by the session"),
}
_REMEDIES: Mapping[str, str | Promise] = {
    "UNKNOWN-CLINIC": _("Set the receiving facility (MSH-6) of the monitor to the short name of the clinic."),
    "UNKNOWN-PATIENT": _(
        "Check the record number on the monitor against the wristband, then admit the patient again there."
    ),
    "UNKNOWN-CHAIR": _("Give the chair this code, or correct the bed name on the monitor."),
    "NO-SESSION": _("Open the session before the monitor is switched on. Values from before belong in by hand."),
    "TWO-SESSIONS": _("Close the session that has ended, or let the monitor send its chair."),
    "NOT-ADDRESSED": _("Enter the record number or the bed on the monitor."),
    "CHAIR-PATIENT-MISMATCH": _(
        "Look who sits in the chair. Correct the patient on the monitor, or move the session to the right chair."
    ),
    "SIMULATED": _("Switch the monitor out of its demonstration mode."),
    "CLOCK-AHEAD": _("Set the clock of the monitor. Enter the missing values by hand."),
    "CLOCK-BEHIND": _("All values were filed. If the monitor has not just reconnected, set its clock."),
    "BEFORE-SESSION": _("Nothing to do when the monitor repeats its last value; take a new one."),
    "ROWS-REFUSED": _("Look at the rows below. Measure again, or correct the unit on the monitor."),
    "NOT-FILED": _("Enter the values in the session by hand if they matter."),
}
_WIRE_TITLE, _WIRE_REMEDY = _("Not understood"), _("Send the message below to the person who connects the monitors.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of the values, in words, with a mark and a colour class."""

    label: str | Promise
    icon: str
    css: str


_NOT_IN_A_CHART = Fate(label=_("Not in a chart"), icon="mail-off", css="state-stop")
_FATES = {
    Outcome.FILED: Fate(label=_("Filed, with a doubt"), icon="clock-exclamation", css="state-hold"),
    Outcome.PARTLY: Fate(label=_("Filed in part"), icon="mail-question", css="state-hold"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One line of the list."""

    entry: QuarantinedMessage
    title: str | Promise
    todo: str | Promise
    age: str
    fate: "Fate"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentLine:
    """One segment of a message, its name apart."""

    name: str
    rest: str


def entry_rows(entries: Iterable[QuarantinedMessage], now: datetime) -> list[EntryRow]:
    return [entry_row(entry, now) for entry in entries]


def entry_row(entry: QuarantinedMessage, now: datetime) -> EntryRow:
    """One entry with its words."""
    return EntryRow(
        entry=entry,
        title=_TITLES.get(entry.code, _WIRE_TITLE),
        todo=_REMEDIES.get(entry.code, _WIRE_REMEDY),
        age=age(now - entry.last_at),
        fate=_FATES.get(Outcome(entry.last_message.outcome), _NOT_IN_A_CHART),
    )


def age(span: timedelta) -> str:
    """`now`, `5 min`, `3 h`, `2 days`."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return str(_("now"))
    if minutes < 60:
        return f"{minutes} min"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} h"
    return ngettext("%(days)s day", "%(days)s days", hours // 24) % {"days": hours // 24}


def segment_lines(message: DeviceMessage) -> list[SegmentLine]:
    """The message as text, one segment a line; bytes that are no text show as a replacement mark."""
    text = bytes(message.content).decode("utf-8", "replace")
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip()]
    return [SegmentLine(name=line[:3], rest=line[3:]) for line in lines]
