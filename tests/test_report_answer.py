"""A named question on the command line, the page that answers it, and the page of a place."""

import csv
import json
import re
import string
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import here
from questions_asked import folder

import rumbo
from rumbo import Faults
from rumbo.cli.asking.asked import queries_in
from rumbo.cli.asking.beds import beds_of
from rumbo.cli.asking.voice import voice
from rumbo.cli.terminal import Language
from rumbo.report import write_place, write_reports
from rumbo.report.answer import place as place_module
from rumbo.report.answer.answer import answer
from rumbo.report.answer.effects import asked_period, over_asked
from rumbo.report.answer.first import effects_there, first_screen, how_it_is
from rumbo.report.answer.flows import at_place, days_there, leaving, waiting_at
from rumbo.report.answer.page import answered, place_page
from rumbo.report.answer.place import place
from rumbo.report.corridor.differences import cost, differences
from rumbo.report.corridor.headline import headlines
from rumbo.report.corridor.page import corridor_page
from rumbo.report.corridor.record import record as record_chapter
from rumbo.report.corridor.scenarios import scenarios
from rumbo.report.corridor.statements import corridor_title
from rumbo.report.page.parts import (
    Answer,
    Bullets,
    Fold,
    PageBlock,
    Scenarios,
    Table,
    Text,
)
from rumbo.report.page.words import LANGUAGES, Range, Words
from rumbo.report.read.contrast import effect_text, range_text, signs, signs_text
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import spread
from rumbo.report.read.record import as_it_was
from rumbo.report.read.run import Run, read_run
from rumbo.run.folder import open_run, read_manifest
from rumbo.run.rerun import repeat
from rumbo.scenario.edit.new import make
from rumbo.scenario.scenario import load

SPEAKING = ("ask.py", "asked.py", "beds.py")
"""Modules that say what stands in the table of texts."""

FEW = ("--members", 2, "--seed", 7, "--workers", 1)


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("asked"))


def run_of(there: Path, question: str, language: str = "en", **more: object) -> Run:
    pair = load(there).ask(question, **more)  # type: ignore[arg-type]
    return read_run(rumbo.simulate(pair, members=6, seed=2, workers=1), Words(language))


@pytest.fixture(scope="module")
def closed(there: Path) -> Run:
    return run_of(there, "closed")


@pytest.fixture(scope="module")
def beds(there: Path) -> Run:
    return run_of(there, "beds", beds={"middle_town": 400})


def mean_of_days(values: xr.DataArray) -> xr.DataArray:
    """Average months, each by its days: worked out apart from how the page does it."""
    return values.weighted(values["month"].dt.days_in_month).mean("month")


def shown(blocks: Sequence[PageBlock]) -> Answer:
    return next(block for block in blocks if isinstance(block, Answer))


def told(run: Run) -> Sequence[PageBlock]:
    section = answer(run)
    assert section is not None
    return section.blocks


def test_a_lever_moved_in_time_is_told_among_the_changes(there: Path) -> None:
    run = run_of(there, "slots-early")
    (number,) = (n for n, name in enumerate(run.scenarios) if name.startswith("slots-early"))
    listed = next(one for one in scenarios(run).blocks if isinstance(one, Scenarios))
    told = listed.notes[number].assumptions
    assert any("10 Feb 2024" in text for text in told), told


def test_an_end_that_is_rounded_to_nought_is_neither_fewer_nor_more() -> None:
    words, none = Words("en"), Range(0.0, 9.0, 40.0, 90.0, 900.0)
    assert range_text(words, none._replace(low=-0.2)) == range_text(words, none)
    assert "fewer" not in range_text(words, none)
    assert "more" not in range_text(words, Range(-900.0, -90.0, -40.0, -9.0, 0.3))
    assert "fewer" in range_text(words, none._replace(low=-20.0))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.05, 0.0, "0 to under 10 fewer"),
        (-0.3, -0.3, "under 10 fewer"),
        (-4.0, -1.0, "under 10 fewer"),
        (0.0, 2.0, "0 to under 10 more"),
        (0.2, 0.3, "under 10 more"),
        (-0.2, 0.3, "under 10 fewer or more"),
    ],
)
def test_effects_too_small_to_print_have_the_sign_that_they_have(
    low: float, high: float, said: str
) -> None:
    middle = (low + high) / 2.0
    assert range_text(Words("en"), Range(low, low, middle, high, high)) == said


