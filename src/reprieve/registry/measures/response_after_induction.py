"""Response after induction: of the people treated, how many had half their symptoms gone in the month after?

Everyone who started counts. Each step keeps the people of the step before who also:

    started        had a session of a first course that is an induction
    baseline       had a PHQ-9 total in the 14 days before the first dose (the last one counts)
    moderate       had a baseline of at least 10, so that a response means something
    due            are past the 31st day after the last session of that course, however many sessions it had
    outcome        had a PHQ-9 total 1 to 31 days after that session (the last one counts, in one day the higher)
    response       fell by at least half from baseline
    remission      ended below 5 (from 10 or more this is always a response)

A later dose inside the window does not end it. People without a score stay visible: `due` minus `outcome` is the
number missing, and the cautious share counts them as not improved.
"""

from dataclasses import astuple, dataclass
from datetime import datetime
from enum import StrEnum

import ibis

from reprieve.registry.disclosure import Count, nested, partition
from reprieve.registry.stats import Proportion, wilson
from reprieve.registry.store import Tables

DEFINITION_ID = "response-after-induction"
DEFINITION_VERSION = "1"
_INSTRUMENT = "phq-9"
_LOWEST_BASELINE = 10
_REMISSION_BELOW = 5
_FIRST_DAY, _LAST_DAY = 1, 31
_MOST_MISSING = 0.30
"""DQ14: above this share without a score the outcome of those who answered says little about the rest."""


class Step(StrEnum):
    STARTED = "started"
    BASELINE = "baseline"
    MODERATE = "moderate"
    DUE = "due"
    OUTCOME = "outcome"
    RESPONSE = "response"
    REMISSION = "remission"


class Band(StrEnum):
    """Severity at baseline, by the published PHQ-9 bands."""

    MODERATE = "10-14"
    MODERATELY_SEVERE = "15-19"
    SEVERE = "20-27"


