"""The studio in a notebook: its messages, its tables, its page in a cell, the notebook shown."""

import ast
import json
import os
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import nbformat
import pandas as pd
import pytest
import questions_asked
from command_line import ROOT, environment
from helpers import three_places
from nbclient import NotebookClient
from notebook_cell import Cell
from test_report_browser import browser

import rumbo
from rumbo.files.faults import Faults
from rumbo.report.page.words import LANGUAGES
from rumbo.scenario.scenario import Scenario
from rumbo.studio import widget
from rumbo.studio.app import application
from rumbo.studio.desk import Desk
from rumbo.studio.notebook.answered import NotebookService
from rumbo.studio.notebook.carried import carry
from rumbo.studio.notebook.module import module_text
from rumbo.studio.notebook.widget import DeskWidget
from rumbo.studio.told import ENDS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

CLOSED = {"levers": [{"id": "bus-closure", "on": False}], "place": "north_port"}


@pytest.fixture(scope="module")
def base() -> Scenario:
    return three_places()


@pytest.fixture(scope="module")
def asked(base: Scenario, tmp_path_factory: pytest.TempPathFactory) -> DeskWidget:
    """A widget that was asked something."""
    made = widget(base, CLOSED, folder=tmp_path_factory.mktemp("runs"))
    assert made.table is not None
    return made


def pieces(service: NotebookService, path: str, body: object = None) -> list[dict[str, Any]]:
    """Return what is told of a request."""
    told: list[dict[str, Any]] = []
    text = None if body is None else json.dumps(body)
    carry(application(service), path, text, told.append)
    return told


def test_requests_are_carried_to_the_addresses_of_the_studio(asked: DeskWidget) -> None:
    service = asked._service
    status, *rest = pieces(service, "/api/desk")
    assert status == {"status": 200}
    assert [one["end"] for one in rest] == [True]
    assert json.loads(rest[0]["text"]) == service.desk.shown
    assert pieces(service, "/api/nothing")[0] == {"status": 404}
    (status, refusal) = pieces(service, "/api/answer", {"place": "nowhere", "language": "es"})
    assert status == {"status": 422}
    assert "No hay un lugar" in json.loads(refusal["text"])["faults"][0]
    _, *lines = pieces(service, "/api/answer", CLOSED)
    assert [one["end"] for one in lines] == [False] * (len(lines) - 1) + [True]
    steps = [json.loads(line) for line in "".join(one["text"] for one in lines).splitlines()]
    assert [one["step"] for one in steps] == ["draws", "done"]


