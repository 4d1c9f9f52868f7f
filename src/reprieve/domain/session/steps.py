"""What each kind of event does to the state of a session."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from reprieve.domain.session import events as ev
from reprieve.domain.session.alarm_rules import Watched, observation_of, verdicts
from reprieve.domain.session.alarms import Acknowledgement, Level, Trigger, Verdict
from reprieve.domain.session.delivery import PumpAction, PumpVerb
from reprieve.domain.session.limits import SessionLimits
from reprieve.domain.session.measuring import measure
from reprieve.domain.session.resting import Pressure, resting_pressure
from reprieve.domain.session.state import (
    AdverseEvent,
    Answered,
    Attestation,
    CriterionAnswer,
    Decision,
    Phase,
    Release,
    Rescue,
    RestingValues,
    SessionState,
    Signature,
)

_VOMITING = "AE-VOM"
"""Noted as an event it counts for DIS-NAUS as much as noted with a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event as it counts now: its fact after corrections (None: an artefact) and the instant at which it counts."""

    recorded: ev.Recorded[ev.Event]
    fact: ev.Fact | None
    observed_at: datetime

    @property
    def id(self) -> UUID:
        return self.recorded.id

    @property
    def by_id(self) -> UUID:
        """The author.  Raises: ValueError for a device, which decides nothing."""
        if self.recorded.author_id is None:
            raise ValueError(f"event {self.id} needs a person as its author")
        return self.recorded.author_id


def step(state: SessionState, entry: Entry, limits: SessionLimits) -> SessionState:
    """The state after one entry, in the order in which things happened."""
    if entry.fact is None:
        return state
    after = _STEPS[type(entry.fact)](state, entry, entry.fact, limits)
    return _alarmed(after, entry, entry.fact, limits) if isinstance(entry.fact, Watched) else after


def _alarmed(state: SessionState, entry: Entry, fact: Watched, limits: SessionLimits) -> SessionState:
    board = state.alarms
    for trigger, verdict in verdicts(limits.alarms, state.baseline, observation_of(fact)):
        board = board.advance(trigger, verdict, at=entry.observed_at, cause=entry.id)
    return state if board is state.alarms else replace(state, alarms=board)


def _opened(state: SessionState, entry: Entry, fact: ev.SessionOpened, _: SessionLimits) -> SessionState:
    return replace(state, opened=fact, opened_at=entry.observed_at)


def _checklist(state: SessionState, entry: Entry, fact: ev.ChecklistItemRecorded, _: SessionLimits) -> SessionState:
    answered = Answered(item=fact.item, answer=fact.answer, at=entry.observed_at, by_id=entry.by_id, note=fact.note)
    return replace(state, answers={**state.answers, fact.item: answered})


def _hold(state: SessionState, entry: Entry, fact: ev.HoldAccepted, _: SessionLimits) -> SessionState:
    return replace(state, hold=Decision(by_id=entry.by_id, at=entry.observed_at, reason=fact.reason))


def _attested(state: SessionState, entry: Entry, fact: ev.IdentityAttested, _: SessionLimits) -> SessionState:
    attestation = Attestation(by_id=entry.by_id, at=entry.observed_at, identifiers=fact.identifiers)
    return replace(state, attestations=(*state.attestations, attestation))


def _baseline(state: SessionState, entry: Entry, fact: ev.BaselineTaken, limits: SessionLimits) -> SessionState:
    resting = (*state.resting, RestingValues(at=entry.observed_at, id=entry.id, values=fact))
    pressures = [
        Pressure(at=taken.at, systolic_mmhg=taken.values.systolic_mmhg, diastolic_mmhg=taken.values.diastolic_mmhg)
        for taken in resting
        if taken.values.systolic_mmhg is not None and taken.values.diastolic_mmhg is not None
    ]
    baseline = resting_pressure(pressures, limits.checklist)
    return measure(replace(state, resting=resting, baseline=baseline), entry.observed_at, entry.recorded, fact)


def _pump(verb: PumpVerb, phase: Phase | None) -> Callable[..., SessionState]:
    def act(state: SessionState, entry: Entry, fact: Any, _: SessionLimits) -> SessionState:
        action = PumpAction(
            verb=verb,
            at=entry.observed_at,
            rate_ml_per_h=getattr(fact, "rate_ml_per_h", None),
            residual_ml=getattr(fact, "residual_ml", None),
            reason=getattr(fact, "reason", ""),
            early=getattr(fact, "early", False),
        )
        return replace(state, pump=(*state.pump, action), phase=phase or state.phase)

    return act


def _measured(state: SessionState, entry: Entry, fact: Any, _: SessionLimits) -> SessionState:
    return measure(state, entry.observed_at, entry.recorded, fact)


def _adverse(state: SessionState, entry: Entry, fact: ev.AdverseEventObserved, limits: SessionLimits) -> SessionState:
    seen = AdverseEvent(
        id=entry.id, at=entry.observed_at, term=fact.term, grade=fact.grade, note=fact.note,
        by_id=entry.recorded.author_id,
    )  # fmt: skip
    after = replace(state, adverse_events=(*state.adverse_events, seen))
    if fact.term == _VOMITING:
        after = replace(after, last_vomited_at=entry.observed_at)
    level = limits.observed_alarms.get(fact.term)
    if level is None:
        return after
    trigger = Trigger(rule=fact.term, limb="seen", level=Level(level))
    board = after.alarms.advance(trigger, Verdict.TRIPPED, at=entry.observed_at, cause=entry.id)
    return replace(after, alarms=board)


def _rescue(state: SessionState, entry: Entry, fact: ev.RescueGiven, _: SessionLimits) -> SessionState:
    given = Rescue(
        at=entry.observed_at, kind=fact.kind, medicine=fact.medicine, reason=fact.reason,
        by_id=entry.recorded.author_id,
    )  # fmt: skip
    return replace(state, rescues=(*state.rescues, given))


def _acknowledged(state: SessionState, entry: Entry, fact: ev.AlarmAcknowledged, _: SessionLimits) -> SessionState:
    answer = Acknowledgement(by_id=entry.by_id, at=entry.observed_at, action=fact.action)
    return replace(state, alarms=state.alarms.acknowledged(fact.key, answer))


def _criterion(
    state: SessionState, entry: Entry, fact: ev.DischargeCriterionRecorded, _: SessionLimits
) -> SessionState:
    answer = CriterionAnswer(
        criterion=fact.criterion, met=fact.met, number=fact.number, note=fact.note,
        at=entry.observed_at, by_id=entry.by_id,
    )  # fmt: skip
    return replace(state, criteria={**state.criteria, fact.criterion: answer})


def _overridden(
    state: SessionState, entry: Entry, fact: ev.DischargeCriterionOverridden, _: SessionLimits
) -> SessionState:
    decision = Decision(by_id=entry.by_id, at=entry.observed_at, reason=fact.reason)
    return replace(state, overrides={**state.overrides, fact.criterion: decision})


def _released(state: SessionState, entry: Entry, fact: ev.PatientReleased, _: SessionLimits) -> SessionState:
    release = Release(
        at=entry.observed_at, by_id=entry.by_id, escort_name=fact.escort_name,
        escort_relation=fact.escort_relation, escort_phone=fact.escort_phone,
    )  # fmt: skip
    return replace(state, release=release, phase=Phase.DISCHARGED)


def _signed(state: SessionState, entry: Entry, fact: ev.SessionSigned, _: SessionLimits) -> SessionState:
    signature = Signature(by_id=entry.by_id, at=entry.observed_at, note=fact.note)
    return replace(state, signatures=(*state.signatures, signature), phase=Phase.SIGNED)


def _unchanged(state: SessionState, _entry: Entry, _fact: ev.NoteWritten, _limits: SessionLimits) -> SessionState:
    return state


_STEPS: dict[type, Callable[[SessionState, Entry, Any, SessionLimits], SessionState]] = {
    ev.SessionOpened: _opened,
    ev.ChecklistItemRecorded: _checklist,
    ev.HoldAccepted: _hold,
    ev.IdentityAttested: _attested,
    ev.BaselineTaken: _baseline,
    ev.InfusionStarted: _pump(PumpVerb.START, Phase.INFUSING),
    ev.RateChanged: _pump(PumpVerb.RATE, None),
    ev.InfusionPaused: _pump(PumpVerb.PAUSE, Phase.PAUSED),
    ev.InfusionResumed: _pump(PumpVerb.RESUME, Phase.INFUSING),
    ev.InfusionStopped: _pump(PumpVerb.STOP, Phase.OBSERVING),
    ev.VitalSignsRecorded: _measured,
    ev.SedationScored: _measured,
    ev.DissociationScored: _measured,
    ev.NauseaScored: _measured,
    ev.DistressScored: _measured,
    ev.AdverseEventObserved: _adverse,
    ev.RescueGiven: _rescue,
    ev.NoteWritten: _unchanged,
    ev.AlarmAcknowledged: _acknowledged,
    ev.DischargeCriterionRecorded: _criterion,
    ev.DischargeCriterionOverridden: _overridden,
    ev.PatientReleased: _released,
    ev.SessionSigned: _signed,
}
