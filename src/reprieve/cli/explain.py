"""`reprieve explain RULE`: what a rule says, when it fires, what it reads, and where it comes from."""

import difflib
import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.console import Console

from reprieve.errors import InputError

_CONFIDENCE = {
    "verified": "the source was read",
    "recalled": "written from memory: may warn, never decides alone",
    "policy": "a default of this program that a clinic may set",
    "seed_claim": "claimed by a source, not shown",
}
_LABELS = {
    "condition": "Fires when", "advice": "Advice", "evidence": "Evidence", "approval": "Approval", "default": "Used",
    "why": "Why", "routes": "Routes", "phases": "Phases", "indications": "Indications", "rules": "Rules",
}  # fmt: skip
_out = Console(highlight=False)
Name = Annotated[
    str,
    typer.Argument(help="Id of a rule, gate, indication, drug class, conflict, statement or fact"),
]
AsJson = Annotated[bool, typer.Option("--json", help="The same as one JSON object")]


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(name: Name, as_json: AsJson = False) -> None:
    """Explain an id of the knowledge files. Exit status 2 when there is none of that name."""
    from reprieve.knowledge.explanation import explained_ids, explanation_of

    found = explanation_of(name)
    if found is None:
        close = difflib.get_close_matches(name.upper(), explained_ids(), n=3, cutoff=0.5)
        meant = f" Near it: {', '.join(close)}." if close else ""
        raise InputError("EXPLAIN-ID", f"Nothing is named {name!r}.{meant}")
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        _print(found)


def _print(found: Mapping[str, Any]) -> None:
    _say(f"{found['id']} ({found['kind']})", style="bold")
    if found["kind"] != "rule":
        _part(found)
    for clause in found.get("clauses", ()):
        _part(clause)


def _part(part: Mapping[str, Any]) -> None:
    if "severity" in part:
        clause = f", clause {part['clause']}" if part["clause"] else ""
        _say(f"\n{part['severity']}{', clears by itself' if part['temporary'] else ''}{clause}", style="bold")
    if part.get("statement"):
        _say(part["statement"])
    for side in part.get("values", ()):
        _say(f"  {side['value']}")
        _sources(side["sources"])
    for key, label in _LABELS.items():
        if part.get(key):
            value = part[key]
            _say(f"{label}: {value if isinstance(value, str) else ', '.join(value)}")
    for limit in part.get("limits", ()):
        keys = ", ".join(source["key"] for source in limit["sources"])
        _say(f"Limit {limit['name']}: {limit['value']:g} {limit['unit']} ({keys}; {_CONFIDENCE[limit['confidence']]})")
    for drug in part.get("drugs", ()):
        _say(f"  {drug['name']} (RxCUI {drug['rxcui'] or 'not confirmed'})")
    _facts(part.get("facts", ()))
    if "confidence" in part:
        _say(f"Confidence: {part['confidence']}, {_CONFIDENCE[part['confidence']]}")
    _sources(part.get("sources", ()))


def _facts(facts: Any) -> None:
    for fact in facts:
        unit = f" in {fact['unit']}" if fact["unit"] else ""
        days = fact["fresh_for_days"]
        fresh = f"; holds for {days} days" if days is not None else "; does not grow old"
        _say(f"Reads {fact['fact']}{unit}: {fact['question']}{fresh}")


def _sources(found: Any) -> None:
    for source in found:
        _say(f"  [{source['key']}] {source['citation']} {source['link']}".rstrip())


def _say(text: str, *, style: str = "") -> None:
    _out.print(text, style=style, markup=False, soft_wrap=True)
