"""Going home: the gate, what a prescriber may override with a reason, the signature, the paper and the proof."""

from line_infusion import tap
from line_people import Line
from playwright.sync_api import Locator, Page, expect

_REASON = "Short infusion, stopped early; alert, pressure near baseline, escort is a nurse"
_PDF_AT_LEAST_BYTES = 10_000


def she_recovers(line: Line) -> None:
    """Two pressures at rest, the scores of somebody awake."""
    page = line.nurse
    pad = page.get_by_role("region", name="Quick pad")
    for systolic, diastolic in (("128", "80"), ("122", "76")):
        page.get_by_label("Systolic").fill(systolic)
        page.get_by_label("Diastolic").fill(diastolic)
        page.get_by_label("SpO₂").fill("98")
        page.get_by_label("Breaths").fill("14")
        page.get_by_role("button", name="Record vital signs").click()
        expect(page.locator(".reading[data-latest=bp]")).to_contain_text(f"{systolic}/{diastolic}")
    for score, value in (("Sedation", "5"), ("Dissociation", "0"), ("Nausea", "1")):
        tap(pad, score, value)


def the_gate_names_what_is_open(line: Line) -> None:
    page = line.nurse
    page.get_by_role("region", name="Infusion control").get_by_role("link", name="Discharge").click()
    expect(page.get_by_role("heading", name="Discharge", exact=True)).to_be_visible()
    for item in criteria(page).all():
        yes = item.get_by_label("Yes", exact=True)
        if yes.count():
            yes.check()
    page.get_by_label("Total").fill("10")
    page.get_by_role("button", name="Record answers").click()
    expect(page.get_by_text("1 criterion open")).to_be_visible()
    expect(page.get_by_role("button", name="Release the patient")).to_have_count(0)
    expect(page.get_by_role("button", name="Override this criterion")).to_have_count(0)
    line.look(page, "discharge")


def the_prescriber_overrides_the_hour(line: Line) -> None:
    page = line.prescriber
    page.goto(f"{line.session_url}/discharge")
    waiting = criteria(page).filter(has_text="60 min observed after the infusion")
    waiting.get_by_text("Override").first.click()
    waiting.get_by_label("Reason").fill(_REASON)
    waiting.get_by_role("button", name="Override this criterion").click()
    expect(page.get_by_text("May go home")).to_be_visible()
    expect(waiting).to_contain_text("Chidi Okafor, MD")


def criteria(page: Page) -> Locator:
    return page.get_by_role("region", name="Criteria").get_by_role("listitem")


def she_leaves_with_somebody(line: Line) -> None:
    page = line.nurse
    page.reload()
    page.get_by_label("Leaves with").fill("Dana Marlowe")
    page.get_by_label("Relation").fill("sister")
    page.get_by_label("Phone").fill("(603) 555-0188")
    page.get_by_role("button", name="Release the patient").click()
    expect(page.get_by_text("Dana Marlowe")).to_be_visible()


def the_record_is_signed(line: Line) -> None:
    page = line.prescriber
    page.goto(f"{line.session_url}/discharge")
    page.get_by_role("button", name="Sign the record").click()
    signature = page.get_by_role("region", name="Signature")
    expect(signature).to_contain_text("Chidi Okafor, MD")
    line.look(page, "discharge-signed")
    page.goto(line.session_url)
    expect(page.get_by_text("This record takes no more entries from you.")).to_be_visible()


def the_paper_is_printed(line: Line) -> None:
    answer = line.prescriber.request.get(f"{line.session_url}/record.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    body = answer.body()
    assert body.startswith(b"%PDF-")
    assert len(body) > _PDF_AT_LEAST_BYTES


def every_chain_holds(line: Line) -> None:
    """`reprieve verify`, as an auditor would run it."""
    proof = line.clinic.command("verify")
    said, _ = proof.communicate(timeout=300)
    assert proof.returncode == 0, said
