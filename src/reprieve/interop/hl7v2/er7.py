"""The pipe-and-hat syntax of HL7 v2 (ER7): segments, fields, repetitions, components.

Written here and not taken from the `hl7` package, which is 20 times slower on a vital-signs message and would cap the
gateway at about two thousand messages a second on a core (docs/adr/0005-own-er7-reader.md); the tests hold the two
against each other.
"""

import re
from dataclasses import dataclass

from reprieve.errors import InputError

_SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CHARSETS = {
    "": "utf-8",
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "latin-1",
    "ISO8859/1": "latin-1",
    "8859/15": "iso8859-15",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delimiters:
    """The five characters a message declares in MSH-1 and MSH-2."""

    field: str
    component: str
    repetition: str
    escape: str
    subcomponent: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One line. Positions count as HL7 counts them, from 1; what is absent is the empty text."""

    name: str
    fields: tuple[str, ...]
    delimiters: Delimiters

    def field(self, position: int) -> str:
        """The raw field."""
        return self.fields[position] if position < len(self.fields) else ""

    def repetitions(self, position: int) -> list[list[str]]:
        """Each repetition of the field as its components, unescaped."""
        return [self._components(text) for text in self.field(position).split(self.delimiters.repetition)]

    def components(self, position: int) -> list[str]:
        """The components of the first repetition, unescaped."""
        return self.repetitions(position)[0]

    def component(self, position: int, number: int = 1) -> str:
        """One component of the first repetition, unescaped."""
        text = self.field(position)
        if not text:
            return ""
        components = self._components(text.partition(self.delimiters.repetition)[0])
        return components[number - 1] if number <= len(components) else ""

    def _components(self, text: str) -> list[str]:
        parts = text.split(self.delimiters.component)
        if self.delimiters.escape not in text:
            return [part.strip() for part in parts]
        return [unescape(part, self.delimiters).strip() for part in parts]


def read_segments(content: bytes) -> list[Segment]:
    """The segments of a message in order, MSH first.

    Lines may end in CR, LF or both.
    Raises: InputError HL7-MSH, HL7-CHARSET, HL7-SEGMENT.
    """
    if not content.startswith(b"MSH") or len(content) < 9:
        raise InputError("HL7-MSH", "The message does not start with an MSH segment.", where="MSH")
    header_line = content.splitlines()[0].decode("latin-1")
    delimiters = _delimiters(header_line)
    charset = header_line.split(delimiters.field)[17:18] or [""]
    text = _decode(content, charset[0].split(delimiters.repetition)[0].strip().upper())
    lines = (line for line in re.split(r"[\r\n]+", text) if line.strip())
    return [_segment(number, line, delimiters) for number, line in enumerate(lines, start=1)]


def unescape(text: str, delimiters: Delimiters) -> str:
    """Replace the escapes for the delimiters; formatting escapes are left as they stand."""
    mark = re.escape(delimiters.escape)
    meanings = {
        "F": delimiters.field,
        "S": delimiters.component,
        "T": delimiters.subcomponent,
        "R": delimiters.repetition,
        "E": delimiters.escape,
    }
    return re.sub(f"{mark}([FSTRE]){mark}", lambda match: meanings[match[1]], text)


def escape(text: str) -> str:
    """Text made safe for a field written with the usual delimiters; line breaks become blanks."""
    table = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "}
    return "".join(table.get(character, character) for character in text)


def _delimiters(header_line: str) -> Delimiters:
    marks = header_line[3:8]
    if len(set(marks)) != 5 or any(mark.isalnum() or mark.isspace() for mark in marks):
        raise InputError("HL7-MSH", "MSH-1 and MSH-2 do not name five different delimiters.", where="MSH-2")
    field, component, repetition, escape_mark, subcomponent = tuple(marks)
    return Delimiters(
        field=field, component=component, repetition=repetition, escape=escape_mark, subcomponent=subcomponent
    )


def _decode(content: bytes, charset: str) -> str:
    encoding = _CHARSETS.get(charset)
    if encoding is None:
        raise InputError("HL7-CHARSET", "The character set in MSH-18 is not one that is read here.", where="MSH-18")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        sentence = f"Byte {problem.start + 1} is not {encoding.upper()}, the character set of this message."
        raise InputError("HL7-CHARSET", sentence, where="MSH-18") from None
    if _CONTROL.search(text):
        raise InputError("HL7-CHARSET", "The message holds control characters that are no text.", where="MSH-18")
    return text


def _segment(number: int, line: str, delimiters: Delimiters) -> Segment:
    """MSH-1 is the field separator itself, so its fields count one further than in other segments."""
    fields = line.split(delimiters.field)
    name = fields[0].strip()
    if not _SEGMENT_NAME.fullmatch(name):
        raise InputError("HL7-SEGMENT", f"Segment {number} has no valid name.", where=f"segment {number}")
    if name == "MSH":
        fields.insert(1, delimiters.field)
    return Segment(name, tuple(fields), delimiters)
