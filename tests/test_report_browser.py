"""The report in a real browser with the network off: nothing fetched, every chart drawn."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from report_fixture import make_runs

from rumbo.report import write_report
from rumbo.report.page.words import LANGUAGES, Words

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WIDTHS = {"wide": 1280, "phone": 380}


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    if not Path(CHROMIUM).exists() or not find_spec("playwright"):
        told = f"no playwright or no {CHROMIUM}: the report was NOT opened in a browser"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    from playwright import sync_api

    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, runs = tmp_path_factory.mktemp("browser"), make_runs()
    return {each: write_report(runs, folder / f"{each}.html", language=each) for each in LANGUAGES}


class Visit:
    """A page opened without a network, and all it asked for and complained of."""

    def __init__(self, browser: "Browser", path: Path, width: int) -> None:
        # West of Greenwich, where a date read as local time would slip into the month before.
        context = browser.new_context(
            offline=True,
            viewport={"width": width, "height": 800},
            timezone_id="America/Mexico_City",
        )
        self.page: Page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-charts=drawn]", timeout=60_000)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_report_opens_offline(
    browser: "Browser", reports: dict[str, Path], tmp_path: Path, language: str, width: str
) -> None:
    visit = Visit(browser, reports[language], WIDTHS[width])
    page = visit.page
    page.screenshot(path=tmp_path / f"{language}-{width}.png", full_page=True)
    assert visit.requests == [reports[language].as_uri()]
    assert visit.complaints == []
    boxes = page.locator(".drawing")
    assert boxes.count() > 30
    assert page.locator(".drawing svg").count() == boxes.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]


def test_every_chart_has_marks(browser: "Browser", reports: dict[str, Path]) -> None:
    page = Visit(browser, reports["en"], 1280).page
    marks = page.evaluate(
        "[...document.querySelectorAll('.drawing')].map("
        "box => box.querySelectorAll('svg path[d], svg line').length)"
    )
    assert min(marks) > 3


def test_month_slider_moves_the_map(browser: "Browser", reports: dict[str, Path]) -> None:
    page = Visit(browser, reports["es"], 1280).page
    lines = "document.querySelector('#map-0 svg').innerHTML"
    page.locator("[name=month]").fill("0")
    page.wait_for_timeout(300)
    before = page.evaluate(lines)
    page.locator("[name=month]").fill("4")
    page.wait_for_timeout(300)
    assert page.locator("#map-controls output").inner_text() == "marzo de 2024"
    assert page.evaluate(lines) != before


@pytest.mark.parametrize(("language", "month"), [("en", "Nov"), ("es", "nov")])
def test_axes_speak_the_language(
    browser: "Browser", reports: dict[str, Path], language: str, month: str
) -> None:
    page = Visit(browser, reports[language], 1280).page
    labels = page.locator("#totals-0 svg text, #totals-0 svg tspan").all_text_contents()
    assert any(label.startswith(month) for label in labels)
    assert Words(language)("part.cost") in page.inner_text("main")
