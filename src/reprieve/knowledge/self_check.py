"""The questions of the self-check in plain words, and which of its answers are kept (S16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from reprieve.domain.candidacy.facts import FactKind, FactValue
from reprieve.knowledge.candidacy import fact_definitions, indications
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError

_FILE = "self_check/questions.toml"
Answers = Mapping[str, FactValue | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckQuestion:
    """One question; `why` a yes matters and what could `change` it are for the person who answers."""

    fact: str
    ask: str
    why: str
    change: str
    is_number: bool
    sensitive: bool = False
    talk: bool = False
    keep_only_yes: bool = False


@cache
def self_check_questions() -> Mapping[str, SelfCheckQuestion]:
    """Every question by its fact, in the order in which it is asked.

    Raises: KnowledgeError when one asks for what is no fact, or for a choice among words.
    """
    tables = read_toml(_FILE)["question"]
    definitions = fact_definitions()
    for table in tables:
        if table["fact"] not in definitions or definitions[table["fact"]].kind is FactKind.CHOICE:
            raise KnowledgeError(f"{_FILE}#{table['fact']}", "is not a fact that is a yes or no, or a number")
    questions = (
        SelfCheckQuestion(**table, is_number=definitions[table["fact"]].kind is FactKind.NUMBER) for table in tables
    )
    return MappingProxyType({question.fact: question for question in questions})


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """What treatment would be for, in the words of people; `why` and `change` where it asks for a talk by itself."""

    indication: str
    ask: str
    why: str = ""
    change: str = ""


@cache
def complaints() -> Mapping[str, Complaint]:
    """Every complaint by its indication, in the order in which it is asked.  Raises: KnowledgeError."""
    tables = read_toml(_FILE)["complaint"]
    for table in tables:
        if table["indication"] not in indications():
            raise KnowledgeError(f"{_FILE}#{table['indication']}", "is not an indication")
    return MappingProxyType({table["indication"]: Complaint(**table) for table in tables})


def screened_for() -> str:
    """The indication that is read without a complaint.  Raises: KnowledgeError when there is none of this name."""
    indication = str(read_toml(_FILE)["screened_for"])
    if indication not in indications():
        raise KnowledgeError(f"{_FILE}#screened_for", f"{indication!r} is not an indication")
    return indication


def answers_to_keep(answers: Answers) -> dict[str, FactValue]:
    """What goes into the record: no silence, and no reassurance that only a clinician's question can give (SR-01)."""
    return {
        fact: value
        for fact, value in answers.items()
        if value is not None and not (self_check_questions()[fact].keep_only_yes and value is False)
    }


def asks_for_a_talk(facts: Iterable[str]) -> bool:
    """Whether one of these, answered with yes, asks for a talk whatever the rules say."""
    return any(self_check_questions()[fact].talk for fact in facts)
