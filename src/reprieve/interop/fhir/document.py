"""From bytes to the resources of a document: plain or gzipped, a Bundle or NDJSON (one resource a line).

Only the shell of the document is decoded here; each resource stays raw until somebody wants it, so the thousands that
nobody reads (claims, encounters) cost no more than a scan.
"""

import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from reprieve.errors import InputError
from reprieve.interop.fhir.datatypes import Element

DEFAULT_LIMIT_BYTES = 512 * 1024 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LEADING_TYPE = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_NOT_UTF8 = "The file is not UTF-8 text, so it is not FHIR JSON."


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One resource before decoding, with the path that error messages name."""

    path: str
    full_url: str
    resource_type: str
    content: msgspec.Raw


class _TypeOnly(Element, frozen=True):
    resource_type: str = ""


class _BundleEntry(Element, frozen=True):
    full_url: str = ""
    resource: msgspec.Raw = msgspec.Raw(b"")


class _Bundle(Element, frozen=True):
    resource_type: str = ""
    entry: tuple[_BundleEntry, ...] = ()


_type_only = msgspec.json.Decoder(_TypeOnly)
_bundle = msgspec.json.Decoder(_Bundle)


def unpack(content: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> bytes:
    """The JSON of a file that may be gzipped; decompression stops at the limit.

    Raises: InputError FHIR-TOO-LARGE, FHIR-GZIP.
    """
    if content.startswith(_GZIP_MAGIC):
        content = _gunzip(content, limit_bytes)
    if len(content) > limit_bytes:
        raise _too_large(limit_bytes)
    return content.removeprefix(_BYTE_ORDER_MARK)


def entries_of(content: bytes) -> list[RawEntry]:
    """Every resource of a Bundle or of NDJSON lines, in order.

    Raises: InputError FHIR-JSON with the position, FHIR-NOT-BUNDLE, FHIR-ENTRY with the path.
    """
    if b"\\u0000" in content and _NUL.search(content):
        raise InputError("FHIR-JSON", "The file holds a NUL character, which FHIR forbids.")
    if _is_ndjson(content):
        return list(_lines(content))
    return list(_bundle_entries(content))


def decode_failure(problem: msgspec.DecodeError | RecursionError, path: str) -> InputError:
    """The sentence for a resource that does not have the shape FHIR gives it, with the path inside the document."""
    what, _, where = str(problem).partition(" - at `$")
    return InputError(
        "FHIR-ENTRY", f"This part is not as FHIR R4 defines it: {_lower(what)}.", where=(path + where[:-1]).lstrip(".")
    )


def _gunzip(content: bytes, limit_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while content:
        member = zlib.decompressobj(wbits=31)
        try:
            part = member.decompress(content, limit_bytes - size + 1)
        except zlib.error:
            raise InputError("FHIR-GZIP", "The compressed file is damaged and cannot be unpacked.") from None
        size += len(part)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        if not member.eof:
            raise InputError("FHIR-GZIP", "The compressed file ends in the middle.")
        parts.append(part)
        content = member.unused_data
    return b"".join(parts)


def _too_large(limit_bytes: int) -> InputError:
    megabytes = limit_bytes // (1024 * 1024)
    return InputError("FHIR-TOO-LARGE", f"The file is larger than the {megabytes} MB that are read at once.")


def _is_ndjson(content: bytes) -> bool:
    first, separator, rest = content.lstrip().partition(b"\n")
    if not separator or not rest.strip() or not first.rstrip().endswith(b"}"):
        return False
    try:
        return _type_only.decode(first).resource_type not in {"", "Bundle"}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _lines(content: bytes) -> Iterator[RawEntry]:
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            path = f"line[{number}]"
            kind = _peeked(line, path, code="FHIR-JSON", sentence="This line is not complete JSON.")
            yield RawEntry(path, "", kind, msgspec.Raw(line))


def _bundle_entries(content: bytes) -> Iterator[RawEntry]:
    for index, entry in enumerate(_decode_bundle(content).entry):
        path = f"entry[{index}].resource"
        has_resource = len(memoryview(entry.resource)) > 0
        yield RawEntry(path, entry.full_url, _peeked(entry.resource, path) if has_resource else "", entry.resource)


def _decode_bundle(content: bytes) -> _Bundle:
    if not content.strip():
        raise InputError("FHIR-JSON", "The file is empty.")
    try:
        bundle = _bundle.decode(content)
    except msgspec.ValidationError as problem:
        _require_bundle(_type_or_nothing(content))
        raise decode_failure(problem, "") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _broken_json(content) from None
    _require_bundle(bundle.resource_type)
    return bundle


def _type_or_nothing(content: bytes) -> str:
    try:
        return _type_only.decode(content).resource_type
    except msgspec.ValidationError:
        return ""
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _broken_json(content) from None


def _require_bundle(kind: str) -> None:
    if kind != "Bundle":
        named = f"a {kind}" if kind else "something else"
        raise InputError("FHIR-NOT-BUNDLE", f"The file is not a FHIR Bundle but {named}.", where="resourceType")


def _peeked(resource: msgspec.Raw | bytes, path: str, *, code: str = "FHIR-ENTRY", sentence: str = "") -> str:
    leading = _LEADING_TYPE.match(resource)
    if leading:
        return leading[1].decode()
    try:
        kind = _type_only.decode(resource).resource_type
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise InputError(code, sentence or "This is not a FHIR resource.", where=path) from None
    if not kind:
        raise InputError("FHIR-ENTRY", "This resource does not say what it is (resourceType).", where=path)
    return kind


def _broken_json(content: bytes) -> InputError:
    """Find the byte and the entry where the text stops being JSON; slow, but only used when it has."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return InputError("FHIR-JSON", _NOT_UTF8)
    try:
        json.loads(text)
    except json.JSONDecodeError as problem:
        position = len(text[: problem.pos].encode())
        ended = position >= len(content.rstrip()) or "Unterminated" in problem.msg
        how = "ends in the middle" if ended else "is not valid JSON"
        sentence = f"The file {how}: it stops making sense at byte {position:,} of {len(content):,}."
        return InputError("FHIR-JSON", sentence, where=_entry_at(text))
    except RecursionError:
        return InputError("FHIR-JSON", "The file is nested too deeply to be a FHIR Bundle.")
    return InputError("FHIR-JSON", "The file holds something that is not JSON, such as NaN or a broken character.")


def _entry_at(text: str) -> str:
    """`entry[12]` when the entries before it are whole, else nothing."""
    opening = re.search(r'"entry"\s*:\s*\[\s*', text)
    if opening is None:
        return ""
    decoder, position, index = json.JSONDecoder(), opening.end(), 0
    separator = re.compile(r"\s*,?\s*")
    while text[position : position + 1] != "]":
        try:
            _, position = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError):
            return f"entry[{index}]"
        gap = separator.match(text, position)
        position = gap.end() if gap else position
        index += 1
    return ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
