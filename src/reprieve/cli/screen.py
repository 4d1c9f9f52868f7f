"""`reprieve screen`: is the person in a facts file a candidate, why, and what is not known?"""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from reprieve.errors import InputError

if TYPE_CHECKING:
    from reprieve.domain.candidacy.screening import Screening

_console = Console(highlight=False)
_LARGEST_FILE = 1_000_000

File = Annotated[Path, typer.Argument(help="Facts file (TOML), see docs/reference/facts.md; `-` reads standard input")]
RouteName = Annotated[str | None, typer.Option("--route", help="IV, IM, SC, IN_ESK or SL_PO")]
OnDay = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the answer")]
IndicationId = Annotated[str | None, typer.Option("--indication", help="Such as IND-TRD")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole answer as JSON")]


def register(app: typer.Typer) -> None:
    app.command("screen")(screen)


def screen(
    file: File, route: RouteName = None, on: OnDay = None, indication: IndicationId = None, as_json: AsJson = False
) -> None:
    """Decide on candidacy from a facts file. Exit status 0 for an answer, whatever it is; 2 for bad input."""
    from dataclasses import replace

    from reprieve.domain.candidacy import screening
    from reprieve.domain.candidacy.rules import Route
    from reprieve.interop.facts_file import read_facts_file, read_indication, read_word
    from reprieve.knowledge.candidacy import load_rule_base
    from reprieve.knowledge.chart_map import load_chart_map

    today = datetime.now().astimezone().date()
    facts = read_facts_file(_content(file), on=today if on is None else on.date())
    case = facts.case if on is None else replace(facts.case, on=on.date())
    answer = screening.screen(
        case,
        load_rule_base(),
        load_chart_map(),
        route=read_word(Route, route, "--route") if route else facts.route or Route.IV,
        indication=read_indication(indication) if indication else facts.indication,
    )
    if as_json:
        typer.echo(json.dumps(answer.record, indent=2, ensure_ascii=False))
    else:
        _print(answer)


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return typer.get_binary_stream("stdin").read(_LARGEST_FILE + 1)
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise InputError("FACTS-SIZE", f"{file.name} is larger than 1 MB; a facts file is a few kB.")
        return file.read_bytes()
    except OSError as problem:
        raise InputError("FACTS-FILE", f"Cannot read {file}: {problem.strerror}.") from None


def _print(answer: "Screening") -> None:
    from reprieve.knowledge.candidacy import fact_words, rule_words

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
            _console.print(f"  {needed.rule}: " + "; ".join(fact_words()[key].question for key in needed.facts))
