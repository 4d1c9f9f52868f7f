"""The people of the walk, each at a page of their own, and what they hand on to each other."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Page


class Clinic(Protocol):
    """The running demonstration clinic, as conftest starts it."""

    url: str
    gateway_port: int

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """A `reprieve` process of its own, as a second terminal would start it."""


@dataclass(slots=True)
class Line:
    """One person's way through the clinic; addresses are filled in as the pages show them."""

    clinic: Clinic
    open_page: Callable[..., Page]
    look: Callable[..., None]
    desk: Page
    prescriber: Page
    nurse: Page
    second_nurse: Page
    name: str = ""
    patient_url: str = ""
    course_url: str = ""
    session_url: str = ""
    chair: str = ""


def line_of(clinic: Clinic, open_page: Callable[..., Page], look: Callable[..., None], *, name: str = "") -> Line:
    """Everybody signed in, for the way of the person of this name."""
    return Line(
        clinic=clinic, open_page=open_page, look=look,
        desk=open_page("romero"), prescriber=open_page("okafor"),
        nurse=open_page("lind"), second_nurse=open_page("abara"), name=name,
    )  # fmt: skip
