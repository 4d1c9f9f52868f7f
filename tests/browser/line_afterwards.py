"""What the session leaves behind: a row of the registry, and doors that stay shut for others."""

import re
import time

from line_people import Line
from playwright.sync_api import expect

_JOB_S = 300


def the_registry_has_it(line: Line) -> None:
    """Signing sent a de-identified row; the clinic alone sees which row is whose."""
    page = line.prescriber
    row = page.get_by_role("row").filter(has_text=line.name)
    deadline = time.monotonic() + _JOB_S
    while time.monotonic() < deadline:
        page.goto(f"{line.clinic.url}/registry/")
        if row.get_by_text("In the registry").count():
            break
        page.wait_for_timeout(500)
    expect(row).to_contain_text("In the registry")
    expect(page.get_by_text("fewer than 11").first).to_be_visible()
    line.look(page, "registry")


def the_quarantine_is_a_page(line: Line) -> None:
    page = line.nurse
    page.goto(f"{line.clinic.url}/devices/quarantine")
    expect(page.get_by_role("heading", name="Quarantine", level=1)).to_be_visible()
    line.look(page, "quarantine")


def another_clinic_finds_nothing(line: Line) -> None:
    """404, as if it were not there; not 403, which would say that it is."""
    stranger = line.open_page("lakeside")
    session = line.session_url
    pages = [line.patient_url, f"{line.patient_url}/trend", line.course_url, session, f"{session}/record.pdf"]
    for address in [*pages, f"{session}/live.json"]:
        assert stranger.request.get(address).status == 404, address
    stranger.goto(line.patient_url)
    expect(stranger.get_by_role("main")).not_to_contain_text(re.compile(line.name.split(",")[0]))
    stranger.close()


def a_patient_sees_only_the_own_page(line: Line) -> None:
    hart = line.open_page("hart")
    expect(hart).to_have_url(f"{line.clinic.url}/my/")
    expect(hart.get_by_role("heading", name="Hello")).to_be_visible()
    line.look(hart, "my")
    for address in ("/patients/", "/floor", "/tasks", "/registry/"):
        assert hart.request.get(line.clinic.url + address).status == 403, address
    assert hart.request.get(line.patient_url).status == 403
    hart.close()
