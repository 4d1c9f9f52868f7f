"""The one line and the verdicts in their corner cases."""

from datetime import timedelta

import pytest
from factories import make_clinic, make_patient
from outcome_factories import FIRST_DOSE_AT as AT
from outcome_factories import make_dose, make_planned_course, make_score, total_of

from reprieve.clinic.courses.models import Course
from reprieve.clinic.outcomes.drawing import NARROW, WIDE, draw
from reprieve.clinic.outcomes.trends import trend_of
from reprieve.clinic.outcomes.wording import summary_line, verdicts

pytestmark = pytest.mark.django_db


@pytest.fixture
def patient():
    return make_patient(make_clinic())


def line_after(patient, *totals, dose=True):
    """Baseline the day before the dose, the others from 20 days after it, a week apart."""
    first, *later = totals
    make_score(patient, total_of(first), at=AT - timedelta(days=1))
    if dose:
        make_dose(make_planned_course(patient))
    for week, total in enumerate(later):
        make_score(patient, total_of(total), at=AT + timedelta(days=20 + 7 * week))
    return summary_line(trend_of(patient, at=AT + timedelta(days=60)))


def test_just_under_half_is_not_printed_as_half(patient):
    # [D] 23 -> 12 is 47.8 %; cut, never rounded up towards a limit it does not reach
    assert line_after(patient, 23, 12).startswith("Response: no, 47 % below baseline 23 on 1 Mar 2026")


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ((0, 3), "Response: not known, the baseline on 1 Mar 2026 was 0, so a percentage has no meaning"),
        ((12, 12), "Response: no, same as baseline 12 on 1 Mar 2026"),
        ((12, 15), "Response: no, 25 % above baseline 12 on 1 Mar 2026"),
        ((12,), "No score since the first dose yet; the baseline is 12 on 1 Mar 2026."),
    ],
)
def test_the_line(patient, totals, words):
    assert line_after(patient, *totals) == words


def test_without_a_dose_there_is_no_response(patient):
    assert line_after(patient, 20, 5, dose=False).startswith("No dose yet")


def test_without_a_baseline_response_cannot_be_judged(patient):
    make_score(patient, total_of(20), at=AT - timedelta(days=15))
    make_dose(make_planned_course(patient))
    make_score(patient, total_of(5), at=AT + timedelta(days=20))
    trend = trend_of(patient, at=AT + timedelta(days=21))
    assert "no complete score in the 14 days before the first dose" in summary_line(trend)
    assert verdicts(trend) == ()


def test_a_clear_worsening_is_said(patient):
    line_after(patient, 10, 17)
    found = {verdict.name: verdict for verdict in verdicts(trend_of(patient, at=AT + timedelta(days=60)))}
    assert (found["Worsening"].answer, found["Worsening"].tone) == ("yes", "stop")
    assert (found["Reliable change"].answer, found["Reliable change"].tone) == ("yes", "stop")
    assert found["Remission"].answer == "no"


def test_the_baseline_belongs_to_the_latest_course(patient):
    make_score(patient, total_of(24), at=AT - timedelta(days=1))
    first = make_planned_course(patient)
    make_dose(first)
    Course.objects.filter(pk=first.pk).update(status="completed", closed_at=AT + timedelta(days=30))
    again_at = AT + timedelta(days=200)
    make_score(patient, total_of(18), at=again_at - timedelta(days=3))
    make_dose(make_planned_course(patient, starts_on=again_at.date()), at=again_at)
    make_score(patient, total_of(9), at=again_at + timedelta(days=21))
    trend = trend_of(patient, at=again_at + timedelta(days=22))
    assert trend.baseline.total == 18
    assert trend.earlier == 1
    assert len(trend.doses) == 1


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_everything_lies_inside_the_picture(patient, frame):
    line_after(patient, 24, 0, 14)
    picture = draw(trend_of(patient, at=AT + timedelta(days=60), whole=True), frame)
    for shape in picture.shapes:
        across = [float(shape.attributes[name]) for name in ("x", "x1", "x2", "cx") if name in shape.attributes]
        down = [float(shape.attributes[name]) for name in ("y", "y1", "y2", "cy") if name in shape.attributes]
        assert all(0 <= x <= frame.width for x in across), shape
        assert all(0 <= y <= frame.height for y in down), shape
