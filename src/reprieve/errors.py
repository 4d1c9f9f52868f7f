"""The one tree of exceptions that cross an edge of the program.

    ReprieveError
    ├── InputError        something a person or a machine handed us cannot be used; says which code, what and where
    └── SetupError        the machine or its settings stop us; says the remedy

Bugs are not here: they are built-in exceptions and are meant to crash. A clinical refusal or a missing
fact is not here either: it is a returned value (see `reprieve.domain.quantities.findings`).
"""


class ReprieveError(Exception):
    """Root of every expected failure; shown to people without a traceback."""


class InputError(ReprieveError):
    """Input that cannot be used.

    `code` is stable and searchable (`FHIR-JSON`), `sentence` is one plain sentence, `where` is the path inside
    the document (`entry[3].resource.code`) or empty when the whole input is meant.
    """

    def __init__(self, code: str, sentence: str, *, where: str = "") -> None:
        self.code = code
        self.sentence = sentence
        self.where = where
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f" (at {self.where})" if self.where else ""
        return f"{self.code}: {self.sentence}{place}"


class SetupError(ReprieveError):
    """The environment stops the program; `remedy` is what the person should do."""

    def __init__(self, code: str, sentence: str, *, remedy: str) -> None:
        self.code = code
        self.sentence = sentence
        self.remedy = remedy
        super().__init__(f"{code}: {sentence} {remedy}")
