"""The way forward in a real browser: asked on a phone, "not yet" with a plan, the plan done, decided anew, written."""

import re

import line_candidacy as candidacy
import pytest
from line_people import Line, line_of
from playwright.sync_api import Page, expect

PATIENT = "Rahman, Nadia"
MEASURED = {"Systolic blood pressure": "118", "Diastolic blood pressure": "74", "SpO2 at rest on room air": "98"}
DANGER = ("thoughts of killing yourself", "intention to act")


@pytest.fixture
def line(clinic, open_page, look) -> Line:
    return line_of(clinic, open_page, look, name=PATIENT)


def test_the_way_from_not_yet_to_a_treatment(line, complaints):
    the_desk_sends_a_self_check(line)
    the_nurse_asks_the_rest(line)
    the_answer_is_not_yet_with_a_plan(line)
    the_steps_are_closed(line)
    the_new_decision_is_written_to_the_referrer(line)
    assert complaints == []


def test_a_stranger_in_danger_sees_a_person_to_call_first(clinic, open_page, look, complaints):
    phone = open_page(size="390")
    phone.goto(clinic.url + "/self-check")
    look(phone, "self-check")
    answer_all(phone, yes=DANGER)
    danger = phone.get_by_role("alert")
    expect(danger).to_contain_text("Please talk with somebody now")
    expect(danger.get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    look(phone, "self-check-danger")
    assert complaints == []


def the_desk_sends_a_self_check(line: Line) -> None:
    """The link is shown once; the patient opens it without signing in."""
    page = line.desk
    page.goto(f"{line.clinic.url}/patients/?q=Rahman")
    page.get_by_role("link", name=PATIENT).click()
    line.patient_url = page.url
    page.get_by_role("button", name="Send self-check link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    phone = line.open_page(size="390")
    phone.goto(link)
    answer_all(phone)
    expect(phone.get_by_role("heading", name="Likely worth a first visit")).to_be_visible()
    line.look(phone, "self-check-result")
    phone.goto(link)
    expect(phone.get_by_role("heading", name=re.compile("used|answered"))).to_be_visible()
    phone.close()


def answer_all(phone: Page, *, yes: tuple[str, ...] = ()) -> None:
    """For depression, and every question with no, but for those named."""
    phone.get_by_role("group", name="What would it be for?").get_by_label("Depression", exact=True).check()
    phone.get_by_role("textbox").or_(phone.get_by_role("spinbutton")).first.fill("40")
    for question in phone.get_by_role("group").filter(has_not_text="What would it be for?").all():
        word = "Yes" if any(part in question.inner_text() for part in yes) else "No"
        question.get_by_label(word, exact=True).check()
    phone.get_by_role("button", name="See the answer").click()


def the_nurse_asks_the_rest(line: Line) -> None:
    """Everything but the second trial, which was far below its dose."""
    line.nurse.goto(f"{line.patient_url}/intake")
    candidacy.answer_everything(line.nurse)
    tell(line, second_dose_mg="37.5")


def tell(line: Line, *, second_dose_mg: str, measured: dict[str, str] | None = None) -> None:
    """The dose of the second trial, and numbers by their label."""
    page = line.nurse
    page.goto(f"{line.patient_url}/intake")
    candidacy.open_all(page)
    page.get_by_label("mg a day").and_(page.locator("#trials input")).nth(1).fill(second_dose_mg)
    for label, number in (measured or {}).items():
        page.get_by_label(label).fill(number)
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("status")).to_be_visible()


def the_answer_is_not_yet_with_a_plan(line: Line) -> None:
    """The plan says what to do about the trial; signed, its steps are work with owner and day."""
    page = line.prescriber
    page.goto(f"{line.patient_url}/candidacy")
    candidacy.assess(page)
    expect(page.get_by_role("heading", name="Not yet", exact=True)).to_be_visible()
    plan = page.get_by_role("region", name="From not yet to yes")
    expect(plan).to_contain_text("Look at each trial")
    page.get_by_role("button", name="Sign this decision").click()
    expect(plan.get_by_text("Close the step").first).to_be_visible()
    line.look(page, "decision-plan")


def the_steps_are_closed(line: Line) -> None:
    """On the worklist, each with a note and a name."""
    page = line.nurse
    page.goto(f"{line.clinic.url}/tasks")
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=PATIENT))
    expect(rows.first).to_be_visible()
    line.look(page, "tasks-plan")
    while rows.count():
        left = rows.count()
        rows.first.get_by_text("Close the step").click()
        rows.first.get_by_label("What came of it").fill("Done; venlafaxine was 225 mg by the pharmacy record.")
        rows.first.get_by_role("button", name="Close with this note").click()
        expect(rows).to_have_count(left - 1)


def the_new_decision_is_written_to_the_referrer(line: Line) -> None:
    tell(line, second_dose_mg="225", measured=MEASURED)
    page = line.prescriber
    page.goto(f"{line.patient_url}/candidacy")
    candidacy.assess(page)
    expect(page.get_by_role("heading", name="Candidate")).to_be_visible()
    page.get_by_role("button", name="Sign this decision").click()
    link = page.get_by_role("link", name="Letter to the referrer")
    paper = page.request.get(line.clinic.url + link.get_attribute("href"))
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF")
