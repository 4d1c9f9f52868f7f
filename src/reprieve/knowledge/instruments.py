"""Questionnaires, from `knowledge/instruments/*.toml`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from reprieve.domain.outcomes.instrument import (
    AnswerOption,
    Band,
    ChangeRule,
    Combination,
    Cutoff,
    Instrument,
    Item,
    SafetyTaskRule,
    ScoringRule,
    SyndromeRule,
)
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import read_source, read_sourced

INSTRUMENT_IDS = ("phq-9", "gad-7")
_CHANGE_UNITS = {
    "response_percent": "%",
    "partial_percent": "%",
    "remission_below": "{score}",
    "reliable_points": "{score}",
    "important_points": "{score}",
    "worsening_points": "{score}",
    "baseline_days": "d",
}


@cache
def load_instrument(instrument_id: str) -> Instrument:
    """The questionnaire of this id.  Raises: KeyError when there is none, KnowledgeError when its file is wrong."""
    if instrument_id not in INSTRUMENT_IDS:
        raise KeyError(instrument_id)
    return instrument(read_toml(f"instruments/{instrument_id}.toml"))


def instrument(document: Mapping[str, Any]) -> Instrument:
    """The questionnaire that a document of this form describes.  Raises: KnowledgeError, KeyError, ValueError."""
    syndrome = document.get("syndrome")
    return Instrument(
        id=document["id"],
        title=document["title"],
        version=document["version"],
        panel_loinc=document["panel_loinc"],
        total_loinc=document["total_loinc"],
        stem=document["stem"],
        recall_days=int(read_sourced(document["recall"], "recall").in_unit("d")),
        items=_items(document),
        bands=tuple(_band(entry) for entry in document["bands"]),
        scoring=_scoring(document["scoring"]),
        change=_change(document["change"]),
        notice=document["notice"],
        source=read_source(document, document["id"]),
        syndrome=None if syndrome is None else _syndrome(syndrome),
        tasks={kind: _task(entry, kind) for kind, entry in document.get("tasks", {}).items()},
    )


def _items(document: Mapping[str, Any]) -> tuple[Item, ...]:
    shared = document["options"]
    return tuple(
        Item(
            number=entry["number"],
            loinc=entry["loinc"],
            text=entry["text"],
            options=tuple(AnswerOption(**option) for option in entry.get("options", shared)),
            counted=entry.get("counted", True),
            flag_from=entry.get("flag_from"),
        )
        for entry in document["items"]
    )


def _band(entry: Mapping[str, Any]) -> Band:
    read_source(entry, f"bands.{entry['code']}")
    return Band(code=entry["code"], label=entry["label"], lower=entry["lower"], upper=entry["upper"])


def _scoring(table: Mapping[str, Any]) -> ScoringRule:
    limit = read_sourced(table["max_missing"], "scoring.max_missing")
    return ScoringRule(
        combination=Combination(table["combination"]), max_missing=int(limit.in_unit("1")), source=limit.source
    )


def _change(table: Mapping[str, Any]) -> ChangeRule:
    return ChangeRule(**{name: _cutoff(table, name, unit) for name, unit in _CHANGE_UNITS.items()})


def _cutoff(table: Mapping[str, Any], name: str, unit: str) -> Cutoff:
    limit = read_sourced(table[name], f"change.{name}")
    return Cutoff(value=int(limit.in_unit(unit)), source=limit.source)


def _syndrome(table: Mapping[str, Any]) -> SyndromeRule:
    return SyndromeRule(
        core_items=frozenset(table["core_items"]),
        positive_from=table["positive_from"],
        exceptions={int(item): limit for item, limit in table["exceptions"].items()},
        major_from=table["major_from"],
        other_from=table["other_from"],
        source=read_source(table, "syndrome"),
    )


def _task(entry: Mapping[str, Any], kind: str) -> SafetyTaskRule:
    due = read_sourced(entry["due"], f"tasks.{kind}")
    return SafetyTaskRule(rule=entry["rule"], due_h=due.in_unit("h"), source=due.source)
