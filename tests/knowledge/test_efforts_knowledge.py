"""Who takes the next step, and by when, is data with a source."""

import pytest

from reprieve.domain.candidacy.efforts import EffortPolicy, Owner
from reprieve.domain.candidacy.facts import Effort
from reprieve.domain.quantities.sources import Confidence
from reprieve.knowledge import efforts
from reprieve.knowledge.candidacy import fact_definitions
from reprieve.knowledge.schema import KnowledgeError

WITHIN = {"value": 7, "unit": "d", "source": ["SITE-POLICY"], "confidence": "policy"}


def test_every_effort_has_an_owner_and_a_time():
    policies = efforts.effort_policies()
    assert list(policies) == list(Effort)
    assert policies[Effort.ASK].owner is Owner.NURSE
    assert policies[Effort.TREAT].within_days == 28
    assert all(policy.source.confidence is Confidence.POLICY for policy in policies.values())
    days = [policies[effort].within_days for effort in (Effort.ASK, Effort.MEASURE, Effort.TEST, Effort.TREAT)]
    assert days == sorted(days)


def test_weeks_are_read_as_days():
    policy = efforts.read_policy({"owner": "referrer", "within": {**WITHIN, "value": 2, "unit": "wk"}}, "here")
    assert policy == EffortPolicy(owner=Owner.REFERRER, within_days=14, source=policy.source)


@pytest.mark.parametrize("table", [{"owner": "nobody", "within": WITHIN},
                                   {"owner": "nurse", "within": {**WITHIN, "value": -1}}])  # fmt: skip
def test_a_policy_that_cannot_be(table):
    with pytest.raises(KnowledgeError, match="here"):
        efforts.read_policy(table, "here")


def test_every_effort_is_needed(monkeypatch):
    monkeypatch.setattr(efforts, "read_toml", lambda _: {"ask": {}})
    with pytest.raises(KnowledgeError, match="needs exactly ask, measure, test, wait, treat"):
        efforts.effort_policies.__wrapped__()


def test_what_changes_a_finding():
    facts = fact_definitions()
    assert facts["months_since_stroke"].changed_by is Effort.WAIT
    assert facts["ymrs"].changed_by is Effort.TREAT
    assert facts["age_years"].changed_by is None
