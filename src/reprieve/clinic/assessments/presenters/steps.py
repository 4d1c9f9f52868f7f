"""The steps of a deferral plan: what, who, until when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.models import DeferralStep
from reprieve.clinic.assessments.wording import Text
from reprieve.knowledge.candidacy import fact_words, rule_words


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


def planned_steps(record: Mapping[str, Any]) -> list[StepView]:
    """The plan as it stands in a stored answer; empty in answers from before there were plans."""
    return [_view(row, due_on=date.fromisoformat(row["due_on"])) for row in record.get("deferral_plan", ())]


def step_rows(steps: Iterable[DeferralStep], *, today: date) -> list[StepView]:
    """Steps that became work."""
    return [_view(_as_planned(step), due_on=step.due_on, today=today, step=step) for step in steps]


def _as_planned(step: DeferralStep) -> dict[str, Any]:
    return {"effort": step.effort, "owner": step.owner, "facts": step.facts, "rule_ids": step.rules}


def _view(
    row: Mapping[str, Any], *, due_on: date, today: date | None = None, step: DeferralStep | None = None
) -> StepView:
    return StepView(
        effort=wording.DOING[row["effort"]],
        icon=wording.EFFORTS[row["effort"]][1],
        owner=wording.OWNERS[row["owner"]],
        due_on=due_on,
        overdue=today is not None and due_on < today,
        what=tuple(_question(key) for key in row["facts"]) or tuple(_statement(rule) for rule in row["rule_ids"]),
        rules=tuple(row["rule_ids"]),
        brings=wording.DECISIONS[row["brings"]].word if "brings" in row else "",
        step=step,
    )


def _question(key: str) -> str:
    return fact_words()[key].question if key in fact_words() else key


def _statement(rule: str) -> str:
    return next((words.statement for (rule_id, _clause), words in rule_words().items() if rule_id == rule), rule)
