"""The model of a page: sections of blocks, their macros, and the charts among them."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from rumbo.report.charts.series import FAN, LEVELS
from rumbo.report.page import render as rendering
from rumbo.report.page.drawing import drawing_json
from rumbo.report.page.parts import (
    Chart,
    Figure,
    Fold,
    Page,
    PageBlock,
    Section,
    Table,
    Text,
    figures,
    sections,
)
from rumbo.report.page.render import render
from rumbo.report.page.words import LANGUAGES, Words

TEMPLATES = ("template.html", "macros.html")


def template(name: str) -> str:
    return files("rumbo.report.page").joinpath(name).read_text("utf-8")


def figure(name: str) -> Figure:
    chart = Chart(FAN, {"simulated": [], "observed": [], "zero": []}, name, "what it shows")
    return Figure(name, name, "", [chart], Table(["a"], [["1"]]), [])


def page(*chapters: Section) -> Page:
    return Page("A <page>", "", "2024", [], "0.1.0", chapters)


@pytest.mark.parametrize("kind", PageBlock.__subclasses__())
def test_every_kind_of_block_has_its_macro(kind: type[PageBlock]) -> None:
    assert f"{{% macro {kind.__name__.lower()}(block) %}}" in template("macros.html")


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_hold_no_words(name: str) -> None:
    bare = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", template(name), flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", "", bare)
    assert set(re.findall(r"\w+", text)) <= {"Rumbo"}
    assert not re.findall(r'(?:aria-label|title|alt)="\s*\w', bare)


def test_a_chapter_with_nothing_to_tell_leaves_no_trace() -> None:
    told = Section("told", "Told", [Text("Something.")])
    chapters = (lambda _: told, lambda _: None)
    assert sections(chapters, "subject") == [told]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sections_are_listed_in_their_order(language: str) -> None:
    shown = page(Section("b", "Second", []), Section("a", "First", [Text("<b>", "note")]))
    text = render(shown, Words(language))
    assert re.findall(r'<section id="part-(\w)">', text) == ["b", "a"]
    assert re.findall(r'<a href="#part-(\w)">', text) == ["b", "a"]
    assert '<p class="note">&lt;b&gt;</p>' in text
    assert "<title>A &lt;page&gt; · 2024 · Rumbo</title>" in text


def test_charts_are_drawn_from_what_is_shown_folds_too() -> None:
    blocks = [figure("one"), Fold("more", [Text("and"), Fold("still", [figure("two")])])]
    assert [each.name for each in figures(blocks)] == ["one", "two"]
    drawn = json.loads(drawing_json(figures(blocks), Words("en")))
    assert [chart["id"] for chart in drawn["charts"]] == ["one-0", "two-0"]
    assert set(drawn["specs"]) == {FAN.name}
    assert LEVELS.name not in drawn["specs"]


def test_the_drawing_library_is_bundled_once_and_also_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled = iter(["first", "second"])
    monkeypatch.setattr(rendering, "_bundled", lambda: next(bundled))
    monkeypatch.setattr(rendering, "CACHE", tmp_path / "kept")
    assert [rendering.library.__wrapped__() for _ in range(2)] == ["first", "first"]
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(rendering, "CACHE", tmp_path / "file")
    assert rendering.library.__wrapped__() == "second"
