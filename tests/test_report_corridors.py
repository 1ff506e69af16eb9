"""The pages of other corridors: none speaks of the countries and agencies of the bundled one."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from folders import THREE_PLACES, add, copy, swap
from report_fixture import make_runs
from test_report import Page
from test_scorecard import Told, evaluation, forecast_file, make_figures

import rumbo
from rumbo.cli.arguments import ask
from rumbo.files.faults import Faults
from rumbo.report import write_forecast, write_report, write_reports, write_scorecard
from rumbo.report.corridor.differences import COMPARED, COSTS
from rumbo.report.corridor.limits import NAMED
from rumbo.report.corridor.statements import statements
from rumbo.report.page.own import own_texts
from rumbo.report.page.parts import Cards
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.run import read_run
from rumbo.report.read.simulated import not_simulated, simulated
from rumbo.run.check import load_ready
from rumbo.scenario.edit.new import make

AMERICAN = re.compile(
    r"USBP|OFO|CBP|COMAR|Dari[eé]n|Hondur|Panam[aá]|M[eé]xic|Tapachula|Chiapas|Border Patrol|"
    r"Patrulla|United States|Estados Unidos|EE\. UU\.|\bUS\b(?! dollars)|us_|T[ií]tulo? 42|"
    r"Title 42|UNHCR|ACNUR|IOM|OIM"
)
"""What belongs to one corridor's own words."""

CODES = re.compile(r"\b(MX|HN|PA|US|GT|CO)\b(?! dollars)")

RENAMED = {
    "GT": "LY", "MX": "TN", "US,": "IT,", "Del Rio": "Sicily", "Laredo": "Trapani",
    ",USBP,": ",zones,", ",OFO,": ",gates,",
}  # fmt: skip
"""Countries, areas and components of three places, and what they are called elsewhere."""


def elsewhere(to: Path) -> Path:
    """Make a corridor of other countries that names no components, regions or words of its own."""
    folder = copy(to)
    for path in [*folder.glob("*.csv"), folder / "corridor.yaml"]:
        text = path.read_text("utf-8")
        for old, new in RENAMED.items():
            text = text.replace(old, new)
        path.write_text(text, "utf-8")
    (folder / "components.csv").unlink()
    (folder / "basemap.geojson").unlink()
    header = folder / "corridor.yaml"
    header.write_text(header.read_text("utf-8").split("regions:")[0], "utf-8")
    return folder.rename(to / "elsewhere")


