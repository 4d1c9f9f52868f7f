"""`reprieve registry ...`: ask the registry store, see the rules, invent people for a demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from reprieve.errors import InputError

if TYPE_CHECKING:
    from reprieve.registry.measures.response_after_induction import Result
    from reprieve.registry.stats import Proportion

_MEASURES = {"response-after-induction": "share of people whose PHQ-9 fell by half in the month after induction"}
_console = Console(highlight=False, soft_wrap=True)
registry = typer.Typer(no_args_is_help=True, help="Ask the de-identified registry.")

Store = Annotated[Path | None, typer.Option("--store", help="Folder of the store; this installation's if left out.")]


def register(app: typer.Typer) -> None:
    app.add_typer(registry, name="registry")


@registry.command("list")
def list_measures() -> None:
    """The measures that can be asked."""
    for name, meaning in _MEASURES.items():
        _console.print(f"{name}  {meaning}", markup=False)


@registry.command("rules")
def rules() -> None:
    """The de-identification rules in force, as Markdown."""
    from reprieve.registry.reference import deidentification_table

    typer.echo(deidentification_table(), nl=False)


@registry.command("measure")
def measure(
    name: str,
    store: Store = None,
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Count the invented people instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Answer a measure with its interval and denominators; groups under 11 people stay hidden."""
    if name not in _MEASURES:
        raise InputError("REG-MEASURE", f"There is no measure {name!r}; `reprieve registry list` names them.")
    result = _response_after_induction(_store_path(store), synthetic=synthetic)
    if as_json:
        import msgspec

        typer.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode())
        return
    _print(result)


@registry.command("synthesize")
def synthesize(
    people: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many people.")] = 400,
    seed: Annotated[int, typer.Option(help="Same seed, same people.")] = 1,
    store: Store = None,
) -> None:
    """Invent people with a known truth into a store; every row is marked synthetic and counted apart."""
    from reprieve.registry.store import RegistryStore
    from reprieve.registry.synthetic import synthetic_packages

    path = _store_path(store)
    RegistryStore(path).submit_many(list(synthetic_packages(people=people, seed=seed)))
    _console.print(f"{people} invented people written to {path}.", markup=False)


def _store_path(given: Path | None) -> Path:
    from reprieve.clinic.config import environment

    return given if given is not None else environment.home() / "registry"


def _response_after_induction(path: Path, *, synthetic: bool) -> Result:
    from datetime import UTC, datetime

    from reprieve.registry.measures import response_after_induction
    from reprieve.registry.store import RegistryStore

    with RegistryStore.existing(path).reading() as tables:
        raw = response_after_induction.count(tables, synthetic=synthetic)
    return response_after_induction.release(raw, generated_at=datetime.now(UTC), synthetic=synthetic)


def _print(result: Result) -> None:
    kind = "  invented people, not patients" if result.synthetic else ""
    lines = [f"{result.definition_id} v{result.definition_version}{kind}"]
    lines += [f"  {step.value:<10} {count.label:>10}" for step, count in result.steps.items()]
    missing = "not shown" if result.missing is None else result.missing.label
    lines.append(f"  {'no score':<10} {missing:>10}   (due, but no PHQ-9 in the window)")
    lines.append(f"response, of those with an outcome   {_in_words(result.response)}")
    lines.append(f"response, no score = not improved    {_in_words(result.response_of_due)}")
    lines.append(f"remission, of those with an outcome  {_in_words(result.remission)}")
    _console.print("\n".join(lines), markup=False)


def _in_words(share: Proportion | None) -> str:
    if share is None:
        return "not shown (a group of fewer than 11 people)"
    low, high = 100 * share.lower, 100 * share.upper
    return f"{100 * share.estimate:.1f} % ({low:.1f} to {high:.1f} %), {share.count} of {share.of}"
