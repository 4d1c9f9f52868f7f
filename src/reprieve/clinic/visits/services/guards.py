"""What an entry may say beside what the log says already: corrections of like by like, and times in their order."""

from datetime import timedelta

from reprieve.clinic.visits.codec import decode
from reprieve.clinic.visits.models import DosingSession, Phase, SessionEvent
from reprieve.clinic.visits.services.append import Entry
from reprieve.domain.session import events as ev
from reprieve.errors import InputError

_CLOCK_SKEW = timedelta(minutes=1)
"""A tablet's clock may run ahead of ours by this much."""
_BEFORE_OPENING = timedelta(days=1)
"""Resting values may be older than the session, but not by days: that is a wrong date."""
_LEADS_TO: dict[type, Phase] = {
    ev.InfusionStarted: Phase.INFUSING,
    ev.InfusionPaused: Phase.PAUSED,
    ev.InfusionResumed: Phase.INFUSING,
    ev.InfusionStopped: Phase.OBSERVING,
    ev.PatientReleased: Phase.DISCHARGED,
    ev.SessionSigned: Phase.SIGNED,
}


def check_time(session: DosingSession, event: ev.Event, entry: Entry) -> None:
    """An entry says what has happened in this session.  Raises: InputError."""
    corrected_at = event.observed_at if isinstance(event, ev.EventCorrected) else None
    for said_at in (entry.observed_at, corrected_at or entry.observed_at, entry.entered_at or entry.at):
        if said_at > entry.at + _CLOCK_SKEW:
            raise InputError("TIME-AHEAD", "This time lies ahead; an entry says what has happened.")
        if said_at < session.opened_at - _BEFORE_OPENING:
            raise InputError("TIME-BEFORE", "This time lies days before the session; check the date.")


def check_sequence(session: DosingSession, event: ev.Event, entry: Entry) -> None:
    """What was just done has to be where the session now stands, in the order in which things happened.

    A time before the step that came before (two tablets whose clocks differ, a slip in the time field) would leave the
    page saying that the pump runs while somebody has just paused it.  Raises: InputError.
    """
    phase = _LEADS_TO.get(type(event))
    is_lost = phase is not None and session.phase != phase
    if isinstance(event, ev.RateChanged):
        is_lost = session.started_at is None or entry.observed_at < session.started_at
    if is_lost:
        raise InputError(
            "TIME-ORDER", "This time lies before what was done before it; check the time and the clock of this device."
        )


def check_correction(session: DosingSession, event: ev.EventCorrected) -> None:
    """Like replaces like: a correction is no way round the guards of another command.  Raises: InputError."""
    target = SessionEvent.objects.filter(session=session, pk=event.target).first()
    if target is None:
        raise InputError("CORRECTION-TARGET", "The entry to be corrected is not in this session.")
    if target.kind in ("session-opened", "corrected", "signed", "released"):
        raise InputError("CORRECTION-KIND", "This entry cannot be corrected; write a note.")
    is_value = target.kind in ("vital-signs", "sedation", "dissociation", "nausea", "distress", "baseline")
    if event.artefact and not is_value:
        raise InputError("CORRECTION-KIND", "Only a measured or scored value can be an artefact.")
    if event.replacement is not None and type(event.replacement) is not type(decode(target.kind, target.payload)):
        raise InputError("CORRECTION-LIKE", "An entry is corrected by one of the same kind.")
    if isinstance(event.replacement, ev.InfusionStopped):
        check_residual(session, event.replacement)


def check_residual(session: DosingSession, event: ev.InfusionStopped) -> None:
    """No more is left than was in the bag.  Raises: InputError."""
    if event.residual_ml is not None and event.residual_ml > float(session.order.bag_volume_ml):
        raise InputError("RESIDUAL", f"The bag held only {session.order.bag_volume_ml} mL.")
