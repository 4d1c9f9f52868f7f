"""Which earlier antidepressant trials count toward treatment resistance (DEF-TRD and its parts)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from reprieve.domain.candidacy.kleene import Truth, conjunction


class TrialPart(StrEnum):
    """The parts of adequacy, under their ids."""

    DOSE = "DEF-DOSE"
    DURATION = "DEF-DUR"
    IMPROVEMENT = "DEF-IMPR"
    ADHERENCE = "DEF-ADH"
    INTOLERANCE = "DEF-INTOL"
    EPISODE = "DEF-EP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One antidepressant as it was taken; None where nobody knows. `drug` is the ingredient in lower case."""

    drug: str
    daily_dose_mg: float | None = None
    weeks: float | None = None
    improvement_percent: float | None = None
    adherence_percent: float | None = None
    stopped_for_side_effects: bool | None = None
    current_episode: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCriteria:
    """What makes a failed trial adequate. `id` names the variant, since published definitions differ."""

    id: str
    needed: int
    minimum_weeks: float
    improvement_below_percent: float
    adherence_at_least_percent: float
    minimum_dose_mg: Mapping[str, float]
    current_episode_only: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialVerdict:
    """Whether one trial counts, which parts speak against it and which are not known."""

    trial: Trial
    counts: Truth
    against: tuple[TrialPart, ...]
    unknown: tuple[TrialPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCount:
    """How many different antidepressants failed: `certain` at least, `possible` if all that is unknown counts."""

    criteria: TrialCriteria
    verdicts: tuple[TrialVerdict, ...]
    certain: int
    possible: int

    def is_resistant(self, *, history_complete: Truth) -> Truth:
        """DEF-TRD. An incomplete history can prove resistance, but never its absence."""
        if self.certain >= self.criteria.needed:
            return True
        if self.possible < self.criteria.needed and history_complete is True:
            return False
        return None


def count_trials(trials: Sequence[Trial], criteria: TrialCriteria) -> TrialCount:
    """Judge every trial and count different drugs (DEF-TRD)."""
    verdicts = tuple(judge(trial, criteria) for trial in trials)
    certain = {verdict.trial.drug for verdict in verdicts if verdict.counts is True}
    possible = {verdict.trial.drug for verdict in verdicts if verdict.counts is not False}
    return TrialCount(criteria=criteria, verdicts=verdicts, certain=len(certain), possible=len(possible))


def judge(trial: Trial, criteria: TrialCriteria) -> TrialVerdict:
    """One trial against DEF-DOSE, DEF-DUR, DEF-IMPR, DEF-ADH, DEF-INTOL and DEF-EP."""
    parts = _parts(trial, criteria)
    return TrialVerdict(
        trial=trial,
        counts=conjunction(parts.values()),
        against=tuple(part for part, holds in parts.items() if holds is False),
        unknown=tuple(part for part, holds in parts.items() if holds is None),
    )


def _parts(trial: Trial, criteria: TrialCriteria) -> dict[TrialPart, Truth]:
    long_enough = _at_least(trial.weeks, criteria.minimum_weeks)
    intolerance = conjunction((trial.stopped_for_side_effects, None if long_enough is None else not long_enough))
    parts: dict[TrialPart, Truth] = {
        TrialPart.DOSE: _at_least(trial.daily_dose_mg, criteria.minimum_dose_mg.get(trial.drug)),
        TrialPart.DURATION: long_enough,
        TrialPart.IMPROVEMENT: _below(trial.improvement_percent, criteria.improvement_below_percent),
        TrialPart.ADHERENCE: _at_least(trial.adherence_percent, criteria.adherence_at_least_percent),
    }
    if intolerance is True:
        parts[TrialPart.INTOLERANCE] = False
    if criteria.current_episode_only:
        parts[TrialPart.EPISODE] = trial.current_episode
    return parts


def _at_least(value: float | None, limit: float | None) -> Truth:
    return None if value is None or limit is None else value >= limit


def _below(value: float | None, limit: float) -> Truth:
    return None if value is None else value < limit
