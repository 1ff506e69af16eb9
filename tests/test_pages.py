"""Pages made from the package stand in docs/ as made; the tutorial prints what it shows."""

import csv
import json
import re
from pathlib import Path

import nbformat
import pytest
import test_packaging as packaging
from command_line import ROOT

import rumbo
from scripts.pages import api, codemeta, result, tutorial

DOCS = ROOT / "docs"


def test_the_page_of_public_names_is_made_from_their_docstrings() -> None:
    page = (DOCS / "api.md").read_text("utf-8")
    assert page == api.page(), "make docs"
    assert {*re.findall(r"^## rumbo\.(\w+)$", page, flags=re.M)} == {*rumbo.__all__}
    assert "### Scenario.change\n" in page
    assert "`scenario`: A scenario with a posterior" in page


def test_the_page_of_results_is_made_from_what_a_result_holds() -> None:
    page = (DOCS / "result.md").read_text("utf-8")
    assert page == result.page(), "make docs"
    for runs in (result.corridor(), result.crisis()):
        assert {str(name) for name in runs.coords} <= result.COORDINATES.keys()
        assert set(runs.attrs) <= result.ATTRIBUTES.keys()
        for name, one in runs.data_vars.items():
            assert f"| `{name}` | {one.attrs['long_name']} | {one.attrs['units']} |" in page


def test_every_measure_with_figures_names_who_counted_it() -> None:
    counted = result.publishers()
    assert counted["deaths_recorded"] == "IOM Missing Migrants Project"
    assert "deaths" not in counted  # with those that nobody records
    assert counted.keys() <= {str(name) for name in result.corridor().data_vars}


def test_catalogues_are_told_what_the_project_says() -> None:
    assert codemeta.FILE.read_text("utf-8") == codemeta.content(), "make docs"
    told = json.loads(codemeta.content())
    assert told["version"] == rumbo.__version__
    assert told["name"] == "rumbo"
    assert len(told["softwareRequirements"]) == len(packaging.project()["dependencies"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def pieces(folder: Path) -> list[tutorial.Block]:
    """Run the tutorial, from its first block to its last."""
    return tutorial.run(tutorial.PAGE.read_text("utf-8"), folder)


@pytest.mark.slow
def test_the_tutorial_prints_what_it_shows(pieces: list[tutorial.Block], folder: Path) -> None:
    assert tutorial.text(pieces) == tutorial.PAGE.read_text("utf-8"), "make docs"
    drawn = (folder / tutorial.PICTURE.name).read_text("utf-8")
    shapes = tutorial.shapes(tutorial.PICTURE.read_text("utf-8"))
    assert len(shapes) == 16  # a bar and a tick of each place
    assert tutorial.shapes(drawn) == shapes
    assert (folder / "report.html").stat().st_size > 100_000
    assert (folder / "tables" / "rumbo-es.xlsx").exists()


def test_the_notebook_is_the_tutorial() -> None:
    shown = list(tutorial.blocks(tutorial.PAGE.read_text("utf-8")))
    picture = tutorial.PICTURE.read_text("utf-8")
    written = tutorial.NOTEBOOK.read_text("utf-8")
    assert written == tutorial.notebook(shown, picture), "make docs"
    book = nbformat.reads(written, as_version=4)
    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    assert code == [one.content.rstrip("\n") for one in shown if one.language == "python"]
    links = re.findall(r"\]\((?!https?:)([^)#]+)", written)
    assert len(links) > 10
    assert all((tutorial.NOTEBOOK.parent / link).exists() for link in links)


def test_a_number_that_the_tutorial_prints_has_its_range() -> None:
    printed = [one.content for one in tutorial.blocks(tutorial.PAGE.read_text("utf-8"))]
    told = [
        line for text in printed for line in text.splitlines() if re.match(r"[\w ,]+: -?\d", line)
    ]
    assert len(told) == 10
    assert all(re.search(r": -?[\d,]+ to -?[\d,]+ \(-?[\d,]+\)$", line) for line in told)


def commands(page: Path) -> list[str]:
    """Return the commands of a page, without notes."""
    shown = re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), flags=re.M | re.S)
    lines = [line.partition("#")[0].strip() for block in shown for line in block.splitlines()]
    return [line for line in lines if line.startswith("rumbo")]


def plain(line: str) -> str:
    """Return a command without its language: it asks the same."""
    return re.sub(r" --language \w+", "", line)


PAGES = (tutorial.PAGE, DOCS / "es" / "guia-para-albergues.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_the_first_pages_are_those_that_are_tried(page: Path) -> None:
    """A test of the README runs each of its commands."""
    tried = {plain(line) for line in packaging.lines_of_commands()}
    assert len(commands(page)) >= 2
    assert {plain(line) for line in commands(page)} - tried == set()


GUIDE = (DOCS / "es" / "guia-para-albergues.md").read_text("utf-8")


def test_the_guide_quotes_figures_of_the_outlook_that_it_names() -> None:
    outlook = (DOCS / "outlook-2024-10.md").read_text("utf-8")
    quoted = {*re.findall(r"\d+,\d{3}(?:,\d{3})*", GUIDE)} - {"1,500"}  # places that are asked for
    assert len(quoted) > 8
    assert {number for number in quoted if number not in outlook} == set()
    assert "De 30 cifras mensuales que llegaron después de ese día, 15 quedaron" in GUIDE
    assert "Of 30 figures that came of the months ahead, 15 lie inside the 90% range" in outlook
    assert "30 % de las presentes (de 10 a 60 %)" in GUIDE
    assert "30% (10 to 60%) are assumed to seek one" in outlook


def test_the_guide_tells_no_middle_value_alone() -> None:
    told = " ".join(GUIDE.split())
    middles = re.findall(r"entre [\d,]+ y [\d,]+[^.]*?\((?:[^)]*valor central )?[\d,]+\)", told)
    assert len(middles) == told.count("(valor central ") + told.count("; valor central ") + 1


def both_languages() -> list[tuple[str, str]]:
    """Return every text of the package in English and in Spanish."""
    found = []
    for path in (ROOT / "rumbo").rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if {"en", "es"} <= {*(rows.fieldnames or ())}:
                found += [(row["en"].lower(), row["es"].lower()) for row in rows]
    return found


def test_words_of_the_glossary_are_those_of_the_pages() -> None:
    texts = both_languages()
    page = (DOCS / "glossary.md").read_text("utf-8")
    words = re.findall(r"^\| \*\*(.+?)\*\*[^|]*\| \*\*(.+?)\*\*", page, flags=re.M)
    assert len(words) > 20
    used = [any(en in text and es in said for text, said in texts) for en, es in words]
    assert [word for word, one in zip(words, used, strict=True) if not one] == []
