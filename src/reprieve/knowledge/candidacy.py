"""The rule base of candidacy: facts, rules, gates and implications out of their files, with the words for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil
from types import MappingProxyType
from typing import Any

from reprieve.domain.candidacy.facts import Effort, FactDefinition, FactKind
from reprieve.domain.candidacy.rules import Gate, Implication, Limit, Phase, Route, Rule, RuleBase
from reprieve.domain.quantities.findings import Severity
from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.efforts import effort_policies
from reprieve.knowledge.expressions import ExpressionReader
from reprieve.knowledge.loader import content_hash, read_toml
from reprieve.knowledge.schema import KnowledgeError, read_source, read_sourced
from reprieve.knowledge.values import number

RULE_FILES = (
    "indications/rules.toml",
    "contraindications/psychiatric.toml",
    "contraindications/cardiovascular.toml",
    "contraindications/organ.toml",
    "contraindications/reproductive.toml",
    "contraindications/suicide_risk.toml",
    "interactions/rules.toml",
    "workup/assessment.toml",
    "workup/tests.toml",
    "workup/day_of_treatment.toml",
)
_FACTS = "facts/facts.toml"
_INDICATIONS = "indications/indications.toml"
Definitions = Mapping[str, FactDefinition]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """What a clinician reads: the statement, and what to do about it (may be empty)."""

    statement: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWords:
    """How people ask for a fact: its theme, its question, and whether it is computed instead of asked."""

    theme: str
    question: str
    derived: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """A condition to be treated, with its evidence and approval in one sentence each."""

    id: str
    name: str
    groups: tuple[str, ...]
    evidence: str
    approval: str
    source: Source


@cache
def load_rule_base() -> RuleBase:
    """Everything a decision is made from.  Raises: KnowledgeError when a file breaks its schema."""
    definitions = fact_definitions()
    return RuleBase(
        definitions=definitions,
        rules=tuple(_rule(table, definitions, where) for where, table in _rule_tables()),
        gates=tuple(_gate(table, definitions) for table in read_toml(RULE_FILES[0])["gate"]),
        implications=tuple(_implication(table, definitions) for table in read_toml(_FACTS)["implication"]),
        efforts=effort_policies(),
        knowledge_hash=content_hash(),
    )


@cache
def fact_definitions() -> Definitions:
    """Every fact by key."""
    return MappingProxyType({key: _definition(key, table) for _, key, table in _fact_tables()})


@cache
def fact_words() -> Mapping[str, FactWords]:
    """Question and theme of every fact, in the order in which people ask."""
    return MappingProxyType(
        {
            key: FactWords(theme=theme, question=table["ask"], derived=table.get("derived", False))
            for theme, key, table in _fact_tables()
        }
    )


@cache
def rule_words() -> Mapping[tuple[str, str], RuleWords]:
    """Statement and advice by rule id and clause."""
    words = {
        (table["id"], table.get("clause", "")): RuleWords(statement=table["statement"], advice=table.get("advice", ""))
        for _, table in _rule_tables()
    }
    return MappingProxyType(words)


@cache
def gate_words() -> Mapping[str, str]:
    """What each gate asks, in words."""
    return MappingProxyType({table["id"]: table["statement"] for table in read_toml(RULE_FILES[0])["gate"]})


@cache
def indications() -> Mapping[str, Indication]:
    """Every indication by id."""
    return MappingProxyType({table["id"]: _indication(table) for table in read_toml(_INDICATIONS)["indication"]})


def _fact_tables() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for theme, facts in read_toml(_FACTS).items():
        if theme != "implication":
            for key, table in facts.items():
                yield theme, key, table


def _definition(key: str, table: Mapping[str, Any]) -> FactDefinition:
    return FactDefinition(
        key=key,
        kind=FactKind(table.get("kind", FactKind.BOOLEAN)),
        unit=table.get("unit", ""),
        choices=tuple(table.get("choices", ())),
        fresh_for_days=table.get("fresh_for_days"),
        effort=Effort(table.get("effort", Effort.ASK)),
        safer=table.get("safer"),
        lowest=_end(table, "lowest"),
        highest=_end(table, "highest"),
        changed_by=_changed_by(table),
        changed_within_days=_changed_within_days(key, table),
        never_hoped=table.get("never_hoped", False),
    )


def _end(table: Mapping[str, Any], name: str) -> float | None:
    return float(table[name]) if name in table else None


def _changed_by(table: Mapping[str, Any]) -> Effort | None:
    """`changeable = true`: time passes by itself, anything else is for somebody to treat."""
    if not table.get("changeable", False):
        return None
    return Effort.WAIT if table.get("unit") in {"mo", "d"} else Effort.TREAT


def _changed_within_days(key: str, table: Mapping[str, Any]) -> int | None:
    if "changed_within" not in table:
        return None
    return ceil(number(table, "changed_within", unit="d", where=f"{_FACTS}#{key}"))


def _rule_tables() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path in RULE_FILES:
        for table in read_toml(path)["rule"]:
            yield f"{path}#{table['id']}", table


def _rule(table: Mapping[str, Any], definitions: Definitions, where: str) -> Rule:
    limits = {name: _limit(name, value, where) for name, value in table.get("limits", {}).items()}
    when = ExpressionReader(definitions, limits, where).read(table["when"])
    unknown = [key for key in table.get("shows", ()) if key not in definitions]
    if unknown:
        raise KnowledgeError(where, f"shows {unknown}, which are not facts")
    return Rule(
        id=table["id"],
        clause=table.get("clause", ""),
        severity=Severity(table["severity"]),
        when=when,
        source=read_source(table, where),
        temporary=table.get("temporary", False),
        routes=frozenset(Route(route) for route in table.get("routes", Route)),
        phases=frozenset(Phase(phase) for phase in table.get("phases", [Phase.SCREEN])),
        indications=_scope(table.get("indications", ()), where),
        limits=tuple(limits.values()),
        shows=tuple(table.get("shows", ())),
    )


def _limit(name: str, table: Mapping[str, Any], where: str) -> Limit:
    sourced = read_sourced(table, f"{where}.limits.{name}")
    return Limit(name=name, value=sourced.value, unit=sourced.unit, source=sourced.source)


def _scope(names: tuple[str, ...], where: str) -> frozenset[str]:
    """Indication ids out of ids and group names."""
    scope: set[str] = set()
    for name in names:
        members = {entry.id for entry in indications().values() if name == entry.id or name in entry.groups}
        if not members:
            raise KnowledgeError(where, f"{name!r} is neither an indication nor a group of them")
        scope |= members
    return frozenset(scope)


def _gate(table: Mapping[str, Any], definitions: Definitions) -> Gate:
    where = f"{RULE_FILES[0]}#{table['id']}"
    when = ExpressionReader(definitions, {}, where).read(table["when"])
    return Gate(id=table["id"], when=when, indications=_scope(table["indications"], where))


def _implication(table: Mapping[str, Any], definitions: Definitions) -> Implication:
    where = f"{_FACTS}#implication.{table['fact']}"
    when = ExpressionReader(definitions, {}, where).read(table["when"])
    if table["fact"] not in definitions or not definitions[table["fact"]].accepts(table["value"]):
        raise KnowledgeError(where, "is not a fact, or cannot have this value")
    return Implication(fact=table["fact"], value=table["value"], when=when)


def _indication(table: Mapping[str, Any]) -> Indication:
    return Indication(
        id=table["id"],
        name=table["name"],
        groups=tuple(table["groups"]),
        evidence=table["evidence"],
        approval=table["approval"],
        source=read_source(table, f"{_INDICATIONS}#{table['id']}"),
    )
