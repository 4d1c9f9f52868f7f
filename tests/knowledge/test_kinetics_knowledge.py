"""The kinetic model file is read strictly: a missing number, a wrong unit or no source stops the program."""

from copy import deepcopy
from decimal import Decimal

import pytest

from reprieve.domain.quantities.units import IncompatibleUnits
from reprieve.knowledge.racemic import load_k2s, racemic_model
from reprieve.knowledge.loader import read_toml
from reprieve.knowledge.schema import KnowledgeError
from reprieve.knowledge.values import decimal

K2S = read_toml("racemic/k2s.toml")


def test_k2s_carries_its_sources():
    model = load_k2s()
    assert model.id == "k2s"
    assert model.source.keys[0] == "KAMP20"
    assert len(model.source.keys) == len(set(model.source.keys))


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (None, KnowledgeError),
        ({"value": "25", "unit": "L", "source": ["KAMP20"], "confidence": "verified"}, KnowledgeError),
        ({"value": 25, "unit": "kg", "source": ["KAMP20"], "confidence": "verified"}, IncompatibleUnits),
        ({"value": 25, "unit": "L", "confidence": "verified"}, KnowledgeError),
    ],
)
def test_bad_values_stop_the_program(entry, error):
    document = deepcopy(dict(K2S))
    document["disposition"]["v1"] = entry
    with pytest.raises(error):
        racemic_model(document)


def test_amounts_are_read_as_the_decimal_in_the_file():
    table = {"limit": {"value": 0.75, "unit": "mg/kg", "source": ["FAVA18"], "confidence": "policy"}}
    assert decimal(table, "limit", unit="mg/kg", where="limits") == Decimal("0.75")
