"""`reprieve screen`: are the people in these files candidates, why, and what is not known?"""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[
    Path,
    typer.Argument(
        help="Facts file, FHIR bundle (.json, .ndjson, .gz), a folder of them, or a table (.csv, .parquet) with a row "
        "a person; `-`: standard input"
    ),
]
RouteName = Annotated[str | None, typer.Option("--route", help="IV, IM, SC, IN_ESK or SL_PO")]
OnDay = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the answer")]
IndicationId = Annotated[str | None, typer.Option("--indication", help="Such as IND-TRD")]
PhaseName = Annotated[str | None, typer.Option("--phase", help="SCREEN (default), PRESESSION, DURING, ...")]
AsJson = Annotated[bool, typer.Option("--json", help="The whole answer as JSON; of a folder one answer a line")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write one row a file or person to this CSV file")]
ParquetFile = Annotated[Path | None, typer.Option("--parquet", help="The same as a Parquet file")]
Jobs = Annotated[int, typer.Option("--jobs", min=0, help="Processes for a folder; 0: as many as pay")]


def register(app: typer.Typer) -> None:
    app.command("screen")(screen)


def screen(
    path: Target,
    *,
    route: RouteName = None,
    on: OnDay = None,
    indication: IndicationId = None,
    phase: PhaseName = None,
    as_json: AsJson = False,
    csv: CsvFile = None,
    parquet: ParquetFile = None,
    jobs: Jobs = 0,
) -> None:
    """Decide on candidacy. Exit status 0 for an answer, whatever it is; 2 for bad input, or when every file of a
    folder was refused."""
    from reprieve.cli.screen import folder, single
    from reprieve.cli.screen.export import Exports
    from reprieve.cli.screen.work import wanted_of
    from reprieve.interop.screening_file import TABLE_ENDINGS

    wanted = wanted_of(route=route, on=on and on.date(), indication=indication, phase=phase)
    exports = Exports(csv=csv, parquet=parquet)
    exports.check()
    if path.is_dir():
        folder.screen_folder(path, wanted, as_json=as_json, exports=exports, jobs=jobs)
    elif path.name.lower().endswith(TABLE_ENDINGS):
        from reprieve.cli.screen import cohort  # NumPy and Arrow would slow down every other start

        cohort.screen_table(path, wanted, as_json=as_json, exports=exports)
    else:
        single.screen_file(path, wanted, as_json=as_json, exports=exports)
