"""From an imported record to a signed decision: what is not known first, then the intake, then the rules."""

import re

from line_people import Line
from playwright.sync_api import Locator, Page, expect

_YES = (
    "Every antidepressant that was tried is in the list",
    "Two or more adequate failed antidepressant trials",
    "No response to earlier medication",
    "Psychotherapy tried",
    "A therapist works with the patient now",
    "The medicine list was checked",
    "Could become pregnant",
    "Contraception is planned",
    "Diagnostic assessment done",
    "Present and past symptoms gone through",
    "Baseline scales of this condition done",
    "Extra baseline done",
    "Prescription monitoring programme looked up",
    "Physical examination done",
    "Two blood pressures, heart rate",
    "Letter to primary care",
    "Laboratory panel done",
    "Urine drug screen done",
)
_WORDS = {"Substance use disorder in the past": "None"}
_NUMBERS = {
    "ALT": "24",
    "AST": "22",
    "Bilirubin, total": "0.7",
    "Alkaline phosphatase": "70",
    "Gamma-GT": "25",
    "Potassium": "4.2",
    "Sodium": "140",
    "Glucose": "92",
    "TSH": "2.1",
    "MADRS total": "31",
    "Body mass index": "24",
    "Opioids in mg of morphine equivalent a day": "0",
}
_TRIALS = (("sertraline", "100", "8", "20"), ("venlafaxine", "225", "8", "25"))


def the_record_alone_is_not_enough(line: Line) -> None:
    """Assessed from the chart only: the page names what is unknown and would change the answer."""
    page = line.prescriber
    page.goto(line.patient_url)
    expect(page.get_by_text("Not screened yet")).to_be_visible()
    expect(page.get_by_text("A course needs a signed candidacy decision first.")).to_be_visible()
    line.look(page, "patient")
    page.goto(f"{line.patient_url}/candidacy")
    assess(page)
    expect(page.get_by_role("heading", name="Not yet", exact=True)).to_be_visible()
    unknown = page.get_by_role("region", name="Not known, and it would change the answer")
    expect(unknown.get_by_role("link").first).to_be_visible()
    line.look(page, "decision-unknown")


def the_intake_is_answered(line: Line) -> None:
    """Every question gets an answer; nothing was preset to no."""
    page = line.nurse
    page.goto(f"{line.patient_url}/intake")
    line.look(page, "intake")
    answer_everything(page)


def answer_everything(page: Page) -> None:
    """As somebody who may be treated would, told by the person."""
    open_all(page)
    for question in page.get_by_role("group").all():
        answer(question)
    for label, number in _NUMBERS.items():
        page.get_by_label(re.compile(rf"^\s*{re.escape(label)}(?! \w)")).fill(number)
    for row, (drug, dose_mg, weeks, better_percent) in enumerate(_TRIALS):
        tell_trial(page, row, drug, (dose_mg, weeks, better_percent, "95"))
    page.get_by_role("button", name="Keep the answers").click()
    expect(page.get_by_role("status")).to_be_visible()


def open_all(page: Page) -> None:
    """Every part of the intake, from the last: a part that is open is no longer counted among the closed."""
    for closed in reversed(page.locator("details.theme:not([open]) > summary").all()):
        closed.click()


def answer(question: Locator) -> None:
    """Yes or no by its words; groups that ask nothing are passed by."""
    words = question.inner_text()
    if question.get_by_label("Not asked").count() != 1:
        return
    chosen = next((word for words_of, word in _WORDS.items() if words_of in words), None)
    chosen = chosen or ("Yes" if any(part in words for part in _YES) else "No")
    question.get_by_label(chosen, exact=True).check()


def tell_trial(page: Page, row: int, drug: str, numbers: tuple[str, ...]) -> None:
    page.get_by_label("Drug").nth(row).fill(drug)
    boxes = ("mg a day", "Weeks", "% better", "% taken")
    tried = page.locator("#trials")
    for label, number in zip(boxes, numbers, strict=True):
        tried.get_by_label(label).nth(row).fill(number)
    tried.get_by_label("Side effects ended it").nth(row).select_option(label="No")
    tried.get_by_label("This episode").nth(row).select_option(label="Yes")


def the_prescriber_decides(line: Line) -> None:
    """The rules propose, a person signs; then a course may be planned."""
    page = line.prescriber
    page.goto(f"{line.patient_url}/candidacy")
    assess(page)
    expect(page.get_by_role("heading", name="Candidate")).to_be_visible()
    page.get_by_role("button", name="Sign this decision").click()
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()
    line.look(page, "decision")


def assess(page: Page) -> None:
    page.get_by_label("Indication").select_option(label="Treatment-resistant major depression")
    page.get_by_role("button", name="Assess").click()
