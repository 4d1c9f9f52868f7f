"""`reprieve import FILE...`: FHIR bundles into the charts of a clinic."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from reprieve.errors import InputError

if TYPE_CHECKING:
    from reprieve.clinic.audit.services import Actor
    from reprieve.clinic.patients.services.imports import Imported

EXIT_BAD_INPUT = 2
_PROGRAM = "reprieve import"
_UNUSED = frozenset({"NOT-READ", "CODE-NOT-READ"})
_out = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)
Files = Annotated[list[Path], typer.Argument(help="FHIR R4 bundles or NDJSON of one person each, plain or gzipped")]
ClinicSlug = Annotated[str, typer.Option("--clinic", help="The clinic that treats these people, by its short name")]


def register(app: typer.Typer) -> None:
    app.command("import")(import_bundles)


def import_bundles(files: Files, clinic: ClinicSlug) -> None:
    """Import FHIR bundles. Exit status 2 when any file was refused; the others are imported all the same."""
    from reprieve.cli import django_shell

    django_shell.load()
    actor = _actor(clinic)
    refused = 0
    for path in files:
        try:
            _report(path, _import(actor, path))
        except InputError as problem:
            refused += 1
            _errors.print(f"{path.name}: {problem}", style="red", markup=False)
    if refused:
        _errors.print(f"Refused: {refused} of {len(files)} files; nothing of them was kept.")
        raise typer.Exit(EXIT_BAD_INPUT)


def _actor(slug: str) -> "Actor":
    from reprieve.clinic.accounts.models import Clinic
    from reprieve.clinic.audit.services import Actor

    found = Clinic.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Clinic.objects.values_list("slug", flat=True)) or "none yet"
        raise InputError("CLINIC-UNKNOWN", f"There is no clinic named {slug}; there are: {known}.")
    return Actor.program(_PROGRAM, found)


def _import(actor: "Actor", path: Path) -> "Imported":
    from reprieve.clinic.patients.services.imports import bundle_import

    content = _bytes_of(path)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_errors, transient=True) as progress:
        task = progress.add_task(path.name, total=None)
        return bundle_import(
            actor,
            content=content,
            file_name=path.name,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )


def _bytes_of(path: Path) -> bytes:
    from reprieve.interop.fhir.document import DEFAULT_LIMIT_BYTES

    try:
        if path.stat().st_size > DEFAULT_LIMIT_BYTES:
            sentence = f"The file is larger than the {DEFAULT_LIMIT_BYTES // 1024**2} MB that are read at once."
            raise InputError("FHIR-TOO-LARGE", sentence)
        return path.read_bytes()
    except OSError as problem:
        raise InputError("FILE-UNREADABLE", f"The file cannot be read: {problem.strerror}.") from None


def _report(path: Path, imported: "Imported") -> None:
    from reprieve.clinic.patients.wording import reason_sentence

    document = imported.document
    if not imported.changed:
        _out.print(f"{path.name}: imported before, nothing was changed.", markup=False)
        return
    report = document.report
    table = Table(title=path.name, title_justify="left", header_style="bold")
    for column in ("resource", "number", "what happened", "first at"):
        table.add_column(column, justify="right" if column == "number" else "left")
    for kind, count in report["taken"].items():
        table.add_row(kind, str(count), "taken", "")
    for line in report["left"]:
        if line["reason_code"] not in _UNUSED:
            sentence = f"left: {reason_sentence(line['reason_code'])}"
            table.add_row(line["resource_type"], str(line["count"]), sentence, line["example_path"])
    unused = sum(line["count"] for line in report["left"] if line["reason_code"] in _UNUSED)
    table.add_row("others", str(unused), "left: Reprieve does not use them", "")
    _out.print(table)
    counts = {key: sum(report[key].values()) for key in ("added", "updated", "unchanged")}
    _out.print("rows: " + ", ".join(f"{count} {key}" for key, count in counts.items()))