@pytest.fixture(scope="module", params=["three_places", "two_shores", "elsewhere"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "elsewhere":
        return elsewhere(tmp_path_factory.mktemp("elsewhere"))
    return THREE_PLACES.with_name(request.param)


@pytest.fixture(scope="module")
def pages(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    base, to = rumbo.load(folder), tmp_path_factory.mktemp("pages")
    lever = next(filter(None, base.settings["lever"]))
    runs = rumbo.simulate([base, base.without(lever)], members=3, workers=1)
    paths = {language: to / f"{language}.html" for language in LANGUAGES}
    write_reports(runs, paths)
    return {language: Page(path.read_text("utf-8")) for language, path in paths.items()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_of_no_other_corridor(
    folder: Path, pages: dict[str, Page], language: str
) -> None:
    told = " ".join([pages[language].text, *pages[language].labels])
    assert AMERICAN.findall(told) == []
    if folder != THREE_PLACES:
        assert CODES.findall(told) == []
    assert "{" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_page_tells_of_people_waiting(pages: dict[str, Page], language: str) -> None:
    words, text = Words(language), pages[language].text.replace("\u00a0", " ")
    title, to = words("measure.waiting"), words("to")
    mark = re.escape(words("mark.title", title=""))
    low = re.search(rf"{title}(?:{mark})? ([\d,\u202f]+) {to} \d", text)
    assert low is not None
    assert int(re.sub(r"\D", "", low[1])) > 100


def test_components_give_their_titles_to_the_series(folder: Path, pages: dict[str, Page]) -> None:
    own = {"three_places": "People met in North sector", "two_shores": "Arrivals by sea"}
    generic = Words("en")("measure.zones")
    assert f"{own.get(folder.name, generic)} by nationality" in pages["en"].text
    assert (f"{generic} by nationality" in pages["en"].text) == (folder.name not in own)


def test_a_page_thanks_only_whom_the_corridor_names(pages: dict[str, Page], tmp_path: Path) -> None:
    others = [f"licence.{name}" for name in NAMED]
    assert not any(Words("en")(key) in pages["en"].text for key in others)
    assert Words("en")("licence.rumbo") in pages["en"].text
    text = Page(write_report(make_runs(members=4), tmp_path / "r.html").read_text("utf-8")).text
    assert Words("en")("licence.osm") in text
    assert Words("en")("licence.geonames") not in text


def test_the_bundled_corridor_keeps_its_words() -> None:
    scenario = rumbo.load("darien-rio-bravo")
    own = own_texts({"roles": scenario.roles.described(), "texts": scenario.texts})
    english, spanish = (Words(language, own) for language in LANGUAGES)
    assert english("measure.zones") == "Border Patrol encounters"
    assert spanish("measure.stops") == "Eventos registrados por México"
    assert english("figure.zones-area", title="Encounters") == "Encounters by sector"
    assert len(english.starting("thanks.")) == 2
    assert load_ready("darien-rio-bravo").warnings == ()


def without_component_names(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(component=table["component"].replace("USBP", "zones"))


NOT_DECIDED = {
    "en": "The record does not decide between the two rules",
    "es": "El registro no decide entre las dos reglas",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_forecasts_speak_of_no_other_corridor(tmp_path: Path, language: str) -> None:
    made = evaluation(tmp_path, {"zone-totals": Told()})
    figures = without_component_names(make_figures("An agency")).replace(
        {"area": {"us_border": "sea", "darien": "desert"}}
    )
    path = forecast_file(tmp_path, without_component_names)
    texts = {"target.zone-totals": {"en": "At sea", "es": "En el mar"}}
    corridor = {"texts": texts, "roles": {"zones": "zones", "gates": "gates"}}
    pages = [
        write_scorecard(made, tmp_path / "s.html", language, corridor=corridor),
        write_forecast(path, figures, tmp_path / "o.html", language, corridor=corridor),
        write_forecast(path, figures, tmp_path / "alone.html", language),
    ]
    scores, *forecasts = [Page(page.read_text("utf-8")).text for page in pages]
    assert texts["target.zone-totals"][language] in scores
    assert all(AMERICAN.findall(text) == [] for text in (scores, *forecasts))
    assert all(Words(language)("measure.zones") in text for text in forecasts)
    assert all(re.search("Sea: ", text) for text in forecasts)
    # People may rush in them before a dated event.
    assert all(NOT_DECIDED[language] in text for text in forecasts)


def test_a_family_without_a_title_goes_by_its_id(tmp_path: Path) -> None:
    made = evaluation(tmp_path, {"zone-totals": Told()})
    assert "Zone totals" in Page(write_scorecard(made, tmp_path / "s.html").read_text("utf-8")).text


def test_a_result_of_before_asks_to_be_run_again(tmp_path: Path) -> None:
    runs = make_runs(members=2)
    about = json.loads(runs.attrs["background"])
    del about["roles"]
    old = runs.assign_attrs(background=json.dumps(about)).drop_vars("stops")
    with pytest.raises(Faults, match=r"^result: .* earlier version .* Run the scenario again\.$"):
        write_report(old, tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def with_words(to: Path, line: str) -> tuple[Path, int]:
    folder = copy(to)
    (folder / "words.csv").write_text("key,en,es\nplace.middle_town,Mid,Medio\n", "utf-8")
    return folder, add(folder, "words.csv", line)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("period,{first} to the end,{first} a {last}", "en: the text holds {first}, expected"),
        ("since,from {day},desde {dia}", "es: the text holds {dia}, expected {day}. "),
        ("footer,{day},día", "en: the text holds {day}, expected nothing in braces. "),
        ("since,from {day,desde {day}", "en: the text holds braces that do not fit"),
    ],
)
def test_a_text_that_cannot_be_filled_is_a_fault(tmp_path: Path, line: str, told: str) -> None:
    folder, row = with_words(tmp_path, line)
    (fault,) = rumbo.check(folder)
    assert str(fault).startswith(f"words.csv, row {row}: '{line.split(',')[0]}', {told}")
    assert "Start from the report's own text: " in fault.cure
    with pytest.raises(Faults):
        ask(str(folder))


def test_a_page_refuses_a_text_that_it_cannot_fill(tmp_path: Path) -> None:
    runs = make_runs(members=2)
    about = json.loads(runs.attrs["background"])
    about["texts"]["period"] = {"en": "{first} on", "es": "{first} y {last}"}
    with pytest.raises(Faults, match=r"words\.csv: 'period', en: the text holds \{first\}"):
        write_report(runs.assign_attrs(background=json.dumps(about)), tmp_path / "r.html")


def test_a_key_that_the_report_does_not_know_is_a_warning(tmp_path: Path) -> None:
    folder, row = with_words(tmp_path, "headline.zone,a,b")
    (warning,) = load_ready(folder).warnings
    assert warning.row == row
    assert warning.cure == "Write 'headline.zones'"
    assert rumbo.check(folder) == []
    swap(folder, "words.csv", "headline.zone,a,b", "place.south_town,{a},b")
    assert load_ready(folder).warnings == ()


def test_what_nothing_makes_happen_is_no_zero(tmp_path: Path) -> None:
    make(tmp_path / "own")
    runs = rumbo.simulate(rumbo.load(tmp_path / "own"), members=3, seed=1)
    for language, short in (("en", "not simulated"), ("es", "no se simula")):
        run = read_run(runs, Words(language))
        heads = next(block for block in statements(run).blocks if isinstance(block, Cards))
        cards = {card.topic: card for card in heads.statements}
        assert cards[run.words("measure.deaths")].short == short
        titles = "; ".join(run.words(f"measure.{key}") for key in ("transfers", "moved_again"))
        assert titles in not_simulated(run, COSTS)
        assert simulated(run, COMPARED) == ["zones", "stops", "waiting", "days_waited"]
