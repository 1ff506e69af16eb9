"""The files of the studio's page: its words, its size, and what it must not hold."""

import re
import string
from pathlib import Path

import rumbo
from rumbo.report.page.words import LANGUAGES
from rumbo.studio.telling.shown import SHARED
from rumbo.studio.wording import PAGE, texts_in

FOLDER = Path(rumbo.__file__).parent / "studio" / "page"
SCRIPTS = sorted(FOLDER.parent.rglob("*.js"))

MOST_BYTES, MOST_LINES = 60 * 1024, 200
"""How much JavaScript of ours there may be, and how long a file of the studio may be."""

FAMILIES = {
    "doing.": ("draws", "members", "outlook"),
    "step.": ("draw", "draws", "members", "outlook"),
}
"""Beginnings of keys whose ends are what the server says it does."""


def texts() -> str:
    """Return all that the page is made of."""
    return "\n".join(one.read_text("utf-8") for one in [*SCRIPTS, FOLDER / "index.html"])


def asked() -> set[str]:
    """Return the keys that the page asks for."""
    page = texts()
    quoted = set(re.findall(r'\bt\(\s*"([a-z_.]+)"', page))
    quoted |= set(re.findall(r'data-t="([a-z_.]+)"', page))
    chosen = re.findall(r'\bt\([^"()]*\? "([a-z_.]+)" : "([a-z_.]+)"', page)
    families = {f"{head}{end}" for head, ends in FAMILIES.items() for end in ends}
    return quoted | {key for pair in chosen for key in pair} | families


def test_the_page_asks_for_just_the_words_that_there_are() -> None:
    known = {*texts_in(PAGE), *SHARED}
    assert len(known) > 100
    assert asked() ^ known == set()


def test_families_of_words_stand_in_the_page() -> None:
    page = texts()
    assert [head for head in FAMILIES if f"`{head}${{" not in page] == []


def test_every_word_has_both_languages_and_the_same_places() -> None:
    for key, both in texts_in(PAGE).items():
        assert all(both[language].strip() for language in LANGUAGES), key
        places = [{p[1] for p in string.Formatter().parse(text) if p[1]} for text in both.values()]
        assert places[0] == places[1], key


def test_scripts_are_small_and_plain() -> None:
    assert sum(one.stat().st_size for one in SCRIPTS) <= MOST_BYTES
    long = {one.name: len(one.read_text("utf-8").splitlines()) for one in SCRIPTS}
    assert {name: lines for name, lines in long.items() if lines >= MOST_LINES} == {}


def test_no_file_of_the_studio_is_long() -> None:
    room = FOLDER.parent.rglob("*.py")
    long = {one.name: len(one.read_text("utf-8").splitlines()) for one in room}
    assert {name: lines for name, lines in long.items() if lines >= MOST_LINES} == {}


def test_nothing_is_run_from_texts_or_asked_of_elsewhere() -> None:
    page = texts()
    assert re.findall(r"\beval\(|new Function|innerHTML|outerHTML|document\.write", page) == []
    outward = set(re.findall(r"https?://[^\"'`\s]+", page)) - {"http://www.w3.org/2000/svg"}
    assert outward == {"http://www.w3.org/1999/xlink"}
    index = (FOLDER / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style", index) == []
    assert "url(" not in (FOLDER / "studio.css").read_text("utf-8")


def test_no_field_takes_its_form_of_dates_from_the_browser() -> None:
    assert re.findall(r"type[=:]\s*\"(?:date|month|datetime-local)\"", texts()) == []
