"""CSV and Parquet, written whole or not at all: beside the target first, then renamed over it."""

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reprieve.cli.screen.row import COLUMNS, Row
from reprieve.cli.whole_file import write_whole
from reprieve.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

_LIST_MARK = ";"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exports:
    """Where the rows go beside the terminal."""

    csv: Path | None = None
    parquet: Path | None = None

    def check(self) -> None:
        """Find out before the work whether the files can be written.  Raises: InputError SCREEN-OUT."""
        for path in (self.csv, self.parquet):
            if path is not None and (path.is_dir() or not os.access(path.absolute().parent, os.W_OK)):
                raise InputError("SCREEN-OUT", f"Cannot write {path}: its folder is missing or closed, or it is one.")

    def write_table(self, table: "pa.Table") -> None:
        """Write the answers about a table of people.  Raises: InputError SCREEN-OUT."""
        if self.csv is not None:
            write_whole(self.csv, csv_of_table(table), code="SCREEN-OUT")
        if self.parquet is not None:
            write_whole(self.parquet, _parquet_bytes(table), code="SCREEN-OUT")

    def write(self, rows: Sequence[Row]) -> None:
        """Write what was asked for.  Raises: InputError SCREEN-OUT."""
        if self.csv is not None:
            write_whole(self.csv, csv_of(rows), code="SCREEN-OUT")
        if self.parquet is not None:
            write_whole(self.parquet, parquet_of(rows), code="SCREEN-OUT")


def csv_of(rows: Sequence[Row]) -> bytes:
    """One header line, then a line a file; lists joined by `;`, unknown left empty, yes and no as true and false."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
    return text.getvalue().encode()


def parquet_of(rows: Sequence[Row]) -> bytes:
    """The same columns with their types."""
    import pyarrow as pa

    columns = zip(*(astuple(row) for row in rows), strict=True)
    return _parquet_bytes(pa.table([list(column) for column in columns], schema=_schema()))


def csv_of_table(table: "pa.Table") -> bytes:
    """As `csv_of`, from columns."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow.csv import WriteOptions, write_csv

    for place, column in enumerate(table.schema):
        if pa.types.is_list(column.type):
            table = table.set_column(place, column.name, pc.binary_join(table.column(place), _LIST_MARK))
    sink = pa.BufferOutputStream()
    write_csv(table, sink, WriteOptions(quoting_style="needed", quoting_header="needed"))
    return bytes(sink.getvalue())


def _parquet_bytes(table: "pa.Table") -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return str(value).lower()
    return _LIST_MARK.join(value) if isinstance(value, tuple) else value


def _schema() -> "pa.Schema":
    import pyarrow as pa

    kinds = {
        "emergency": pa.bool_(), "temporary": pa.bool_(), "needs_confirmation": pa.bool_(), "to_review": pa.int32(),
        "on": pa.date32(), "rules_fired": pa.list_(pa.string()), "rules_waiting": pa.list_(pa.string()),
        "facts_missing": pa.list_(pa.string()),
    }  # fmt: skip
    return pa.schema([pa.field(name, kinds.get(name, pa.string()), nullable=name != "file") for name in COLUMNS])
