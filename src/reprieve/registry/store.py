"""The registry store: Parquet files, one small set a person, read through Ibis.

    STORE/people/      one row a person; the file that makes a submission count, so it is written last
    STORE/sessions/    one row a session
    STORE/scores/      one row a questionnaire total
    STORE/withdrawn/   random ids of people who withdrew; their rows are deleted and never taken again

A submission replaces everything about its person: rows carry a version and only the newest counts, so a crash
half-way leaves the old version standing. Files keep no time of day or date: their names are random ids and their
time stamp is the same for all, since *when* a row arrived would tell when somebody was treated.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID, uuid4

import ibis
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from reprieve.errors import InputError
from reprieve.registry.lock import locked
from reprieve.registry.rows import Package, PersonRow, ScoreRow, SessionRow

_FIRST_VERSION = 1
_COMPACT_AT_FILES = 256
_NO_TIME = 315_532_800
"""1 January 1980, the time stamp of every file."""
_ARROW: dict[type, pa.DataType] = {
    str: pa.string(), int: pa.int32(), float: pa.float64(), bool: pa.bool_(), list: pa.list_(pa.string()),
}  # fmt: skip
_PERSON_FILE = re.compile(r"(?P<study_id>[0-9a-f-]{36})-v(?P<version>\d+)\.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The newest version of everybody who has not withdrawn, as Ibis tables of one backend."""

    people: ibis.Table
    sessions: ibis.Table
    scores: ibis.Table


def _schema(row: type[msgspec.Struct]) -> pa.Schema:
    hints = get_type_hints(row)
    return pa.schema([*(pa.field(name, _arrow(hint)) for name, hint in hints.items()), pa.field("version", pa.int32())])


def _arrow(hint: Any) -> pa.DataType:
    if isinstance(hint, UnionType):
        (hint,) = (option for option in get_args(hint) if option is not NoneType)
    return _ARROW[get_origin(hint) or hint]


_SCHEMAS = {"sessions": _schema(SessionRow), "scores": _schema(ScoreRow), "people": _schema(PersonRow)}
_WITHDRAWN = pa.schema([pa.field("study_id", pa.string())])


