"""The published table of de-identification rules, made from the rules in force."""

from collections.abc import Iterator

from reprieve.registry.deidentify import RULES, Action, FieldRule, Table

IDENTIFIERS = {
    "A": "names",
    "B": "geography below the state, addresses",
    "C": "dates except the year; ages over 89",
    "D": "telephone numbers",
    "E": "fax numbers",
    "F": "e-mail addresses",
    "G": "social security numbers",
    "H": "medical record numbers",
    "I": "health plan numbers",
    "J": "account numbers",
    "K": "certificate and licence numbers",
    "L": "vehicle identifiers",
    "M": "device identifiers and serial numbers",
    "N": "web addresses",
    "O": "IP addresses",
    "P": "biometric identifiers, voice",
    "Q": "photographs",
    "R": "any other unique number, code or text",
}
_ESCAPED_BAR = "\\|"
_INTRODUCTION = """\
# De-identification: the rules in force

Made from `src/reprieve/registry/deidentify.py` by `reprieve registry rules`; a test fails when the two differ.

A field leaves the clinic only if it is listed here with a column name. A field that is listed nowhere is refused
and nothing is sent. The letters are the identifiers of 45 CFR 164.514(b)(2)(i). The person carries a random study id
(45 CFR 164.514(c)); the list that says who is who never leaves the clinic's database.
"""


def deidentification_table() -> str:
    """The whole page as Markdown."""
    return "\n".join([_INTRODUCTION, *_identifier_section(), *(line for table in Table for line in _section(table))])


def _identifier_section() -> Iterator[str]:
    yield "## The 18 identifiers\n"
    yield "| letter | identifier | fields it covers here |\n| --- | --- | --- |"
    for letter, meaning in IDENTIFIERS.items():
        covered = {rule.field for rules in RULES.values() for rule in rules if rule.identifier == letter}
        yield f"| {letter} | {meaning} | {', '.join(f'`{field}`' for field in sorted(covered))} |"
    yield ""


def _section(table: Table) -> Iterator[str]:
    yield f"## What leaves about a {table.value}\n"
    yield "| field in the clinic | column in the registry | rule |\n| --- | --- | --- |"
    for rule in RULES[table]:
        if rule.action is not Action.DROP:
            yield f"| `{rule.field}` | `{rule.becomes}` | {_in_words(rule)} |"
    yield ""


def _in_words(rule: FieldRule) -> str:
    listed = f": `{rule.listed.replace('|', _ESCAPED_BAR)}`" if rule.listed else ""
    letter = f" ({rule.identifier})" if rule.identifier else ""
    return f"{rule.action.value}{listed}{letter}"
