"""The knowledge files can be read, name their sources and have one content hash."""

import pytest

from reprieve.domain.quantities.sources import Confidence
from reprieve.domain.quantities.units import UnknownUnit
from reprieve.knowledge import loader
from reprieve.knowledge.schema import KnowledgeError, read_source, read_sourced

VALUE = {"value": 160, "unit": "mm[Hg]", "source": ["SEED1"], "confidence": "policy"}


def test_every_file_is_toml_and_found():
    paths = loader.toml_paths()
    assert "sources.toml" in paths
    assert list(paths) == sorted(paths)
    for path in paths:
        assert loader.read_toml(path)


def test_the_hash_is_one_of_the_files_and_stays():
    assert len(loader.content_hash()) == 64
    loader.content_hash.cache_clear()
    before = loader.content_hash()
    loader.content_hash.cache_clear()
    assert loader.content_hash() == before


def test_every_source_has_a_citation():
    assert all(entry.citation and entry.key == key for key, entry in loader.sources().items())


def test_a_value_carries_unit_and_source():
    value = read_sourced(VALUE, "limits.systolic")
    assert value.in_unit("kPa") == pytest.approx(21.33, abs=0.01)  # 160 mmHg * 0.133322 kPa/mmHg
    assert value.source.confidence is Confidence.POLICY


def test_one_source_key_may_stand_alone():
    assert read_source({"source": "ESK-PI", "confidence": "verified"}, "x").keys == ("ESK-PI",)


@pytest.mark.parametrize(
    "change",
    [{"source": ["NOBODY99"]}, {"source": []}, {"confidence": "sure"}, {"value": "160"}, {"value": True}],
)
def test_a_broken_value_names_its_place(change):
    with pytest.raises(KnowledgeError, match=r"^limits\.systolic"):
        read_sourced({**VALUE, **change}, "limits.systolic")


def test_a_value_without_confidence_is_refused():
    with pytest.raises(KnowledgeError):
        read_source({"source": ["SEED1"]}, "x")


def test_an_unknown_unit_is_refused():
    with pytest.raises(UnknownUnit):
        read_sourced({**VALUE, "unit": "mmHg"}, "x")
