"""A real clinic for a real browser: `reprieve demo` as a process, Chromium, and one signed-in page a person."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SHOTS = Path(os.environ.get("REPRIEVE_SCREENSHOTS", ROOT / "var" / "screenshots")).resolve()
SIZES = {"1280": (1280, 800), "1024": (1024, 768), "390": (390, 844), "tall": (1280, 1400)}
START_S = 600  # the waits are for a busy machine: each ends as soon as what it waits for is there
MEANT = (404, 410, 422)  # answers that a walk asks for: another clinic, a used link, bad input
SETTLED = """() => document.fonts.ready.then(() => new Promise(done => {
    const frame = left => left ? requestAnimationFrame(() => frame(left - 1)) : done();
    frame(3);  // one to lay out, one for charts that follow their size, one to paint them
}))"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    asked = os.environ.get("REPRIEVE_BROWSER") == "1"
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            if not asked:
                item.add_marker(pytest.mark.skip(reason="set REPRIEVE_BROWSER=1 to drive a real Chromium"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Clinic:
    """The running demonstration clinic."""

    url: str
    gateway_port: int
    password: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> subprocess.Popen[str]:
        """A `reprieve` process of its own, as a second terminal would start it."""
        return subprocess.Popen(
            [sys.executable, "-m", "reprieve.cli", *arguments], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """Not below pytest's own folder: any other run of pytest locks out the user that root's PostgreSQL runs as."""
    with TemporaryDirectory(prefix="reprieve-demo-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def clinic(home: Path) -> Iterator[Clinic]:
    environment = {**os.environ, "REPRIEVE_HOME": str(home), "PYTHONUNBUFFERED": "1", "COLUMNS": "120"}
    environment.pop("DATABASE_URL", None)
    port, gateway_port = free_port(), free_port()
    log = home / "demo.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "reprieve.cli", "demo", "--port", str(port), "--gateway-port", str(gateway_port)],
            env=environment, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_up(f"http://127.0.0.1:{port}/health", process, log)
        password = re.search(r"password\s+(\S+)", log.read_text())
        assert password, log.read_text()
        environment["DATABASE_URL"] = re.search(r"database\s+(\S+)", log.read_text()).group(1)
        yield Clinic(f"http://127.0.0.1:{port}", gateway_port, password.group(1), environment)
    finally:
        process.terminate()
        process.wait(120)


def wait_until_up(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        with suppress(OSError), urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310  our own address
            if answer.status == 200 and "Everybody is in" in log.read_text():
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("REPRIEVE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said: a test that collects pages fails when a page breaks a rule of its own."""
    return []


@pytest.fixture
def open_page(browser: Browser, clinic: Clinic, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """`open_page()` is a stranger's page, `open_page("okafor")` that of somebody signed in."""
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"status of {code}" in message.text for code in MEANT):
            complaints.append(message.text)

    def make(username: str = "", *, size: str = "1280", dim: bool = False, theme: str = "light") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        cookies = [{"name": "theme", "value": theme, "url": clinic.url}]
        context.add_cookies([*cookies, {"name": "dim", "value": "1" if dim else "0", "url": clinic.url}])
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if username:
            sign_in(page, clinic, username)
        return page

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, clinic: Clinic, username: str) -> None:
    page.goto(clinic.url + "/accounts/login/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(clinic.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("main")).to_be_visible()


@pytest.fixture(scope="session")
def look() -> Callable[..., None]:
    """`look(page, "record")`: no serious accessibility issue, nothing wider than the page, and a picture a size."""
    axe = AXE.read_text(encoding="utf-8")

    def check(page: Page, name: str, *, sizes: tuple[str, ...] = ("1280", "1024", "390")) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        for size in sizes:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("scrollTo(0, 0)")
            page.evaluate(SETTLED)
            page.screenshot(path=SHOTS / f"{name}-{size}.png")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 1, f"{name} is {overflow} px too wide at {size}"
            assert serious(page, axe) == [], f"{name} at {size}"
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["1280"], strict=True)))

    return check


def serious(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {node['target'][0]} {node['failureSummary']}"
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"][:3]
    ]
