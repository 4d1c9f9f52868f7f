"""Go/no-go and discharge, just inside and outside each limit (rows GO-* and DIS-*, with sources in the knowledge)."""

import pytest
from tests.domain.session.session_story import DOCTOR, LIMITS, Story, at, opened

from reprieve.domain.session import events as ev
from reprieve.domain.session.checklist import Outcome, checklist, pressure_outcome
from reprieve.domain.session.discharge import discharge_gate
from reprieve.domain.session.resting import RestingPressure


def gate(story, minutes=9):
    return checklist(story.state, LIMITS.checklist, now_at=at(minutes))


def outcome(story, item, minutes=9):
    return gate(story, minutes).item(item).outcome.value


@pytest.mark.parametrize(
    ("systolic", "diastolic", "expected"),
    [
        (90, 70, "GO"), (89, 70, "NO_GO"), (140, 90, "GO"), (141, 80, "HOLD"), (159, 99, "HOLD"), (120, 91, "HOLD"),
        (160, 80, "RECHECK"), (120, 100, "RECHECK"), (179, 109, "RECHECK"), (180, 80, "NO_GO"), (150, 110, "NO_GO"),
        (100, 50, "GO"), (100, 49, "HOLD"), (100, 40, "HOLD"), (100, 39, "NO_GO"),
    ],
)  # fmt: skip
def test_resting_pressure(systolic, diastolic, expected):
    pressure = RestingPressure(systolic_mmhg=systolic, diastolic_mmhg=diastolic, at=at(0), readings=2, is_complete=True)
    assert pressure_outcome(pressure, LIMITS.checklist).value == expected


@pytest.mark.parametrize(
    ("values", "item", "expected"),
    [
        ({"heart_rate_per_min": 50}, "GO-HR", "GO"), ({"heart_rate_per_min": 49}, "GO-HR", "NO_GO"),
        ({"heart_rate_per_min": 100}, "GO-HR", "GO"), ({"heart_rate_per_min": 101}, "GO-HR", "HOLD"),
        ({"heart_rate_per_min": 121}, "GO-HR", "NO_GO"),
        ({"spo2_percent": 94}, "GO-SPO2", "GO"), ({"spo2_percent": 93}, "GO-SPO2", "HOLD"),
        ({"spo2_percent": 91}, "GO-SPO2", "NO_GO"),
        ({"respiratory_rate_per_min": 25}, "GO-RR", "GO"), ({"respiratory_rate_per_min": 26}, "GO-RR", "HOLD"),
        ({"respiratory_rate_per_min": 31}, "GO-RR", "NO_GO"), ({"respiratory_rate_per_min": 9}, "GO-RR", "NO_GO"),
        ({"temperature_cel": 37.7}, "GO-TEMP", "GO"), ({"temperature_cel": 37.8}, "GO-TEMP", "HOLD"),
        ({"temperature_cel": 38.5}, "GO-TEMP", "NO_GO"),
        ({"weight_kg": 83.9}, "GO-ORDER", "GO"), ({"weight_kg": 84}, "GO-ORDER", "HOLD"),
    ],
)  # fmt: skip
def test_resting_values(values, item, expected):
    assert outcome(Story().rest(**values), item) == expected


def test_unknown_is_not_go():
    found = gate(Story())
    assert found.outcome is Outcome.UNKNOWN
    assert {item.outcome for item in found.items} == {Outcome.UNKNOWN}
    assert not found.may_start


def test_one_reading_is_not_a_resting_pressure():
    story = Story().rest((120, 75), minutes=(1,))
    item = gate(story).item("GO-BP")
    assert (item.outcome, item.needs_second_reading) == (Outcome.UNKNOWN, True)
    assert outcome(Story().rest(minutes=(1, 5.4)), "GO-BP") == "UNKNOWN"
    assert outcome(Story().rest(minutes=(1, 5.5)), "GO-BP") == "GO"


