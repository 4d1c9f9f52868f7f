"""The rule base: every rule has words, sources and facts that exist; a broken file names its place."""

import pytest

from reprieve.domain.candidacy.expression import facts_read
from reprieve.domain.candidacy.rules import Limit
from reprieve.domain.quantities.sources import Confidence, Source
from reprieve.knowledge import candidacy, chart_map
from reprieve.knowledge.expressions import ExpressionReader
from reprieve.knowledge.loader import sources
from reprieve.knowledge.schema import KnowledgeError

SOURCE = Source(keys=("SEED1",), confidence=Confidence.POLICY)
LIMITS = {"floor": Limit(name="floor", value=2, unit="mo", source=SOURCE)}


def reader():
    return ExpressionReader(candidacy.fact_definitions(), LIMITS, "here")


def test_the_named_rules_are_there():
    ids = {rule.id for rule in candidacy.load_rule_base().rules}
    assert {
        "IND-TRD", "DEF-TRD", "AGE-01", "AGE-03", "AGE-04", "AGE-05", "CI-PSY-ACT", "CI-PSY-SCZ", "CI-PSY-MDD",
        "CI-MANIA-ACT", "CI-BP1", "CI-SUD-KET", "CI-SUD-ACT", "CI-OUD", "CI-HTN-SEV", "CI-HTN-UNC", "CI-HTN-140",
        "CI-ANEUR", "CI-CARD-UNST", "CI-CARD-STAB", "CI-ICP", "CI-LIV-SEV", "CI-LFT", "CI-PREG", "CI-PREG-UNK",
        "CI-ALLERGY", "CI-CYST", "SR-01", "SR-02", "SR-03", "SR-04", "SR-05", "SR-06", "STEP-05", "DDI-XAN",
        "DDI-BZD-CNS", "DDI-BZD-8", "DDI-OPI", "DDI-OPI-HI", "DDI-LTG", "DDI-VPA-LI", "DDI-MAOI", "DDI-STIM",
        "DDI-SSRI", "DDI-NTX", "CI-CONTRA", "IND-BP2-MS",
    } <= ids  # fmt: skip


def test_every_rule_can_be_read_by_a_clinician_and_has_its_sources():
    words = candidacy.rule_words()
    for rule in candidacy.load_rule_base().rules:
        assert words[(rule.id, rule.clause)].statement.endswith(".")
        assert set(rule.source.keys) <= set(sources())
    assert len(words) == len(candidacy.load_rule_base().rules)  # no clause is written twice
    assert candidacy.gate_words().keys() == {"DEF-TRD", "DEF-CLASS", "DEF-AUG"}


def test_every_fact_is_read_or_shown_or_leads_to_another():
    base = candidacy.load_rule_base()
    used = {key for rule in base.rules for key in (*rule.reads, *rule.shows)} | {"treatment_history_complete"}
    used |= {key for gate in base.gates for key in facts_read(gate.when)}
    assert set(base.definitions) == used


def test_every_indication_says_what_it_rests_on():
    assert all(entry.evidence and entry.approval for entry in candidacy.indications().values())


@pytest.mark.parametrize(
    "text",
    [
        "pregnant or", "shoe_size", "madrs", "pregnant > floor", "madrs > nothing", "madrs == floor", "madrs > 20",
        "sud_history in ('huge',)", "sud_history in (none,)", "pregnant in ('mild',)", "len(pregnant)",
        "known(shoe_size)", "a.b", "1 < madrs < 3",
    ],
)  # fmt: skip
def test_a_broken_condition_names_its_place(text):
    with pytest.raises(KnowledgeError, match=r"^here: "):
        reader().read(text)


def test_a_limit_is_converted_to_the_unit_of_the_fact():
    limits = {"two": Limit(name="two", value=2, unit="a", source=SOURCE)}
    read = ExpressionReader(candidacy.fact_definitions(), limits, "here").read("months_since_stroke < two")
    assert read.limit == pytest.approx(24, abs=0.01)


def test_at_least_is_read():
    read = reader().read("at_least(2, pregnant, missed_period, breastfeeding)")
    assert (read.needed, len(read.parts)) == (2, 3)


RULE = {"id": "X", "severity": "INFO", "when": "pregnant", "source": ["SEED1"], "confidence": "policy"}


@pytest.mark.parametrize("change", [{"shows": ["shoe_size"]}, {"indications": ["IND-X"]}, {"source": ["NOBODY"]}])
def test_a_broken_rule_names_its_place(change):
    with pytest.raises(KnowledgeError, match=r"^file#X"):
        candidacy._rule({**RULE, **change}, candidacy.fact_definitions(), "file#X")


@pytest.mark.parametrize("change", [{"fact": "shoe_size"}, {"value": 3.0}])
def test_a_broken_implication_names_its_place(change):
    table = {"when": "not pregnant", "fact": "missed_period", "value": False, **change}
    with pytest.raises(KnowledgeError, match="implication"):
        candidacy._implication(table, candidacy.fact_definitions())


def test_a_class_of_unlisted_drugs_or_an_unknown_fact_is_refused():
    with pytest.raises(KnowledgeError, match="list of ingredients"):
        chart_map._drug_class("RX-X", {"members": ["nosuchdrug"], "fact": "taking_opioid"}, ())
    with pytest.raises(KnowledgeError, match="not a fact"):
        chart_map._drug_class("RX-X", {"members": [], "fact": "taking_sugar"}, ())


def test_a_class_of_drugs_by_a_route_that_nobody_knows_is_refused():
    with pytest.raises(KnowledgeError, match="ear"):
        chart_map._drug_class("RX-EAR", {"fact": "taking_nasal_spray", "members": [], "routes": ["ear"]}, ())
