"""What people do in a session, each guarded by what its phase allows."""

from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from reprieve.clinic.accounts.models import Role
from reprieve.clinic.audit.services import Actor
from reprieve.clinic.courses.models import OrderStatus
from reprieve.clinic.patients.selectors import open_emergencies
from reprieve.clinic.patients.services.observations import observation_record
from reprieve.clinic.visits.models import DosingSession, Phase, SessionEvent
from reprieve.clinic.visits.selectors import command_state, session_state
from reprieve.clinic.visits.services.append import Entry, event_append, lock
from reprieve.clinic.visits.services.guards import check_correction, check_residual, check_sequence, check_time
from reprieve.domain.session import events as ev
from reprieve.domain.session.alarms import Level
from reprieve.domain.session.checklist import Outcome, checklist
from reprieve.domain.session.discharge import discharge_gate
from reprieve.errors import InputError
from reprieve.knowledge.monitoring import load_adverse_terms, load_limits, load_observed_alarms

_WEIGHT_LOINC = "29463-7"
_PREPARING = (Phase.PREPARING,)
_ON_PUMP = (Phase.INFUSING, Phase.PAUSED)
_IN_CHAIR = (Phase.PREPARING, Phase.INFUSING, Phase.PAUSED, Phase.OBSERVING)
_ANY = tuple(Phase)
ALLOWED: dict[type, tuple[Phase, ...]] = {
    ev.ChecklistItemRecorded: _PREPARING,
    ev.HoldAccepted: _PREPARING,
    ev.IdentityAttested: _PREPARING,
    ev.BaselineTaken: _PREPARING,
    ev.InfusionStarted: _PREPARING,
    ev.RateChanged: _ON_PUMP,
    ev.InfusionPaused: (Phase.INFUSING,),
    ev.InfusionResumed: (Phase.PAUSED,),
    ev.InfusionStopped: _ON_PUMP,
    ev.VitalSignsRecorded: _IN_CHAIR,
    ev.SedationScored: _IN_CHAIR,
    ev.DissociationScored: _IN_CHAIR,
    ev.NauseaScored: _IN_CHAIR,
    ev.DistressScored: _IN_CHAIR,
    ev.AdverseEventObserved: _IN_CHAIR,
    ev.RescueGiven: _IN_CHAIR,
    ev.AlarmAcknowledged: _IN_CHAIR,
    ev.NoteWritten: _ANY,
    ev.EventCorrected: _ANY,
    ev.DischargeCriterionRecorded: (Phase.OBSERVING,),
    ev.DischargeCriterionOverridden: (Phase.OBSERVING,),
    ev.PatientReleased: (Phase.OBSERVING,),
    ev.SessionSigned: (Phase.DISCHARGED,),
}
_PRESCRIBER_ONLY = (ev.HoldAccepted, ev.DischargeCriterionOverridden)
_CLINICAL = (Role.PRESCRIBER, Role.NURSE)


@transaction.atomic
def session_command(actor: Actor, *, session: DosingSession, event: ev.Event, entry: Entry) -> SessionEvent:
    """Check that this person may do this now, and write it.  Raises: InputError with the reason why not."""
    locked = lock(session)
    known = entry.event_id is not None and SessionEvent.objects.filter(pk=entry.event_id).exists()
    if not known:
        _check_person(actor, event)
        _check_phase(locked, event)
        _check_meaning(actor, locked, event, entry)
    row = event_append(actor, session=locked, event=event, entry=entry)
    if not known:
        check_sequence(row.session, event, entry)
        _pass_on(actor, locked, event, entry)
    return row


def _pass_on(actor: Actor, session: DosingSession, event: ev.Event, entry: Entry) -> None:
    """What others hear in the same transaction: the chart today's weight, the registry a signature."""
    if isinstance(event, ev.SessionSigned):
        _submit(session.pk)
    elif isinstance(event, ev.BaselineTaken) and event.weight_kg is not None:
        observation_record(
            actor, patient=session.patient, loinc=_WEIGHT_LOINC, value=event.weight_kg, unit="kg",
            effective_at=entry.observed_at, display="Body weight", source="session",
        )  # fmt: skip


