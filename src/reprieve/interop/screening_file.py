"""A file to be screened: a facts file, or a FHIR bundle or NDJSON of one person, plain or gzipped."""

from datetime import date

from reprieve.domain.candidacy.case import Case
from reprieve.interop.facts_file import FactsFile, read_facts_file
from reprieve.interop.fhir.bundle import read_chart_only

ENDINGS = (".toml", ".json", ".ndjson", ".json.gz", ".ndjson.gz")
TABLE_ENDINGS = (".csv", ".parquet")
_GZIP_MAGIC = b"\x1f\x8b"
_BUNDLE_ENDINGS = (".json", ".ndjson", ".gz")


def read_screening_file(content: bytes, *, name: str, on: date) -> FactsFile:
    """The case in a file; `on` is the day of the answer where the file names none.

    A bundle names neither route nor indication. It is known by its first byte, or else by the ending of its name.
    Raises: InputError FACTS-... or FHIR-... with the place inside the file.
    """
    if _is_bundle(content, name):
        return FactsFile(case=Case(on=on, chart=read_chart_only(content)))
    return read_facts_file(content, on=on)


def _is_bundle(content: bytes, name: str) -> bool:
    start = content[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"{", _GZIP_MAGIC)) or name.lower().endswith(_BUNDLE_ENDINGS)
