"""The report of a run of displacement, by day: what it says in both languages, and in a browser."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import flee_folder
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from test_report import Page
from test_report_browser import WIDTHS, Visit, browser

import rumbo
from rumbo.files.faults import Faults
from rumbo.report import write_report
from rumbo.report.crisis import map as crisis_map
from rumbo.report.crisis.camps import apart, camp_curves, camp_fits
from rumbo.report.page.parts import Table, trimmed
from rumbo.report.page.words import LANGUAGES, Unranged, Words
from rumbo.report.read.camps import (
    MOST_DATES,
    MOST_PANELS,
    amounts,
    camp_ids,
    compared_days,
    registered,
    thinned,
)
from rumbo.report.read.run import Run, read_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

EFFECT = {
    "en": r"\d[\d,]* (?:more|fewer)|no difference|more in \d",
    "es": r"\d[\d,]* (?:más|menos)|ninguna diferencia|más en \d",
}
"""How an effect is printed."""

RANGE = {
    "en": r"between [\d,<]+ and [\d,<]+ in 9 of 10 simulations, and between [\d,<]+ and [\d,<]+ in "
    r"half of them; middle value [\d,<]+",
    "es": r"entre [\d\u202f<]+ y [\d\u202f<]+ en 9 de cada 10 simulaciones, y entre [\d\u202f<]+ y "
    r"[\d\u202f<]+ en la mitad de ellas; valor central, [\d\u202f<]+",
}


@pytest.fixture(scope="module")
def crisis(tmp_path_factory: pytest.TempPathFactory) -> rumbo.Scenario:
    return rumbo.read_flee(flee_folder.write(tmp_path_factory.mktemp("crisis")))


@pytest.fixture(scope="module")
def runs(crisis: rumbo.Scenario) -> xr.Dataset:
    scenarios = [
        crisis,
        crisis.without("closure-1"),
        crisis.change("flight.room", 20.0, at="Dun").named("less room at Dun"),
    ]
    return rumbo.simulate(scenarios, members=6, seed=7)


@pytest.fixture(scope="module")
def single(crisis: rumbo.Scenario) -> xr.Dataset:
    both = [crisis, crisis.without("closure-1")]
    return rumbo.simulate(both, members=1, seed=7)


def test_what_the_folder_leaves_alone_is_said_by_flee(crisis: rumbo.Scenario) -> None:
    settings = crisis.settings.set_index("parameter")["source"]
    assert settings["flight.walk"] == "flee-defaults"
    assert set(settings["flight.camp"]) == {"flee-folder"}
    assert {*crisis.settings["source"]} <= {*crisis.sources["source"]}


def test_an_export_of_days_is_refused_in_one_line(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="not recorded by month"):
        rumbo.export(runs, tmp_path / "export")
    assert not (tmp_path / "export").exists()


def _page(runs: xr.Dataset, folder: Path, language: str = "en") -> str:
    return write_report(runs, folder / f"{language}.html", language=language).read_text("utf-8")


@pytest.fixture(scope="module")
def pages(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("displacement")
    return {language: _page(runs, folder, language) for language in LANGUAGES}


def _with_background(runs: xr.Dataset, **changed: object) -> xr.Dataset:
    about = {**json.loads(runs.attrs["background"]), **changed}
    return runs.assign_attrs(background=json.dumps(about))


def _cards(page: str) -> list[str]:
    found = re.findall(r'<article class="card".*?</article>', page, re.DOTALL)
    return [Page(card).text for card in found]


class Ids(HTMLParser):
    """Anchors of a page and where its links inside lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.led: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.ids += [named["id"]] if "id" in named else []
        to = named.get("href", "")
        self.led += [to[1:]] if tag == "a" and to.startswith("#") else []


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_holds_its_parts_and_asks_nothing_of_the_network(
    pages: dict[str, str], language: str
) -> None:
    page, words = Page(pages[language]), Words(language)
    anchors = Ids(pages[language])
    assert page.fetched == []
    assert set(anchors.led) <= set(anchors.ids)
    assert len(anchors.ids) == len(set(anchors.ids))
    for key in ("crisis.part.map", "crisis.part.camps", "part.differences", "part.cost",
                "crisis.part.levers", "part.parameters", "part.limits", "part.cite",
                "crisis.given", "crisis.cost.note", "crisis.limit.leaving"):  # fmt: skip
        assert " ".join(words(key).split()) in page.text, key
    assert f'<html lang="{language}">' in pages[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_of_a_text_is_left_on_the_page(pages: dict[str, str], language: str) -> None:
    text = Page(pages[language]).text
    assert not re.findall(r"\b(?:crisis|learned|kind|head|legend|part|unit|measure)\.[a-z_]+", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_statement_gives_its_range_before_the_middle(
    pages: dict[str, str], language: str
) -> None:
    words, cards = Words(language), _cards(pages[language])
    given, *simulated = cards
    assert words("crisis.displaced.short", entries="").strip() in given
    assert len(simulated) == 5
    assert all(re.search(RANGE[language], card) for card in simulated), simulated


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_gives_the_range_before_the_middle(pages: dict[str, str], language: str) -> None:
    answers = re.findall(r'<div class="main">.*?</div>', pages[language], re.DOTALL)
    assert len(answers) == 2
    for one in answers:
        told = Page(one).text
        middle = {"en": "middle value:", "es": "valor central:"}[language]
        assert re.search(EFFECT[language], told.split(middle)[0])
        keys = ("speaks.short_open", "speaks.short_assumed", "effect.unmoved")
        assert any(Words(language)(key) in told for key in keys)


def test_the_given_total_is_told_as_it_is(runs: xr.Dataset, pages: dict[str, str]) -> None:
    card = _cards(pages["en"])[0]
    total = int(runs["entries"].isel(scenario=0, member=0).sum())
    assert f"{total} people are newly displaced" in card
    assert "not simulated" in card
    end = runs.isel(scenario=0, member=0, day=-1)
    start = int(end["waiting"].sum() + end["travelling"]) - total
    assert f"are given too: {Words('en').exact(start)}." in card


def test_dates_are_days(pages: dict[str, str]) -> None:
    assert "1 January 2020 to 9 February 2020" in Page(pages["en"]).text
    assert "1 de enero de 2020 a 9 de febrero de 2020" in Page(pages["es"]).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_give_ranges_before_middles(pages: dict[str, str], language: str) -> None:
    middle, nine = Words(language)("head.middle"), Words(language)("head.wide")[:4]
    heads = re.findall(r"<thead[^>]*>(.*?)</thead>", pages[language])
    with_middle = [head for head in heads if middle in head]
    assert len(with_middle) >= 7
    assert all(nine in head.split(middle)[0] for head in with_middle)


def test_scenarios_and_closures_are_told(pages: dict[str, str]) -> None:
    english, spanish = Page(pages["en"]).text, Page(pages["es"]).text
    assert "Without: Border Home–Away closed" in english
    assert "Sin: Frontera Home–Away cerrada" in spanish
    assert "less room at Dun" in english
    assert "Camp Esk not open" in english
    assert 'id="difference-2"' in pages["en"]


def test_later_counts_win(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    counts = registered(run)
    dun = counts["Dun"].set_index("month")["value"]
    assert dun[pd.Timestamp("2020-01-11")] == 60
    assert dun[pd.Timestamp("2020-01-31")] == 90
    esk = counts["Esk"].set_index("month")["value"]
    assert esk[pd.Timestamp("2020-01-11")] == 27


def test_fit_is_of_counts_after_the_first_day(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    fits = {fit.curve.title: fit for fit in camp_fits(run)}
    assert fits["Dun (Away)"].misfit.months == 3
    assert len(fits["Dun (Away)"].curve.observed) == 4


def test_apart_is_the_share_of_people_out_of_place(runs: xr.Dataset) -> None:
    moved = runs.copy(deep=True)
    moved["waiting"][:] = 0
    share = apart(run := read_run(moved, Words("en")), camp_fits(run))
    assert share is not None
    assert np.allclose(share, 1.0)


def test_camp_without_counts_says_so(runs: xr.Dataset, tmp_path: Path) -> None:
    about = json.loads(runs.attrs["background"])
    some = [row for row in about["figures"] if row["area"] != "Esk"]
    page = Page(_page(_with_background(runs, figures=some), tmp_path))
    assert Words("en")("crisis.no_count") in page.cells
    none = Page(_page(_with_background(runs, figures=[]), tmp_path)).text
    assert Words("en")("crisis.fit.none") in none


def test_run_without_closures_says_so(runs: xr.Dataset, tmp_path: Path) -> None:
    page = _page(_with_background(runs.isel(scenario=[0]), levers=[]), tmp_path)
    assert Words("en")("crisis.no_levers") in page
    assert 'id="calendar"' not in page
    assert 'id="part-differences"' not in page


def test_camps_without_capacity_are_not_counted_as_crowded(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    page = Page(_page(runs.drop_vars("shelter_shortfall"), tmp_path)).text
    assert "People beyond the capacity of camps" not in page


def test_the_most_crowded_camp_is_named(runs: xr.Dataset, tmp_path: Path) -> None:
    full = runs.copy(deep=True)
    full["shelter_shortfall"].loc[{"place": "Dun"}] = 40
    full["shelter_shortfall"][..., 20, 3] = [50, 60, 70, 80, 90, 100]
    cards = _cards(_page(full, tmp_path))
    (told,) = (card for card in cards if card.startswith("Dun: people beyond capacity"))
    assert "beyond the 300 places given for Dun, on its most crowded day" in told
    assert "between 52 and 98 in 9 of 10 simulations" in told


def test_people_are_neither_lost_nor_counted_twice(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    named = {each.title: each.values for each in amounts(run)}
    end = runs.isel(day=-1)
    whole = end["waiting"].sum("place")
    told = named[run.words("crisis.in_camps_last")] + named[run.words("crisis.elsewhere_last")]
    assert np.allclose(told, whole)
    assert np.allclose(named[run.words("crisis.person_days")], runs["days_on_road"].sum("day"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_simulation_says_that_it_has_no_range(
    single: xr.Dataset, tmp_path: Path, language: str
) -> None:
    text = _page(single, tmp_path, language)
    page, words = Page(text), Words(language)
    assert words("warn.single") in page.text
    cards = _cards(text)
    assert all(words("no_range") in card for card in cards[1:]), cards
    assert not re.search(RANGE[language], page.text)
    nine = {"en": "9 of 10 paired", "es": "9 de cada 10 simulaciones pareadas"}
    assert nine[language] not in page.text
    heads = [head for head in re.findall(r"<thead[^>]*>(.*?)</thead>", text)]
    assert not any(words("crisis.head.inside") in head for head in heads)
    low_high = rf"[\d,\u202f<]+ {words('to')}\u00a0[\d,\u202f<]+"
    assert not [cell for cell in page.cells if re.fullmatch(low_high, cell)]


def test_expected_run_says_that_it_is_an_average(crisis: rumbo.Scenario, tmp_path: Path) -> None:
    averages = rumbo.simulate(crisis, members=1, seed=7, mode="expected")
    text = Page(_page(averages, tmp_path)).text
    assert Words("en")("crisis.averages") in text
    assert Words("en")("no_range") in text


def test_few_simulations_are_warned_of(pages: dict[str, str]) -> None:
    assert Words("es")("warn.few", count=6, enough=20) in Page(pages["es"]).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_counts_are_not_printed(pages: dict[str, str], language: str) -> None:
    to = Words(language)("to")
    people = [
        cell for cell in Page(pages[language]).cells if re.fullmatch(rf"\d {to}\u00a0\d", cell)
    ]
    assert set(people) <= {f"0 {to}\u00a00"}


def test_every_chart_is_described_and_has_its_table(pages: dict[str, str]) -> None:
    for language in LANGUAGES:
        labels = Page(pages[language]).labels
        assert len(labels) == 1 + 4 + 2 * 4 + 1
        assert all(len(label) > 40 for label in labels)
        figures = pages[language].split("<figure ")[1:]
        assert all("<figcaption>" in each and "<details" in each for each in figures)


def test_names_lose_their_underscores(runs: xr.Dataset, tmp_path: Path) -> None:
    about = json.loads(runs.attrs["background"])
    for place in about["places"]:
        place["country"] = "Burkina_Faso" if place["country"] == "Away" else place["country"]
        place["name"] = "Dun_One" if place["id"] == "Dun" else place["name"]
    text = Page(_page(_with_background(runs, places=about["places"]), tmp_path)).text
    assert "Dun One (Burkina Faso)" in text
    assert "Dun_One" not in text


def _many(runs: xr.Dataset, count: int) -> xr.Dataset:
    """Return a run in which a camp stands many times, each a little smaller."""
    about = json.loads(runs.attrs["background"])
    places = {place["id"]: place for place in about["places"]}
    names = [f"camp{n:02d}" for n in range(count)]
    some = runs.sel(place=["Dun"] * count).assign_coords(
        place=names, place_name=("place", [name.upper() for name in names])
    )
    some["waiting"] = some["waiting"] * xr.DataArray(np.linspace(1, 0.5, count), dims="place")
    whole = xr.concat([runs, some], "place", data_vars="minimal", coords="minimal")
    places |= {name: {**places["Dun"], "id": name, "name": name.upper()} for name in names}
    return _with_background(whole, places=list(places.values()))


def test_many_camps_are_all_in_the_table_and_the_largest_drawn(
    runs: xr.Dataset, tmp_path: Path
) -> None:
    many = _many(runs.isel(scenario=[0]), 18)
    text = _page(many, tmp_path)
    run = read_run(many, Words("en"))
    assert len(camp_ids(run)) == 20
    assert len(camp_curves(run)) == 22
    headings = re.findall(r"<h4>(.*?)</h4>", text)
    assert len(headings) == 2 + MOST_PANELS
    assert Words("en")("crisis.text.more", shown=16, count=20) in Page(text).text
    assert text.count("CAMP17 (Away)") > 10


def test_days_are_thinned_with_both_ends() -> None:
    assert thinned(5, MOST_DATES).tolist() == [0, 1, 2, 3, 4]
    kept = thinned(820, MOST_DATES)
    assert len(kept) == MOST_DATES
    assert (kept[0], kept[-1]) == (0, 819)
    assert thinned(1, 12).tolist() == [0]


def test_steps_of_the_map_end_with_the_run_and_hold_all_passages(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    shown = crisis_map.map_steps(run)
    assert len(shown) == crisis_map.STEPS
    assert shown[-1] == len(run.times) - 1
    one = Run(runs.isel(day=[0]), run.background, run.words)
    assert crisis_map.map_steps(one).tolist() == [0]


def test_one_day_can_be_told(runs: xr.Dataset, tmp_path: Path) -> None:
    assert "<!doctype html>" in _page(runs.isel(day=[0]), tmp_path)


def test_missing_variable_is_named(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks turned_back, waiting: "):
        write_report(runs.drop_vars(["waiting", "turned_back"]), tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_columns_without_content_are_left_out() -> None:
    table = Table(["a", "b", "c"], [["x", "", "1"], ["y", "\u2013", ""]])
    assert list(trimmed(table).heads) == ["a", "c"]
    assert [list(row) for row in trimmed(table).rows] == [["x", "1"], ["y", ""]]


def test_a_single_simulation_has_words_of_its_own() -> None:
    words = Unranged("en")
    assert words.span(1, 2) == "no range: one simulation"
    assert not words.ranged


def test_page_is_small_enough(pages: dict[str, str]) -> None:
    assert all(len(page.encode()) < 2e6 for page in pages.values())


def test_same_run_gives_the_same_page(
    runs: xr.Dataset, pages: dict[str, str], tmp_path: Path
) -> None:
    assert _page(runs, tmp_path) == pages["en"]


@pytest.fixture(scope="module")
def files(pages: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("opened")
    found = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, path in found.items():
        path.write_text(pages[language], encoding="utf-8")
    return found


def _marks(visit: Visit) -> Iterator[int]:
    yield from visit.page.evaluate(
        "[...document.querySelectorAll('.drawing')].map("
        "box => box.querySelectorAll('svg path[d], svg line').length)"
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_report_opens_offline(
    browser: "Browser", files: dict[str, Path], tmp_path: Path, language: str, width: str
) -> None:
    visit = Visit(browser, files[language], WIDTHS[width])
    visit.page.screenshot(path=tmp_path / f"{language}-{width}.png", full_page=True)
    assert visit.requests == [files[language].as_uri()]
    assert visit.complaints == []
    assert visit.page.locator(".drawing svg").count() == 14
    assert min(_marks(visit)) > 3
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]


@pytest.mark.browser
def test_camp_panels_hold_every_scenario_and_their_counts(
    browser: "Browser", files: dict[str, Path]
) -> None:
    page = Visit(browser, files["en"], 1280).page
    drawn = "[...document.querySelectorAll('#camps-2 svg path')].map(p => p.getAttribute('stroke'))"
    strokes = page.evaluate(drawn)
    assert {"#0072b2", "#d55e00", "#009e73"} <= set(strokes)
    labels = page.locator("#camps-2 svg text, #camps-2 svg tspan").all_text_contents()
    assert any(label.endswith("Jan") for label in labels)


@pytest.mark.browser
def test_slider_moves_the_map(browser: "Browser", files: dict[str, Path]) -> None:
    page = Visit(browser, files["es"], 1280).page
    drawn = "document.querySelector('#map-0 svg').innerHTML"
    assert page.locator("#map-controls output").inner_text() == "9 de febrero de 2020"
    before = page.evaluate(drawn)
    page.locator("[name=month]").fill("2")
    page.wait_for_timeout(300)
    assert page.evaluate(drawn) != before


@pytest.mark.browser
def test_a_single_simulation_is_drawn(
    browser: "Browser", single: xr.Dataset, tmp_path: Path
) -> None:
    path = write_report(single, tmp_path / "single.html", language="es")
    visit = Visit(browser, path, 1280)
    assert visit.complaints == []
    assert min(_marks(visit)) > 3


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    folder = flee_folder.write(tmp_path_factory.mktemp("learned"))
    return rumbo.learn_shares(folder, folder / "simsetting.yml", members=50)


@pytest.fixture(scope="module")
def shared(learned: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("shared")
    return {language: _page(learned, folder, language) for language in LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_learned_shares_get_a_page_of_their_own(shared: dict[str, str], language: str) -> None:
    page, words, anchors = Page(shared[language]), Words(language), Ids(shared[language])
    assert page.fetched == []
    assert set(anchors.led) <= set(anchors.ids)
    assert len(anchors.ids) == len(set(anchors.ids))
    assert not {"part-map", "part-cost", "part-differences"} & set(anchors.ids)
    for key in ("learned.part.known", "learned.given", "learned.no_journeys", "learned.ranges",
                "learned.fit.text", "learned.limit.early", "crisis.limit.counts",
                "part.cite"):  # fmt: skip
        assert " ".join(words(key).split()) in page.text, key
    assert not re.findall(r"\b(?:crisis|learned|kind|head|legend|part)\.[a-z_]+", page.text)
    assert words("crisis.on_road") not in page.text
    assert len(page.labels) == 2 + 1
    assert len(shared[language].encode()) < 2e6


@pytest.mark.parametrize("language", LANGUAGES)
def test_learned_shares_tell_the_given_total_and_the_least_certain_camp(
    learned: xr.Dataset, shared: dict[str, str], language: str
) -> None:
    words, (given, widest) = Words(language), _cards(shared[language])
    last = learned["waiting"].isel(scenario=0, day=-1)
    totals = set(last.sum("place").values.tolist())
    assert totals == {117.0}
    assert words("learned.total.short", total="117") in given
    assert not re.search(RANGE[language], given)
    assert re.search(RANGE[language], widest)
    ends = last.quantile([0.05, 0.95], "member").diff("quantile").isel(quantile=0)
    camp = str(learned["place"].values[int(ends.argmax("place"))])
    assert words("learned.widest", camp=camp) in widest
    origin = {"en": "31 January 2020", "es": "31 de enero de 2020"}
    assert origin[language] in widest


@pytest.mark.parametrize("language", LANGUAGES)
def test_learned_shares_say_what_is_known_when(
    learned: xr.Dataset, shared: dict[str, str], tmp_path: Path, language: str
) -> None:
    words = Words(language)
    first = {"en": "1 January 2020", "es": "1 de enero de 2020"}[language]
    found = Page(shared[language]).text
    assert words("learned.origins", first=first, every=30) in found
    assert words("learned.known", lag=3) in found
    for every, key in ((0, "learned.origin"), (1, "learned.daily")):
        page = Page(_page(learned.assign_attrs(every=every), tmp_path, language)).text
        assert words(key, first=first) in page


def test_counts_seen_by_a_forecast_are_not_compared(learned: xr.Dataset) -> None:
    late = Run(learned, {}, Words("en"))
    assert compared_days(late).tolist() == list(range(40))
    at_once = Run(learned.assign_attrs(lag=0), {}, Words("en"))
    assert compared_days(at_once).tolist() == [n for n in range(40) if n not in (0, 30)]


def test_learned_shares_are_held_against_their_counts(
    learned: xr.Dataset, shared: dict[str, str]
) -> None:
    run = read_run(learned, Words("en"))
    found = camp_fits(run)
    assert [each.misfit.months for each in found] == [len(each.curve.observed) for each in found]
    x, half = (sum(getattr(f.misfit, k) for f in found) for k in ("inside", "inside_half"))
    count = sum(each.misfit.months for each in found)
    assert f"{x} of {count} registered counts" in Page(shared["en"]).text
    assert f"and {half} inside the 50% range" in Page(shared["en"]).text
    assert len(camp_curves(run)) == len(camp_ids(run)) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_draw_of_learned_shares_says_that_it_has_no_range(
    learned: xr.Dataset, tmp_path: Path, language: str
) -> None:
    text, words = _page(learned.isel(member=[0]), tmp_path, language), Words(language)
    assert words("warn.single") in Page(text).text
    assert words("no_range") in _cards(text)[1]
    assert not re.search(RANGE[language], Page(text).text)


def test_learned_shares_with_capacities_warn_that_they_look_ahead(
    learned: xr.Dataset, shared: dict[str, str], tmp_path: Path
) -> None:
    told = Words("en")("learned.capacities")
    assert told not in Page(shared["en"]).text
    assert told in Page(_page(learned.assign_attrs(capacities=1), tmp_path)).text


def test_learned_shares_name_what_they_lack(learned: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks origin: .* rumbo\.learn_shares returned"):
        write_report(learned.drop_vars("origin"), tmp_path / "r.html")


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_learned_shares_is_drawn(
    browser: "Browser", shared: dict[str, str], tmp_path: Path, width: str
) -> None:
    path = tmp_path / "shared.html"
    path.write_text(shared["es"], encoding="utf-8")
    visit = Visit(browser, path, WIDTHS[width])
    assert visit.requests == [path.as_uri()]
    assert visit.complaints == []
    assert visit.page.locator(".drawing svg").count() == 3
    assert min(_marks(visit)) > 3
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
