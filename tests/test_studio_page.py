"""The studio's page in a real browser, on the real server of the smallest corridor."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest
import questions_asked
from command_line import environment
from months_made import months_kept
from page_asked import PageAsked
from test_report_browser import browser

from rumbo.report.page.words import LANGUAGES
from rumbo.studio.ahead.asked import AheadAsked
from rumbo.studio.ahead.told import told_ahead
from rumbo.studio.wording import PAGE, texts_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

__all__ = ["browser"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 240_000
"""Milliseconds to wait for an answer on a busy machine."""


def word(key: str, language: str = "en") -> str:
    """Return a text of the page."""
    return texts_in(PAGE)[key][language]


@pytest.fixture(scope="module")
def address(browser: "Browser", tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the studio as its users do, and give the address that it prints."""
    home = tmp_path_factory.mktemp("studio")
    corridor = questions_asked.folder(home)
    command = [sys.executable, "-m", "rumbo", "studio", str(corridor), "--no-browser"]
    server = subprocess.Popen(
        [*command, "--port", "0"], cwd=home, env=environment(), text=True,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert server.stderr is not None
        told = (re.search(r"http://\S+#token=\S+", line) for line in server.stderr)
        found = next(filter(None, told))
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=30)


class Visit:
    """The page opened by somebody, and all that it asked for and complained of."""

    def __init__(self, browser: "Browser", address: str, language: str = "en", **about: object):
        self.context: BrowserContext = browser.new_context(
            **{"viewport": {"width": 1280, "height": 800}, **about},
            timezone_id="America/Mexico_City",
        )
        self.count = PageAsked(self.context)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(f"{address}&language={language}")
        self.answered()

    def answered(self) -> None:
        """Wait until an answer is whole and its charts are drawn."""
        self.count.wait_answered(self.page)

    def asked(self) -> None:
        """Wait until something new was asked and answered."""
        self.count.wait_asked(self.page)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the server's answer waiting, to look at the page meanwhile; the last goes on."""
        answers, kept = re.compile("/api/answer$"), list["Route"]()
        self.page.route(answers, lambda route: kept.append(route))
        yield
        kept[-1].continue_()
        self.page.unroute(answers)

    def ask(self, question: str) -> None:
        self.page.evaluate("document.getElementById('questions').open = true")
        self.page.locator(f"[name=question][value={question}]").check()
        self.asked()

    def wide(self) -> int:
        return int(self.page.evaluate("document.documentElement.scrollWidth"))

    def open_all(self) -> None:
        self.page.evaluate(
            "for (const fold of document.querySelectorAll('details')) fold.open = true"
        )


