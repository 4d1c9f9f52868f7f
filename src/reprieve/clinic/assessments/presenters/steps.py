"""The steps of a deferral plan: what, who, until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.models import DeferralStep
from reprieve.clinic.assessments.wording import Text
from reprieve.domain.candidacy.facts import Effort
from reprieve.knowledge.candidacy import fact_words, rule_words

Record = Mapping[str, Any]
_TO_CHANGE = frozenset({Effort.WAIT, Effort.TREAT})


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step; `step` is the open piece of work, None while it is only a plan, which cannot be overdue."""

    effort: Text
    icon: str
    owner: Text
    due_on: date
    overdue: bool
    what: tuple[str, ...]
    rules: tuple[str, ...]
    brings: Text
    step: DeferralStep | None = None


def planned_steps(record: Record) -> list[StepView]:
    """The plan as it stands in a stored answer; empty in answers from before there were plans."""
    return [_view(row, record, due_on=date.fromisoformat(row["due_on"])) for row in record.get("deferral_plan", ())]


def step_rows(steps: Iterable[DeferralStep], *, today: date) -> list[StepView]:
    """Steps that became work."""
    return [
        _view(_as_planned(step), step.assessment.record, due_on=step.due_on, today=today, step=step) for step in steps
    ]


def _as_planned(step: DeferralStep) -> dict[str, Any]:
    return {"effort": step.effort, "owner": step.owner, "facts": step.facts, "rule_ids": step.rules}


def _view(
    row: Record, record: Record, *, due_on: date, today: date | None = None, step: DeferralStep | None = None
) -> StepView:
    return StepView(
        effort=wording.DOING[row["effort"]],
        icon=wording.EFFORTS[row["effort"]][1],
        owner=wording.OWNERS[row["owner"]],
        due_on=due_on,
        overdue=today is not None and due_on < today,
        what=_what(row, record),
        rules=tuple(row["rule_ids"]),
        brings=_brings(row, record),
        step=step,
    )


def _brings(row: Record, record: Record) -> Text:
    """The decision that the step leads to; empty where it would be the same one again."""
    brings = row.get("brings", record["decision"])
    return "" if brings == record["decision"] else wording.DECISIONS[brings].word


def _what(row: Record, record: Record) -> tuple[str, ...]:
    """The questions to answer; where a finding has to change, what the finding says and what to do about it."""
    findings = _statements(row["rule_ids"], record)
    if row["effort"] in _TO_CHANGE and findings:
        return findings
    return tuple(_question(key) for key in row["facts"]) or findings


def _statements(rule_ids: Iterable[str], record: Record) -> tuple[str, ...]:
    found = [(item["rule"], item["clause"]) for item in record["findings"] if item["rule"] in rule_ids]
    words = [rule_words()[key] for key in found if key in rule_words()]
    return tuple(f"{one.statement} {one.advice}".strip() for one in words)


def _question(key: str) -> str:
    words = fact_words().get(key)
    return key if words is None else words.question
