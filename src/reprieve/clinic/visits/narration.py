"""One line for each event: what it is, its value and unit; for the flowsheet, the flags and the printed record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reprieve.clinic.visits.wording import OUTCOMES, alarm_words, checklist_label, criterion_label, term_label
from reprieve.domain.session import events as ev

_FLAGGED = (
    ev.InfusionStarted, ev.RateChanged, ev.InfusionPaused, ev.InfusionResumed, ev.InfusionStopped,
    ev.AdverseEventObserved, ev.RescueGiven, ev.PatientReleased,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """`item` is what it is, `value` what was found or done."""

    item: str
    value: str = ""
    unit: str = ""

    @property
    def sentence(self) -> str:
        text = f"{self.item}: {self.value}" if self.value else self.item
        return f"{text} {self.unit}" if self.unit else text


def is_flagged(fact: ev.Fact) -> bool:
    """Has a numbered flag on the time axis."""
    return isinstance(fact, _FLAGGED)


def narrate(event: ev.Event) -> Line:
    """The line of one event."""
    return _LINES[type(event)](event)


def _vitals(event: Any) -> Line:
    parts = []
    if event.systolic_mmhg is not None:
        parts.append(f"{_('BP')} {event.systolic_mmhg:g}/{event.diastolic_mmhg:g} mmHg")
    for label, name, unit in _SINGLE_VALUES:
        value = getattr(event, name, None)
        if value is not None:
            parts.append(f"{label} {value:g}{unit}")
    return Line(_("Vital signs") if isinstance(event, ev.VitalSignsRecorded) else _("Resting values"), ", ".join(parts))


_SINGLE_VALUES = (
    ("HR", "heart_rate_per_min", "/min"),
    ("SpO2", "spo2_percent", " %"),
    ("RR", "respiratory_rate_per_min", "/min"),
    ("T", "temperature_cel", " °C"),
    ("W", "weight_kg", " kg"),
)


def _stopped(event: Any) -> Line:
    left = "" if event.residual_ml is None else _("%(ml)g mL left") % {"ml": event.residual_ml}
    return Line(_("Infusion stopped"), "; ".join(text for text in (event.reason, left) if text))


def _corrected(event: Any) -> Line:
    what = _("artefact") if event.artefact else (narrate(event.replacement).sentence if event.replacement else "")
    moved = "" if event.observed_at is None else event.observed_at.strftime("%H:%M UTC")
    return Line(_("Correction"), "; ".join(text for text in (what, moved, event.reason) if text))


def _with_note(text: str, note: str) -> str:
    return f"{text}: {note}" if note else text


_LINES: dict[type, Callable[[Any], Line]] = {
    ev.SessionOpened: lambda e: Line(_("Session opened"), f"{e.ordered_mg:g}", "mg"),
    ev.ChecklistItemRecorded: lambda e: Line(checklist_label(e.item), _with_note(str(OUTCOMES[e.answer]), e.note)),
    ev.HoldAccepted: lambda e: Line(_("Hold accepted"), e.reason),
    ev.IdentityAttested: lambda e: Line(_("Patient and bag matched"), " + ".join(e.identifiers)),
    ev.BaselineTaken: _vitals,
    ev.InfusionStarted: lambda e: Line(_("Infusion started"), f"{e.rate_ml_per_h:g}", "mL/h"),
    ev.RateChanged: lambda e: Line(_("Rate changed"), f"{e.rate_ml_per_h:g} mL/h; {e.reason}"),
    ev.InfusionPaused: lambda e: Line(_("Infusion paused"), e.reason),
    ev.InfusionResumed: lambda e: Line(_("Infusion resumed"), e.reason),
    ev.InfusionStopped: _stopped,
    ev.VitalSignsRecorded: _vitals,
    ev.SedationScored: lambda e: Line(_("Sedation (MOAA/S)"), str(e.moaas), _("of 5")),
    ev.DissociationScored: lambda e: Line(_("Dissociation"), str(e.score), _("of 10")),
    ev.NauseaScored: lambda e: Line(
        _("Nausea"), _with_note(str(e.score), _("vomited") if e.vomited else ""), _("of 10")
    ),
    ev.DistressScored: lambda e: Line(_("Distress"), str(e.score), _("of 4")),
    ev.AdverseEventObserved: lambda e: Line(
        term_label(e.term), _with_note(_("grade %(grade)d") % {"grade": e.grade}, e.note)
    ),
    ev.RescueGiven: lambda e: Line(_("Medicine given"), _with_note(e.medicine, e.reason)),
    ev.NoteWritten: lambda e: Line(_("Note"), e.text),
    ev.AlarmAcknowledged: lambda e: Line(
        _("Alarm acknowledged"), _with_note(alarm_words(e.key.split(":")[0])[0], e.action)
    ),
    ev.DischargeCriterionRecorded: lambda e: Line(
        criterion_label(e.criterion),
        _with_note(f"{e.number:g}" if e.number is not None else (_("yes") if e.met else _("no")), e.note),
    ),
    ev.DischargeCriterionOverridden: lambda e: Line(
        _("Override: %(criterion)s") % {"criterion": criterion_label(e.criterion)}, e.reason
    ),
    ev.PatientReleased: lambda e: Line(
        _("Released with"), ", ".join(text for text in (e.escort_name, e.escort_relation, e.escort_phone) if text)
    ),
    ev.SessionSigned: lambda e: Line(_("Signed"), e.note),
    ev.EventCorrected: _corrected,
}
