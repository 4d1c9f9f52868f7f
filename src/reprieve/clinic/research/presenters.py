"""The registry page's values in words and positions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reprieve.clinic.research.models import Outcome, Submission
from reprieve.clinic.research.wording import BANDS, HIDDEN, NOTHING_LEFT, STEPS, TONES
from reprieve.registry.disclosure import Count, Hidden
from reprieve.registry.measures.response_after_induction import BandResult, Result, Step
from reprieve.registry.stats import Proportion

Text = str | Promise
Findings = Mapping[UUID, list[dict[str, str]]]
_LEFT, _RIGHT, _ROW, _TOP = 12.0, 628.0, 44.0, 12.0
_GRID = (0, 25, 50, 75, 100)
_SHOWN_HASH = 12


def percent(fraction: float) -> str:
    """`52.7`."""
    return f"{100 * fraction:.1f}"


def people(count: Count) -> str:
    """`13,010`, `<11`, or `not shown`."""
    return count.label if count.people is None else f"{count.people:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowStep:
    """One step of the denominators. `share_of_started` sizes its bar, 0 when hidden.

    `why_hidden` is empty for `<11`, which says it by itself.
    """

    label: Text
    meaning: Text
    people: str
    why_hidden: Text
    share_of_started: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """One share with its interval: text for the table, positions for the picture."""

    label: Text
    count: int
    of: int
    estimate: str
    lower: str
    upper: str
    y: float
    y_label: float
    y_top: float
    y_bottom: float
    x: float
    x_lower: float
    x_upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureView:
    """Everything the measure's cards show."""

    definition: str
    generated_at: datetime
    sentence: str
    caution: str
    headline: str
    steps: list[FlowStep]
    missing: str
    follow_up_warning: str
    whiskers: list[Whisker]
    height: int
    tick_y: int
    full_height: int
    grid: list[tuple[float, int]]
    bands: list[tuple[Text, str, str, str]]


def measure_view(result: Result) -> MeasureView:
    """The released measure, ready for the page."""
    whiskers = _whiskers(result)
    height = round(_TOP + _ROW * len(whiskers))
    return MeasureView(
        definition=f"{result.definition_id} v{result.definition_version}",
        generated_at=result.generated_at,
        sentence=_sentence(result),
        caution=_caution(result),
        headline="" if result.response is None else percent(result.response.estimate),
        steps=[_flow_step(step, result) for step in Step],
        missing=_missing(result.missing),
        follow_up_warning=_follow_up_warning(result),
        whiskers=whiskers,
        height=height,
        tick_y=height + 22,
        full_height=height + 32,
        grid=[(_x(value / 100), value) for value in _GRID],
        bands=[_band(band) for band in result.bands],
    )


def _sentence(result: Result) -> str:
    share = result.response
    if share is None:
        return _("There are not yet enough people to say how many responded without pointing at single ones.")
    return _(
        "Of %(of)s people whose PHQ-9 was known 1 to 31 days after their last induction session, %(estimate)s %% had "
        "lost at least half of their baseline score (95 %% interval %(lower)s to %(upper)s %%)."
    ) % {"of": f"{share.of:,}", **_bounds(share)}


def _caution(result: Result) -> str:
    share = result.response_of_due
    if share is None:
        return ""
    return _(
        "Of all %(of)s whose follow-up was due, with people who gave no score counted as not improved, it is "
        "%(estimate)s %% (%(lower)s to %(upper)s %%)."
    ) % {"of": f"{share.of:,}", **_bounds(share)}


def _bounds(share: Proportion) -> dict[str, str]:
    return {"estimate": percent(share.estimate), "lower": percent(share.lower), "upper": percent(share.upper)}


def _missing(missing: Count | None) -> str:
    if missing is None:
        return _("How many due people gave no score is not shown: the group or its neighbour is under 11 people.")
    return _("%(n)s people were due but gave no score in the window; they stay in the count of those due.") % {
        "n": people(missing)
    }


