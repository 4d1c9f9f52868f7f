"""Ways past the discharge gate and into an alarm that nobody meant to leave open."""

from tests.domain.session.session_story import LIMITS, Story, at
from tests.domain.session.test_gates_vignettes import blocking, recovered

from reprieve.domain.session import events as ev
from reprieve.domain.session.discharge import discharge_gate


def test_vomiting_noted_as_an_event_keeps_the_patient_too():
    story = recovered()
    story.say(ev.AdverseEventObserved(term="AE-VOM", grade=1), 106)
    assert blocking(story, 120.9) == ("DIS-NAUS",)
    assert blocking(story, 121) == ()


def test_suicidal_ideation_seen_after_the_answer_is_asked_about_anew():
    story = recovered()
    story.say(ev.AdverseEventObserved(term="ALM-SI", grade=3), 109)
    assert blocking(story) == ("DIS-SI",)
    story.say(ev.DischargeCriterionRecorded(criterion="DIS-SI", met=True, note="emergency path followed"), 109.5)
    assert blocking(story) == ()


def test_a_rescue_medicine_given_late_has_its_own_hour():
    story = recovered()
    story.say(ev.RescueGiven(kind=ev.RescueKind.BENZODIAZEPINE, medicine="midazolam 1 mg IV", reason="panic"), 115)
    waits = discharge_gate(story.state, LIMITS.discharge, now_at=at(120)).criteria[1]
    # ALM-DIST: observe 60 min longer. 115 + 60 is later than the end at 50 and 120 more
    assert (waits.id, waits.met, waits.ready_at) == ("DIS-TIME-EXTRA", False, at(175))


def test_a_rescue_during_the_infusion_says_nothing_before_the_end():
    story = Story().started()
    story.say(ev.RescueGiven(kind=ev.RescueKind.OPIOID, medicine="as ordered", reason="pain"), 20)
    waits = discharge_gate(story.state, LIMITS.discharge, now_at=at(30)).criteria[1]
    assert (waits.id, waits.met) == ("DIS-TIME-EXTRA", None)


def test_exactly_180_does_not_confirm_a_pressure_above_180():
    story = Story().started()
    story.pressure(20, 185)
    story.pressure(25, 180)
    assert ("ALM-BP-2", "STOP", "pending") in story.alarms()
    story.pressure(26, 181)
    assert ("ALM-BP-2", "STOP", "active") in story.alarms()
