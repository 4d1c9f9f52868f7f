"""What the knowledge files say under one id: rule, gate, indication, drugs, conflict, statement or fact."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType

from reprieve.domain.candidacy.expression import facts_read
from reprieve.domain.candidacy.record import Json
from reprieve.domain.candidacy.rules import Limit, Route, Rule
from reprieve.domain.quantities.sources import Source
from reprieve.knowledge.candidacy import (
    fact_definitions,
    fact_words,
    gate_words,
    indications,
    load_rule_base,
    rule_words,
)
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.condition_words import condition_in_words
from reprieve.knowledge.conflicts import Side, conflicts
from reprieve.knowledge.drug_tables import drug_table_rows
from reprieve.knowledge.loader import sources
from reprieve.knowledge.statements import Statement, consent_elements, definitions, drug_facts

Explanation = Mapping[str, Json]


def explanation_of(name: str) -> Explanation | None:
    """What stands under this id, whatever its case; `RULE.limit` is explained with its rule. None: nothing does.

    An id may be a gate or an indication and a rule at once; the clauses of the rule then stand beside it.
    """
    wanted = name.strip().upper()
    parts = _explained().get(wanted) or _explained().get(wanted.partition(".")[0]) or ()
    found: dict[str, Json] = {}
    for part in parts:
        found |= part()
    return found or None


def explained_ids() -> tuple[str, ...]:
    """Every id that can be explained."""
    return tuple(_explained())


@cache
def _explained() -> Mapping[str, tuple[Callable[[], Explanation], ...]]:
    """What to put together for each id; the last names the kind."""
    base = load_rule_base()
    statements = (*drug_facts().values(), *definitions().values(), *consent_elements().values())
    makers: list[tuple[str, Callable[[], Explanation]]] = [
        *((rule, partial(_rule, rule)) for rule in dict.fromkeys(rule.id for rule in base.rules)),
        *((statement.id, partial(_statement, statement)) for statement in statements),
        *((key.upper(), partial(_fact, key)) for key in fact_definitions()),
        *((name, partial(_conflict, name)) for name in conflicts()),
        *((name, partial(_drug_class, name)) for name in _classes()),
        *((name, partial(_table_row, name)) for name in drug_table_rows()),
        *((name, partial(_indication, name)) for name in indications()),
        *((gate.id, partial(_gate, gate.id)) for gate in base.gates),
    ]
    found: dict[str, tuple[Callable[[], Explanation], ...]] = {}
    for name, make in makers:
        found[name] = (*found.get(name, ()), make)
    return MappingProxyType(found)


def _rule(name: str) -> Explanation:
    clauses = [rule for rule in load_rule_base().rules if rule.id == name]
    return {"id": name, "kind": "rule", "clauses": [_clause(rule) for rule in clauses]}


def _clause(rule: Rule) -> Explanation:
    words = rule_words()[(rule.id, rule.clause)]
    return {
        "clause": rule.clause,
        "severity": rule.severity,
        "temporary": rule.temporary,
        "statement": words.statement,
        "advice": words.advice,
        "condition": condition_in_words(rule.when, fact_definitions()),
        "limits": [_limit(limit) for limit in rule.limits],
        "routes": [str(route) for route in Route if route in rule.routes],
        "phases": sorted(rule.phases),
        "indications": sorted(rule.indications),
        "facts": _facts(rule.reads),
        "confidence": "recalled" if rule.is_recalled else rule.source.confidence,
        "sources": _sources(rule.source.keys),
    }


def _gate(name: str) -> Explanation:
    gate = next(gate for gate in load_rule_base().gates if gate.id == name)
    return {
        "id": name,
        "kind": "gate",
        "statement": gate_words()[name],
        "condition": condition_in_words(gate.when, fact_definitions()),
        "indications": sorted(gate.indications),
        "facts": _facts(facts_read(gate.when)),
    }


def _indication(name: str) -> Explanation:
    entry = indications()[name]
    own = [rule.id for rule in load_rule_base().rules if name in rule.indications]
    return {
        "id": name,
        "kind": "indication",
        "statement": entry.name,
        "evidence": entry.evidence,
        "approval": entry.approval,
        "rules": list(dict.fromkeys(own)),
        **_sourced(entry.source),
    }


def _classes() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    return {item.id: (item.fact, item.members) for item in load_chart_map().drug_classes}


def _drug_class(name: str) -> Explanation:
    fact, members = _classes()[name]
    codes = {drug.name: drug.rxcui for drug in load_chart_map().ingredients}
    drugs: list[Json] = [{"name": member, "rxcui": codes[member]} for member in members]
    return {"id": name, "kind": "drug class", "drugs": drugs, "facts": _facts([fact]), "rules": _readers(fact)}


def _table_row(name: str) -> Explanation:
    row = drug_table_rows()[name]
    drugs: list[Json] = [{"name": drug.name, "rxcui": drug.rxcui} for drug in row.drugs]
    return {"id": name, "kind": "drug table", "statement": row.statement, "drugs": drugs, **_sourced(row.source)}


def _conflict(name: str) -> Explanation:
    entry = conflicts()[name]
    return {
        "id": name,
        "kind": "conflict",
        "statement": entry.topic,
        "values": [_side(entry.a), _side(entry.b)],
        "default": entry.default,
        "why": entry.why,
    }


def _side(side: Side) -> Explanation:
    return {"value": side.value, "sources": _sources(side.sources)}


def _statement(statement: Statement) -> Explanation:
    numbers = [
        {"name": name, "value": number.value, "unit": number.unit, **_sourced(number.source)}
        for name, number in statement.values.items()
    ]
    return {
        "id": statement.id, "kind": "statement", "statement": statement.text, "limits": numbers,
        **_sourced(statement.source),
    }  # fmt: skip


def _fact(key: str) -> Explanation:
    return {"id": key, "kind": "fact", "statement": fact_words()[key].question, "facts": _facts([key]),
            "rules": _readers(key)}  # fmt: skip


def _readers(key: str) -> Sequence[str]:
    return list(dict.fromkeys(rule.id for rule in load_rule_base().rules if key in rule.reads))


def _facts(keys: Iterable[str]) -> list[Json]:
    return [
        {
            "fact": key,
            "question": fact_words()[key].question,
            "unit": fact_definitions()[key].unit,
            "fresh_for_days": fact_definitions()[key].fresh_for_days,
        }
        for key in keys
    ]


def _limit(limit: Limit) -> Explanation:
    return {"name": limit.name, "value": limit.value, "unit": limit.unit, **_sourced(limit.source)}


def _sourced(source: Source) -> dict[str, Json]:
    return {"confidence": source.confidence, "sources": _sources(source.keys)}


def _sources(keys: Iterable[str]) -> list[Json]:
    return [{"key": key, "citation": sources()[key].citation, "link": sources()[key].link} for key in keys]
