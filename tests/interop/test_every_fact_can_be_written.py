"""Whatever a rule reads can be written in a facts file."""

from datetime import date

import pytest

from reprieve.domain.candidacy.facts import FactKind
from reprieve.interop import facts_file
from reprieve.knowledge.candidacy import fact_definitions, fact_words

ON = date(2026, 3, 2)


@pytest.mark.parametrize("key", sorted(fact_definitions()))
def test_a_fact_can_be_written(key):
    definition = fact_definitions()[key]
    number, word = definition.lowest or 1, (*definition.choices, "")[0]
    value = {FactKind.BOOLEAN: True, FactKind.NUMBER: number, FactKind.CHOICE: word}[definition.kind]
    (fact,) = facts_file.case_of({"facts": {key: value}}, on=ON).case.statements
    assert (fact.key, fact.value) == (key, value)
    assert fact_words()[key].question
