"""The record of one session as a paper: the same log as the screen, with originals kept beside corrections."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from importlib.resources import as_file, files
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import typst

from reprieve.clinic.visits.live.points import is_late
from reprieve.clinic.visits.models import DosingSession
from reprieve.clinic.visits.narration import is_flagged, narrate
from reprieve.clinic.visits.papers.chart import pressure_chart
from reprieve.clinic.visits.presenters import checklist_rows, criterion_rows
from reprieve.clinic.visits.selectors import session_log, signatures
from reprieve.clinic.visits.wording import alarm_words, term_label
from reprieve.domain.session.checklist import checklist
from reprieve.domain.session.discharge import discharge_gate
from reprieve.domain.session.events import EventCorrected, NoteWritten
from reprieve.domain.session.fold import SessionLog
from reprieve.domain.session.measuring import Measured
from reprieve.domain.session.summary import summary
from reprieve.knowledge.monitoring import load_limits

Rows = list[list[str]]
_DASH = "–"


def record_pdf(session: DosingSession, *, printed_at: datetime, printed_by: str) -> bytes:
    """The paper as PDF bytes."""
    content = record_content(session, printed_at=printed_at, printed_by=printed_by)
    with as_file(files("reprieve.clinic.visits.papers") / "record.typ") as template:
        return bytes(typst.compile(str(template), sys_inputs={"record": json.dumps(content, ensure_ascii=False)}))


def record_content(session: DosingSession, *, printed_at: datetime, printed_by: str) -> dict[str, Any]:
    """Everything on the paper, as texts."""
    zone = session.clinic.zone
    log, names = session_log(session), signatures(session.clinic)
    state, limits = log.state, load_limits()
    until = state.ended_at or printed_at
    gate_at = state.release.at if state.release else printed_at
    return {
        "clinic": [session.clinic.name, session.clinic.address, session.clinic.phone],
        "patient": _patient(session),
        "order": _order(session, zone),
        "dose": _dose(log, until),
        "checklist": [
            [row["label"], str(row["outcome_label"]), row["value"] or row["note"], _clock(row["at"], zone), row["by"]]
            for row in checklist_rows(
                checklist(state, limits.checklist, now_at=state.started_at or printed_at), state, names
            )
        ],
        "attested": [[names.get(one.by_id, ""), " + ".join(one.identifiers), _clock(one.at, zone)]
                     for one in state.attestations],
        "hold": "" if state.hold is None else f"{names.get(state.hold.by_id, '')}: {state.hold.reason}",
        "administration": _flagged(log, names, zone),
        "vitals": _vitals(log, names, zone),
        "chart": pressure_chart(log),
        "alarms": _alarms(log, names, zone),
        "events": [[_clock(one.at, zone), term_label(one.term), str(one.grade), one.note]
                   for one in state.adverse_events],
        "notes": [[_clock(entry.observed_at, zone), entry.fact.text, _by(entry.recorded.author_id, names)]
                  for entry in log.entries if isinstance(entry.fact, NoteWritten)],
        "corrections": _corrections(log, names, zone),
        "discharge": [
            [row["label"], {True: "met", False: "not met", None: "unknown"}[row["met"]], row["value"],
             f"{row['override_by']}: {row['override'].reason}" if row["override"] else ""]
            for row in criterion_rows(discharge_gate(state, limits.discharge, now_at=gate_at), state, names)
        ],
        "release": "" if state.release is None else (
            f"{_clock(state.release.at, zone)}, with {state.release.escort_name} ({state.release.escort_relation})"
            f" {state.release.escort_phone}, released by {names.get(state.release.by_id, '')}"
        ),
        "signatures": [f"{names.get(one.by_id, '')}, {_moment(one.at, zone)}" for one in state.signatures],
        "hash": session.last_hash,
        "entries": session.last_seq,
        "printed": f"{_moment(printed_at, zone)} by {printed_by}",
    }  # fmt: skip


def _patient(session: DosingSession) -> Rows:
    patient = session.patient
    return [
        ["Patient", f"{patient.family_name}, {patient.given_name}"],
        ["Born", f"{patient.birth_on:%d %b %Y}"],
        ["Sex", patient.get_sex_display()],
        ["Record number", patient.mrn],
        ["Session", str(session.pk)],
        ["Place", session.chair.name if session.chair else _DASH],
    ]


def _order(session: DosingSession, zone: ZoneInfo) -> Rows:
    order, planned = session.order, session.order.planned_session
    dose = f"{_plain(order.dose_mg)} mg = {_plain(order.dose_mg_per_kg)} mg/kg"
    bag = f"{_plain(order.bag_volume_ml)} mL at {_plain(order.concentration_mg_per_ml)} mg/mL"
    return [
        ["Regimen", f"{planned.course.regimen_id}, session {planned.number}"],
        ["Drug", "Racemic ketamine, intravenous"],
        ["Ordered", f"{dose} × {_plain(order.dosing_weight_kg)} kg ({order.weight_basis})"],
        ["Bag", f"{bag} from vial {_plain(order.vial_mg_per_ml)} mg/mL"],
        ["Pump", f"{_plain(order.rate_ml_per_h)} mL/h over {_plain(order.duration_min)} min"],
        ["Signed", f"{order.signed_by.signature}, {_moment(order.signed_at, zone)}"],
        *(
            ["Second check", f"{check.by.signature}, {_moment(check.at, zone)}"]
            for check in order.second_checks.filter(agrees=True).select_related("by")
        ),
    ]


def _plain(value: Decimal) -> str:
    """Without a trailing zero: 36.0 mg is misread as 360 mg."""
    return f"{value.normalize():f}"


def _dose(log: SessionLog, until: datetime) -> Rows:
    given, found = log.state.delivery(until), summary(log.state, now_at=until)
    if given is None:
        return []
    residue = _DASH if given.residual_ml is None else f"{given.residual_ml:g} mL read off"
    return [
        [
            "Delivered",
            f"{found.delivered_mg:.1f} mg of {found.ordered_mg:g} mg ({found.delivered_mg_per_kg:.3f} mg/kg)",
        ],
        ["Infused", f"{given.infused_ml:.1f} mL; by the pump programme {given.programmed_ml:.1f} mL"],
        ["Left in bag and line", residue],
        ["Minutes from start to stop", _DASH if found.infusion_min is None else f"{found.infusion_min:.0f}"],
    ]


def _flagged(log: SessionLog, names: Mapping[UUID, str], zone: ZoneInfo) -> Rows:
    return [
        [_clock(entry.observed_at, zone), narrate(entry.fact).sentence, _by(entry.recorded.author_id, names)]
        for entry in log.entries
        if entry.fact is not None and is_flagged(entry.fact)
    ]


def _vitals(log: SessionLog, names: Mapping[UUID, str], zone: ZoneInfo) -> Rows:
    """Blood pressures, scores and what people read; of a monitor's stream the values beside each pressure."""
    shown = []
    for entry in log.entries:
        fact = entry.fact
        if not isinstance(fact, Measured):
            continue
        is_stream = entry.recorded.by_device and getattr(fact, "systolic_mmhg", None) is None
        if not is_stream:
            by = entry.recorded.device or _by(entry.recorded.author_id, names)
            shown.append(
                [_clock(entry.observed_at, zone), narrate(fact).sentence, by, "late" if is_late(entry) else ""]
            )
    return shown


