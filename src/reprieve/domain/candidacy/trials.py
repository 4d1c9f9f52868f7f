"""Which earlier antidepressant trials count toward treatment resistance (DEF-TRD and its parts)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from reprieve.domain.candidacy.facts import Teller
from reprieve.domain.candidacy.kleene import Truth, conjunction, disjunction


class TrialPart(StrEnum):
    """The parts of adequacy, under their ids."""

    DOSE = "DEF-DOSE"
    DURATION = "DEF-DUR"
    IMPROVEMENT = "DEF-IMPR"
    ADHERENCE = "DEF-ADH"
    INTOLERANCE = "DEF-INTOL"
    EPISODE = "DEF-EP"
    AUGMENTATION = "DEF-AUG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One antidepressant as it was taken; None where nobody knows. `drug` is the ingredient in lower case.

    `added_to`: the antidepressant that an augmenting drug was added to. `said_by`: who told it, where that is known.
    """

    drug: str
    daily_dose_mg: float | None = None
    weeks: float | None = None
    improvement_percent: float | None = None
    adherence_percent: float | None = None
    stopped_for_side_effects: bool | None = None
    current_episode: bool | None = None
    added_to: str | None = None
    said_by: Teller | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCriteria:
    """What makes a failed trial adequate. `id` names the variant, since published definitions differ.

    `needed_classes`: from how many drug classes the counted trials must come (DEF-CLASS). `augmenting`: drugs that are
    no antidepressants; added for `augmentation_weeks` they are a trial where `counts_augmentation` says so (DEF-AUG).
    `fact`: what is stated when this variant is met or not, beside the one that decides.
    """

    id: str
    needed: int
    minimum_weeks: float
    improvement_below_percent: float
    adherence_at_least_percent: float
    minimum_dose_mg: Mapping[str, float]
    current_episode_only: bool = True
    needed_classes: int = 1
    drug_class: Mapping[str, str] = field(default_factory=dict)
    augmenting: frozenset[str] = frozenset()
    augmentation_weeks: float | None = None
    counts_augmentation: bool = False
    fact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialVerdict:
    """Whether one trial counts, which parts speak against it and which are not known."""

    trial: Trial
    counts: Truth
    against: tuple[TrialPart, ...]
    unknown: tuple[TrialPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialCount:
    """How many different antidepressants failed, and from how many classes.

    `certain` at least, `possible` if all that is unknown counts; `counted` names the certain ones. `disputed`: drugs
    of which one teller says that they failed and another that they did not.
    """

    criteria: TrialCriteria
    verdicts: tuple[TrialVerdict, ...]
    counted: frozenset[str]
    disputed: tuple[str, ...]
    certain: int
    possible: int
    certain_classes: int
    possible_classes: int

    def is_resistant(self, *, history_complete: Truth) -> Truth:
        """DEF-TRD. An incomplete history can prove resistance, but never its absence."""
        wanted = self.criteria
        if self.certain >= wanted.needed and self.certain_classes >= wanted.needed_classes:
            return True
        too_few = self.possible < wanted.needed or self.possible_classes < wanted.needed_classes
        return False if too_few and history_complete is True else None


def count_trials(trials: Sequence[Trial], criteria: TrialCriteria) -> TrialCount:
    """Judge every trial and count different drugs (DEF-TRD).

    Of one drug that several people tell the clinician's account counts; without one, all must say that it failed.
    """
    verdicts = tuple(judge(trial, criteria, beside=trials) for trial in trials)
    told = _by_drug(verdicts)
    failed = {drug: _agreed(by_teller) for drug, by_teller in told.items()}
    certain = [drug for drug, truth in failed.items() if truth is True]
    possible = [drug for drug, truth in failed.items() if truth is not False]
    return TrialCount(
        criteria=criteria,
        verdicts=verdicts,
        counted=frozenset(certain),
        disputed=tuple(drug for drug, by_teller in told.items() if {True, False} <= set(by_teller.values())),
        certain=len(certain),
        possible=len(possible),
        certain_classes=len({criteria.drug_class.get(drug, drug) for drug in certain}),
        possible_classes=len({criteria.drug_class.get(drug, drug) for drug in possible}),
    )


def judge(trial: Trial, criteria: TrialCriteria, *, beside: Iterable[Trial] = ()) -> TrialVerdict:
    """One trial against DEF-DOSE, DEF-DUR, DEF-IMPR, DEF-ADH, DEF-INTOL, DEF-EP and DEF-AUG; `beside`: all trials."""
    parts = _added(trial, criteria, beside) if trial.drug in criteria.augmenting else _parts(trial, criteria)
    return TrialVerdict(
        trial=trial,
        counts=conjunction(parts.values()),
        against=tuple(part for part, holds in parts.items() if holds is False),
        unknown=tuple(part for part, holds in parts.items() if holds is None),
    )


def _agreed(by_teller: Mapping[Teller | None, Truth]) -> Truth:
    return by_teller.get(Teller.CLINICIAN, conjunction(by_teller.values()))


def _by_drug(verdicts: Iterable[TrialVerdict]) -> dict[str, dict[Teller | None, Truth]]:
    """By drug what each teller's trials of it come to: one that counts is enough."""
    found: dict[str, dict[Teller | None, list[Truth]]] = {}
    for verdict in verdicts:
        by_teller = found.setdefault(verdict.trial.drug, {})
        by_teller.setdefault(verdict.trial.said_by, []).append(verdict.counts)
    return {
        drug: {teller: disjunction(truths) for teller, truths in by_teller.items()} for drug, by_teller in found.items()
    }


def _parts(trial: Trial, criteria: TrialCriteria) -> dict[TrialPart, Truth]:
    parts = _adequacy(trial, criteria) | _outcome(trial, criteria)
    long_enough = parts[TrialPart.DURATION]
    if conjunction((trial.stopped_for_side_effects, None if long_enough is None else not long_enough)) is True:
        parts[TrialPart.INTOLERANCE] = False
    return parts


def _added(trial: Trial, criteria: TrialCriteria, beside: Iterable[Trial]) -> dict[TrialPart, Truth]:
    """DEF-AUG: a trial only when added long enough to an antidepressant that was itself adequate."""
    if not criteria.counts_augmentation:
        return {TrialPart.AUGMENTATION: False}
    bases = [conjunction(_adequacy(base, criteria).values()) for base in beside if base.drug == trial.added_to]
    adequate: Truth = disjunction(bases) if bases else None
    long_enough = _at_least(trial.weeks, criteria.augmentation_weeks)
    return {TrialPart.AUGMENTATION: conjunction((adequate, long_enough)), **_outcome(trial, criteria)}


def _adequacy(trial: Trial, criteria: TrialCriteria) -> dict[TrialPart, Truth]:
    return {
        TrialPart.DOSE: _at_least(trial.daily_dose_mg, criteria.minimum_dose_mg.get(trial.drug)),
        TrialPart.DURATION: _at_least(trial.weeks, criteria.minimum_weeks),
        TrialPart.ADHERENCE: _at_least(trial.adherence_percent, criteria.adherence_at_least_percent),
    }


def _outcome(trial: Trial, criteria: TrialCriteria) -> dict[TrialPart, Truth]:
    parts: dict[TrialPart, Truth] = {
        TrialPart.IMPROVEMENT: _below(trial.improvement_percent, criteria.improvement_below_percent),
        TrialPart.ADHERENCE: _at_least(trial.adherence_percent, criteria.adherence_at_least_percent),
    }
    if criteria.current_episode_only:
        parts[TrialPart.EPISODE] = trial.current_episode
    return parts


def _at_least(value: float | None, limit: float | None) -> Truth:
    return None if value is None or limit is None else value >= limit


def _below(value: float | None, limit: float) -> Truth:
    return None if value is None else value < limit
