"""The report in a real browser with the network off: nothing fetched, every chart drawn."""

import json
import os
import re
import shutil
import xml.etree.ElementTree
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
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
WIDTHS = {"wide": 1280, "phone": 360}
SCREEN = 740
"""Pixels up of a phone's first screen."""


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


def test_a_short_chart_names_each_month_once_and_no_week(
    browser: "Browser", tmp_path: Path
) -> None:
    path = write_report(make_runs().isel(month=slice(0, 3)), tmp_path / "short.html")
    page = Visit(browser, path, 1280).page
    for chart in ("totals-0", "calendar-0"):
        labels = page.locator(f"#{chart} svg .role-axis-label text").all_text_contents()
        months = [label[:3] for label in labels if label[:3].isalpha()]
        assert months[:3] == ["Nov", "Dec", "Jan"], chart
        assert len({*labels}) == len(labels), chart


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_stands_on_a_phones_first_screen(
    browser: "Browser", reports: dict[str, Path], language: str
) -> None:
    page = Visit(browser, reports[language], 360).page
    box = page.locator(".answer .big").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < SCREEN / 2
    assert re.search(r"\d (to|a)\s[\d,]+ (fewer|menos)", page.locator(".big").first.inner_text())
    # No number stands before it but those of the question.
    before = page.evaluate(
        "(() => { const main = document.querySelector('main').innerText;"
        " return main.slice(0, main.indexOf(document.querySelector('.big').innerText)); })()"
    )
    assert re.findall(r"\d+", before) == ["2023", "2024"]  # the period
    who = page.locator(".answer .who").first.bounding_box()
    assert who is not None
    assert who["y"] + who["height"] < SCREEN


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_are_cards_on_a_phone_the_difference_first(
    browser: "Browser", reports: dict[str, Path], language: str
) -> None:
    page = Visit(browser, reports[language], 360).page
    row = page.locator("#part-differences tbody tr").first
    cells = row.locator("td")
    tops = [cell.bounding_box()["y"] for cell in cells.all()]
    assert tops[0] == min(tops)
    head = cells.first.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert Words(language)("head.difference") in head
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].map(box => box.scrollWidth - box.clientWidth)"
    )
    assert max(wide) <= 1


def test_no_type_of_a_chart_is_smaller_than_11_pixels(
    browser: "Browser", reports: dict[str, Path]
) -> None:
    page = Visit(browser, reports["en"], 360).page
    sizes = page.evaluate(
        "[...document.querySelectorAll('.drawing svg text')]"
        ".filter(text => text.textContent.trim())"
        ".map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    assert len(sizes) > 100
    assert min(sizes) >= 11


def test_what_a_figure_shows_can_be_taken_without_a_network(
    browser: "Browser", reports: dict[str, Path], tmp_path: Path
) -> None:
    page = Visit(browser, reports["en"], 1280).page
    figure = page.locator("#totals")
    taken = {}
    for kind in ("csv", "svg", "png"):
        with page.expect_download() as waited:
            figure.locator(f"[data-take={kind}]").click()
        assert waited.value.suggested_filename == f"rumbo-totals.{kind}"
        waited.value.save_as(tmp_path / f"totals.{kind}")
        taken[kind] = (tmp_path / f"totals.{kind}").read_bytes()
    table = pd.read_csv(tmp_path / "totals.csv")
    simulated, observed = (table[table["kind"] == each] for each in ("simulated", "observed"))
    assert simulated["series"].nunique() == 3
    assert len(simulated) == 3 * 8
    assert {"month", "low", "low_half", "middle", "high_half", "high"} <= set(table)
    assert (simulated["low"] <= simulated["high"]).all()
    assert 17_000.0 in observed["value"].tolist()
    text = taken["svg"].decode()
    assert "Border Patrol encounters" in text
    assert "run 0123456789abcdef" in text
    assert xml.etree.ElementTree.fromstring(text).tag.endswith("svg")
    assert taken["png"].startswith(b"\x89PNG")
    assert len(taken["png"]) > 20_000


def test_cells_that_a_workbook_would_reckon_are_inert(browser: "Browser", tmp_path: Path) -> None:
    runs = make_runs(members=4)
    about = json.loads(runs.attrs["background"])
    texts = cycle(["=cmd()", "-1+cmd()", "\t=cmd()", "-5"])
    for figure in about["figures"]:
        figure["publisher"] = next(texts)
    runs = runs.assign_attrs(background=json.dumps(about))
    page = Visit(browser, write_report(runs, tmp_path / "r.html"), 1280).page
    with page.expect_download() as waited:
        page.locator("#totals [data-take=csv]").click()
    waited.value.save_as(tmp_path / "t.csv")
    told = {*pd.read_csv(tmp_path / "t.csv", dtype=str)["who"].dropna()}
    assert told <= {"'=cmd()", "'-1+cmd()", "'\t=cmd()", "-5"}
    assert len(told) > 1


def test_folds_open_for_paper_and_close_after_it(
    browser: "Browser", reports: dict[str, Path]
) -> None:
    page = Visit(browser, reports["en"], 1280).page
    shut = "document.querySelectorAll('details:not([open], .data)').length"
    before = page.evaluate(shut)
    assert before > 5
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(shut) == 0
    page.emulate_media(media="print")
    assert page.locator(".take").first.is_hidden()
    assert page.locator("#answer table").first.is_visible()
    assert page.locator("#part-parameters table").first.is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(shut) == before


def test_charts_in_folds_are_as_wide_as_their_boxes(
    browser: "Browser", reports: dict[str, Path]
) -> None:
    page = Visit(browser, reports["en"], 1280).page
    page.locator("#part-observed > details > summary").click()
    page.wait_for_timeout(500)
    room = page.evaluate(
        "[...document.querySelectorAll('#zones-nationality .drawing')].map(box =>"
        " box.querySelector('svg').getBoundingClientRect().width / box.clientWidth)"
    )
    assert len(room) == 4
    assert min(room) > 0.9


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    browser: "Browser", reports: dict[str, Path], language: str, width: str
) -> None:
    if not find_spec("axe_playwright_python"):
        told = "no axe-playwright-python: nobody looked whether the report can be read by all"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    from axe_playwright_python.sync_playwright import Axe

    page = Visit(browser, reports[language], WIDTHS[width]).page
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


def test_everything_can_be_reached_and_seen_by_keyboard(
    browser: "Browser", reports: dict[str, Path]
) -> None:
    page = Visit(browser, reports["en"], 1280).page
    reached = []
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const at = document.activeElement;"
                " return [at.tagName, getComputedStyle(at).outlineStyle]; })()"
            )
        )
    kinds = {kind for kind, _ in reached}
    assert {"A", "SUMMARY", "INPUT", "SELECT", "BUTTON"} <= kinds
    assert all(style == "solid" for _, style in reached)
