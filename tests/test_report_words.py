"""The report's words, numbers and dates in both languages."""

import math
import re
import string
from pathlib import Path

import pandas as pd
import pytest

import rumbo
import rumbo.report
from rumbo.report.page.words import LANGUAGES, Words, catalogue, rounded
from rumbo.report.read.names import dates
from rumbo.report.read.run import OBSERVED, QUANTITIES

FAMILIES = (
    "kind.", "mode.", "nationality.", "place.", "area.", "quality.", "household.", "region.",
    "unit.", "measure.", "figure.", "text.", "head.", "tip.", "legend.", "part.", "limit.",
    "refusal.", "licence.", "headline.", "direction.", "way.",
)  # fmt: skip
"""Texts picked by a code at run time; the code or the end of the key stands in the source."""

OPEN_FAMILIES = (
    "kind.", "mode.", "nationality.", "place.", "area.", "quality.", "tested.", "unit.",
)  # fmt: skip
"""Names of things in a corridor's files, which the source does not list."""


def test_every_text_has_both_languages_and_the_same_places() -> None:
    for key, texts in catalogue().items():
        assert set(texts) == set(LANGUAGES)
        assert all(texts.values()), key
        places = [{p[1] for p in string.Formatter().parse(text) if p[1]} for text in texts.values()]
        assert places[0] == places[1], key


@pytest.mark.parametrize("room", ["report/page", "cli", "exporting"])
def test_every_text_stands_once(room: str) -> None:
    folder = Path(rumbo.__file__).parent / room
    keys = [key for table in sorted(folder.glob("*.csv")) for key in pd.read_csv(table).iloc[:, 0]]
    assert len(keys) > 30
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def _source() -> str:
    folder = Path(rumbo.report.__file__).parent
    names = [each for each in folder.rglob("*") if each.suffix in (".py", ".html")]
    return "\n".join(each.read_text("utf-8") for each in names)


def _used(key: str, source: str) -> bool:
    quoted = re.search(rf"[\"']{re.escape(key)}[\"']", source)
    _, _, end = key.partition(".")
    part = re.search(rf"[\"']{re.escape(end)}[\"']", source) if end else None
    return (
        bool(quoted) or key.startswith(OPEN_FAMILIES) or (key.startswith(FAMILIES) and bool(part))
    )


def test_every_text_is_used() -> None:
    source = _source()
    assert [key for key in catalogue() if not _used(key, source)] == []


def test_every_text_asked_for_exists() -> None:
    asked = re.findall(r"\b(?:words|t)\(\s*\"([^\"]+)\"\s*[,)]", _source())
    assert len(asked) > 80
    assert [key for key in asked if key not in catalogue()] == []


def test_every_quantity_has_a_name() -> None:
    named = {key.removeprefix("measure.") for key in catalogue() if key.startswith("measure.")}
    assert named == set(QUANTITIES)
    assert set(OBSERVED) <= set(QUANTITIES)


@pytest.mark.parametrize(
    ("value", "english", "spanish"),
    [
        (0, "0", "0"),
        (3, "<10", "<10"),
        (-3, "\u2212<10", "\u2212<10"),
        (1234, "1,230", "1,230"),
        (12_345, "12,300", "12,300"),
        (2_345_678, "2,350,000", "2,350,000"),
    ],
)
def test_counts_are_written_by_locale(value: float, english: str, spanish: str) -> None:
    assert Words("en").count(value) == english
    assert Words("es").count(value) == spanish


def test_parameter_values_are_written_plainly() -> None:
    words = Words("en")
    given = (0.0035, 1.25, 1450, math.inf, "walk", None, 0)
    assert [words.value(v) for v in given] == [
        "0.0035",
        "1.25",
        "1,450",
        "no limit",
        "walk",
        "",
        "0",
    ]


def test_changes_are_written_in_words() -> None:
    words = Words("en")
    assert words.change(100, 200) == "between 100 and 200 more"
    assert words.change(-200, -100) == "between 100 and 200 fewer"
    assert words.change(-50, 200) == "from 50 fewer to 200 more"
    assert words.change(0, 0) == "no difference"
    assert words.single_change(-30) == "30 fewer"


def test_dates_are_written_by_locale() -> None:
    assert Words("es").day("2024-06-05") == "5 jun 2024"
    assert Words("en").month(pd.Timestamp("2024-06-01")) == "June 2024"
    assert Words("es").day("unknown") == "unknown"


def test_an_end_is_told_by_its_last_day() -> None:
    words = Words("en")
    assert words.last_day("2025-01-20") == "19 Jan 2025"
    assert words.last_day("2024-03-01", short=False) == "29 February 2024"
    assert [words.last_day(end) for end in ("", "unknown")] == ["", "unknown"]
    assert dates({"since": "2023-01-05", "until": "2025-01-20"}, words) == (
        "5 Jan 2023 \u2013 19 Jan 2025"
    )
    assert dates({"until": "2025-01-20"}, words) == "until the end of 19 Jan 2025"
    assert dates({"until": "2025-01-20"}, Words("es")) == "hasta el 19 ene 2025 inclusive"
    assert dates({"since": "2024-11-05", "until": "2024-11-06"}, words) == "5 Nov 2024"


def test_three_digits_are_kept() -> None:
    assert [rounded(v) for v in (1234567, -98765, 99.6, 0.2, 7.4)] == [1230000, -98800, 100, 0, 7]
