"""What a page sends, as an event: only the fields of the verb are read, each strictly."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.utils.dateparse import parse_datetime, parse_time
from django.utils.translation import gettext as _

from reprieve.clinic.visits.services import Entry
from reprieve.domain.session import events as ev
from reprieve.domain.session.plausible import Implausible
from reprieve.errors import InputError

Post = Mapping[str, str]
_RENAMED = {"code": "term", "alarm_key": "key", "target_event_id": "target"}
_LABELS = {
    "systolic_mmhg": "systolic pressure (mmHg)",
    "diastolic_mmhg": "diastolic pressure (mmHg)",
    "heart_rate_per_min": "heart rate (/min)",
    "spo2_percent": "SpO2 (%)",
    "respiratory_rate_per_min": "respiratory rate (/min)",
    "temperature_cel": "temperature (°C)",
    "weight_kg": "weight (kg)",
    "rate_ml_per_h": "rate (mL/h)",
    "residual_ml": "volume left (mL)",
    "moaas": "MOAA/S (0 to 5)",
    "score": "score",
    "grade": "grade (1 to 5)",
    "reason": "reason",
}
VERBS: dict[str, type] = {
    "start": ev.InfusionStarted,
    "pause": ev.InfusionPaused,
    "resume": ev.InfusionResumed,
    "rate": ev.RateChanged,
    "stop": ev.InfusionStopped,
    "vitals": ev.VitalSignsRecorded,
    "sedation": ev.SedationScored,
    "dissociation": ev.DissociationScored,
    "nausea": ev.NauseaScored,
    "distress": ev.DistressScored,
    "event": ev.AdverseEventObserved,
    "rescue": ev.RescueGiven,
    "note": ev.NoteWritten,
    "acknowledge": ev.AlarmAcknowledged,
    "release": ev.PatientReleased,
    "sign": ev.SessionSigned,
}


def event_of(verb: str, post: Post) -> ev.Event:
    """The event that a verb and its fields mean.  Raises: InputError."""
    if verb == "correct":
        return _correction(post)
    if verb not in VERBS:
        raise InputError("VERB", f"There is no command {verb!r}.")
    event: ev.Event = read(VERBS[verb], post)
    return event


def read(event_type: type, post: Post) -> Any:
    """An event of this type from its fields; blank is absent, what belongs to other fields is not looked at."""
    given = {_RENAMED.get(name, name): value.strip() for name, value in post.items()}
    if any("\0" in value for value in given.values()):
        raise InputError("FORM", "This text holds a character that cannot be kept.")
    wanted = {field.name: given[field.name] for field in fields(event_type) if given.get(field.name)}
    for name, value in wanted.items():
        if value == "on":
            wanted[name] = "true"
        if name.endswith(("_mmhg", "_percent", "_per_min", "_cel", "_kg", "_ml", "_per_h")):
            wanted[name] = value.replace(",", ".")
    return _meant(lambda: msgspec.convert(wanted, event_type, strict=False))


def entry_of(post: Post, *, zone: ZoneInfo, at: datetime) -> Entry:
    """When it was observed and typed, and its id.  Raises: InputError for an instant or id that cannot be read."""
    event_id = post.get("event_id", "").strip()
    try:
        parsed_id = UUID(event_id) if event_id else None
    except ValueError:
        raise InputError("EVENT-ID", "The id of this entry is not one; reload the page.") from None
    return Entry(
        observed_at=_instant(post.get("observed_at", ""), zone, at) or at,
        entered_at=_instant(post.get("entered_at", ""), zone, at),
        at=at,
        event_id=parsed_id,
    )


def _instant(text: str, zone: ZoneInfo, at: datetime) -> datetime | None:
    """An ISO instant, a local one, or a time of today (`14:05`) in the clinic's zone; None when blank."""
    text = text.strip()
    if not text:
        return None
    try:
        time, instant = parse_time(text), parse_datetime(text)
    except ValueError:
        time, instant = None, None
    if instant is None and time is not None:
        instant = datetime.combine(at.astimezone(zone).date(), time)
    if instant is None:
        raise InputError("TIME-FORM", f"{text!r} is not a time; write it as 14:05.")
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


def _correction(post: Post) -> ev.EventCorrected:
    """An artefact, or a value in place of the wrong one (`replace` names its verb)."""
    target = post.get("target_event_id", "").strip()
    try:
        target_id = UUID(target)
    except ValueError:
        raise InputError("CORRECTION-TARGET", "Choose the entry that is to be corrected.") from None
    verb = post.get("replace", "").strip()
    if verb and verb not in VERBS:
        raise InputError("VERB", f"There is no command {verb!r}.")
    replacement = read(VERBS[verb], {**post, "reason": ""}) if verb else None
    return _built(target_id, post.get("reason", ""), replacement)


def _built(target: UUID, reason: str, replacement: Any) -> ev.EventCorrected:
    corrected: ev.EventCorrected = _meant(
        lambda: ev.EventCorrected(target=target, reason=reason, replacement=replacement, artefact=replacement is None)
    )
    return corrected


def _meant(make: Callable[[], Any]) -> Any:
    """What `make` makes.  Raises: InputError with one sentence for what cannot be."""
    try:
        return make()
    except msgspec.ValidationError as problem:
        cause = problem.__cause__
        if isinstance(cause, Implausible):
            raise _implausible(cause) from None
        if isinstance(cause, ValueError):
            raise InputError("FORM", f"{str(cause)[:1].upper()}{str(cause)[1:]}.") from None
        raise InputError("FORM", _unread(str(problem))) from None
    except ValueError as problem:
        raise InputError("FORM", f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from None


def _implausible(problem: Implausible) -> InputError:
    name = _LABELS.get(problem.name, problem.name)
    return InputError(
        "IMPLAUSIBLE",
        _("%(value)g cannot be a %(name)s: it lies between %(lower)g and %(upper)g.")
        % {"value": problem.value, "name": name, "lower": problem.lower, "upper": problem.upper},
    )


def _unread(problem: str) -> str:
    """msgspec names the field as `$.rate_ml_per_h`, or says which one is missing."""
    name = problem.rsplit("$.", maxsplit=1)[-1].strip("` ") if "$." in problem else ""
    missing = problem.rsplit("field `", maxsplit=1)[-1].rstrip("`") if "missing required" in problem else ""
    if missing:
        return _("%(name)s is missing.") % {"name": _LABELS.get(missing, missing).capitalize()}
    return _("%(name)s is not a number that can be read.") % {"name": _LABELS.get(name, name).capitalize()}
