"""`reprieve explain ID`: every id of the knowledge files explains itself, in words and as JSON."""

import json
from pathlib import Path

import pytest
from tests.cli.one_command import one_command

from reprieve.cli import explain
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.explanation import explained_ids, explanation_of


@pytest.fixture
def run():
    return one_command(explain.register, "explain")


def test_a_rule_says_when_it_fires_what_it_reads_and_where_it_comes_from(run):
    text = run("CI-HTN-SEV").stdout
    rule = next(rule for rule in load_rule_base().rules if rule.id == "CI-HTN-SEV")
    for limit in rule.limits:
        assert f"Limit {limit.name}: {limit.value:g} {limit.unit}" in text
    assert "Fires when: systolic_mmhg >=" in text and "clears by itself" in text
    assert "Reads systolic_mmhg in mm[Hg]" in text and "Confidence: " in text
    assert all(f"[{key}]" in text for key in rule.source.keys)


def test_every_id_explains_itself_in_words_and_json(run):
    for name in explained_ids():
        assert json.loads(run(name, "--json").stdout)["id"].upper() == name
        assert run(name).exit_code == 0, name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ci-htn-sev", "rule"),
        ("CI-HTN-SEV.stop", "rule"),
        ("DEF-TRD", "gate"),
        ("IND-TRD", "indication"),
        ("DDI-XAN", "rule"),
        ("RX-BZD", "drug class"),
        ("RX-RESCUE", "drug table"),
        ("MME-RULE", "drug table"),
        ("CON-01", "conflict"),
        ("FACT-06", "statement"),
        ("CONS-01", "statement"),
        ("systolic_mmhg", "fact"),
    ],
)
def test_each_kind_of_id(name, kind):
    assert explanation_of(name)["kind"] == kind


def test_every_row_of_the_pathway_can_be_explained():
    rows = (Path(__file__).parents[1] / "vignettes" / "pathway_rows.txt").read_text().split()
    assert [row for row in rows if explanation_of(row) is None] == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ATRQ-03", "sertraline (SSRI): a trial is adequate from 50 mg a day; usual are 50 to 200."),
        ("ATRQ-06", "from 50 mg a day (others: 100); usual are 50 to 200."),
        ("BEQ-05", "estazolam: 1 mg by VADOD21, 1 to 2 mg by ASHTON equal 10 mg of diazepam."),
        ("BEQ-12", "clobazam: not listed by VADOD21, 20 mg by ASHTON equal"),
        ("RX-KET", "esketamine (RxCUI not confirmed)"),
    ],
)
def test_a_row_of_a_drug_table_says_its_numbers(run, name, said):
    assert said in run(name).stdout


def test_a_conflict_shows_both_sides_and_what_is_used(run):
    text = run("CON-01").stdout
    assert "below 50%" in text and "below 25%" in text and "Used: " in text and "Why: " in text


def test_what_was_written_from_memory_is_said(run):
    recalled = next(rule.id for rule in load_rule_base().rules if rule.is_recalled)
    assert "written from memory" in run(recalled).stdout


def test_an_unknown_id_is_one_sentence_with_near_ones(run):
    problem = run("CI-HTN-SEVERE").exception
    assert problem.code == "EXPLAIN-ID" and "CI-HTN-SEV" in problem.sentence
    assert run("§").exception.sentence == "Nothing is named '§'."


def test_an_id_that_is_a_gate_and_a_rule_shows_both(run):
    both = {rule.id for rule in load_rule_base().rules} & {gate.id for gate in load_rule_base().gates}
    for name in sorted(both):
        found = explanation_of(name)
        assert found["kind"] == "gate" and found["statement"] and found["clauses"]
        assert found["clauses"][0]["statement"] in run(name).stdout
