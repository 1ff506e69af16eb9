"""The report as text: what it says, in both languages, and what it refuses to print."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
import xarray as xr
from report_fixture import DEAL, make_runs

import rumbo.report
from rumbo.report import write_report, write_reports
from rumbo.report.charts.ways import outlines
from rumbo.report.page.drawing import pack, script_json
from rumbo.report.page.words import LANGUAGES, Words, catalogue


class Page(HTMLParser):
    """What a page would fetch, its links, its tables and its plain text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.cells: list[str] = []
        self.words: list[str] = []
        self.labels: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self._open.append(tag)
        if tag == "a":
            self.links.append(named.get("href", ""))
        elif "href" in named or "src" in named or "srcset" in named:
            self.fetched.append(str(attrs))
        if named.get("role") == "img":
            self.labels.append(named.get("aria-label", ""))
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] in ("script", "style"):
            return
        self.words.append(data)
        if "td" in self._open:
            self.cells[-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return make_runs()


@pytest.fixture(scope="module")
def pages(runs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("report")
    return {
        language: write_report(runs, folder / f"{language}.html", language=language).read_text(
            "utf-8"
        )
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_asks_nothing_of_the_network(pages: dict[str, str], language: str) -> None:
    page = Page(pages[language])
    assert page.fetched == []
    assert not re.search(r"@import|url\(\s*['\"]?http", pages[language].split("</style>")[0])
    assert "default-src 'none'" in pages[language]
    assert all(link.startswith(("#", "https://example.org/")) for link in page.links)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_holds_all_parts(pages: dict[str, str], language: str) -> None:
    text, words = Page(pages[language]).text, Words(language)
    parts = [key for key in catalogue() if key.startswith(("part.", "limit.", "refusal."))]
    parts = [key for key in parts if not key.startswith("part.claims")]  # of a page of their own
    assert parts
    for key in [*parts, "differences.text", "cost.text", "record.text", "licence.osm"]:
        assert " ".join(words(key).split()) in text, key
    assert f'<html lang="{language}">' in pages[language]


def test_head_names_the_run(pages: dict[str, str]) -> None:
    text = Page(pages["en"]).text
    for told in ("November 2023 to June 2024", "0123456789abcdef", "A corridor for tests"):
        assert told in text
    assert "noviembre de 2023 a junio de 2024" in Page(pages["es"]).text


def test_headlines_give_the_range_before_the_middle(pages: dict[str, str]) -> None:
    cards = re.findall(r'<article class="card[^"]*".*?</article>', pages["en"], re.DOTALL)
    assert 3 <= len(cards) <= 4
    for card in cards:
        sentence = Page(card).text
        assert re.search(r"between [\d,<]+ and [\d,<]+", sentence), sentence
        assert sentence.index("9 of 10") < sentence.index("middle value")


def test_scenarios_have_human_titles(pages: dict[str, str]) -> None:
    for language, title in (("en", "Without: December 2023 deal"),
                            ("es", "Sin: Acuerdo de diciembre de 2023")):  # fmt: skip
        assert title in Page(pages[language]).text


def test_every_chart_is_described_and_has_its_table(pages: dict[str, str]) -> None:
    for language in LANGUAGES:
        labels = Page(pages[language]).labels
        assert len(labels) > 30
        assert all(len(label) > 40 for label in labels)
        figures = pages[language].split("<figure ")[1:]
        assert all("<figcaption>" in each and "<details" in each for each in figures)


def test_every_table_number_simulated_has_its_range(pages: dict[str, str]) -> None:
    heads = re.findall(r"<thead[^>]*>(.*?)</thead>", pages["en"])
    with_middle = [head for head in heads if "Middle value" in head]
    assert len(with_middle) >= 6
    assert all("9 in 10" in head.split("Middle value")[0] for head in with_middle)


def test_observed_figures_are_the_last_published(pages: dict[str, str]) -> None:
    cells = Page(pages["en"]).cells
    assert "17,000" in cells
    assert "99,999" not in cells


def test_reported_estimates_say_who_made_them(pages: dict[str, str]) -> None:
    cells = Page(pages["en"]).cells
    assert "1,500 to\u00a04,500" in cells
    assert "A shelter & co" in cells


def test_misfit_is_stated(pages: dict[str, str]) -> None:
    text = Page(pages["en"]).text
    assert re.search(r"inside the 90% range in \d+ of 8 months", text)
    assert "no level was fitted" in text


def test_assumed_values_say_so(pages: dict[str, str]) -> None:
    for language, word in (("en", "assumed"), ("es", "supuesto")):
        assert word in Page(pages[language]).cells


def test_levers_before_the_run_are_left_out(pages: dict[str, str]) -> None:
    text = Page(pages["en"]).text
    assert "Flights south" in text
    assert "Long ago" not in text


def test_texts_of_a_corridor_are_escaped(pages: dict[str, str]) -> None:
    assert "Borde &lt;Selva&gt;" in pages["en"]
    assert "Borde <Selva>" not in pages["en"]
    assert "javascript:alert" not in pages["en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_counts_are_not_printed(tmp_path: Path, language: str) -> None:
    runs = make_runs(members=8)
    runs["kidnappings"][:] = 0
    runs["kidnappings"][:, :, 0, 0] = 7
    page = Page(write_report(runs, tmp_path / "r.html", language=language).read_text("utf-8"))
    to = Words(language)("to")
    assert f"<10 {to}\u00a0<10" in page.cells
    people = [cell for cell in page.cells if re.fullmatch(rf"\d {to}\u00a0\d", cell)]
    assert set(people) <= {f"0 {to}\u00a00"}


def test_missing_variable_is_named(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks transfers, waiting: .*result\.nc"):
        write_report(runs.drop_vars(["waiting", "transfers"]), tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def test_unknown_language_is_refused(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'fr' is not known: choose one of en, es"):
        write_report(runs, tmp_path / "r.html", language="fr")


def test_failed_write_leaves_the_old_file(
    runs: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.html"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("rumbo.files.atomic.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(runs, path)
    assert [each.name for each in tmp_path.iterdir()] == ["r.html"]
    assert path.read_text() == "old"


def test_same_run_gives_the_same_page(
    runs: xr.Dataset, pages: dict[str, str], tmp_path: Path
) -> None:
    assert write_report(runs, tmp_path / "again.html").read_text("utf-8") == pages["en"]


LANGUAGE_LINK = r' <a class="language".*?</a>'


def test_reports_written_together_are_those_written_apart(
    runs: xr.Dataset, pages: dict[str, str], tmp_path: Path
) -> None:
    paths = {language: tmp_path / f"{language}.html" for language in pages}
    assert write_reports(runs, paths) == list(paths.values())
    together = {language: path.read_text("utf-8") for language, path in paths.items()}
    links = {language: re.findall(LANGUAGE_LINK, page) for language, page in together.items()}
    for here, (there, name) in {"en": ("es", "Español"), "es": ("en", "English")}.items():
        (link,) = links[here]
        assert f'href="{there}.html" lang="{there}" hreflang="{there}">{name}<' in link
    assert {name: re.sub(LANGUAGE_LINK, "", page) for name, page in together.items()} == pages


def test_of_an_unknown_language_none_is_written(runs: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'fr'"):
        write_reports(runs, {"en": tmp_path / "en.html", "fr": tmp_path / "fr.html"})
    assert not list(tmp_path.iterdir())


def test_one_simulation_says_it_has_no_range(tmp_path: Path) -> None:
    page = write_report(make_runs(members=1), tmp_path / "one.html").read_text("utf-8")
    assert Words("en")("warn.single") in page


def test_one_scenario_has_no_comparison(tmp_path: Path) -> None:
    page = write_report(make_runs(scenarios=["base"]), tmp_path / "b.html").read_text("utf-8")
    assert 'id="part-differences"' not in page


def test_third_scenario_and_its_changes_are_told(tmp_path: Path) -> None:
    runs = make_runs(scenarios=["base", f"without {DEAL}", "more seats"], members=5)
    text = Page(write_report(runs, tmp_path / "t.html").read_text("utf-8")).text
    assert "transfer.seats: 400; where: everywhere; for: everyone; from 1 Jan 2024" in text
    assert "In “more seats”, compared with “All policies as they were”" in text
    assert text.startswith("What would change Border Patrol encounters?")


def test_run_without_figures_says_so(tmp_path: Path) -> None:
    runs = make_runs(members=5, months=1)
    about = json.loads(runs.attrs["background"])
    about["figures"], about["basemap"] = [], None
    runs = runs.assign_attrs(background=json.dumps(about))
    page = write_report(runs, tmp_path / "n.html").read_text("utf-8")
    assert Words("en")("record.none") in page


def test_page_is_small_enough(pages: dict[str, str]) -> None:
    assert all(len(page.encode()) < 6e6 for page in pages.values())


def _unpacked(table: dict[str, object]) -> Iterator[dict[str, object]]:
    for row in range(table["length"]):
        yield {
            name: column["values"][column["codes"][row]]
            if isinstance(column, dict)
            else column[row]
            for name, column in table["columns"].items()
        }


def test_packed_rows_come_back() -> None:
    rows = [{"a": "x", "b": n, "c": f"{n}"} for n in range(9)]
    packed = pack(rows)
    assert packed["columns"]["a"] == {"values": ["x"], "codes": [0] * 9}
    assert list(_unpacked(packed)) == rows
    assert pack([]) == {"length": 0, "columns": {}}


def test_json_cannot_end_its_script() -> None:
    assert "</script" not in script_json({"name": "</script><script>"})


def test_outlines_are_coarse_and_whole() -> None:
    ring = [[0.001, 0], [0.002, 0], [1, 0], [1, 1], [0, 1], [0.001, 0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"level": 0}, "geometry": shape}
    (found,) = outlines({"features": [feature]})
    assert found["geometry"]["coordinates"] == [[[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]]


def test_report_needs_no_engine() -> None:
    sources = Path(rumbo.report.__file__).parent.rglob("*.py")
    imported = {
        name
        for each in sources
        for name in re.findall(r"(?:from|import) (rumbo\.\w+)", each.read_text())
    }
    assert imported == {"rumbo.report", "rumbo.files", "rumbo.scores"}
