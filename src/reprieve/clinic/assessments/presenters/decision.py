"""A stored decision in the words of people. Reads only the record, so an old decision still explains itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.presenters.findings import FindingGroup, FindingView, finding_view
from reprieve.clinic.assessments.presenters.values import show_value, shown_detail, shown_unit
from reprieve.clinic.assessments.selectors import mark_of
from reprieve.clinic.assessments.wording import DecisionWords, Text
from reprieve.domain.candidacy.facts import FactKind
from reprieve.knowledge.candidacy import FactWords, fact_definitions, fact_words, gate_words, indications

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionView:
    """One unknown fact that would change the answer."""

    fact: str
    question: str
    theme: str
    effort: Text
    icon: str
    rules: tuple[str, ...]
    could_exclude: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FactView:
    """One fact as it was used."""

    fact: str
    question: str
    value: str
    teller: Text
    said_on: date | None
    detail: str
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleView:
    """What a clinician can answer: one of the words, or without any a number in `unit`; `seen` marks the two sides."""

    seen: str
    words: tuple[tuple[str, Text], ...]
    unit: str
    lowest: float
    highest: float | None


class DecisionPresenter:
    """Everything the decision page and the card show."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.record: Record = assessment.record

    @property
    def words(self) -> DecisionWords:
        """ALG-03: an emergency stands before any decision, so that nobody reads "candidate" first."""
        return wording.EMERGENCY_FIRST if self.assessment.emergency else self.rule_words

    @property
    def rule_words(self) -> DecisionWords:
        """The decision of the rules alone."""
        return wording.DECISIONS[self.assessment.decision]

    @property
    def route(self) -> Text:
        return wording.ROUTES[self.assessment.route]

    @property
    def indication(self) -> str:
        known = indications().get(self.assessment.indication_id)
        return known.name if known else self.assessment.indication_id

    @property
    def evidence(self) -> tuple[str, str] | None:
        """Evidence and approval of the indication."""
        known = indications().get(self.assessment.indication_id)
        return (known.evidence, known.approval) if known else None

    def groups(self) -> list[FindingGroup]:
        """Findings by severity, the strongest first."""
        findings = sorted(self.record["findings"], key=lambda item: list(wording.SEVERITIES).index(item["severity"]))
        return [
            FindingGroup(
                label=wording.SEVERITIES[severity][0],
                icon=wording.SEVERITIES[severity][1],
                tone=wording.SEVERITIES[severity][2],
                findings=tuple(finding_view(item) for item in items),
            )
            for severity, items in groupby(findings, key=lambda item: str(item["severity"]))
        ]

    def main_reasons(self) -> list[FindingView]:
        """The findings that decide, for the card."""
        decisive = {"INELIGIBLE": "ABSOLUTE", "REVIEW": "RELATIVE", "DEFER": "WORKUP", "CONDITIONAL": "CAUTION"}
        level = decisive.get(self.assessment.decision)
        return [finding_view(item) for item in self.record["findings"] if item["counts_as"] == level]

    def questions(self) -> list[QuestionView]:
        """What is unknown and would change the answer, in the order in which to learn it."""
        return [_question(item) for item in self.record["open_questions"]]

    def way_forward(self) -> tuple[int, Text] | None:
        """How many facts have to be learned for a better decision, and which; None when knowing more is not enough."""
        way = self.record["way_forward"]
        order = list(wording.DECISIONS)
        if way is None or order.index(way["decision"]) >= order.index(self.assessment.decision):
            return None
        return len(way["facts"]), wording.DECISIONS[way["decision"]].word

    def shortest_ways(self) -> list[tuple[list[str], Text, Text]]:
        """The smallest sets of facts that open the decision further: what, how hard, and where each leads."""
        words = fact_words()
        return [
            (
                [words[key].question if key in words else key for key in item["facts"]],
                wording.EFFORTS[item["effort"]][0],
                wording.DECISIONS[item["decision"]].word,
            )
            for item in self.record.get("minimal_sets", ())
        ]

    def gates(self) -> list[tuple[str, Text, str, str, str]]:
        """Id, state, icon, tone, and what the gate asks for."""
        words, states = gate_words(), self.record["gates"]
        ordered = [*(gate for gate in words if gate in states), *(gate for gate in states if gate not in words)]
        return [(gate, *wording.GATE_STATES[states[gate]], words.get(gate, "")) for gate in ordered]

    def facts(self) -> list[FactView]:
        """Known facts, in the order in which people ask."""
        order = list(fact_words())
        rows = [row for row in self.record["facts"] if row["value"] is not None and row["fact"] in order]
        return [_fact(row) for row in sorted(rows, key=lambda row: order.index(row["fact"]))]

    def conflicts(self) -> list[tuple[FactView, FactView, SettleView]]:
        """Who says what, the one that counts now first, and how it can be settled."""
        return [(_fact(row["believed"]), _fact(row["other"]), _ask(row)) for row in self.record["conflicts"]]

    def settled(self) -> list[tuple[FactView, FactView, FactView]]:
        """What a clinician stated, and the two statements that disagreed."""
        rows = self.record.get("settled", ())
        return [(_fact(row["stated"]), _fact(row["believed"]), _fact(row["other"])) for row in rows]

    def reviews(self) -> list[tuple[str, Text]]:
        """Entries of the chart that need eyes."""
        return [(row["what"], wording.REVIEWS[row["reason"]]) for row in self.record["reviews"]]

    def trials(self) -> list[dict[str, Any]]:
        """Each antidepressant trial with how it counts by each definition."""
        by_definition = [count["trials"] for count in self.record["trials"]]
        return [
            {
                **verdicts[0],
                "teller": wording.TELLERS.get(verdicts[0].get("said_by") or "", ""),
                "verdicts": [_verdict(verdict) for verdict in verdicts],
            }
            for verdicts in zip(*by_definition, strict=True)
        ]

    def trial_counts(self) -> list[dict[str, Any]]:
        """How many count by each definition; more than one line only where there are trials."""
        return [{**count, "label": wording.VARIANTS[count["variant"]]} for count in self.record["trials"]]


