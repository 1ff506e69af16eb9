"""What the report says of the record: marks, cover, deaths on record, who speaks, cautions."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from report_fixture import DEAL, REGIONS, make_runs
from test_report import Page

from rumbo.report import record_page, write_report
from rumbo.report.corridor.headline import headlines
from rumbo.report.corridor.levers import source_link
from rumbo.report.corridor.limits import limits
from rumbo.report.corridor.record import record
from rumbo.report.corridor.speaks import speaker, speaks
from rumbo.report.page.parts import Fold, Table
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.record import fails, marked, row_of
from rumbo.report.read.run import Run, read_run

Change = Callable[[dict[str, Any]], None]


def told(runs: xr.Dataset, change: Change, language: str = "en") -> Run:
    """Return a run whose background was changed in place."""
    about = json.loads(runs.attrs["background"])
    change(about)
    return read_run(runs.assign_attrs(background=json.dumps(about)), Words(language))


def nothing(about: dict[str, Any]) -> None:
    """Change nothing."""


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return make_runs()


def deaths(about: dict[str, Any], value: float) -> None:
    months = sorted({one["month"] for one in about["figures"]})
    like = about["figures"][0]
    about["figures"] += [
        {**like, "measure": "deaths", "component": "", "area": region, "month": month,
         "value": value, "publisher": "A register"}
        for region in REGIONS for month in months
    ]  # fmt: skip


def times(factor: float) -> Change:
    """Multiply all figures of everybody met in zones."""

    def change(about: dict[str, Any]) -> None:
        for one in about["figures"]:
            if one["component"] == "USBP" and one["nationality"] == "all":
                one["value"] *= factor

    return change


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_series_that_fails_is_marked_wherever_it_stands(
    runs: xr.Dataset, tmp_path: Path, language: str
) -> None:
    about = json.loads(runs.attrs["background"])
    times(10.0)(about)
    far = runs.assign_attrs(background=json.dumps(about))
    text = write_report(far, tmp_path / "r.html", language=language).read_text("utf-8")
    words = Words(language)
    title = words("mark.title", title=about["texts"]["component.USBP"][language])
    parts = re.split(r'<section id="part-', text)
    marked_in = {one.split('"')[0] for one in parts[1:] if title in one}
    assert {"statements", "observed", "differences"} <= marked_in
    assert words("mark.note") in text
    near = write_report(runs, tmp_path / "n.html", language=language).read_text("utf-8")
    fails_now = fails(read_run(runs, words), "zones")
    assert (title in near) == fails_now


def test_a_whole_told_by_its_parts_fails_with_half_of_them(runs: xr.Dataset) -> None:
    run = told(runs, lambda about: deaths(about, 500.0))
    assert fails(run, "deaths_recorded")
    assert fails(run, "deaths")
    assert marked(run, "Sea", "deaths_recorded", region=REGIONS[0]) == "Sea (fails the record)"
    assert not fails(run, "kidnappings")
    assert row_of(run, "zones", nationality="GTM") is None


def test_the_headline_says_what_was_observed_and_how_often_it_was_held(runs: xr.Dataset) -> None:
    run = told(runs, times(10.0))
    card = headlines(run)[0]
    assert "The observed value lies outside the range" in card.sentence
    assert "In this run 0% of the figures of this series (8) lie inside" in card.sentence
    close = told(runs, nothing)
    low, high = (float(close.series("zones").isel(scenario=0).sum("month").quantile(q))
                 for q in (0.05, 0.95))  # fmt: skip
    seen = float(close.along(close.observed("zones")).sum())
    outside = "lies outside" in headlines(close)[0].sentence
    assert outside == (not low <= seen <= high)


def test_deaths_stand_beside_those_on_record(runs: xr.Dataset) -> None:
    run = told(runs, lambda about: deaths(about, 500.0))
    sentence = headlines(run)[-1].sentence
    assert "On record over the same months: 12,000 (A register)." in sentence
    assert "lies outside the range of recorded deaths" in sentence
    assert "is below the deaths already on record" in sentence
    few = headlines(told(runs, lambda about: deaths(about, 0.0)))[-1].sentence
    assert "below the deaths" not in few
    assert "On record" not in headlines(read_run(runs, Words("en")))[-1].sentence


def test_who_speaks_is_told_in_a_sentence_and_in_words_beside_an_effect(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))  # the fixture's deal is one value, assumed
    assert speaks(run, 1) == Words("en")("speaks.assumed", count=1)
    assert speaker(run, 1).label == speaker(run, 1).short == "size assumed"


def test_a_sourced_value_decides_nothing(runs: xr.Dataset) -> None:
    def sourced(about: dict[str, Any]) -> None:
        row = next(one for one in about["settings"] if one["lever"] == DEAL)
        about["settings"].append({**row, "source": "gazette", "quality": "official"})

    assert speaks(told(runs, sourced), 1) == Words("en")(
        "speaks.open", listed="assumed: 1 and official: 1"
    )

    def unlisted(about: dict[str, Any]) -> None:
        about["settings"] = [one for one in about["settings"] if one["lever"] != DEAL]

    assert speaks(told(runs, unlisted), 1) == Words("en")("speaks.unknown")


@pytest.mark.parametrize("language", LANGUAGES)
def test_cautions_entrants_and_licences(runs: xr.Dataset, tmp_path: Path, language: str) -> None:
    about = json.loads(runs.attrs["background"])
    about["texts"] |= {
        "caution.kidnappings": {"en": "From few people.", "es": "De pocas personas."},
        "caution.transfer.seats": {"en": "One bus.", "es": "Un autobús."},
        "licence.CC BY 4.0": {"en": "free with name", "es": "libre con nombre"},
    }
    about["inflows"] = [
        {"nationality": "VEN", "route": "direct", "persons": 300.0, "assumed": 210.0},
        {"nationality": "VEN", "route": "parole", "persons": 100.0, "assumed": 0.0},
    ]
    changed = runs.assign_attrs(background=json.dumps(about))
    page = Page(write_report(changed, tmp_path / "r.html", language=language).read_text("utf-8"))
    number = {"en": "1,000 people who enter in these months, 700", "es": "estos meses, 700 son"}
    few, bus = (about["texts"][f"caution.{name}"] for name in ("kidnappings", "transfer.seats"))
    for text in (number, few, bus, about["texts"]["licence.CC BY 4.0"]):
        assert text[language] in page.text


def test_several_sources_are_all_named(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    link = source_link(run, "gazette;odd")
    assert "<cite>A gazette, Notices</cite></a>; <cite>Odd, Trap</cite>" in link
    assert source_link(run, "assumed") == "assumed"


def test_the_chapter_folds_single_series_behind_their_group(runs: xr.Dataset) -> None:
    section = record(read_run(runs, Words("en")))
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows] == [
        "Border Patrol encounters",
        "Border Patrol encounters by nationality (1)",
        "People stopped on the way",
        "People waiting or held on the way by area (1)",
    ]
    folds = [block for block in section.blocks if isinstance(block, Fold)]
    assert [fold.blocks[0].rows[0][0] for fold in folds] == ["VEN", "Tapachula"]


def test_the_fit_is_told_or_that_nothing_was_fitted(runs: xr.Dataset) -> None:
    def fitted(about: dict[str, Any]) -> None:
        texts = {"unknowns": "991", "figures": "620", "views": "zones", "seed": "7"}
        about["posterior"] = {"as_of": "2025-06-30", "about": texts}

    def silent(about: dict[str, Any]) -> None:
        about["posterior"] = {"as_of": "2025-06-30", "about": {}}

    page = record_page(told(runs, fitted).data)
    assert "991 unknowns on 620 figures" in page
    assert "Of those held out of the fit:" in page
    assert "was not recorded" in record_page(told(runs, silent).data)
    assert "Nothing was fitted" in record_page(runs)
    assert "No se ajustó nada" in record_page(runs, "es")


def test_an_earlier_version_stands_beside_where_it_is_kept(runs: xr.Dataset) -> None:
    def kept(about: dict[str, Any]) -> None:
        row = {"series": "zones", "log_rmse": 0.77, "bias": 0.1, "cover_90": 0.25}
        about["record_before"] = [row]

    page = record_page(told(runs, kept).data)
    assert "Before: log RMSE" in page
    assert "| 0.77 | 25% |" in page
    assert "Before" not in record_page(runs)


def test_what_is_given_is_no_test(runs: xr.Dataset) -> None:
    def flown(about: dict[str, Any]) -> None:
        like = about["figures"][0]
        about["figures"] = [{**like, "measure": "parole_arrivals", "component": "", "value": 5.0}]

    given = told(runs, flown).data
    assert "| given |" in record_page(given)
    assert "Who flies on parole is given to the simulation" in record_page(given)
    assert "se le da a la simulación" in record_page(given, "es")
    assert "Who flies on parole" not in record_page(runs)


def test_the_limits_say_how_far_off_the_unseen_was(runs: xr.Dataset) -> None:
    def tested(about: dict[str, Any]) -> None:
        row = {"test": "left_out", "figure": "log_error", "command": "", "n": 3}
        sizes = {"zones": 2.0, "queue": 0.5, "stops": 0.1}
        about["tested"] = [row | {"series": name, "value": log} for name, log in sizes.items()]

    plain, tried = (
        limits(read_run(one, Words("en"))).blocks[0].sentences
        for one in (runs, told(runs, tested).data)
    )
    assert not any("nothing corrects the simulation" in one for one in plain)
    # exp(0.5) and exp(2).
    assert any("by a factor of 1.6 in the middle of 3 cases and of 7.4" in one for one in tried)


def test_the_limits_say_on_how_many_sets_ranges_of_ways_rest(runs: xr.Dataset) -> None:
    section = limits(read_run(runs, Words("en")))
    assert any("rest on eight sets" in one for one in section.blocks[0].sentences)