def _submit(session_id: UUID) -> None:
    """Hand the signed session to the registry, in the same transaction."""
    jobs.configure_task("research.submit_session").defer(session_id=str(session_id))


def _check_person(actor: Actor, event: ev.Event) -> None:
    if actor.user is None or Role(actor.user.role) not in _CLINICAL:
        raise InputError("SESSION-ROLE", "Only a nurse or a prescriber writes in a session.")
    if isinstance(event, _PRESCRIBER_ONLY) and actor.user.role != Role.PRESCRIBER:
        raise InputError("PRESCRIBER-ONLY", "A prescriber has to decide this.")


def _check_phase(session: DosingSession, event: ev.Event) -> None:
    if Phase(session.phase) not in ALLOWED.get(type(event), ()):
        raise InputError(
            "SESSION-PHASE", f"This cannot be done while the session is {session.get_phase_display().lower()}."
        )


def _check_meaning(actor: Actor, session: DosingSession, event: ev.Event, entry: Entry) -> None:
    check_time(session, event, entry)
    if isinstance(event, ev.InfusionStarted):
        _check_start(session, event, entry)
    elif isinstance(event, ev.PatientReleased):
        _check_release(session, entry)
    elif isinstance(event, ev.EventCorrected):
        check_correction(session, event)
    elif isinstance(event, ev.AdverseEventObserved):
        if event.term not in load_adverse_terms() and event.term not in load_observed_alarms():
            raise InputError("EVENT-TERM", f"{event.term} is not an event on the list.")
    elif isinstance(event, ev.InfusionStopped):
        check_residual(session, event)


def _check_start(session: DosingSession, event: ev.InfusionStarted, entry: Entry) -> None:
    """Order checked, everything known and nothing against it, a hold decided, two people matched the bag (B4, B5)."""
    if session.order.status != OrderStatus.CHECKED:
        raise InputError("ORDER-NOT-CHECKED", "A second person has to check this order before the start.")
    if open_emergencies(session.patient).exists():
        raise InputError("EMERGENCY-OPEN", "A suicide-risk emergency is open; settle it and close its task first.")
    found = checklist(command_state(session), load_limits().checklist, now_at=entry.observed_at)
    if found.outcome is Outcome.NO_GO:
        blocking = [item.id for item in found.items if item.outcome is Outcome.NO_GO]
        raise InputError("CHECKLIST-NO-GO", f"Not today: {', '.join(blocking)}.")
    if found.outcome in (Outcome.UNKNOWN, Outcome.RECHECK):
        blocking = [item.id for item in found.items if item.outcome in (Outcome.UNKNOWN, Outcome.RECHECK)]
        raise InputError("CHECKLIST-OPEN", f"Still to be answered, renewed or rechecked: {', '.join(blocking)}.")
    if found.outcome is Outcome.HOLD and not found.hold_is_accepted:
        raise InputError("CHECKLIST-HOLD", "An item is on hold: a prescriber has to decide, with a reason.")
    if found.attested_by < 2:
        raise InputError("IDENTITY-TWO", "Two people have to match patient, drug, dose, rate and bag label.")
    if abs(event.rate_ml_per_h - float(session.order.rate_ml_per_h)) > 0.05:
        raise InputError("RATE-ORDERED", f"The order says {session.order.rate_ml_per_h} mL/h.")


def _check_release(session: DosingSession, entry: Entry) -> None:
    state = session_state(session)
    gate = discharge_gate(state, load_limits().discharge, now_at=entry.observed_at)
    if not gate.may_release:
        raise InputError("DISCHARGE-BLOCKED", f"The patient cannot leave yet: {', '.join(gate.blocking)}.")
    emergencies = [alarm.rule for alarm in state.alarms.current() if alarm.level is Level.EMERGENCY]
    if emergencies:  # no override reaches this: what it decided about was before
        raise InputError(
            "EMERGENCY-ALARM",
            f"An emergency alarm is open ({', '.join(emergencies)}): it has to be over or dealt with first.",
        )