def _verdict(verdict: Record) -> dict[str, Any]:
    return {
        "counts": verdict["counts"],
        "against": [wording.TRIAL_PARTS[part] for part in verdict["against"]],
        "unknown": [wording.TRIAL_PARTS[part] for part in verdict["unknown"]],
    }


def _question(item: Record) -> QuestionView:
    words = fact_words().get(item["fact"], FactWords(theme="", question=item["fact"], derived=False))
    label, icon = wording.EFFORTS[item["effort"]]
    return QuestionView(
        fact=item["fact"],
        question=words.question,
        theme=words.theme,
        effort=label,
        icon=icon,
        rules=tuple(item["rules"]),
        could_exclude=item["worst"] == "INELIGIBLE",
    )


def _ask(row: Record) -> SettleView:
    known = fact_definitions().get(row["fact"])
    words = tuple((word, show_value(row["fact"], word)) for word in known.choices) if known else ()
    if known is not None and known.kind is FactKind.BOOLEAN:
        words = (("yes", gettext("Yes")), ("no", gettext("No")))
    return SettleView(
        seen=mark_of(row["believed"], row["other"]),
        words=words,
        unit=shown_unit(row["fact"]),
        lowest=(known.lowest if known else None) or 0,
        highest=known.highest if known else None,
    )


def _fact(row: Record) -> FactView:
    key = row["fact"]
    words = fact_words().get(key)
    return FactView(
        fact=key,
        question=words.question if words else key,
        value=show_value(key, row["value"]),
        teller=wording.TELLERS[row["said_by"]],
        said_on=date.fromisoformat(row["said_on"]) if row["said_on"] else None,
        detail=shown_detail(row["detail"]),
        stale=row.get("stale", False),
    )