def _alarms(log: SessionLog, names: Mapping[UUID, str], zone: ZoneInfo) -> Rows:
    rows = []
    for alarm in log.state.alarms.all():
        answer = log.state.alarms.answers.get(alarm.key)
        answered = "not acknowledged" if answer is None else (
            f"{names.get(answer.by_id, '')} {_clock(answer.at, zone)}: {answer.action}"
        )  # fmt: skip
        ended = "open" if alarm.resolved_at is None else _clock(alarm.resolved_at, zone)
        rows.append([_clock(alarm.since_at, zone), ended, alarm.level.value, alarm_words(alarm.rule)[0], answered])
    return rows


def _corrections(log: SessionLog, names: Mapping[UUID, str], zone: ZoneInfo) -> Rows:
    originals = {entry.id: entry.recorded for entry in log.entries}
    rows = []
    for entry in log.entries:
        event = entry.recorded.event
        if isinstance(event, EventCorrected) and event.target in originals:
            original = originals[event.target]
            became = (
                "artefact" if event.artefact else (narrate(event.replacement).sentence if event.replacement else "")
            )
            by = f"{_by(entry.recorded.author_id, names)} {_clock(entry.recorded.entered_at, zone)}"
            was = narrate(original.event).sentence
            rows.append([_clock(original.observed_at, zone), was, became, event.reason, by])
    return rows


def _by(author_id: UUID | None, names: Mapping[UUID, str]) -> str:
    return "" if author_id is None else names.get(author_id, "")


def _clock(at: datetime | None, zone: ZoneInfo) -> str:
    return _DASH if at is None else at.astimezone(zone).strftime("%H:%M")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%d %b %Y %H:%M")
