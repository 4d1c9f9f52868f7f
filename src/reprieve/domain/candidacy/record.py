"""An assessment as plain JSON values: the same assessment gives the same bytes, today and years later (ALG-11)."""

from collections.abc import Mapping, Sequence

from reprieve.domain.candidacy.assessment import Assessment, DecidedFinding, Evaluation
from reprieve.domain.candidacy.deferral import ChangeSet, DeferralPlan, WayForward
from reprieve.domain.candidacy.facts import Conflict, Fact
from reprieve.domain.candidacy.from_chart import ReviewItem
from reprieve.domain.candidacy.rules import Limit
from reprieve.domain.candidacy.settlement import Settlement
from reprieve.domain.candidacy.trials import TrialCount, TrialVerdict
from reprieve.domain.candidacy.what_changes import OpenQuestion
from reprieve.domain.quantities.findings import Param
from reprieve.domain.quantities.interval import Interval
from reprieve.domain.quantities.sources import Confidence

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None
RECORD_VERSION = 2


def decision_record(assessment: Assessment) -> dict[str, Json]:
    """The answer itself: decision, findings, what is missing, gates."""
    return {
        "version": RECORD_VERSION,
        "on": assessment.on.isoformat(),
        "route": assessment.route,
        "indication": assessment.indication,
        "phase": assessment.phase,
        "decision": assessment.decision,
        "emergency": assessment.emergency,
        "temporary": assessment.temporary,
        "needs_confirmation": assessment.needs_confirmation,
        "findings": [_finding(item) for item in assessment.findings],
        "data_needed": [
            {"rule": item.rule, "severity": item.severity, "facts": list(item.facts)} for item in assessment.data_needed
        ],
        "gates": dict(assessment.gates),
        "knowledge": assessment.knowledge_hash,
    }


def evidence_record(assessment: Assessment) -> dict[str, Json]:
    """What the answer rests on: every rule as it was asked, every fact with its teller, every conflict."""
    facts = assessment.facts
    return {
        "evaluations": [_evaluation(evaluation) for evaluation in assessment.evaluations],
        "facts": [
            {**_fact(fact), "stale": fact.is_stale(on=assessment.on)} for _, fact in sorted(facts.by_key.items())
        ],
        "conflicts": [_conflict(conflict) for conflict in facts.conflicts],
    }


def way_record(questions: Sequence[OpenQuestion], way: WayForward | None) -> dict[str, Json]:
    """What would change the answer."""
    return {
        "open_questions": [
            {
                "fact": item.fact, "effort": item.effort, "rules": list(item.rules), "strongest": item.strongest,
                "worst": item.worst, "best": item.best,
            }
            for item in questions
        ],
        "way_forward": None if way is None else {"facts": list(way.facts), "decision": way.decision},
    }  # fmt: skip


def plan_record(sets: Sequence[ChangeSet], plan: DeferralPlan) -> dict[str, Json]:
    """The smallest sets that would open the decision further, and the steps of the deferral plan (A9)."""
    return {
        "minimal_sets": [
            {"facts": list(item.facts), "effort": item.effort, "decision": item.decision, "proven": item.proven}
            for item in sets
        ],
        "deferral_plan": [
            {
                "rule_ids": list(step.rule_ids), "facts": list(step.facts), "effort": step.effort,
                "owner": step.owner, "due_on": step.due_on.isoformat(), "brings": step.brings,
            }
            for step in plan.steps
        ],
    }  # fmt: skip


def trials_record(counts: Sequence[TrialCount]) -> list[Json]:
    """The trials by each definition with its thresholds (DEF-IMPR), the one that decides first, and each verdict."""
    return [
        {
            "variant": count.criteria.id,
            "certain": count.certain,
            "possible": count.possible,
            "needed": count.criteria.needed,
            "certain_classes": count.certain_classes,
            "possible_classes": count.possible_classes,
            "needed_classes": count.criteria.needed_classes,
            "minimum_weeks": count.criteria.minimum_weeks,
            "improvement_below_percent": count.criteria.improvement_below_percent,
            "adherence_at_least_percent": count.criteria.adherence_at_least_percent,
            "counts_augmentation": count.criteria.counts_augmentation,
            "disputed": list(count.disputed),
            "trials": [_verdict(verdict) for verdict in count.verdicts],
        }
        for count in counts
    ]


def reviews_record(reviews: Sequence[ReviewItem]) -> list[Json]:
    """Entries of the record that need eyes."""
    return [{"reason": item.reason, "what": item.what, "fact": item.fact} for item in reviews]


def settled_record(settlements: Sequence[Settlement]) -> list[Json]:
    """What clinicians stated where tellers disagreed, with both statements as they stood."""
    return [
        {"stated": _fact(item.stated), "believed": _fact(item.believed), "other": _fact(item.other)}
        for item in settlements
    ]


def _finding(item: DecidedFinding) -> dict[str, Json]:
    finding = item.finding
    return {
        "rule": finding.code,
        "clause": item.clause,
        "severity": finding.severity,
        "counts_as": item.counts_as,
        "temporary": finding.temporary,
        "params": {key: _value(value) for key, value in sorted(finding.params.items())},
        "source": list(finding.source.keys),
        "confidence": Confidence.RECALLED if item.recalled else finding.source.confidence,
    }


def _evaluation(evaluation: Evaluation) -> dict[str, Json]:
    return {
        "rule": evaluation.rule.id,
        "clause": evaluation.rule.clause,
        "severity": evaluation.rule.severity,
        "result": evaluation.result,
        "inputs": {fact.key: _value(fact.value) for fact in evaluation.inputs},
        "unknown": list(evaluation.unknown),
        "limits": [_limit(limit) for limit in evaluation.limits],
    }


def _value(value: Param) -> Json:
    """An interval by its ends, None where it has none."""
    if isinstance(value, Interval):
        return value.ends()
    return list(value) if isinstance(value, tuple) else value


def _limit(limit: Limit) -> dict[str, Json]:
    return {
        "name": limit.name, "value": limit.value, "unit": limit.unit, "source": list(limit.source.keys),
        "confidence": limit.source.confidence,
    }  # fmt: skip


def _fact(fact: Fact) -> dict[str, Json]:
    return {
        "fact": fact.key,
        "value": _value(fact.value),
        "said_by": fact.said_by,
        "said_on": None if fact.said_on is None else fact.said_on.isoformat(),
        "fresh_until": None if fact.fresh_until is None else fact.fresh_until.isoformat(),
        "detail": list(fact.detail),
    }


def _conflict(conflict: Conflict) -> dict[str, Json]:
    return {"fact": conflict.believed.key, "believed": _fact(conflict.believed), "other": _fact(conflict.other)}


def _verdict(verdict: TrialVerdict) -> dict[str, Json]:
    trial = verdict.trial
    return {
        "drug": trial.drug,
        "daily_dose_mg": trial.daily_dose_mg,
        "weeks": trial.weeks,
        "improvement_percent": trial.improvement_percent,
        "adherence_percent": trial.adherence_percent,
        "stopped_for_side_effects": trial.stopped_for_side_effects,
        "current_episode": trial.current_episode,
        "added_to": trial.added_to,
        "said_by": trial.said_by,
        "counts": verdict.counts,
        "against": list(verdict.against),
        "unknown": list(verdict.unknown),
    }
