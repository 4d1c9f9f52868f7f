"""One file, answered in words or as JSON."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from reprieve.cli.screen.export import Exports
from reprieve.cli.screen.row import row_of
from reprieve.cli.screen.work import Wanted, case_in, screened
from reprieve.knowledge.candidacy import fact_definitions, fact_words, rule_words

if TYPE_CHECKING:
    from reprieve.domain.candidacy.assessment import Assessment
    from reprieve.domain.candidacy.screening import Screening

_console = Console(highlight=False)


def screen_file(path: Path, wanted: Wanted, *, as_json: bool, exports: Exports) -> None:
    """Screen one file.  Raises: InputError."""
    answer = screened(case_in(path, wanted), wanted)
    if as_json:
        typer.echo(json.dumps(answer.record, indent=2, ensure_ascii=False))
    else:
        _print(answer)
    exports.write([row_of(path.name, answer.assessment, answer.reading)])


def _print(answer: "Screening") -> None:
    result = answer.assessment
    mark = " (temporary)" if result.temporary else ""
    _console.print(f"[bold]{result.decision}{mark}[/]  {result.route}  {result.indication or 'no indication stated'}")
    if result.emergency:
        _console.print("[bold red]EMERGENCY: suicide-safety workflow first. In the US call or text 988.[/]")
    if result.needs_confirmation:
        _console.print("What decides here was written from memory: confirm it with its source first.")
    findings = Table(box=None, pad_edge=False)
    for heading in ("severity", "rule", "why", "confidence"):
        findings.add_column(heading, overflow="fold")
    for item in result.findings:
        words = rule_words()[(item.finding.code, item.clause)]
        confidence = "recalled" if item.recalled else item.finding.source.confidence
        findings.add_row(item.finding.severity, item.finding.code, words.statement, confidence)
    _console.print(findings)
    for gate, state in result.gates.items():
        _console.print(f"{gate}: {state.replace('_', ' ')}")
    if result.data_needed:
        _console.print("\n[bold]Not known, and it matters:[/]")
        for needed in result.data_needed:
            _console.print(f"  {needed.rule}: " + "; ".join(_asked(result, key) for key in needed.facts))


def _asked(assessment: "Assessment", key: str) -> str:
    """The question, with the interval that is all that is known where there is one."""
    value, question = assessment.facts.value(key), fact_words()[key].question
    return question if value is None else f"{question} (known only: {value} {fact_definitions()[key].unit})"