def _follow_up_warning(result: Result) -> str:
    if result.follow_up_sufficient is not False:
        return ""
    return _("Insufficient follow-up: more than 30 % of those due gave no score, so the answers may not speak for all.")


def _flow_step(step: Step, result: Result) -> FlowStep:
    count, started = result.steps[step], result.steps[Step.STARTED].people
    label, meaning = STEPS[step]
    return FlowStep(
        label=label,
        meaning=meaning,
        people=people(count),
        why_hidden=HIDDEN if count.hidden is Hidden.DERIVABLE else "",
        share_of_started=round(100 * count.people / started) if count.people and started else 0,
    )


def _whiskers(result: Result) -> list[Whisker]:
    shares: list[tuple[Text, Proportion | None]] = [
        (_("Response, of those with an outcome"), result.response),
        (_("Response, of all due (no score = not improved)"), result.response_of_due),
        (_("Remission, of those with an outcome"), result.remission),
    ]
    shown = [(label, share) for label, share in shares if share is not None]
    return [_whisker(place, label, share) for place, (label, share) in enumerate(shown)]


def _whisker(place: int, label: Text, share: Proportion) -> Whisker:
    y = _TOP + _ROW * place + 30.0
    return Whisker(
        label=label, count=share.count, of=share.of, **_bounds(share), y=y, y_label=y - 14, y_top=y - 6, y_bottom=y + 6,
        x=_x(share.estimate), x_lower=_x(share.lower), x_upper=_x(share.upper),
    )  # fmt: skip


def _x(fraction: float) -> float:
    return round(_LEFT + fraction * (_RIGHT - _LEFT), 1)


def _band(band: BandResult) -> tuple[Text, str, str, str]:
    share = band.share
    shown = "–" if share is None else f"{percent(share.estimate)} % ({percent(share.lower)}–{percent(share.upper)} %)"
    return BANDS[band.band], people(band.response), people(band.no_response), shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageRow:
    """One signed session and its registry row."""

    patient: str
    patient_id: UUID
    session_id: UUID
    session_number: int
    started_at: datetime | None
    row_id: str
    event_hash: str
    event_seq: int
    outcome: str
    tone: str
    icon: str
    submitted_at: datetime | None
    reasons: list[Text]


def lineage_rows(submissions: Iterable[Submission], findings: Findings) -> list[LineageRow]:
    """Sessions with what became of them; `findings` are those about a person's scores and baseline."""
    return [_lineage(submission, findings) for submission in submissions]


def _lineage(submission: Submission, findings: Findings) -> LineageRow:
    session, outcome = submission.session, Outcome(submission.outcome)
    tone, icon = TONES[outcome]
    reasons: list[Text] = [_sentence_of(finding) for finding in submission.findings]
    if outcome in NOTHING_LEFT:
        reasons.append(NOTHING_LEFT[outcome])
    number = session.order.planned_session.number
    if outcome is Outcome.ACCEPTED and number == 1:
        reasons.extend(_sentence_of(finding) for finding in findings.get(session.patient_id, []))
    return LineageRow(
        patient=str(session.patient),
        patient_id=session.patient_id,
        session_id=session.pk,
        session_number=number,
        started_at=session.started_at,
        row_id=str(submission.row_id) if outcome is Outcome.ACCEPTED else "",
        event_hash=submission.event_hash[:_SHOWN_HASH],
        event_seq=submission.event_seq,
        outcome=str(outcome.label),
        tone=tone,
        icon=icon,
        submitted_at=submission.submitted_at,
        reasons=reasons,
    )


def _sentence_of(finding: Mapping[str, str]) -> str:
    return f"{finding['rule']}: {finding['sentence']}"


def outcome_totals(counts: Mapping[str, int], unsent: int) -> list[tuple[str, str, int]]:
    """`(label, tone, sessions)` of each outcome that occurs; what the job has not reached counts as waiting."""
    totals = {outcome: counts.get(outcome.value, 0) for outcome in Outcome}
    totals[Outcome.WAITING] += unsent
    return [(str(outcome.label), TONES[outcome][0], number) for outcome, number in totals.items() if number]