def test_a_reply_that_breaks_off_ends(asked: DeskWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(*_what: object) -> Iterator[dict[str, Any]]:
        yield {"step": "draw"}
        raise ArithmeticError

    service, told = asked._service, []
    monkeypatch.setattr(service, "answer", breaking)
    with pytest.raises(ArithmeticError):
        carry(application(service), "/api/answer", "{}", told.append)
    assert told[0] == {"status": 200}
    assert json.loads(told[1]["text"]) == {"step": "draw"}
    assert told[-1] == {"text": "", "end": True}


def test_what_was_answered_last_is_not_run_again(
    base: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, begun = NotebookService(base, tmp_path), []
    steps = service.desk.steps
    monkeypatch.setattr(service.desk, "steps", lambda *what: begun.append(what) or steps(*what))
    closed = service.asked(CLOSED)
    first = service.whole(closed)
    assert service.whole(service.asked({**CLOSED, "language": "es"})) is first
    weights = (("vote", (("yes", 1.0),)),)
    assert service.whole(closed._replace(weights=weights)) is first
    assert len(begun) == 1
    assert service.whole(service.asked({})).asked != first.asked
    assert len(begun) == 2


def test_an_answer_that_is_known_cancels_another_question(base: Scenario, tmp_path: Path) -> None:
    service = NotebookService(base, tmp_path)
    closed = service.asked(CLOSED)
    service.whole(closed)
    other = service.answer(service.asked({}), 0)
    assert next(other)["step"] == "draw"
    assert service.whole(closed).asked.levers
    assert [*other][-1] == {"step": "cancelled"}


def test_a_cell_waits_for_what_the_page_asked(base: Scenario, tmp_path: Path) -> None:
    service = NotebookService(base, tmp_path)
    closed = service.asked(CLOSED)
    page = service.answer(closed, 0)
    steps = [next(page)["step"]]

    def going_on() -> None:
        steps.extend(line["step"] for line in page)

    other = Thread(target=going_on)
    other.start()
    assert service.whole(closed).step == "draws"
    other.join()
    assert steps[-1] == "done"  # it was not cancelled


def test_the_table_holds_what_the_answer_shows(asked: DeskWidget) -> None:
    table = asked.table
    assert [*table["side"].unique()] == ["base", "changed", "difference"]
    assert table["measure"][0] == "present"
    assert {"total", "mean"} == set(table["of"])
    assert (table["low_90"] <= table["high_90"]).fillna(True).all()
    differs = table[table["side"] == "difference"]
    assert set(differs["who"]) == {"size assumed"}
    assert (table.loc[table["side"] != "difference", "who"] == "").all()
    weak = {one["id"] for one in asked._answered.answer["series"] if one["weak"]}
    assert weak
    assert weak <= set(table["measure"][table["fails"]])
    assert not table["fails"].all()
    assert table.attrs["sentence"] == asked.sentence
    assert "simulation: Rumbo" in table.attrs["source"]
    assert len(table.attrs["differs"]) == 1
    # Under ten people nothing is told.
    assert not ((table[[*ENDS]].abs() > 0) & (table[[*ENDS]].abs() < 10)).any(axis=None)
    asked.language = "es"
    assert set(asked.table["who"]) == {"", "tamaño supuesto"}
    asked.language = "en"


def test_months_are_those_of_the_result(asked: DeskWidget) -> None:
    months, result = asked.months, asked.result
    assert [*result["scenario"].values] == [one.name for one in asked.scenarios]
    shown = months[(months["measure"] == "stops") & (months["side"] == "base")]
    stops = result["stops"].isel(scenario=0)
    stops = stops.sum([dim for dim in stops.dims if dim not in ("member", "month")])
    assert [*shown["month"]] == [*pd.DatetimeIndex(result["month"].values)]
    near = stops.quantile(0.5, "member").to_numpy()
    told = shown["middle"].astype(float).to_numpy()
    assert told == pytest.approx(near, rel=0.01)  # three digits are told


def test_the_next_cell_goes_on_from_it(asked: DeskWidget, tmp_path: Path) -> None:
    assert "bus-closure" in asked.scenario.describe()["without"]
    runs = rumbo.simulate(asked.scenarios, members=2, seed=7)
    assert runs.sizes["scenario"] == 2
    with pytest.raises(ValueError, match=r"rumbo\.simulate"):  # draws make no report
        rumbo.write_report(asked.result, tmp_path / "draws.html")
    assert asked.asked["levers"] == CLOSED["levers"]
    assert widget(three_places(), folder=tmp_path).scenarios[0].name == "base"


def test_simulated_members_take_the_place_of_draws(base: Scenario, tmp_path: Path) -> None:
    made = widget(base, CLOSED, folder=tmp_path)
    steps = made._service.answer(made._checked(made.asked), 2)
    assert next(one for one in steps if one["step"] == "draws")
    assert made._answered.step == "draws"  # what is shown, while members are simulated
    assert [*steps][-1] == {"step": "done"}
    assert made.result.sizes["member"] == 2
    assert made._answered.step == "members"
    rumbo.write_report(made.result, tmp_path / "report.html")


@pytest.mark.parametrize(
    ("content", "said_of"),
    [
        ({"place": "nowhere"}, "no place “nowhere”"),
        ({"question": {"id": "why"}}, "no question “why”"),
        ({"levers": "bus-closure"}, "must be a list"),
        ({"nonsense": 1}, "no field “nonsense”"),
        ({"language": "fr"}, "language must be en or es"),
    ],
)
def test_what_cannot_be_asked_is_a_line(content: dict, said_of: str, asked: DeskWidget) -> None:
    before = asked.asked
    with pytest.raises(Faults, match=said_of) as problem:
        asked.ask(content)
    assert str(problem.value).startswith("rumbo.studio.widget: ")
    assert asked.asked == before


def test_what_cannot_be_shown_is_a_line(base: Scenario, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="no language 'fr'"):
        widget(base, language="fr")
    with pytest.raises(Faults, match="differs from its corridor"):
        widget(base.without("bus-closure"))
    with pytest.raises(Faults, match="recorded by day"):
        widget(rumbo.read_flee(ROOT / "examples" / "five_places").write(tmp_path / "crisis"))
    with pytest.raises(Faults, match="nowhere"):
        widget("nowhere")


def test_without_its_extra_it_says_what_to_install(
    base: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "rumbo.studio.notebook.widget")
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(Faults, match=re.escape("pip install 'rumbo[notebook]'")):
        widget(base)


def test_the_python_of_the_page_on_notebooks_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "ready", lambda _desk: None)
    page = (ROOT / "docs" / "studio.md").read_text("utf-8").partition("## In a notebook")[2]
    (code,) = re.findall(r"^```python\n(.*?)^```", page, flags=re.MULTILINE | re.DOTALL)
    exec(code, names := {})
    made = names["desk"]
    assert made.language == "es"
    assert len(made.scenarios) == 2
    asking = re.search(r"`desk\.ask\((.*)\)`", page)
    assert asking is not None
    made.ask(ast.literal_eval(asking[1]))
    assert made.asked["place"] == "tapachula"
    told = {name for name in re.findall(r"`desk\.(\w+)`", page) if not hasattr(DeskWidget, name)}
    assert told == set()


def test_the_module_is_the_page_and_nothing_of_elsewhere() -> None:
    first, _, rest = module_text().partition("\n")
    page = json.loads(first.removeprefix("const PAGE = ").removesuffix(";"))
    own = ROOT / "rumbo" / "studio"
    assert {*page["scripts"]} == {
        f"rumbo/{one.name}" for one in [*(own / "page").glob("*.js"), own / "notebook" / "frame.js"]
    }
    assert rest == (own / "notebook" / "widget.js").read_text("utf-8")
    imported = re.findall(r'\b(?:from|import) "([^"]+)"', "\n".join(page["scripts"].values()))
    assert {*imported} < {*page["scripts"]}
    # All that the page loads by itself lies inside it.
    assert re.findall(r'\b(?:src|href)="(?!data:|#)[^"]*"', page["html"]) == []
    assert page["html"].count("{imports}") == 1


STATES = [("en", 1280, "light"), ("es", 360, "dark")]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("language", "width", "scheme"), STATES)
def test_a_cell_answers_and_python_goes_on(
    browser: "Browser", tmp_path: Path, language: str, width: int, scheme: str
) -> None:
    made = widget(questions_asked.folder(tmp_path), language=language, folder=tmp_path / "runs")
    size = {"width": width, "height": 900}
    about = {"viewport": size, "color_scheme": scheme, "bypass_csp": True}
    cell = Cell(browser, made, accept_downloads=True, **about)
    frame = cell.frame
    begun, answer = [], made._service.desk.steps
    made._service.desk.steps = lambda *what: begun.append(what) or answer(*what)
    frame.locator("#questions").evaluate("one => { one.open = true; }")
    frame.locator("[name=question][value=closed]").check()
    cell.asked()
    assert len(begun) == 1
    assert cell.updates == []  # what the page asked does not come back as if a cell had asked
    assert made.asked["question"] == {"id": "closed"}
    shown = frame.locator("#sentence").inner_text()
    assert re.sub(r"\s+", " ", made.sentence).startswith(re.sub(r"\s+", " ", shown))
    assert frame.locator("#who").inner_text()
    assert frame.locator("#flow .drawing svg").count() == 2
    assert frame.locator("#sums tbody tr").count() > 10
    with cell.page.expect_download() as waited:
        frame.locator("#sums [data-take=csv]").click()
    waited.value.save_as(tmp_path / "sums.csv")
    assert_alike(pd.read_csv(tmp_path / "sums.csv"), made.table)
    assert len(begun) == 1
    made.ask({"levers": [{"id": "more-slots", "on": False}]})
    cell.asked()
    assert len(begun) == 2
    assert cell.updates == ["asked"]
    assert made.table.attrs["differs"][0] == frame.locator("#differs").inner_text()
    frame.locator(f"[data-language={other_than(language)}]").click()
    frame.wait_for_selector(f"html[lang={other_than(language)}]")
    assert made.table.attrs["differs"][0] == frame.locator("#differs").inner_text()
    assert_readable(cell)
    cell.page.evaluate("leave()")
    assert cell.complaints == []
    assert [url for url in cell.requests if not url.startswith(("blob:", "data:"))] == []
    cell.context.close()


