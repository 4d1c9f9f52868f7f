"""Rows into CSV and Parquet: a file is whole or not there."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reprieve.cli.whole_file import write_whole

COLUMNS = ("time_min", "analyte", "site", "ng_per_ml", "lower", "upper")


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """Numbers in full precision; a missing band is an empty cell.  Raises: InputError SIM-OUT."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(path, text.getvalue().encode(), code="SIM-OUT")


def write_parquet(path: Path, rows: Sequence[Mapping[str, Any]], *, provenance: Mapping[str, str]) -> None:
    """One row group; model, source and knowledge hash stand in the metadata.  Raises: InputError SIM-OUT."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = dict.fromkeys(COLUMNS, pa.float64()) | {"analyte": pa.string(), "site": pa.string()}
    schema = pa.schema(list(kinds.items()), metadata={f"reprieve.{key}": value for key, value in provenance.items()})
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), buffer)
    write_whole(path, buffer.getvalue(), code="SIM-OUT")