def test_s_01_a_recheck_after_treatment_is_held_and_may_go_ahead_with_a_note():
    """Vignette S-01: 168/98, recheck 156/96 after 20 min."""
    story = Story().rest((168, 98), (168, 98), (156, 96), (156, 96), minutes=(1, 6, 26, 31)).answers(32).attested(32)
    assert outcome(story, "GO-BP", 7) == "HOLD"
    assert gate(story, 33).outcome is Outcome.HOLD
    assert not gate(story, 33).may_start
    story.say(ev.HoldAccepted(reason="mean 156/96 after rest"), 33, by=DOCTOR)
    assert gate(story, 34).may_start


def test_s_01_before_the_recheck_nobody_may_accept():
    story = Story().rest((168, 98), (168, 98)).answers().attested()
    story.say(ev.HoldAccepted(reason="please"), 8, by=DOCTOR)
    assert gate(story).outcome is Outcome.RECHECK
    assert not gate(story).may_start


def test_s_02_a_severe_pressure_is_no_go():
    """Vignette S-02: 184/104 twice."""
    assert gate(Story().rest((184, 104), (184, 104)).answers().attested()).outcome is Outcome.NO_GO


def test_a_complete_checklist_goes():
    story = Story().rest().answers().attested()
    assert gate(story).may_start
    assert gate(story, 36).may_start
    assert gate(story, 36.1).item("GO-BP").is_stale
    assert not gate(story, 36.1).may_start


def test_a_decision_covers_only_what_was_held_then():
    story = Story().rest().answers(GO_LUTS=ev.Answer.HOLD).attested()
    story.say(ev.HoldAccepted(reason="mild"), 8.5, by=DOCTOR)
    assert gate(story).may_start
    story.say(ev.ChecklistItemRecorded(item="GO-SUBST", answer=ev.Answer.HOLD), 8.8)
    assert not gate(story).may_start


# discharge: started at 10, stopped at 50


def recovered(first=None, **changed):
    story = Story(first).started().stopped(residual_ml=0)
    values = {"systolic": (128, 126), "spo2": 98, "rr": 14, "moaas": 5, "dissociation": 0, "nausea": 0, **changed}
    for minute, systolic in zip((90, 105), values["systolic"], strict=True):
        story.vitals(minute, systolic_mmhg=systolic, diastolic_mmhg=78, spo2_percent=values["spo2"],
                     respiratory_rate_per_min=values["rr"])  # fmt: skip
    story.say(ev.SedationScored(moaas=values["moaas"]), 105)
    story.say(ev.DissociationScored(score=values["dissociation"]), 105)
    story.say(ev.NauseaScored(score=values["nausea"]), 105)
    story.say(ev.DischargeCriterionRecorded(criterion="DIS-ALD", met=True, number=values.get("aldrete", 9)), 106)
    for criterion in ("DIS-SED", "DIS-GAIT", "DIS-SI", "DIS-ESC", "DIS-INST", "DIS-IV"):
        story.say(ev.DischargeCriterionRecorded(criterion=criterion, met=True), 106)
    return story


def blocking(story, minutes=110):
    return discharge_gate(story.state, LIMITS.discharge, now_at=at(minutes)).blocking


def test_all_criteria_met():
    assert blocking(recovered()) == ()


def test_sixty_minutes_after_the_end():
    assert blocking(recovered(), 109.9) == ("DIS-TIME-IV",)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"systolic": (140, 140)}, ()), ({"systolic": (144, 144)}, ()), ({"systolic": (145, 145)}, ("DIS-BP",)),
        ({"systolic": (125, 135)}, ()), ({"systolic": (124, 135)}, ("DIS-BP",)),
        ({"spo2": 92}, ()), ({"spo2": 91}, ("DIS-SPO2",)), ({"rr": 26}, ("DIS-SPO2",)),
        ({"moaas": 4}, ("DIS-SED",)), ({"dissociation": 1}, ()), ({"dissociation": 2}, ("DIS-DISS",)),
        ({"nausea": 3}, ()), ({"nausea": 4}, ("DIS-NAUS",)),
        ({"aldrete": 8}, ("DIS-ALD",)), ({"aldrete": None}, ("DIS-ALD",)),
    ],
)  # fmt: skip
def test_each_criterion(changed, expected):
    assert blocking(recovered(**changed)) == expected