_RELEASE_FIRST = (Step.STARTED, Step.OUTCOME, Step.RESPONSE, Step.DUE, Step.REMISSION, Step.MODERATE, Step.BASELINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawCounts:
    """Exact counts. They stay inside this process: only `release` may be shown."""

    started: int
    baseline: int
    moderate: int
    due: int
    outcome: int
    response: int
    remission: int
    responders_by_band: tuple[int, ...]
    others_by_band: tuple[int, ...]

    @property
    def chain(self) -> tuple[int, ...]:
        return astuple(self)[: len(Step)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BandResult:
    """Responders and others of one baseline band; the share only where both are shown."""

    band: Band
    response: Count
    no_response: Count
    share: Proportion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The measure as released: suppressed counts, shares with Wilson 95 % intervals, None where not shown.

    `response_of_due` counts people without a score as not improved. `follow_up_sufficient` is None when the
    counts it needs are hidden.
    """

    definition_id: str
    definition_version: str
    generated_at: datetime
    synthetic: bool
    steps: dict[Step, Count]
    missing: Count | None
    response: Proportion | None
    response_of_due: Proportion | None
    remission: Proportion | None
    follow_up_sufficient: bool | None
    bands: tuple[BandResult, ...]


def _latest_scores(tables: Tables, started: ibis.Table) -> ibis.Table:
    scores = tables.scores.filter(tables.scores.instrument == _INSTRUMENT, tables.scores.total.notnull())
    joined = scores.select("study_id", "days_since_first_dose", "total").inner_join(
        started.select("study_id", "last_induction_day"), "study_id"
    )
    after = joined.days_since_first_dose - joined.last_induction_day
    inside = joined.filter(after.between(_FIRST_DAY, _LAST_DAY))
    newest_first = ibis.window(
        group_by=inside.study_id, order_by=[inside.days_since_first_dose.desc(), inside.total.desc()]
    )
    ranked = inside.mutate(place=ibis.row_number().over(newest_first))
    return ranked.filter(ranked.place == 0).select("study_id", outcome_phq9=ranked.total)


def people_expression(tables: Tables, *, synthetic: bool) -> ibis.Table:
    """One row a person who started, with each step as a yes or no that includes the steps before."""
    people = tables.people.filter(tables.people.synthetic == synthetic, tables.people.induction_sessions > 0)
    rows = people.left_join(_latest_scores(tables, people), "study_id").select(
        people.study_id, people.baseline_phq9, people.follow_up_closed, "outcome_phq9"
    )
    rows = rows.mutate(baseline=rows.baseline_phq9.notnull())
    rows = rows.mutate(moderate=rows.baseline & (rows.baseline_phq9 >= _LOWEST_BASELINE).fill_null(False))
    rows = rows.mutate(due=rows.moderate & rows.follow_up_closed)
    rows = rows.mutate(outcome=rows.due & rows.outcome_phq9.notnull())
    halved = (rows.outcome_phq9 * 2 <= rows.baseline_phq9).fill_null(False)
    rows = rows.mutate(response=rows.outcome & halved)
    return rows.mutate(remission=rows.response & (rows.outcome_phq9 < _REMISSION_BELOW).fill_null(False))


def counts_expression(rows: ibis.Table) -> ibis.Table:
    """One row: people at each step, and responders and others in each baseline band."""
    steps = {step.value: rows[step.value].sum() for step in Step if step is not Step.STARTED}
    bands = {}
    for band in Band:
        low, high = (int(bound) for bound in band.value.split("-"))
        here = rows.outcome & rows.baseline_phq9.between(low, high).fill_null(False)
        bands[f"responders_{low}"] = (here & rows.response).sum()
        bands[f"others_{low}"] = (here & ~rows.response).sum()
    return rows.aggregate(started=rows.count(), **steps, **bands)


def count(tables: Tables, *, synthetic: bool = False) -> RawCounts:
    """Run the expression on the backend of `tables`; real and synthetic people are never counted together."""
    row = counts_expression(people_expression(tables, synthetic=synthetic)).to_pyarrow().to_pylist()[0]
    numbers = {name: int(value or 0) for name, value in row.items()}
    return RawCounts(
        **{step.value: numbers[step.value] for step in Step},
        responders_by_band=tuple(number for name, number in numbers.items() if name.startswith("responders_")),
        others_by_band=tuple(number for name, number in numbers.items() if name.startswith("others_")),
    )


def release(raw: RawCounts, *, generated_at: datetime, synthetic: bool = False) -> Result:
    """Put the counts under disclosure control: what may be shown, and the shares of what is shown."""
    positions = {step: position for position, step in enumerate(Step)}
    shown = nested(raw.chain, priority=[positions[step] for step in _RELEASE_FIRST])
    steps = dict(zip(Step, shown, strict=True))
    missing = _difference(steps[Step.DUE], steps[Step.OUTCOME])
    return Result(
        definition_id=DEFINITION_ID,
        definition_version=DEFINITION_VERSION,
        generated_at=generated_at,
        synthetic=synthetic,
        steps=steps,
        missing=missing,
        response=_share(steps[Step.RESPONSE], steps[Step.OUTCOME]),
        response_of_due=_share(steps[Step.RESPONSE], steps[Step.DUE]),
        remission=_share(steps[Step.REMISSION], steps[Step.OUTCOME]),
        follow_up_sufficient=_is_sufficient(missing, steps[Step.DUE]),
        bands=_bands(raw, steps),
    )


def _difference(larger: Count, smaller: Count) -> Count | None:
    if larger.people is None or smaller.people is None:
        return None
    return Count(people=larger.people - smaller.people)


def _share(part: Count, whole: Count) -> Proportion | None:
    if part.people is None or whole.people is None:
        return None
    return wilson(part.people, whole.people)


def _is_sufficient(missing: Count | None, due: Count) -> bool | None:
    if missing is None or missing.people is None or due.people is None:
        return None
    return missing.people <= _MOST_MISSING * due.people


def _bands(raw: RawCounts, steps: dict[Step, Count]) -> tuple[BandResult, ...]:
    """Each column adds up to a released count, so each is protected as a partition of it; else no table at all."""
    if _share(steps[Step.RESPONSE], steps[Step.OUTCOME]) is None:
        return ()
    columns = zip(Band, partition(raw.responders_by_band), partition(raw.others_by_band), strict=True)
    return tuple(
        BandResult(band=band, response=responded, no_response=others, share=_band_share(responded, others))
        for band, responded, others in columns
    )


def _band_share(responded: Count, others: Count) -> Proportion | None:
    if responded.people is None or others.people is None:
        return None
    return wilson(responded.people, responded.people + others.people)