class RegistryStore:
    """A folder of rows. Several processes may use it: writers wait for readers and for each other."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def existing(cls, root: Path) -> "RegistryStore":
        """The store at `root`.  Raises: InputError REG-STORE when there is none."""
        if not (root / "people").is_dir():
            raise InputError("REG-STORE", f"There is no registry store at {root}.")
        return cls(root)

    def create(self) -> "RegistryStore":
        """Make the folders and empty tables, for the owner only; does nothing to a store that is there."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, schema in (*_SCHEMAS.items(), ("withdrawn", _WITHDRAWN)):
            folder = self.root / name
            folder.mkdir(exist_ok=True)
            if not (folder / "empty.parquet").exists():
                _write(folder / "empty.parquet", schema.empty_table())
        return self

    def fingerprint(self) -> tuple[int, ...] | None:
        """Changes whenever a row comes, goes or is replaced; None where there is no store."""
        folders = [self.root / name for name in (*_SCHEMAS, "withdrawn")]
        if not all(folder.is_dir() for folder in folders):
            return None
        return tuple(folder.stat().st_mtime_ns for folder in folders)

    def submit(self, package: Package) -> int:
        """Replace what the store holds about this person; the version is returned.

        Raises: InputError REG-WITHDRAWN when the person withdrew under this study id.
        """
        study_id = package.person.study_id
        self.create()
        with self._lock(exclusive=True):
            if self._withdrawal_file(study_id).exists():
                raise InputError("REG-WITHDRAWN", "This person has withdrawn from the registry; nothing was sent.")
            version = self._newest_version(study_id) + 1
            for name, rows in _tables_of((package,)).items():
                _write(self.root / name / f"{study_id}-v{version}.parquet", _as_table(name, rows, version))
            self._delete_files(study_id, below=version)
            if sum(1 for _ in (self.root / "people").glob("*-v*.parquet")) >= _COMPACT_AT_FILES:
                self._compact()
        return version

    def submit_many(self, packages: Sequence[Package]) -> None:
        """Write people who are new to the store in one set of files (synthetic people, a first transfer)."""
        self.create()
        with self._lock(exclusive=True):
            for name, rows in _tables_of(packages).items():
                _write(self.root / name / f"part-{uuid4()}.parquet", _as_table(name, rows, _FIRST_VERSION))

    def withdraw(self, study_id: UUID) -> None:
        """Delete the person's rows and refuse new ones under this study id."""
        self.create()
        with self._lock(exclusive=True):
            _write(self._withdrawal_file(str(study_id)), pa.table({"study_id": [str(study_id)]}, schema=_WITHDRAWN))
            self._delete_files(str(study_id))
            if any((self.root / "people").glob("part-*.parquet")):
                self._compact()

    @contextmanager
    def reading(self, backend: Any = None) -> Iterator[Tables]:
        """The tables on `backend` (an in-process DuckDB if none is given), unchanged for the length of the block."""
        with self._lock(exclusive=False):
            yield self._tables(backend or ibis.duckdb.connect())

    def _tables(self, backend: Any) -> Tables:
        raw = {name: backend.read_parquet(str(self.root / name / "*.parquet")) for name in (*_SCHEMAS, "withdrawn")}
        newest = raw["people"].group_by("study_id").aggregate(version=raw["people"].version.max())
        current = newest.anti_join(raw["withdrawn"], "study_id")
        return Tables(**{name: raw[name].semi_join(current, ["study_id", "version"]) for name in _SCHEMAS})

    def _compact(self) -> None:
        """One set of files instead of many; withdrawn and superseded rows are gone from it."""
        tables = self._tables(ibis.duckdb.connect())
        old = [path for name in _SCHEMAS for path in (self.root / name).glob("*.parquet") if path.stem != "empty"]
        whole = {name: getattr(tables, name).to_pyarrow().cast(schema) for name, schema in _SCHEMAS.items()}
        part = f"part-{uuid4()}.parquet"
        for name, table in whole.items():
            _write(self.root / name / part, table)
        for path in old:
            path.unlink()

    def _newest_version(self, study_id: str) -> int:
        names = (_PERSON_FILE.fullmatch(path.name) for path in (self.root / "people").glob(f"{study_id}-v*.parquet"))
        versions = [int(name["version"]) for name in names if name]
        for part in (self.root / "people").glob("part-*.parquet"):
            found = pq.read_table(part, columns=["version"], filters=[("study_id", "=", study_id)])
            versions.extend(found.column("version").to_pylist())
        return max(versions, default=_FIRST_VERSION - 1)

    def _delete_files(self, study_id: str, below: int | None = None) -> None:
        for name in _SCHEMAS:
            for path in (self.root / name).glob(f"{study_id}-v*.parquet"):
                match = _PERSON_FILE.fullmatch(path.name)
                if match and (below is None or int(match["version"]) < below):
                    path.unlink()

    def _withdrawal_file(self, study_id: str) -> Path:
        return self.root / "withdrawn" / f"{study_id}.parquet"

    def _lock(self, *, exclusive: bool) -> Any:
        return locked(self.root / "store.lock", exclusive=exclusive)


def _tables_of(packages: Sequence[Package]) -> dict[str, list[msgspec.Struct]]:
    """In the order of writing: people last."""
    return {
        "sessions": [row for package in packages for row in package.sessions],
        "scores": [row for package in packages for row in package.scores],
        "people": [package.person for package in packages],
    }


def _as_table(name: str, rows: Sequence[msgspec.Struct], version: int) -> pa.Table:
    columns = [msgspec.structs.asdict(row) | {"version": version} for row in rows]
    return pa.Table.from_pylist(columns, schema=_SCHEMAS[name])


def _write(path: Path, table: pa.Table) -> None:
    """Write beside the place, then rename: a reader sees the whole file or none."""
    draft = path.with_name(f".{path.name}.{uuid4()}")
    pq.write_table(table, draft, compression="zstd")
    os.utime(draft, (_NO_TIME, _NO_TIME))
    draft.replace(path)
