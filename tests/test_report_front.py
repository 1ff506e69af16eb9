"""The first screen of a page and the effects on it: positive words, and who speaks for each."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from report_fixture import DEAL, make_runs

from rumbo.exporting.differences import WHO as IN_EXPORTS
from rumbo.exporting.differences import speakers
from rumbo.exporting.series import read_facts
from rumbo.report import write_report
from rumbo.report.corridor.differences import amount_of
from rumbo.report.corridor.front.answer import answer, question
from rumbo.report.corridor.front.sizes import sizes_fold
from rumbo.report.corridor.front.writing import writing
from rumbo.report.corridor.speaks import sizes_between, speaker
from rumbo.report.page.parts import Answer, Bullets, Table
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.contrast import contrast, effect_text, signs, signs_text
from rumbo.report.read.names import lever_title, scenario_title
from rumbo.report.read.run import read_run
from rumbo.scores.narrowed import Narrowed, together

SCOPES = ("tr", "li", "article", "summary", "figcaption", "h3", "h4")
"""Elements that an effect and who speaks for it must share; so must the box of the answer."""

EFFECT = {
    "en": r"\d (?:to|and)[ \u00a0][\d,<]+ (?:more|fewer)\b|fewer to [\d,<]+ more",
    "es": r"\d [ay][ \u00a0][\d,<]+ (?:más|menos)\b|menos a [\d,<]+ más",
}
"""How an effect is printed in words."""

SIGNED = r"[+\u2212]\d[\d,]* (?:to|a)[ \u00a0][+\u2212<\d]|<?\d[\d,]* (?:to|a)[ \u00a0][+\u2212]"
"""How it is printed with its sign."""

WHO = ("speaks.short_assumed", "speaks.short_open")


class Scopes(HTMLParser):
    """The text of each smallest element that must hold an effect together with who speaks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._own: list[list[str]] = [[]]
        self.feed(page.split("<script>")[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "input", "br"):
            return
        box = tag == "div" and (dict(attrs).get("class") or "").startswith("main")
        self._open.append((tag, tag in SCOPES or box))
        if self._open[-1][1]:
            self._own.append([])

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            name, scope = self._open.pop()
            if scope:
                self.texts.append(" ".join(" ".join(self._own.pop()).split(" ")))
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._own[-1].append(" ".join(data.split(" ")).strip("\n"))


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return make_runs()


def told(runs: xr.Dataset, change: Callable[[dict[str, Any]], None]) -> xr.Dataset:
    about = json.loads(runs.attrs["background"])
    change(about)
    return runs.assign_attrs(background=json.dumps(about))


def narrowed(ratio: float) -> Callable[[dict[str, Any]], None]:
    def change(about: dict[str, Any]) -> None:
        row = {"lever": DEAL, "parameter": "checkpoint.chance"}
        size = next(one for one in about["settings"] if one["lever"] == DEAL)
        size |= {"low": 0.2, "high": 0.5}
        about["narrowed"] = [row | {"ratio": ratio, "low": ratio - 0.05, "high": ratio + 0.05}]

    return change


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_effect_is_printed_without_who_speaks(
    runs: xr.Dataset, tmp_path: Path, language: str
) -> None:
    page = write_report(runs, tmp_path / "r.html", language=language).read_text("utf-8")
    who = [Words(language)(key) for key in WHO]
    effects = [
        text
        for text in Scopes(page).texts
        if re.search(EFFECT[language], text) or re.search(SIGNED, text)
    ]
    # The answer, what stands beside it, the sentences for print, two tables.
    assert len(effects) > 40
    assert [text for text in effects if not any(one in text for one in who)] == []
    charts = json.loads(page.split('id="drawing">')[1].split("</script>")[0])["charts"]
    drawn = [
        chart for chart in charts if chart["id"].startswith("difference") and chart["spec"] == "fan"
    ]
    assert len(drawn) > 4
    assert all(who[0] in chart["title"] and who[0] in chart["alt"] for chart in drawn)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_effect_is_told_as_that_of_leaving_something_out(
    runs: xr.Dataset, tmp_path: Path, language: str
) -> None:
    page = write_report(runs, tmp_path / "r.html", language=language).read_text("utf-8")
    without = {"en": "Without: ", "es": "Sin: "}[language]
    told = [text for text in Scopes(page).texts if re.search(EFFECT[language], text)]
    assert told
    assert not any(without in text for text in told)


def test_a_policy_left_out_is_told_as_the_policys_own_effect(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    assert question(run) == "Did “December 2023 deal” lower Border Patrol encounters?"
    asked, amount = contrast(run, 1), amount_of(run, "zones")
    assert (asked.having, asked.lacking, asked.lever) == (0, 1, True)
    # Without it there is a tenth more from the third month on.
    first, other = (amount.values.isel(scenario=n) for n in (0, 1))
    assert np.array_equal(asked.of(amount.values).values, (first - other).values)
    assert effect_text(run.words, asked.of(amount.values)).endswith(" fewer")
    assert question(read_run(runs, Words("es"))) == (
        "¿Hubo menos Encuentros de la Patrulla Fronteriza con «Acuerdo de diciembre de 2023»?"
    )


def test_the_other_order_asks_the_same(runs: xr.Dataset) -> None:
    turned = runs.isel(scenario=[1, 0])
    run = read_run(turned, Words("en"))
    asked, straight = contrast(run, 1), contrast(read_run(runs, Words("en")), 1)
    assert (asked.having, asked.lacking, asked.what) == (1, 0, straight.what)


def test_fewer_and_more_are_both_possible() -> None:
    words, change = Words("en"), xr.DataArray(np.linspace(-300.0, 700.0, 41), dims="member")
    assert effect_text(words, change) == ("fewer and more are both possible: 250 fewer to 650 more")
    assert signs_text(words, signs(change)) == "fewer in 12, more in 28 of 41 simulations"
    assert effect_text(words, 0 * change) == "no difference"
    assert signs_text(words, signs(0 * change)) == "the same in all simulations"
    assert effect_text(words, change - 1000.0) == "350 to 1,250 fewer"
    assert signs_text(Words("es"), signs(change + 1000.0)) == "más en 41 de 41 simulaciones"


def test_effects_too_small_to_print_are_told_in_words() -> None:
    words, change = Words("en"), xr.DataArray(np.linspace(-8.0, -1.0, 41), dims="member")
    assert effect_text(words, change) == "under 10 fewer"
    assert effect_text(words, -change) == "under 10 more"
    assert effect_text(Words("es"), change + 4.5) == "menos de 10, de más o de menos"
    mostly = xr.DataArray(np.linspace(-20.0, 1.0, 41), dims="member")
    assert effect_text(words, mostly) == "0 to 19 fewer"


def test_a_change_is_told_as_itself_less_the_first() -> None:
    run = read_run(make_runs(scenarios=["base", "more seats"]), Words("en"))
    asked = contrast(run, 1)
    assert (asked.having, asked.lacking, asked.lever) == (1, 0, False)
    assert question(run).startswith("What would change with “more seats”, in: Border")


@pytest.mark.parametrize(
    ("ratio", "who", "label"),
    [
        (0.9, "assumed", "size assumed"),
        (0.7, "open", "size not decided"),
        (0.4, "record", "the record narrows it by 60% (55% to 65%)"),
    ],
)
def test_the_record_speaks_by_how_far_it_narrows(
    runs: xr.Dataset, ratio: float, who: str, label: str
) -> None:
    run = read_run(told(runs, narrowed(ratio)), Words("en"))
    found = speaker(run, 1)
    assert (found.who, found.label) == (who, label)
    by = f"{round(100 * (1 - ratio))}% ({round(95 - 100 * ratio)}% to {round(105 - 100 * ratio)}%)"
    assert f"narrows it by{' only' if who == 'assumed' else ''} {by}" in found.short
    main = next(block for block in answer(run) if isinstance(block, Answer)).main
    assert found.short in main.who
    banned = writing(run, contrast(run, 1), [amount_of(run, "zones")], "2024")[0].blocks[-1]
    assert isinstance(banned, Bullets)
    no_finding = run.words("writing.no_finding", what=contrast(run, 1).what)
    assert (no_finding in banned.sentences) == (who != "record")


def test_beside_an_effect_stands_how_often_such_ranges_held(runs: xr.Dataset) -> None:
    def tested(about: dict[str, Any]) -> None:
        narrowed(0.9)(about)
        row = {"test": "calibration", "series": "effect", "figure": "held_90"}
        row |= {"command": "rumbo calibrate it --lever bus-closure --truths 16", "posterior": fit}
        about["tested"] = [row | {"value": 0.5625, "low": 0.365, "high": 0.742, "n": 16}]

    plain = speaker(read_run(told(runs, narrowed(0.9)), Words("en")), 1)
    assert "ranges" not in plain.sentence
    fit, held = "", "90% ranges of the effect of \u201c{}\u201d held 56% of 16 (36% to 74%)."
    run = read_run(told(runs, tested), Words("en"))
    assert speaker(run, 1).sentence.endswith(held.format(lever_title("bus-closure", run)))
    fit = "of-before"
    sentence = speaker(read_run(told(runs, tested), Words("en")), 1).sentence
    assert "before the fit shown here was made, 90% ranges" in sentence


@pytest.mark.parametrize("ratio", [0.9, 0.7, 0.4])
def test_an_export_says_who_speaks_as_the_page_does(runs: xr.Dataset, ratio: float) -> None:
    fitted = told(runs, narrowed(ratio))
    page, (export, *_) = speaker(read_run(fitted, Words("en")), 1), speakers(read_facts(fitted))
    assert export.who == IN_EXPORTS[page.who]
    by = f"{round(100 * (1 - ratio))} % ({round(95 - 100 * ratio)} to {round(105 - 100 * ratio)} %)"
    assert by in export.text.en
    assert by.replace(" (", " (de ").replace(" to ", " a ") in export.text.es


def test_a_size_that_the_fit_did_not_move_counts_as_not_narrowed(runs: xr.Dataset) -> None:
    def change(about: dict[str, Any]) -> None:
        narrowed(0.4)(about)
        size = next(one for one in about["settings"] if one["lever"] == DEAL)
        about["settings"].append({**size, "parameter": "transfer.seats"})

    run = read_run(told(runs, change), Words("en"))
    assert {one.ratio for one in sizes_between(run, 1).narrowed.values()} == {0.4, 1.0}
    assert speaker(run, 1).who == "open"  # the root of (0.16 + 1) / 2 is 0.76


def test_sizes_come_together_by_their_squares() -> None:
    assert together([]) is None
    assert together([Narrowed(0.6, 0.5, 0.7), Narrowed(0.8, 0.7, 0.9)]) == pytest.approx(
        (np.sqrt(0.5), np.sqrt(0.37), np.sqrt(0.65))
    )


def test_the_values_that_make_an_effect_are_listed(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    (fold,) = sizes_fold(run, contrast(run, 1))
    assert (
        fold.title
        == "What makes this effect (“December 2023 deal”). Values: 1; of these judgement: 1"
    )
    table = next(block for block in fold.blocks if isinstance(block, Table))
    assert table.rows[0][:2] == ["chance of being stopped", "0.35"]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (
            "checkpoint.chance@tapachula=0.4",
            "chance of being stopped: 0.4 (Tapachula), since 1 Jan 2024",
        ),
        ("2023-11-01 to 2024-02-28", "All policies as they were"),
        ("checks & more", "checks & more"),
    ],
)
def test_names_that_nobody_gave_are_titles_in_words(
    runs: xr.Dataset, name: str, title: str
) -> None:
    row = {"parameter": "checkpoint.chance", "at": "tapachula", "since": "2024-01-01", "value": 0.4}

    def change(about: dict[str, Any]) -> None:
        changes = [] if " to " in name else [row]
        more = {"only_levers": False, "named": "&" in name}
        about["scenarios"] = [{"name": name, "without": [], "changes": changes, **more}]

    run = read_run(told(runs, change), Words("en"))
    assert scenario_title(name, run) == title


def test_one_scenario_answers_with_its_own_range() -> None:
    run = read_run(make_runs(scenarios=["base"]), Words("en"))
    (block,) = answer(run)
    assert isinstance(block, Answer)
    assert question(run) == "How many Border Patrol encounters, November 2023 to June 2024?"
    assert re.fullmatch(r"[\d,]+ to\u00a0[\d,]+", block.main.short)
    assert "(fails the record)" in block.main.topic
    assert block.main.weak


def test_series_that_fail_are_marked_where_their_difference_is_printed(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    page = write_report(runs, tmp_path / "r.html").read_text("utf-8")
    rows = re.findall(r"<tr role=\"row\" class=\"weak\">.*?</tr>", page)
    assert any("Border Patrol encounters, total (fails the record)" in row for row in rows)
    assert '<div class="main weak">' in page
    assert '<div class="chart half weak">' in page
