"""Course, order and the blind second check."""

from datetime import datetime
from zoneinfo import ZoneInfo

from line_people import Line
from line_record import HEIGHT_CM, WEIGHT_KG
from playwright.sync_api import expect

ZONE = ZoneInfo("America/New_York")  # of the demonstration clinic
REGIMEN = "REG-IV-STD6-3W"


def a_course_is_planned(line: Line) -> None:
    page = line.prescriber
    page.goto(line.patient_url)
    page.get_by_role("link", name="Plan a course").click()
    page.get_by_label("First session").fill(f"{datetime.now(ZONE):%Y-%m-%d}")
    page.locator(f"input[value={REGIMEN}]").check()
    line.look(page, "course-plan")
    page.get_by_role("button", name="Begin this course").click()
    expect(page.get_by_role("heading", name="Session 6")).to_be_visible()
    line.course_url = page.url
    line.look(page, "course")


def the_dose_is_ordered(line: Line) -> None:
    """0.5 mg/kg of 72 kg is 36 mg; 100 mL in 40 min is 150 mL/h."""
    page = line.prescriber
    page.get_by_role("link", name="Order", exact=True).first.click()
    expect(page.get_by_label("Weight today")).to_have_value("")
    page.get_by_label("Weight today").fill("72 lb")
    expect(page.get_by_role("heading", name="Not calculated")).to_be_visible()
    page.get_by_label("Weight today").fill(f"{WEIGHT_KG}")
    page.get_by_label("Height").fill(f"{HEIGHT_CM}")
    expect(page.get_by_role("region", name="Dose", exact=True)).to_contain_text("36")
    expect(page.get_by_role("region", name="Pump")).to_contain_text("150")
    expect(page.get_by_role("img", name="Predicted ketamine concentration")).to_be_visible()
    line.look(page, "order")
    page.get_by_role("button", name="Sign 36").click()
    expect(page.get_by_text("Waits for second check")).to_be_visible()


def a_second_nurse_checks_blind(line: Line) -> None:
    """The page shows neither dose nor rate; she reads scale, vial and pump herself."""
    page = line.second_nurse
    page.goto(line.course_url)
    page.get_by_role("link", name="Second check").click()
    shown = page.get_by_role("main").inner_text()
    assert "150" not in shown, shown
    assert "36" not in shown, shown
    line.look(page, "second-check")
    page.get_by_label("Weight on the scale").fill(f"{WEIGHT_KG}")
    page.get_by_label("Strength on the vial").fill("50")
    page.get_by_label("Rate on the pump").fill("150")
    page.get_by_role("button", name="Compare with the order").click()
    expect(page.get_by_text("Both agree.").or_(page.get_by_text("Checked, ready"))).to_be_visible()