def test_the_answer_is_what_is_asked_less_what_is_not(closed: Run) -> None:
    first = shown(told(closed))
    assert first.lead.startswith(
        "With closed, compared with \u201cWithout closed\u201d, March 2024"
    )
    values = closed.series("zones").isel(month=slice(2, None)).sum("month")
    named = closed.background["question"]
    number = {side: closed.scenarios.index(named[side]) for side in ("with", "without")}
    change = values.isel(scenario=number["with"]) - values.isel(scenario=number["without"])
    assert closed.words.single_change(float(change.median())) in first.main.sentence
    fewer = int((change < 0).sum())
    assert not fewer or f"fewer in {fewer}" in first.main.who


def test_every_effect_has_who_speaks_beside_it(closed: Run, beds: Run) -> None:
    for run in (closed, beds):
        for block in (shown(told(run)), shown(effects_there(run, "middle_town"))):
            effects = [one for one in (block.main, *block.beside) if "more" in one.short]
            effects += [one for one in (block.main, *block.beside) if "fewer" in one.short]
            assert all(re.search("assumed|decided|record", one.who) for one in effects)
            assert effects


PRINTED = {
    "en": (
        "\u201cIn a simulation of the corridor {corridor} with Rumbo {version}{question}: "
        "in \u2018With closed\u2019, compared with "
        "\u2018Without closed\u2019, March 2024 to June 2024. {measure}: {range} in 9 of 10 "
        "simulations ({shared}; size assumed).\u201d"
    ),
    "es": (
        "\u00abEn una simulaci\u00f3n del corredor {corridor} con Rumbo {version}{question}: "
        "en \u201cCon closed\u201d, "
        "en comparaci\u00f3n con \u201cSin closed\u201d, de marzo de 2024 a junio de 2024. "
        "{measure}: {range} en 9 de cada 10 simulaciones ({shared}; tama\u00f1o supuesto).\u00bb"
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_may_be_printed_names_sides_months_range_and_who_speaks(
    closed: Run, language: str
) -> None:
    few = closed.in_language(language)
    run = replace(few, data=few.data.isel(member=[0, 1, 2, 3, 4] * 4), _known={})
    words, named = run.words, run.background["question"]
    may, _ = printable(run)
    # The first series that does not fail the record: of others nothing may be printed.
    values = mean_of_days(run.series("waiting").isel(month=slice(2, None)))
    sides = (run.scenarios.index(named[side]) for side in ("with", "without"))
    having, lacking = (values.isel(scenario=number) for number in sides)
    change = having - lacking
    parts = {
        "version": run.data.attrs["version"],
        "measure": words("mean_over", title=words("measure.waiting")),
        "range": effect_text(words, change),
        "shared": signs_text(words, signs(change)),
        "corridor": corridor_title(run),
        "question": words("writing.question", title=words.column(named["words"], "title")),
    }
    assert may[0] == PRINTED[language].format(**parts)
    may, may_not = printable(few)
    assert may == [words("writing.assumed"), words("writing.if")]
    assert may_not[0] == words("writing.no_few", count=6, enough=20)


def test_what_nothing_acts_on_has_no_size_and_is_not_offered_for_print(closed: Run) -> None:
    many = closed.data.isel(member=[0, 1, 2, 3, 4] * 4)
    still = many.assign(waiting=many["waiting"] * 0 + many["waiting"].isel(scenario=0))
    run = replace(closed, data=still, _known={})
    title = run.words("measure.waiting")
    answered = shown(told(run))
    (waiting,) = (s for s in (answered.main, *answered.beside) if s.topic.startswith(title))
    assert waiting.who.endswith("in no simulation does what is compared act on it in these months")
    assert not [one for one in printable(run)[0] if title in one]
    assert [one for one in printable(replace(run, data=many, _known={}))[0] if title in one]


def printable(run: Run) -> tuple[Sequence[str], Sequence[str]]:
    """Return the sentences that may be printed of an answer, and those that may not."""
    title = run.words("writing.title")
    (fold,) = (b for b in told(run) if isinstance(b, Fold) and b.title == title)
    may, may_not = (block.sentences for block in fold.blocks if isinstance(block, Bullets))
    return may, may_not


def test_the_values_that_make_it_are_listed_and_judged(closed: Run) -> None:
    fold = next(block for block in told(closed) if isinstance(block, Fold))
    assert "Values: 1; of these judgement: 1" in fold.title
    (table,) = (block for block in fold.blocks if isinstance(block, Table))
    assert len(table.rows) == 1


def test_a_run_without_a_question_has_no_answer(there: Path) -> None:
    base = load(there)
    runs = rumbo.simulate([base, base.without("bus-closure")], members=2, workers=1)
    assert answer(read_run(runs, Words("en"))) is None
    assert place(read_run(runs, Words("en")), "middle_town").blocks


def test_sides_are_named_in_the_readers_words(closed: Run) -> None:
    for language, names in (
        ("en", {"With closed", "Without closed"}),
        ("es", {"Con closed", "Sin closed"}),
    ):
        run = closed.in_language(language)
        assert {scenario_title(name, run) for name in run.scenarios} == names


def test_of_beds_the_number_short_is_the_answer(beds: Run) -> None:
    block = shown(told(beds))
    given, (known, change) = block.main, block.beside
    short = mean_of_days(beds.series("shelter_shortfall"))
    sides = [beds.scenarios.index(beds.background["question"][s]) for s in ("with", "without")]
    for card, number in zip((given, known), sides, strict=True):
        middle = beds.words.count(float(short.isel(scenario=number).median()))
        assert f"middle value {middle}" in card.sentence
    assert "the number of places is given by whoever asks" in change.who
    there = shown(first_screen(beds, "middle_town"))
    assert [there.main.topic, there.beside[0].topic] == [
        "Beds short with 400 places, on an average day",
        "Without beds: beds short with 150 places, on an average day",
    ]
    assert "given by whoever asks: 400" in there.main.who
    assert block.lead.startswith("With beds, and beside it “Without beds”, ")
    assert "all places with beds together" in given.topic


def test_months_of_a_place_are_told_with_the_beds_given(beds: Run) -> None:
    blocks = place(beds, "middle_town").blocks
    latest = next(one for one in blocks if isinstance(one, Table))
    assert latest.caption.endswith("Beds short with 400 places, on an average day")
    having = beds.scenarios.index(beds.background["question"]["with"])
    short = beds.sums("shelter_shortfall", "place").sel(place="middle_town")
    ends = np.quantile(short.isel(scenario=having, month=-1), [0.05, 0.95])
    assert latest.rows[-1][3] == beds.words.span(*ends)
    texts = [one.text for one in blocks if isinstance(one, Text)]
    assert "Shelter places in Middle town, given by whoever asks: 400." in texts
    assert "Shelter places known in Middle town: 150." in texts


def test_a_number_within_the_range_known_is_said_to_leave_more_short(tmp_path: Path) -> None:
    where = folder(tmp_path)
    (where / "settings.csv").write_text(
        (where / "settings.csv")
        .read_text("utf-8")
        .replace(
            "shelter.places,middle_town,,,,set,150,,,",
            "shelter.places,middle_town,,,,set,150,100,600,",
        ),
        "utf-8",
    )
    texts = [
        [
            one.text
            for one in told(run_of(where, "beds", beds={"middle_town": n}))
            if isinstance(one, Text)
        ]
        for n in (400, 700)
    ]
    said = "How many places are known in Middle town is itself unsure: 100 to 600."
    assert [sum(said in text for text in own) for own in texts] == [1, 0]


def test_nationalities_that_are_not_told_apart_are_told_together(
    closed: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place_module, "SHOWN", 0)
    blocks = place(closed, "middle_town").blocks
    who = next(one for one in blocks if isinstance(one, Table) and "by nationality" in one.caption)
    everybody = over_asked(closed, waiting_at(closed, "middle_town"), "stock").isel(scenario=0)
    assert who.rows == [["All others", *closed.words.range_cells(spread(everybody))]]


def test_stays_over_months_are_days_of_all_over_all_who_leave(closed: Run) -> None:
    there = waiting_at(closed, "middle_town")
    days = (there * there["month"].dt.days_in_month).sum("month")
    gone = at_place(closed, "departures", "middle_town").sum("month")
    found = days_there(closed, "middle_town", lambda each: each.sum("month"))
    np.testing.assert_allclose(found, (days / gone).transpose(*found.dims))


def test_a_few_places_are_told_as_they_were_given(there: Path) -> None:
    """Nobody is behind a place: small numbers of people are hidden, not those of beds."""
    few = run_of(there, "beds", beds={"middle_town": 7})
    place = shown(first_screen(few, "middle_town"))
    assert place.main.topic == "Beds short with 7 places, on an average day"
    assert "given by whoever asks: 7." in place.main.who


def test_beds_where_none_are_known_are_compared_with_nothing(there: Path) -> None:
    """More people would seem to be short of beds once there are some, since they are counted."""
    added = run_of(there, "beds", beds={"south_town": 40})
    block = shown(told(added))
    assert [one.topic.split(":")[0] for one in (block.main, *block.beside)] == [
        "With beds",
        "Without beds",
    ]
    assert "compared with" not in block.lead
    assert block.lead.startswith("With beds, and beside it “Without beds”, ")
    texts = [one.text for one in told(added) if isinstance(one, Text)]
    assert any("known in South town but the one given" in text for text in texts)
    assert not any(
        isinstance(one, Fold) and one.title == "How to write about this" for one in told(added)
    )
    blocks = first_screen(added, "south_town")
    assert shown(blocks).main.topic == "Beds short with 40 places, on an average day"
    assert [one.topic for one in shown(blocks).beside if "short" in one.topic] == []
    texts = [one.text for one in blocks if isinstance(one, Text)]
    assert not any(text.startswith("No number of shelter places") for text in texts)
    effects = [one for one in effects_there(added, "south_town") if isinstance(one, Answer)]
    assert all("short" not in one.topic for each in effects for one in (each.main, *each.beside))


def test_the_whole_page_compares_no_sums_of_beds_known_on_one_side_alone(
    there: Path, beds: Run
) -> None:
    added = run_of(there, "beds", beds={"south_town": 40})
    short, reason = (
        added.words("measure.shelter_shortfall"),
        "known in South town but the one given",
    )
    for run, compared in ((beds, True), (added, False)):
        section = differences(run)
        assert section is not None
        rows = [row[0] for one in section.blocks if isinstance(one, Table) for row in one.rows]
        assert rows
        assert any(short in title for title in rows) is compared
        about = section.blocks[0]
        assert isinstance(about, Text)
        assert (reason in about.text) is not compared
        told = repr(cost(run))
        assert short in told
        assert (reason in told) is not compared


def test_a_place_tells_who_asks_for_an_appointment_where_somebody_does(closed: Run) -> None:
    title = closed.words("here.asking")
    topics = [one.topic for one in shown(first_screen(closed, "middle_town")).beside]
    assert title not in topics
    queue = closed.data["waiting"] * (closed.data["place"] == "middle_town") / 2
    asked = read_run(closed.data.assign(queue=queue.assign_attrs(what="stock")), closed.words)
    there = shown(first_screen(asked, "middle_town"))
    assert [one.topic for one in there.beside][2] == title
    values = queue.sel(place="middle_town").isel(scenario=0, month=slice(2, None)).sum("group")
    low, high = np.quantile(mean_of_days(values), [0.05, 0.95])
    assert there.beside[2].short == closed.words.span(low, high)
    assert title not in [one.topic for one in shown(first_screen(asked, "south_town")).beside]


def test_a_place_tells_beds_short_first_and_what_is_assumed_of_them(closed: Run) -> None:
    words, there = closed.words, shown(first_screen(closed, "middle_town"))
    short = closed.sums("shelter_shortfall", "place").sel(place="middle_town")
    ends = np.quantile(mean_of_days(short.isel(scenario=0, month=slice(2, None))), [0.05, 0.95])
    assert there.main.short == words.span(*ends)
    assert there.main.topic == "Beds short with 150 places, on an average day"
    assert "seek a shelter" in there.main.who
    assert "Shelter places known in Middle town: 150." in there.main.who
    kinds = ("beds short", "People present", "not all arrive", "set out from there", "Days")
    assert len(there.beside) == len(kinds)
    assert all(kind in one.topic for kind, one in zip(kinds, there.beside, strict=True))


def test_a_place_without_beds_tells_who_is_there_and_what_is_missing(closed: Run) -> None:
    blocks = first_screen(closed, "south_town")
    assert shown(blocks).main.topic.startswith("People present")
    texts = [block.text for block in blocks if isinstance(block, Text)]
    assert any(text.startswith("No number of shelter places is known") for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_months_past_say_so_and_name_the_command_of_months_ahead(
    closed: Run, language: str
) -> None:
    run = closed.in_language(language)
    last = first_screen(run, "middle_town")[-1]
    assert isinstance(last, Text)
    assert asked_period(run) in last.text
    assert "rumbo outlook three_places --place middle_town</code>" in last.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_simulations_are_warned_of_beside_the_first_number(closed: Run, language: str) -> None:
    run = closed.in_language(language)
    told = run.words("warn.few", count=6, enough=20)
    for page in (answered(corridor_page(run), run), place_page(run, "middle_town")):
        assert shown(page.answer).warning == told
    many = replace(run, data=closed.data.isel(member=[0, 1, 2, 3, 4] * 4), _known={})
    assert shown(place_page(many, "middle_town").answer).warning == ""


def test_the_shortfall_is_called_no_lower_bound(beds: Run) -> None:
    texts = [b.text for b in place(beds, "middle_town").blocks if isinstance(b, Text)]
    assert any("the number short is too high" in text for text in texts)
    assert not any("lower bound" in text for text in texts)


def test_more_leave_a_place_than_set_out_from_it_on_their_own(closed: Run) -> None:
    gone, out = at_place(closed, "departures", "middle_town"), leaving(closed, "middle_town")
    assert bool((gone >= out).all())
    assert float(gone.sum()) > float(out.sum())


def test_a_result_of_before_says_nothing_of_stays(closed: Run) -> None:
    old = replace(closed, data=closed.data.drop_vars("departures"), _known={})
    assert bool(np.isnan(days_there(old, "middle_town")).all())


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_places_of_any_corridor_have_a_page(closed: Run, tmp_path: Path, language: str) -> None:
    make(tmp_path / "own")
    own = rumbo.simulate(load(tmp_path / "own"), members=2, workers=1)
    for run in (closed.in_language(language), read_run(own, Words(language))):
        for name in run.places:
            page = place_page(run, name)
            assert page.sections[0].key == "place"


def test_a_place_without_beds_says_so(closed: Run) -> None:
    texts = [b.text for b in place(closed, "south_town").blocks if isinstance(b, Text)]
    assert any(text.startswith("No number of shelter places is known") for text in texts)


def test_pages_are_written_in_both_languages(closed: Run, tmp_path: Path) -> None:
    paths = {language: tmp_path / f"{language}.html" for language in LANGUAGES}
    write_reports(closed.data, paths)
    for language, title in (("en", "closed?"), ("es", "\u00bfclosed?")):
        page = paths[language].read_text("utf-8")
        assert f"<h1>{title}</h1>" in page
        assert page.index('id="answer"') < page.index('id="part-statements"')
    places = {language: tmp_path / f"place-{language}.html" for language in LANGUAGES}
    write_place(closed.data, "middle_town", places, report=paths)
    write_reports(closed.data, paths, places={"middle_town": places})
    for language in LANGUAGES:
        run = closed.in_language(language)
        page, there = (one[language].read_text("utf-8") for one in (paths, places))
        assert f'<a href="place-{language}.html">{run.words("here.whole")}</a>' in page
        assert how_it_is(run, "middle_town").main.short in page[: page.index("<nav")]
        assert f'<a href="{language}.html">{run.words("here.back")}</a>' in there
    write_place(closed.data, "middle_town", paths)
    assert 'id="part-place"' in paths["es"].read_text("utf-8")
    with pytest.raises(Faults, match="no place 'midle_town'"):
        write_place(closed.data, "midle_town", paths)


def test_ask_lists_the_questions_in_two_languages(there: Path) -> None:
    shown = here("ask", there).stdout
    assert "en: closed?" in shown
    assert "es: \u00bfclosed?" in shown
    rows = json.loads(here("ask", there, "--json").stdout)
    assert [row["question"] for row in rows][:2] == ["closed", "slots-early"]


def test_ask_runs_a_question_and_it_can_be_run_again(there: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    asked = ("ask", there, "slots-early", "--beds", "middle_town=90", *FEW, "--out", out)
    done = here(*asked, "--place", "middle_town", "--language", "es")
    assert done.returncode == 0, done.stderr
    assert "P\u00e1gina: " in done.stdout
    assert (out / "report-es.html").is_file()
    assert 'href="report-es.html"' in (out / "place-middle_town-es.html").read_text("utf-8")
    assert 'href="place-middle_town-es.html"' in (out / "report-es.html").read_text("utf-8")
    assert not (out / "report-en.html").exists()
    runs = open_run(out)
    assert runs["scenario"].values.tolist() == ["base", "slots-early since 2024-02-10"]
    assert {one["asking"]["side"] for one in read_manifest(out)["scenarios"]} == {"with", "without"}
    assert repeat(out, 1, lambda done, total: None) == []
    assert "ya tiene esta corrida" in here(*asked, "--language", "es").stdout
    done = here("place", out, "north_crossing", "--language", "en")
    assert (out / "place-north_crossing-en.html").is_file(), done.stderr
    done = here("place", out, "north_crossing", "--language", "es")
    report = (out / "report-es.html").read_text("utf-8")
    assert all(f'href="place-{one}-es.html"' in report for one in ("middle_town", "north_crossing"))


def test_outcomes_and_deals_asked_of_are_run_again(there: Path, tmp_path: Path) -> None:
    for question in ("vote", "closed"):
        out = tmp_path / question
        assert here("ask", there, question, *FEW, "--out", out, "--language", "en").returncode == 0
        assert repeat(out, 1, lambda done, total: None) == []


def test_many_questions_come_from_a_file(there: Path, tmp_path: Path) -> None:
    rows = "question,from,until,place,beds\nclosed,,,middle_town,\nbeds,,,,middle_town=90\n"
    (tmp_path / "asked.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "asked.yaml").write_text(
        "- question: closed\n  place: middle_town\n- question: beds\n  beds: middle_town=90\n",
        encoding="utf-8",
    )
    says = voice(Language.en)
    assert queries_in(tmp_path / "asked.csv", says) == queries_in(tmp_path / "asked.yaml", says)
    out = tmp_path / "out"
    done = here("ask", there, "--file", tmp_path / "asked.csv", *FEW, "--out", out)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == {"closed", "beds"}
    assert (out / "beds" / "place-middle_town-es.html").is_file()


def test_beds_come_from_a_file_of_places(tmp_path: Path) -> None:
    (tmp_path / "beds.csv").write_text("place,beds\na,10\nb,20\n", encoding="utf-8")
    says = voice(Language.en)
    assert beds_of([str(tmp_path / "beds.csv"), "b=30"], says) == {"a": 10.0, "b": 30.0}


@pytest.mark.parametrize(
    ("asked", "english", "spanish"),
    [
        (
            ("clsed",),
            "no question 'clsed'. Write one of: closed",
            "no tiene la pregunta \u00abclsed\u00bb",
        ),
        (("closed", "--place", "x"), "no place 'x'", "no tiene el lugar \u00abx\u00bb"),
        (("beds",), "asks of beds, and none are given. Give their number", "y no se da ninguna"),
        (
            ("beds", "--place", "south_town"),
            "no shelter places are known in 'south_town'",
            "no se conocen plazas de albergue en \u00absouth_town\u00bb",
        ),
        (("vote", "--from", "2024-02-01"), "has days of its own", "tiene sus propias fechas"),
        (
            ("beds", "--beds", "middle_town=many"),
            "--beds: 'many' is no number of beds for 'middle_town', expected 0 or more",
            "\u00abmany\u00bb no es un número de camas",
        ),
        (("beds", "--beds", "middle_town=-5"), "'-5' is no number", "no es un número"),
        (("beds", "--beds", "middle_town=nan"), "'nan' is no number", "no es un número"),
        (("beds", "--beds", "middle_town=1,500"), "without separators", "sin separadores"),
        (("beds", "--beds", "middle_town="), "gives no number", "no da un número"),
        (("beds", "--beds", "=40"), "'=40' names no place", "no nombra un lugar"),
        (
            ("beds", "--beds", "middle_town"),
            "Write place=number, such as middle_town=1500",
            "Escriba lugar=número, por ejemplo middle_town=1500",
        ),
        (("beds", "--beds", "1500"), "such as PLACE=1500", "por ejemplo LUGAR=1500"),
        (("beds", "--beds", "1.500"), "such as PLACE=1500", "por ejemplo LUGAR=1500"),
        (
            ("beds", "--place", "Middle Town", "--beds", "south_town=3"),
            "Write the id of a place: middle_town.\n",
            "Escriba el identificador de un lugar: middle_town.\n",
        ),
        (
            ("beds", "--beds", "nowhere.csv"),
            "--beds: there is no file 'nowhere.csv'. Give the name of a CSV file",
            "no hay un archivo \u00abnowhere.csv\u00bb",
        ),
        (("beds", "--beds", "."), "'.' is a folder, expected a file", "es una carpeta"),
        (("beds", "--beds", "midle=3"), "--beds: the corridor has no place", "--beds: el corredor"),
        (
            ("beds", "--beds", "middle_town=1", "--beds", "middle_town=2"),
            "given twice",
            "se dan dos veces",
        ),
        (("no-buses", "--from", "2024-13-01"), "--from: is '2024-13-01'", "--from: es '2024-13"),
        (("no-buses", "--from", "2030-01-01"), "--from: is 2030-01-01", "--from: es 2030-01-01"),
        (("no-buses", "--until", "2020-01-01"), "--until", "--until"),
        (("--file", "nowhere.csv"), "the file cannot be read", "el archivo no se puede leer"),
    ],
)
def test_what_cannot_be_asked_is_one_line_in_the_readers_language(
    there: Path, asked: tuple[str, ...], english: str, spanish: str
) -> None:
    for language, expected in (("en", english), ("es", spanish)):
        done = here("ask", there, *asked, "--language", language)
        assert done.returncode == 2
        assert expected in done.stderr
        assert done.stderr.count("\n") == 1


def test_all_that_is_wrong_with_a_question_comes_together(there: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = here(
        "ask", there, "slots-early", "--place", "x", "--place", "y", "--beds", "middle_town=-1",
        "--from", "2030-01-01", "--posterior", "nowhere.npz", "--out", tmp_path / "file" / "run",
    )  # fmt: skip
    assert done.returncode == 2
    told = [line.partition(":")[0] for line in done.stderr.splitlines()]
    assert told == ["--out", "--beds", "nowhere.npz", "--place", "--place"]


def test_days_out_of_order_are_told_as_they_were_typed(there: Path) -> None:
    asked = ("ask", there, "no-buses", "--from", "2024-05-01", "--until", "2024-03-01")
    for language, expected in (
        ("en", "--until 2024-03-01 is not after --from 2024-05-01. Swap the two dates; --until is"),
        ("es", "--until 2024-03-01 no es posterior a --from 2024-05-01"),
    ):
        assert expected in here(*asked, "--language", language).stderr


def test_the_listing_and_the_start_say_of_which_months_they_tell(
    there: Path, tmp_path: Path
) -> None:
    listed = here("ask", there, "--language", "en").stdout
    assert "of months past, 2024-01-01 to 2024-06-30" in listed
    assert f"The months ahead are told by: rumbo outlook {there}" in listed
    done = here("ask", there, "closed", "--language", "es", *FEW, cwd=tmp_path)
    assert "de meses ya pasados, de 2024-01-01 a 2024-06-30" in done.stderr
    assert "De los meses por venir: rumbo outlook" in done.stderr
    (folder,) = (tmp_path / "runs").iterdir()
    assert re.fullmatch(r"three-places-closed-\w{8}", folder.name)


def test_another_run_s_folder_is_refused_before_the_start_is_said(
    there: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    done = here("ask", there, "closed", *FEW, "--language", "en", "--out", tmp_path / "mine")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_the_system_s_language_is_spoken_where_pages_are_in_both(
    there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert f"Preguntas de {there}" in here("ask", there).stdout


def test_a_folder_of_questions_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "asked.yaml"
    for text, expected in (
        ("closed", "a list of questions"),
        ("- {wish: x}", "'wish' is no column"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Faults, match=expected):
            queries_in(path, voice(Language.en))


def test_texts_of_the_command_line_are_complete_and_used() -> None:
    room = files("rumbo.cli.asking")
    source = "".join(room.joinpath(name).read_text("utf-8") for name in SPEAKING)
    text = room.joinpath("asked.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        places = [{p[1] for p in string.Formatter().parse(row[one]) if p[1]} for one in LANGUAGES]
        assert places[0] == places[1], row["key"]
        assert re.search(f"[\"']{re.escape(row['key'])}[\"']", source), row["key"]


def test_months_before_the_question_do_not_count(there: Path) -> None:
    run = run_of(there, "no-buses", since="2024-05-02")
    blocks = [block.text for block in told(run) if isinstance(block, Text)]
    assert any("Numbers are of May 2024 to June 2024." in text for text in blocks)
    assert run.background["question"]["from"] == "2024-05-02"
    # What a measure puts off or brings forward shows after its end.
    ended = run_of(there, "no-buses", since="2024-04-02", until="2024-05-01")
    assert asked_period(ended) == "April 2024 to June 2024"


def test_what_never_was_is_held_against_nothing(there: Path) -> None:
    base = load(there)
    other = base.change("checkpoint.chance", 0.5, at="middle_town")
    for first, held_against in ((base, True), (other, True), (base.without("bus-closure"), False)):
        run = read_run(rumbo.simulate(first, members=2, seed=2, workers=1), Words("en"))
        assert as_it_was(run) == held_against
        texts = [one.text for one in record_chapter(run).blocks if isinstance(one, Text)]
        assert (Words("en")("record.never_was") in texts) == (not held_against)
        observed = Words("en")("headline.observed", value="").rstrip(".")
        assert held_against or not any(observed in one.sentence for one in headlines(run))
