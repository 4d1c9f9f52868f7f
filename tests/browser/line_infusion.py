"""The treatment room: checklist, start, a monitor on the wire, the record that fills by itself, the stop."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from line_order import ZONE
from line_people import Line
from line_record import WEIGHT_KG
from playwright.sync_api import Locator, Page, expect

RESTING = {"Systolic": "118", "Diastolic": "74", "Heart rate": "70", "SpO₂": "98", "Breaths": "14"}


def the_session_is_opened(line: Line) -> None:
    page = line.nurse
    page.goto(line.course_url)
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("heading", name="Checklist before the start")).to_be_visible()
    line.session_url = page.url.removesuffix("/checklist")
    line.chair = re.search(r"Chair (\d+)", page.get_by_role("main").inner_text()).group(1)


def the_checklist_is_answered(line: Line) -> None:
    """Blood pressure twice, five minutes apart; every item answered; the start stays shut until two have matched."""
    page = line.nurse
    resting = page.get_by_role("region", name="Resting values")
    for minutes_ago in (9, 3):
        for label, value in {**RESTING, "Temperature": "36.6", "Weight today": f"{WEIGHT_KG}"}.items():
            resting.get_by_label(label).fill(value)
        resting.get_by_label("Taken at").fill(f"{datetime.now(ZONE) - timedelta(minutes=minutes_ago):%H:%M}")
        resting.get_by_role("button", name="Record values").click()
    answers = page.get_by_role("region", name="Asked and checked")
    for item in answers.get_by_role("group").all():
        item.get_by_label("Go", exact=True).check()
    answers.get_by_role("button", name="Record answers").click()
    expect(page.get_by_role("button", name="Infusion started")).to_have_count(0)
    line.look(page, "checklist")


def two_people_match_patient_and_bag(line: Line) -> None:
    for page in (line.nurse, line.second_nurse):
        page.goto(f"{line.session_url}/checklist")
        match = page.get_by_role("region", name="Two people match patient and bag")
        match.get_by_label("Full name").check()
        match.get_by_label("Date of birth").check()
        match.get_by_role("button", name="I matched them").click()
        expect(match.get_by_role("button", name="I matched them")).to_have_count(0)


def the_infusion_starts(line: Line) -> None:
    page = line.nurse
    page.goto(f"{line.session_url}/checklist")
    page.get_by_label("Rate set at the pump").fill("150")
    page.get_by_role("button", name="Infusion started").click()
    expect(page).to_have_url(line.session_url)
    expect(page.get_by_role("region", name="Drug and pump")).to_contain_text(re.compile(r"150\s*mL/h"))


@contextmanager
def monitor(line: Line) -> Iterator[subprocess.Popen[str]]:
    """A bedside monitor as a process of its own; its cuff measures at the start and then leaves room for the pad."""
    process = line.clinic.command(
        "simulate-monitor", "--chair", f"CHAIR-{line.chair}", "--facility", "harbor", "--port",
        str(line.clinic.gateway_port), "--speed", "10", "--minutes", "600", "--cuff-min", "90",
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=120)


def the_monitor_fills_the_record(line: Line) -> None:
    """Nobody reloads the page: pressure, pulse and saturation come by the stream, each with its age."""
    page = line.nurse
    blood_pressure = page.locator(".reading[data-latest=bp]")
    for lane in ("bp", "hr", "spo2", "rr"):
        expect(page.locator(f".reading[data-latest={lane}]")).to_contain_text(re.compile(r"\b\d+ s ago"))
    expect(blood_pressure).to_contain_text(re.compile(r"\d{3}/\d{2}"))
    level = page.get_by_role("region", name="Drug and pump").locator(".level-arterial .figure")
    expect(level).to_have_text(re.compile(r"^[1-9]\d*$"))
    expect(page.get_by_role("region", name="Drug and pump")).to_contain_text("calculated, not measured")


def scores_are_one_tap(line: Line) -> None:
    page = line.nurse
    pad = page.get_by_role("region", name="Quick pad")
    tap(pad, "Sedation", "4")
    expect(page.locator(".reading[data-latest=sedation]")).to_contain_text("4")
    tap(pad, "Dissociation", "3")
    expect(page.locator(".reading[data-latest=dissociation]")).to_contain_text("3")
    pad.get_by_label("Nausea", exact=True).first.check()
    pad.get_by_role("group", name="Event").get_by_role("button", name="1").click()
    expect(page.get_by_role("list", name="Events")).to_contain_text("Nausea")


def tap(pad: Locator, score: str, value: str) -> None:
    pad.get_by_role("group", name=score).get_by_role("button", name=value).first.click()
    written = f"{'MOAA/S' if score == 'Sedation' else score} {value}"
    expect(pad.get_by_role("status").filter(has_text=f": {written}")).to_contain_text("Recorded")


def a_pressure_over_the_limit_is_answered(line: Line) -> None:
    """186/112 by the cuff: the alarm speaks, says what to do, and keeps who answered it with what."""
    page = line.nurse
    page.get_by_label("Systolic").fill("186")
    page.get_by_label("Diastolic").fill("112")
    expect(page.get_by_text("186? high for systolic")).to_be_visible()
    page.get_by_role("button", name="Record vital signs").click()
    alarm = page.get_by_role("region", name="Alarms").get_by_role("listitem").first
    expect(alarm).to_be_visible()
    line.look(page, "record-alarm")
    floor(line)
    alarm.get_by_label("What was done").fill("Rechecking now")
    alarm.get_by_role("button", name="Acknowledge").click()
    expect(alarm).to_contain_text("Acknowledged by Maja Lind")


def floor(line: Line) -> None:
    """The prescriber sees it on the floor board."""
    page = line.prescriber
    page.goto(f"{line.clinic.url}/floor")
    chair = page.get_by_role("listitem").filter(has_text=f"Chair {line.chair}")
    expect(chair.get_by_text("No alarms")).to_have_count(0)
    line.look(page, "floor")


def the_record_is_seen(line: Line) -> None:
    """By day, dim and dark; the treatment room is dim."""
    line.look(line.nurse, "record")
    for name, choice in (("dim", {"dim": True}), ("dark", {"theme": "dark"})):
        page = line.open_page("abara", **choice)
        page.goto(line.session_url)
        expect(page.locator(".reading[data-latest=hr]")).to_contain_text("ago")
        line.look(page, f"record-{name}")
        page.close()


def the_pump_is_followed(line: Line) -> None:
    """Pause, resume, another rate, stop with what is left: each recorded, never driven."""
    page = line.nurse
    say(page, "Pause", "Record the pause", Reason="Blood pressure over limit")
    expect(phase(page)).to_have_text("Paused")
    say(page, "Resume", "Record the restart", Reason="148/92 on recheck")
    expect(phase(page)).to_have_text("Infusing")
    say(page, "Change rate", "Record the new rate", **{"New rate": "120", "Reason or order": "Prescriber order"})
    expect(page.get_by_role("region", name="Drug and pump")).to_contain_text("120")
    say(page, "Stop infusion", "Record the stop", Reason="Blood pressure over limit", **{"Left in bag and line": "95"})
    expect(phase(page)).to_have_text("Observing")


def say(page: Page, button: str, confirm: str, **fields: str) -> None:
    control = page.get_by_role("region", name="Infusion control")
    control.get_by_role("button", name=button, exact=True).click()
    panel = page.get_by_role("dialog").filter(visible=True)
    for label, value in fields.items():
        panel.get_by_label(label, exact=True).fill(value)
    panel.get_by_role("button", name=confirm).click()
    expect(page.get_by_role("dialog").filter(visible=True)).to_have_count(0)


def phase(page: Page) -> Locator:
    return page.locator("[data-field=phase_label]")