def test_before_the_end_all_is_unknown():
    found = discharge_gate(Story().started().state, LIMITS.discharge, now_at=at(20))
    assert {criterion.met for criterion in found.criteria} == {None}


def test_old_values_say_nothing():
    assert set(blocking(recovered(), 140)) == {"DIS-BP", "DIS-SPO2", "DIS-SED", "DIS-DISS", "DIS-NAUS"}


def test_scored_but_not_asked_about_orientation():
    story = Story().started().stopped(residual_ml=0)
    story.say(ev.SedationScored(moaas=5), 105)
    found = discharge_gate(story.state, LIMITS.discharge, now_at=at(110))
    assert next(criterion.met for criterion in found.criteria if criterion.id == "DIS-SED") is None


def test_dissociation_as_before_the_infusion_is_gone():
    story = Story()
    story.say(ev.DissociationScored(score=2), 5)
    story.rest().answers().attested()
    story.say(ev.InfusionStarted(rate_ml_per_h=90), 10)
    story.stopped(residual_ml=0)
    story.say(ev.DissociationScored(score=3), 105)
    found = discharge_gate(story.state, LIMITS.discharge, now_at=at(110))
    assert next(criterion.met for criterion in found.criteria if criterion.id == "DIS-DISS") is True


def test_vomiting_needs_a_quarter_of_an_hour():
    story = recovered()
    story.say(ev.NauseaScored(score=1, vomited=True), 106)
    assert blocking(story, 120.9) == ("DIS-NAUS",)
    assert blocking(story, 121) == ()


@pytest.mark.parametrize("kind", ["benzodiazepine", "opioid", "antihypertensive_iv"])
def test_a_rescue_medicine_lengthens_observation(kind):
    story = recovered()
    story.say(ev.RescueGiven(kind=ev.RescueKind(kind), medicine="as ordered", reason="distress"), 60)
    assert blocking(story, 119) == ("DIS-TIME-EXTRA",)


def test_an_antiemetic_does_not():
    story = recovered()
    story.say(ev.RescueGiven(kind=ev.RescueKind.ANTIEMETIC, medicine="ondansetron 4 mg", reason="nausea"), 60)
    assert blocking(story, 119) == ()


def test_deep_sedation_and_the_liver_lengthen_it_too():
    story = recovered()
    story.say(ev.SedationScored(moaas=3), 30)
    assert blocking(story, 119) == ("DIS-TIME-EXTRA",)
    liver = recovered(opened(child_pugh_b=True))
    times = discharge_gate(liver.state, LIMITS.discharge, now_at=at(119)).criteria[1]
    assert times.ready_at == at(50 + 180)


def test_an_override_lets_go_and_shows_what_it_overrode():
    story = recovered()
    story.say(ev.DischargeCriterionOverridden(criterion="DIS-TIME-IV", reason="escort has to go"), 107, by=DOCTOR)
    found = discharge_gate(story.state, LIMITS.discharge, now_at=at(108))
    assert found.may_release
    assert (found.criteria[0].met, found.criteria[0].override.by_id) == (False, DOCTOR)


def test_the_last_value_that_was_taken_counts():
    story = Story()
    story.say(ev.BaselineTaken(weight_kg=80), 0.5)
    assert gate(story).item("GO-BP").outcome is Outcome.UNKNOWN
    story.rest(weight_kg=None)
    assert gate(story).item("GO-ORDER").values == (80, 80)
