"""The whole line in a real browser: front desk, prescriber, two nurses and the patient, from a file to a fallen score.

Every page is looked at in three widths (`look`): a picture each, no serious axe finding, nothing wider than the page.
"""

import line_afterwards as afterwards
import line_candidacy as candidacy
import line_discharge as discharge
import line_infusion as infusion
import line_order as order
import line_record as record
import line_score as score
import pytest
from line_people import Line, line_of


@pytest.fixture
def line(clinic, open_page, look) -> Line:
    return line_of(clinic, open_page, look)


def test_the_thin_line(line, complaints):
    # given a record that the desk imports, and consents
    record.a_stranger_sees_the_sign_in(line)
    record.a_broken_file_is_refused(line)
    record.the_record_is_imported(line)
    record.consents_are_recorded(line)

    # when the rules have been read over chart and intake, they permit a course
    candidacy.the_record_alone_is_not_enough(line)
    score.the_baseline_is_answered_at_home(line)
    candidacy.the_intake_is_answered(line)
    candidacy.the_prescriber_decides(line)

    # and a dose is ordered, and checked by somebody who has not seen it
    order.a_course_is_planned(line)
    order.the_dose_is_ordered(line)
    order.a_second_nurse_checks_blind(line)

    # and it is given under a monitor
    infusion.the_session_is_opened(line)
    infusion.the_checklist_is_answered(line)
    infusion.two_people_match_patient_and_bag(line)
    infusion.the_infusion_starts(line)
    with infusion.monitor(line):
        infusion.the_monitor_fills_the_record(line)
        infusion.scores_are_one_tap(line)
        infusion.a_pressure_over_the_limit_is_answered(line)
        infusion.the_record_is_seen(line)
        infusion.the_pump_is_followed(line)
        discharge.she_recovers(line)

    # then she goes home by the gate, and the record is closed and proven
    discharge.the_gate_names_what_is_open(line)
    discharge.the_prescriber_overrides_the_hour(line)
    discharge.she_leaves_with_somebody(line)
    discharge.the_record_is_signed(line)
    discharge.the_paper_is_printed(line)
    discharge.every_chain_holds(line)

    # and the score answers, with somebody who reads it
    score.the_score_falls_and_item_9_is_told(line)
    score.a_person_closes_the_task(line)
    score.the_trend_shows_the_fall(line)

    # and the evidence keeps what it may, and nobody sees what is not theirs
    afterwards.the_registry_has_it(line)
    afterwards.the_quarantine_is_a_page(line)
    afterwards.another_clinic_finds_nothing(line)
    afterwards.a_patient_sees_only_the_own_page(line)
    assert complaints == []