@pytest.mark.browser
@pytest.mark.slow
def test_a_cell_shown_again_keeps_what_was_asked_under_its_policy(
    browser: "Browser", asked: DeskWidget
) -> None:
    cell = Cell(browser, asked)
    assert asked.table.attrs["differs"] == [cell.frame.locator("#differs").inner_text()]
    assert cell.frame.locator("#place").input_value() == CLOSED["place"]
    assert cell.complaints == []
    cell.frame.evaluate("new Image().src = 'https://elsewhere.invalid/'")
    cell.page.wait_for_timeout(200)
    assert any("Content Security Policy" in told for told in cell.complaints)
    cell.context.close()


def other_than(language: str) -> str:
    return next(one for one in LANGUAGES if one != language)


def assert_alike(shown: pd.DataFrame, table: pd.DataFrame) -> None:
    """Hold a file of the page against the table in Python: counts under ten are told in neither."""
    assert [*shown["measure"]] == [*table["title"]]
    for end in ENDS:
        told = pd.to_numeric(shown[end], errors="coerce").astype("Int64")
        assert told.isna().equals(table[end].isna())
        assert told.equals(table[end])


def assert_readable(cell: Cell) -> None:
    """Hold a cell to its width, and to what axe looks at."""
    frame = cell.frame
    frame.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    wide = "[document.documentElement.scrollWidth, innerWidth]"
    assert frame.evaluate(f"(([has, may]) => has <= may)({wide})")
    assert cell.page.evaluate(f"(([has, may]) => has <= may)({wide})")
    if not find_spec("axe_playwright_python"):
        told = "no axe-playwright-python: nobody looked whether the widget can be read by all"
        pytest.fail(told) if os.environ.get("CI") == "true" else pytest.skip(told)
    from axe_playwright_python.sync_playwright import Axe

    for where in (cell.page, frame):
        found = Axe().run(where).response["violations"]
        assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.long
@pytest.mark.slow
def test_the_notebook_shown_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = ROOT / "examples" / "studio.ipynb"
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert not any(one.get("outputs") for one in notebook.cells)  # numbers would grow old
    monkeypatch.setenv("PYTHONPATH", environment()["PYTHONPATH"])
    run = NotebookClient(
        notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [one for cell in run.cells for one in cell.get("outputs", [])]
    assert [one for one in outputs if one["output_type"] in ("error", "stream")] == []
    shown = [one["data"] for one in outputs if "data" in one]
    assert any("application/vnd.jupyter.widget-view+json" in one for one in shown)
    assert any("middle" in one.get("text/html", "") for one in shown)