@pytest.fixture
def visit(browser: "Browser", address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    made = Visit(browser, address, **getattr(request, "param", {}))
    yield made
    made.context.close()


STATES = [
    {"language": language, "viewport": {"width": width, "height": 740}, "color_scheme": scheme}
    for language in LANGUAGES
    for width, scheme in ((1280, "light"), (360, "dark"), (320, "light"))
]


@pytest.mark.parametrize("visit", STATES, indirect=True)
def test_page_fits_and_asks_nothing_of_elsewhere(visit: Visit, address: str) -> None:
    width = visit.page.viewport_size["width"]
    assert visit.wide() <= width
    visit.ask("closed")
    visit.open_all()
    assert visit.wide() <= width
    own = address.partition("#")[0]
    elsewhere = [url for url in visit.requests if not url.startswith((own, "data:", "blob:"))]
    assert elsewhere == []
    assert len(visit.requests) > 10
    assert visit.complaints == []


# The page's own rules forbid the script that looks at it.
LOOKED_AT = [{**state, "bypass_csp": True} for state in STATES if state["viewport"]["width"] != 320]


def faults_of_access(page: "Page") -> list[tuple[str, list[str]]]:
    """Return what keeps somebody from reading the page, and where."""
    if not find_spec("axe_playwright_python"):
        told = "no axe-playwright-python: nobody looked whether the studio can be read by all"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("visit", LOOKED_AT, indirect=True)
def test_axe_finds_nothing_before_and_after_a_question(visit: Visit) -> None:
    for step in ("before", "after"):
        visit.open_all()
        assert (step, faults_of_access(visit.page)) == (step, [])
        if step == "before":
            visit.ask("closed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_task_by_keyboard_alone(browser: "Browser", address: str, language: str) -> None:
    visit = Visit(browser, address, language, accept_downloads=True)
    page = visit.page

    def tab_to(selector: str) -> None:
        for _ in range(150):
            if page.locator(f"{selector}:focus").count():
                style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert style == "solid", selector
                return
            page.keyboard.press("Tab")
        pytest.fail(f"{selector} cannot be reached by Tab")

    tab_to(".skip")
    tab_to("[name=question]")
    page.keyboard.press("ArrowDown")
    visit.asked()
    assert page.locator("#asked").text_content() == page.locator("#differs").inner_text()
    tab_to("#levers > summary")
    page.keyboard.press("Enter")
    tab_to("#lever-list [role=switch]")
    page.keyboard.press("Space")
    visit.asked()
    assert page.locator("#differs li").count() == 2
    tab_to("#beds > summary")
    page.keyboard.press("Enter")
    tab_to("#bed-form .number")
    page.keyboard.type("120")
    tab_to("#bed-form [type=submit]")
    page.keyboard.press("Enter")
    visit.asked()
    assert page.locator("#differs li").count() == 3
    tab_to("#keep > summary")
    page.keyboard.press("Enter")
    tab_to("#save")
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    assert waited.value.suggested_filename.endswith(".json")
    tab_to("#month")
    before = page.locator("#map output").inner_text()
    page.keyboard.press("ArrowLeft")
    assert page.locator("#map output").inner_text() != before
    assert page.locator("#month").get_attribute("aria-valuetext") != before
    page.evaluate("document.querySelector('.skip').focus()")
    tab_to("#run")
    page.keyboard.press("Enter")
    visit.asked()
    assert page.locator("#step").inner_text().startswith(word("step.members", language)[:5])
    tab_to("#report")
    page.keyboard.press("Enter")
    begun = word("written", language).partition("{")[0]
    page.locator("#kept", has_text=begun).wait_for()
    written = page.locator("#kept").inner_text().removeprefix(begun)
    assert written.endswith(".html")
    visit.context.close()


def test_answer_is_a_live_sentence_that_waits_until_it_is_whole(visit: Visit) -> None:
    sentence = visit.page.locator("#sentence")
    assert sentence.get_attribute("aria-live") == "polite"
    assert sentence.get_attribute("aria-busy") == "false"
    with visit.held():
        visit.page.locator("[name=question][value=closed]").check()
        visit.page.wait_for_selector("#sentence[aria-busy=true]")
    visit.page.wait_for_selector("#sentence[aria-busy=false]")
    assert re.search(r"\d", sentence.inner_text())
    assert visit.page.locator("#who").inner_text()


def test_months_ahead_leave_the_answer_as_it_stands(visit: Visit) -> None:
    visit.open_all()
    visit.page.locator("#ahead-form button[type=submit]").click()
    visit.page.wait_for_selector("html[data-answer=refused], html[data-answer=whole]")
    assert "old" not in (visit.page.locator("#main").get_attribute("class") or "")
    with visit.held():
        visit.page.locator("[name=question][value=closed]").check()
        visit.page.wait_for_selector("#main.old")


def test_an_answer_that_months_ahead_cut_short_is_asked_again(visit: Visit) -> None:
    page = visit.page
    page.route(re.compile("/api/outlook$"), lambda route: route.fulfill(body='{"step": "done"}\n'))
    visit.open_all()
    with visit.held():
        with page.expect_request(re.compile("/api/answer$")):
            page.locator("[name=question][value=closed]").check()
        with page.expect_request(re.compile("/api/answer$")):
            page.locator("#ahead-form").evaluate("one => one.requestSubmit()")
        page.wait_for_selector("#main.old")
    visit.asked()
    page.wait_for_selector("#main:not(.old)")
    found = page.locator("#sentence").inner_text()
    page.locator("[name=question]").first.check()
    visit.asked()
    assert page.locator("#sentence").inner_text() != found
    page.locator("[name=question][value=closed]").check()
    visit.asked()
    assert page.locator("#sentence").inner_text() == found


@pytest.mark.parametrize("visit", [LOOKED_AT[0], LOOKED_AT[3]], indirect=True)
def test_outcomes_ahead_are_weighed_and_beds_are_given(visit: Visit, tmp_path: Path) -> None:
    page, path, sent = visit.page, months_kept(tmp_path, "north_port"), []

    def months(route: "Route") -> None:
        """Answer as the server does, by months ahead that nobody ran."""
        body = route.request.post_data_json
        sent.append(body)
        weights = tuple((event, (*own.items(),)) for event, own in body["weights"].items())
        asked = AheadAsked("2024-04-30", 3, "north_port", body["language"], None, weights)
        told = {"step": "outlook", "outlook": told_ahead(path, asked)}
        lines = [told, {"step": "done"}] if route.request.url.endswith("outlook") else [told]
        route.fulfill(body="".join(json.dumps(one) + "\n" for one in lines))

    page.route(re.compile("/api/(outlook|weigh)$"), months)
    language = page.locator("html").get_attribute("lang") or ""
    page.locator("#ahead > summary").click()
    for bad in ("12x", "1,5", "12 0"):
        page.locator("#ahead-beds").fill(bad)
        page.locator("#ahead-form [type=submit]").click()
        assert page.locator("#ahead-beds").get_attribute("aria-invalid") == "true"
    page.locator("#ahead-beds").fill("1,200")
    page.locator("#ahead-form [type=submit]").click()
    page.wait_for_selector("#outlook .drawing[data-drawn]")
    assert (sent[0]["beds"], sent[0]["months"], sent[0]["weights"]) == (1200, 3, {})
    before = page.locator("#ahead-sentence").inner_text()
    first = page.locator("#tree [type=range]").first
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    mine = page.locator("#tree button")
    mine.wait_for()
    assert [one.rstrip("%\u202f") for one in page.locator("#tree output").all_inner_texts()] == [
        "100", "0",
    ]  # fmt: skip
    assert sent[-1]["weights"] == {"vote": {"close": 1, "open": 0}}
    assert page.locator("#ahead-sentence").inner_text() != before
    assert "100" in page.locator("#ahead-rest").inner_text()
    assert first.evaluate("one => one === document.activeElement")
    assert visit.wide() <= page.viewport_size["width"]
    assert faults_of_access(page) == []
    page.locator("#keep > summary").click()
    with page.expect_download() as waited:
        page.locator("#save").click()
    kept = json.loads(Path(waited.value.path()).read_text("utf-8"))
    assert kept["weights"] == sent[-1]["weights"]
    mine.click()
    mine.wait_for(state="detached")
    assert page.locator("#ahead-sentence").inner_text() == before
    assert page.locator("#sentence").inner_text().endswith(")")
    assert language == kept["language"]


def test_a_lever_takes_days_of_the_run_alone(visit: Visit) -> None:
    page = visit.page
    page.locator("#levers > summary").click()
    lever = page.locator("#lever-list > li[data-lever=more-slots]")
    lever.locator("summary").click()
    since = lever.locator(".day").first
    for bad in ("2031-01-01", "2024-02-30", "01/03/2024"):
        since.fill(bad)
        since.press("Tab")
        assert since.get_attribute("aria-invalid") == "true"
        assert "2024-01-01" in lever.locator(".wrong").first.inner_text()
    assert page.locator("#scenario.record").count() == 1
    since.fill("2024-02-10")
    since.press("Tab")
    visit.asked()
    assert "2024-02-10" in page.locator("#differs").inner_text()
    assert since.get_attribute("aria-invalid") == "false"
    page.locator("#back").click()
    visit.asked()
    assert page.locator("#scenario.record").count() == 1


def test_files_hold_just_what_is_shown(visit: Visit, tmp_path: Path) -> None:
    visit.ask("closed")
    page = visit.page
    taken = {}
    for figure, kind in (
        ("flow", "csv"),
        ("flow", "svg"),
        ("flow", "png"),
        ("map", "svg"),
        ("sums", "csv"),
    ):
        with page.expect_download() as waited:
            page.locator(f"#{figure} [data-take={kind}]").click()
        assert waited.value.suggested_filename == f"rumbo-{figure}.{kind}"
        waited.value.save_as(tmp_path / f"{figure}.{kind}")
        taken[figure, kind] = (tmp_path / f"{figure}.{kind}").read_bytes()
    table = pd.read_csv(tmp_path / "flow.csv")
    assert table["side"].nunique() == 3
    months = page.locator("#flow tbody tr").count()
    assert len(table) == 3 * months
    assert (table["low_90"].astype(str).str.lstrip("<") != "nan").all()
    for key in (("flow", "svg"), ("map", "svg")):
        text = taken[key].decode()
        assert xml.etree.ElementTree.fromstring(text).tag.endswith("svg")
        assert page.locator("#differs").inner_text() in text
    assert taken["flow", "png"].startswith(b"\x89PNG")
    assert len(taken["flow", "png"]) > 15_000
    sums = pd.read_csv(tmp_path / "sums.csv")
    weak = page.locator("#flow figcaption .weak").count() == 1
    assert table["warning"].notna().all() == table["warning"].notna().any() == weak
    for told in (table, sums):
        apart = told["side"].str.startswith("Difference")
        assert apart.any()
        assert told.loc[apart, "who_speaks"].notna().all()
        assert told.loc[~apart, "who_speaks"].isna().all()
    assert {"mean", "total"} == set(sums["of"])


def test_a_saved_scenario_opens_again_and_a_foreign_one_is_refused(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit.page
    visit.ask("closed")
    shown = page.locator("#differs").inner_text()
    page.locator("#keep > summary").click()
    with page.expect_download() as waited:
        page.locator("#save").click()
    waited.value.save_as(tmp_path / "plan.json")
    page.locator("#back").click()
    visit.asked()
    page.locator("#keep-file").set_input_files(tmp_path / "plan.json")
    visit.asked()
    assert page.locator("#differs").inner_text() == shown
    assert page.locator("[name=question][value=closed]").is_checked()
    foreign = json.loads((tmp_path / "plan.json").read_text("utf-8")) | {"corridor": "elsewhere"}
    (tmp_path / "other.json").write_text(json.dumps(foreign), encoding="utf-8")
    page.locator("#keep-file").set_input_files(tmp_path / "other.json")
    page.locator("#keep-note.wrong", has_text="elsewhere").wait_for()
    assert page.locator("#differs").inner_text() == shown


def test_a_dropped_connection_loses_no_question(visit: Visit) -> None:
    page = visit.page
    visit.context.set_offline(True)
    page.locator("[name=question][value=closed]").check()
    page.locator("#faults", has_text=word("dropped")).wait_for()
    visit.context.set_offline(False)
    page.wait_for_selector("html[data-answer=whole]")
    assert page.locator("#differs").inner_text() == page.locator("#asked").text_content()
    page.reload()
    visit.answered()
    assert page.locator("[name=question][value=closed]").is_checked()


def test_the_other_language_keeps_the_answer(visit: Visit) -> None:
    visit.ask("closed")
    asked = len(visit.requests)
    visit.page.locator("[data-language=es]").click()
    assert visit.page.locator("#looking").inner_text() == word("looking.title", "es")
    assert visit.page.locator("html").get_attribute("lang") == "es"
    assert "¿closed?" in visit.page.locator("#differs").inner_text()
    assert len(visit.requests) == asked


def test_a_stranger_is_told_where_the_key_is(browser: "Browser", address: str) -> None:
    page = browser.new_page()
    page.goto(address.partition("#")[0])
    assert page.locator("#stranger").is_visible()
    assert page.locator("main").is_hidden()
    page.close()


def test_forms_begin_with_the_place_that_one_plans_for(visit: Visit) -> None:
    page = visit.page
    page.select_option("#place", "middle_town")
    visit.asked()
    page.locator("#beds > summary").click()
    assert page.locator("#bed-place").input_value() == "middle_town"
    assert page.locator("#ahead-place").input_value() == "middle_town"
    page.locator("#bed-number").fill("120")
    page.locator("#bed-form [type=submit]").click()
    visit.asked()
    place = page.locator("#place option:checked").inner_text()
    assert place in page.locator("#bed-list").inner_text()
