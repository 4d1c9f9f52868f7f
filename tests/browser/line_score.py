"""PHQ-9 by a link on a phone, the task that item 9 opens, and the curve."""

from line_people import Line
from playwright.sync_api import Page, expect

_CHOICES = ("Not at all", "Several days", "More than half the days", "Nearly every day")
_BEFORE = (3, 3, 2, 3, 2, 2, 2, 2, 0)  # 19: moderately severe
_AFTER = (1, 1, 1, 1, 1, 1, 1, 0, 1)  # 8: mild, with a thought of item 9
_QUESTIONS = 10


def the_baseline_is_answered_at_home(line: Line) -> None:
    """Before the first dose, or response could never be judged."""
    phone = line.open_page(size="390")
    phone.goto(link_from_the_desk(line))
    answer(phone, _BEFORE)
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(phone.get_by_text("thoughts of being better off dead")).to_have_count(0)


def the_score_falls_and_item_9_is_told(line: Line) -> None:
    """Nobody signs in; the crisis line stands on every page; a used link tells another phone nothing."""
    phone = line.open_page(size="390")
    link = link_from_the_desk(line)
    phone.goto(link)
    line.look(phone, "phone-phq9")
    answer(phone, _AFTER)
    expect(phone.get_by_text("A person at Harbor Ketamine Clinic will be told")).to_be_visible()
    expect(phone.get_by_role("link", name="988").first).to_be_visible()
    line.look(phone, "phone-thanks")
    other_phone = line.open_page(size="390")
    other_phone.goto(link)
    expect(other_phone.get_by_text("Each link takes one set of answers")).to_be_visible()


def link_from_the_desk(line: Line) -> str:
    """The desk makes the link; it is shown this once."""
    page = line.desk
    page.goto(line.patient_url)
    page.get_by_role("button", name="Send PHQ-9 link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    line.look(page, "phq9-link", sizes=("1280",))
    return link


def answer(phone: Page, values: tuple[int, ...]) -> None:
    questions = phone.get_by_role("group")
    expect(questions).to_have_count(_QUESTIONS)
    for number, value in enumerate(values):
        questions.nth(number).get_by_label(_CHOICES[value], exact=True).check()
    questions.nth(_QUESTIONS - 1).get_by_label("Somewhat difficult").check()
    phone.get_by_role("button", name="Send my answers").click()


def a_person_closes_the_task(line: Line) -> None:
    """It waits for the prescriber, stays open until a note says what was done, and then stays on record."""
    page = line.prescriber
    page.goto(f"{line.clinic.url}/tasks")
    task = page.get_by_role("article").filter(has_text=line.name)
    expect(task).to_be_visible()
    line.look(page, "tasks")
    task.get_by_text("Close with a note").click()
    task.get_by_role("textbox").fill("Called at once: passive thoughts, no plan, safety plan reviewed, sister stays.")
    task.get_by_role("button", name="Close the task").click()
    expect(page.get_by_text("The task is closed, with your note and name.")).to_be_visible()
    expect(page.get_by_role("article").filter(has_text=line.name)).to_have_count(0)
    expect(page.get_by_role("region", name="Closed").get_by_text("safety plan reviewed")).to_be_visible()


def the_trend_shows_the_fall(line: Line) -> None:
    """19 before, 8 after, the dose between them."""
    page = line.prescriber
    page.goto(f"{line.patient_url}/trend")
    main = page.get_by_role("main")
    expect(main.get_by_text("8", exact=True).first).to_be_visible()
    expect(main.get_by_text("19", exact=True).first).to_be_visible()
    expect(main.get_by_role("img").first).to_be_visible()
    expect(page.get_by_role("cell", name="mg/kg")).to_have_count(1)
    line.look(page, "trend")
