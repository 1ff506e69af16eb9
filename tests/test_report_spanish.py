"""The Spanish pages of the bundled corridor and of a place, read for English and raw keys."""

import re

import pytest
from test_report import Page

import rumbo
from rumbo.report import write_place, write_report
from rumbo.scenario.parameters import PARAMETERS

ENGLISH = re.compile(
    r"\b(the|of|and|with|without|not|named|assumed|people|from|since|until|by|for|in|is|are|was|"
    r"were|to|at|on|who|which|each|other|others|per|share|rate|none|all|any|that|this|there|source|"
    r"value|values|number|between|shelter|border|port|entry|fewer|more)\b"
)
"""Words that are English and are no Spanish ones."""

APART = (
    r"<(script|style|code|cite)\b.*?</\1>",
    r'<a class="language".*?</a>',
)
"""What is told in its own language: scripts, commands and keys, names of sources and languages."""


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    base = rumbo.load("darien-rio-bravo").fitted().between("2024-05-15", "2024-07-15")
    trains = base.change("mode.open", 0, at="mode:freight_rail", since="2024-06-10")
    several = [
        base,
        base.without("june-2024-asylum-rule"),
        trains.named("mode.open@mode:freight_rail:2024-06-10=0"),
    ]
    runs = rumbo.simulate(several, members=2, seed=7)
    to = tmp_path_factory.mktemp("es") / "report-es.html"
    page = write_report(runs, to, language="es").read_text("utf-8")
    (place,) = write_place(runs, "tapachula", {"es": to.with_name("place.html")}, report={"es": to})
    page += place.read_text("utf-8")
    for apart in APART:
        page = re.sub(apart, "", page, flags=re.DOTALL)
    return page


def _pieces(text: str) -> list[str]:
    """Return all pieces of text of a page: what is printed, and what is told of charts."""
    page = Page(text)
    heads = re.findall(r'(?:data-head|aria-label)="([^"]*)"', text)
    return [" ".join(piece.split()) for piece in [*page.words, *page.labels, *heads]]


def test_no_english_stands_on_it(text: str) -> None:
    pieces = _pieces(text)
    assert len(pieces) > 1000
    assert sorted({piece[:120] for piece in pieces if ENGLISH.search(piece)}) == []


def test_no_raw_keys_stand_on_it(text: str) -> None:
    keys = re.compile(rf"(?<![\w.])({'|'.join(map(re.escape, PARAMETERS))})(?!\w)")
    chosen = re.compile(r"\b(country|mode|kind|role|zone):\w|\w=\w")
    raw = {piece for piece in _pieces(text) if keys.search(piece) or chosen.search(piece)}
    assert sorted(raw) == []


def test_numbers_are_written_with_commas(text: str) -> None:
    pieces = "\n".join(_pieces(text))
    assert re.search(r"\d,\d{3}\b", pieces)
    assert not re.findall(r"(?<![\w.,-])\d{1,3}[ \u00a0\u202f]\d{3}(?![\w-])", pieces)


def test_scenarios_are_named_in_words(text: str) -> None:
    assert "proporción de la capacidad de un medio de transporte en servicio: 0" in text
    assert "Sin: Norma de asilo de junio de 2024" in text


def test_what_was_slipped_on_before_is_right(text: str) -> None:
    assert "Se toma" not in text
    assert "no es claro" not in text
    assert "(Panama)" not in text
