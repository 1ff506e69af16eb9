"""Outlooks: the corridor as of a day, run on along every branch, told and held against the rest."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import here
from made_up import made_up
from months_made import months_made
from vote_ahead import DAY, plant, vote_ahead

from rumbo.answers.outlook.ahead import SHIPPED, fitted_as_of, shipped_days
from rumbo.answers.outlook.asked import OutlookSize, asked_of, first_day, last_day
from rumbo.answers.outlook.outlook import MonthsAhead, outlook
from rumbo.answers.outlook.ranges import LEVELS, MIXED
from rumbo.answers.outlook.refused import REFUSALS
from rumbo.answers.outlook.weights import (
    FEWEST,
    chances_by,
    keep_members,
    kept_members,
    mixed_anew,
    own_weights,
)
from rumbo.files.faults import Faults
from rumbo.forecasting.corridor.ahead import ALONE
from rumbo.report import outlook_text, write_outlook, write_outlook_workbook
from rumbo.report.outlook.branches import branches
from rumbo.report.outlook.first import answer
from rumbo.report.page.parts import Table
from rumbo.report.page.words import LANGUAGES, Words, rounded
from rumbo.report.read.outlook import read_outlook
from rumbo.scenario.scenario import Scenario, load
from rumbo.studio.ahead.asked import AheadAsked
from rumbo.studio.ahead.told import ahead_steps

SMALL = OutlookSize(members=10, passes=1, drawn=8)


def look(scenario: Scenario, folder: Path, **asked: object) -> MonthsAhead:
    options = {"as_of": DAY, "months": 2, "place": "middle_town", "size": SMALL, "workers": 1}
    return outlook(scenario, folder=folder, **options | asked)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vote_ahead(tmp_path_factory.mktemp("ahead"))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def made(folder: Path, kept: Path) -> MonthsAhead:
    return look(load(folder), kept)


def bytes_of(one: MonthsAhead, folder: Path) -> dict[str, bytes]:
    one.write(folder)
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.*"))}


# What is told.


def test_months_begin_after_the_day_and_those_between_are_nowcasts(made: MonthsAhead) -> None:
    assert made.about["months"] == ["2022-09", "2022-10"]
    assert made.about["fitted"] == ["2022-01", "2022-06"]
    rows = made.ranges.query("series == 'waiting' and place == 'middle_town' and branch == 'mixed'")
    kinds = dict(zip(rows["month"], rows["kind"], strict=True))
    assert [kinds[f"2022-0{m}"] for m in (6, 7, 8, 9)] == ["fit", "nowcast", "nowcast", "ahead"]


def test_branches_are_the_same_until_they_part_and_differ_after(made: MonthsAhead) -> None:
    waiting = made.ranges.query("series == 'waiting' and place == 'middle_town'")
    by = {name: own.set_index("month")[[*LEVELS]] for name, own in waiting.groupby("branch")}
    assert set(by) == {MIXED, "vote=halt", "vote=same"}
    for month in ("2022-06", "2022-08"):
        assert by["vote=halt"].loc[month].equals(by["vote=same"].loc[month])
    # All who stay forty days where others stay five are more.
    assert by["vote=halt"].loc["2022-10", "middle"] > by["vote=same"].loc["2022-10", "middle"]
    ends = np.sort([by[name].loc["2022-10", "middle"] for name in ("vote=halt", "vote=same")])
    assert ends[0] <= by[MIXED].loc["2022-10", "middle"] <= ends[1]


def test_ranges_rise(made: MonthsAhead) -> None:
    ends = made.ranges[[*LEVELS]].to_numpy()
    assert (np.diff(ends, axis=1) >= 0.0).all()


def test_counts_start_from_their_last_figure(made: MonthsAhead) -> None:
    seen = {(one["series"], one["month"]): one["value"] for one in made.about["seen"]}
    row = made.ranges.query("series == 'transit.ferry' and branch == 'mixed'").iloc[0]
    assert row["month"] == "2022-07"
    assert row["low_90"] < seen["transit.ferry", "2022-06"] < row["high_90"]
    ages = {one["series"]: (one["last"], one["days"]) for one in made.about["drivers"]}
    assert ages["transit.ferry"] == ("2022-06", 36)
    assert ages["stops"] == ("2022-05", 66)


def test_what_came_is_set_beside_and_judged(made: MonthsAhead) -> None:
    held = made.held.set_index(["series", "month"])
    assert set(held.index.get_level_values("month")) == {"2022-09", "2022-10"}
    row = held.loc[("zones", "2022-09")]
    assert row["inside_90"] == (row["low_90"] <= row["came"] <= row["high_90"])


def test_an_outlook_that_was_made_is_read_again(
    made: MonthsAhead, folder: Path, kept: Path
) -> None:
    before = {path: path.stat().st_mtime_ns for path in kept.rglob("*.npz")}
    assert before
    again = look(load(folder), kept, workers=2)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    pd.testing.assert_frame_equal(again.ranges, made.ranges)


def test_nothing_known_later_changes_a_byte(made: MonthsAhead, tmp_path: Path) -> None:
    folder = vote_ahead(tmp_path)
    plant(folder)
    planted = look(load(folder), tmp_path / "kept")
    one, other = (bytes_of(o, tmp_path / name) for o, name in ((made, "a"), (planted, "b")))
    came = f"came-{DAY}-middle_town.csv"
    assert one.pop(came) != other.pop(came)
    assert one == other


@pytest.fixture(scope="module")
def own(
    folder: Path, kept: Path, made: MonthsAhead, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the corridor with a fit of the day in its folder."""
    scenario = load(folder)
    fit = fitted_as_of(scenario, asked_of(scenario, DAY, 2, "middle_town"), SMALL, kept, 1)
    to = scenario.write_base(tmp_path_factory.mktemp("own") / "own")
    fit.first(5).write(to / SHIPPED.format(day=DAY))
    return to


def test_a_fit_in_the_folder_is_taken(own: Path, tmp_path: Path) -> None:
    scenario = load(own)
    shipped = fitted_as_of(scenario, asked_of(scenario, DAY, 2, None), SMALL, tmp_path / "none")
    assert shipped.draws == 5
    assert not (tmp_path / "none").exists()


def test_the_command_writes_tables_and_a_page_and_says_what_was_held(
    own: Path, tmp_path: Path
) -> None:
    asked = ("--as-of", DAY, "--months", 1, "--place", "middle_town", "--members", 20)
    text = tmp_path / "page.md"
    to = ("--language", "es", "--out", tmp_path, "--text", text)
    ended = here("outlook", own, *asked, "--workers", 1, *to)
    assert ended.returncode == 0, ended.stderr
    assert {path.name for path in tmp_path.glob("*.*")} == {
        f"outlook-{DAY}-middle_town.csv", f"came-{DAY}-middle_town.csv",
        f"outlook-{DAY}-middle_town.json", f"outlook-{DAY}-middle_town-es.html",
        f"outlook-{DAY}-middle_town-es.xlsx",
        "page.md",
    }  # fmt: skip
    assert "cifras que llegaron desde entonces" in ended.stdout
    # Of other beds it is another outlook; a page in another language follows what is told anew.
    beds = here("outlook", own, *asked, "--workers", 1, *to[:4], "--beds", "middle_town=7")
    assert beds.returncode == 0, beds.stderr
    other = (tmp_path / f"outlook-{DAY}-middle_town-7-es.html").read_text("utf-8")
    assert Words("es")("here.short_of", beds="7") in other
    english = tmp_path / f"outlook-{DAY}-middle_town-en.html"
    english.write_text("told before", "utf-8")
    again = here("outlook", own, *asked, "--workers", 1, *to[:4])
    assert again.returncode == 0, again.stderr
    assert "told before" not in english.read_text("utf-8")
    assert "Orden: rumbo outlook" in text.read_text("utf-8")
    refused = here("outlook", own, "--as-of", "2030-01-01", "--language", "es")
    assert refused.returncode == 2
    assert refused.stderr.startswith("rumbo outlook: al 2030-01-01 no se sabe quién entra")


def test_without_an_event_the_rules_go_on(tmp_path: Path) -> None:
    alone = look(load(made_up(tmp_path)), tmp_path / "kept", months=1)
    assert [one["branch"] for one in alone.about["branches"]] == [ALONE]
    page = write_outlook(alone.write(tmp_path), tmp_path / "page.html")
    assert Words("en")("outlook.speaks.alone") in page.read_text("utf-8")
    with pytest.raises(Faults, match="'vote' has no outcome that was known by 2022-08-05"):
        look(load(tmp_path / "three_places"), tmp_path / "kept", months=1, events=("vote",))


# What is refused.


def test_the_day_left_out_is_the_last_on_which_entries_are_known(folder: Path) -> None:
    scenario = load(folder)
    assert str(last_day(scenario)) == "2023-02-14"
    assert str(first_day(scenario)) == "2022-07-20"
    assert asked_of(scenario, None, 1, None).as_of == last_day(scenario)


@pytest.mark.parametrize(
    ("asked", "key", "told"),
    [
        ({"as_of": "2022-07-19"}, "early", "2022-07-20"),
        ({"as_of": "2023-02-15"}, "late", "2023-02-14"),
        ({"months": 7}, "months", "6"),
        ({"months": 0}, "months", "6"),
        ({"place": "midle_town"}, "place", "middle_town"),
        ({"events": ("voting",)}, "event", "vote"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_is_refused_in_one_line_of_the_language(
    folder: Path, tmp_path: Path, asked: dict[str, object], key: str, told: str, language: str
) -> None:
    with pytest.raises(Faults) as refused:
        look(load(folder), tmp_path, language=language, **asked)
    line = str(refused.value)
    begins = REFUSALS[key][language].message.partition("{")[0]
    assert line.startswith(f"outlook: {begins}")
    assert "\n" not in line
    assert told in line
    assert not list(tmp_path.iterdir())


def test_refusals_have_both_languages() -> None:
    assert all(set(said) == set(LANGUAGES) for said in REFUSALS.values())


# The page and the command.


def test_the_studio_is_told_the_same(made: MonthsAhead, tmp_path: Path) -> None:
    work = [("progress", (1, 2)), ("done", str(made.write(tmp_path)))]
    far, step = ahead_steps(work, AheadAsked(DAY, 2, "middle_town", "en"))
    assert far == {"step": "progress", "part": "outlook", "done": 1, "of": 2}
    told = step["outlook"]
    assert told["months"] == made.about["months"]
    waiting = next(one for one in told["series"] if one["id"] == "waiting")
    assert waiting["stock"]
    assert len(waiting["base"]["low_90"]) == len(told["months"])
    last = made.ranges.query(
        "series == 'waiting' and place == 'middle_town' and branch == 'mixed'"
    ).iloc[-1]
    for language in LANGUAGES:
        assert Words(language).count(last["high_90"]) in told["sentence"][language]
        assert Words(language).count(last["middle"]) in told["aside"][language]
    assert [(one["id"], one["who"]) for one in told["tree"]] == [("vote", "assumed")]
    assert "8 simulations" in told["tree"][0]["about"]["en"]
    assert waiting["base"]["middle"][-1] == rounded(last["middle"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_asks_and_answers_first(made: MonthsAhead, tmp_path: Path, language: str) -> None:
    about, words = made.write(tmp_path), Words(language)
    page = write_outlook(about, tmp_path / "page.html", language).read_text("utf-8")
    lead = page[page.index('class="lead"') : page.index("<nav")]
    last = made.ranges.query(
        "series == 'waiting' and place == 'middle_town' and branch == 'mixed'"
    ).iloc[-1]
    for end in ("low_90", "high_90", "middle"):
        assert words.count(last[end]) in lead
    assert "36" in lead
    assert "66" in lead
    title = page[page.index("<h1>") : page.index("</h1>")]
    assert "Middle town" in title
    assert words("outlook.after.text") in page


def test_the_text_holds_every_branch_and_what_came(made: MonthsAhead, tmp_path: Path) -> None:
    text = outlook_text(made.write(tmp_path))
    title = "# How many people will be waiting in Middle town by October 2022, and how many beds"
    assert text.startswith(title)
    asked = f"--as-of {DAY} --months 2 --place middle_town --members 8 --seed 1"
    again = f"rumbo outlook {made.about['corridor']} {asked}"
    assert again in text
    assert "| All stay |" in text
    assert "| All goes on |" in text
    assert "## What came afterwards" in text


def test_branches_tell_how_many_beds_are_short(made: MonthsAhead, tmp_path: Path) -> None:
    told = read_outlook(made.write(tmp_path), Words("en"))
    section = branches(told)
    assert section is not None
    table = next(
        one for one in section.blocks if isinstance(one, Table) and "ranch" in one.heads[0]
    )
    at = table.heads.index(told.title("beds_short"))
    last = made.ranges.query("series == 'beds_short' and branch == 'mixed'").iloc[-1]
    assert table.rows[-1][at].startswith(told.words.span(last["low_90"], last["high_90"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_screen_tells_beds_short_and_how_far_it_was_right(
    made: MonthsAhead, tmp_path: Path, language: str
) -> None:
    about, words = made.write(tmp_path), Words(language)
    page = write_outlook(about, tmp_path / "page.html", language).read_text("utf-8")
    first = page[page.index('id="answer"') : page.index("<nav")]
    last = made.ranges.query("series == 'beds_short' and branch == 'mixed'").iloc[-1]
    ends = {name: words.count(last[of]) for name, of in ENDS.items()}
    assert words("outlook.answer.beds", **ends) in first
    counts = made.held[~made.held["estimate"]]
    inside = words("outlook.of", inside=int(counts["inside_90"].sum()), count=len(counts))
    assert f"<strong>{inside}</strong>" in first
    assert words("outlook.few", count=8, enough=20) in first
    assert "rumbo ask " in first
    for key in ("mixed", "alone", "branch"):
        assert words(f"outlook.who.{key}", day=words.day(DAY, short=False)) in page


ENDS = {"low": "low_90", "high": "high_90", "middle": "middle"}


@pytest.mark.parametrize(("number", "told"), [(7, "7"), (1555, "1,555")])
def test_places_are_told_as_they_were_given(
    made: MonthsAhead, tmp_path: Path, number: int, told: str
) -> None:
    beds = {"value": number, "low": None, "high": None, "given": True}
    given = replace(made, about=made.about | {"beds": beds})
    page = write_outlook(given.write(tmp_path), tmp_path / "page.html", "en").read_text("utf-8")
    assert Words("en")("here.short_of", beds=told) in page
    assert f"given by whoever asks: {told}." in page


def test_beds_given_are_those_reckoned_with(made: MonthsAhead, folder: Path, kept: Path) -> None:
    scenario = load(folder)
    given = look(scenario, kept, place=None, beds={"middle_town": 0})
    plain, none = (
        one.ranges.set_index(["series", "place", "branch", "month"]) for one in (made, given)
    )
    assert given.about["beds"] == {"value": 0, "low": None, "high": None, "given": True}
    short = plain.index.get_level_values("series") == "beds_short"
    assert none[~short].equals(plain[~short])
    assert (none.loc[short, "middle"] > plain.loc[short, "middle"]).all()
    with pytest.raises(Faults, match="Give --beds middle_town=NUMBER"):
        look(scenario, kept, beds={"south_town": 5})
    assert "given by whoever asks: 0" in outlook_text(given.write(kept / "given"))


def test_outlooks_of_two_places_stand_side_by_side(made: MonthsAhead, tmp_path: Path) -> None:
    about = made.write(tmp_path)
    before = about.with_suffix(".csv").read_bytes()
    other = replace(made, about={**made.about, "place": "south_town"}, ranges=made.ranges[:9])
    assert other.write(tmp_path) != about
    assert about.with_suffix(".csv").read_bytes() == before
    assert outlook_text(about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_holds_what_the_tables_hold(
    made: MonthsAhead, tmp_path: Path, language: str
) -> None:
    about, words = made.write(tmp_path), Words(language)
    paths = [write_outlook_workbook(about, tmp_path / f"{n}.xlsx", language) for n in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    sheets = pd.read_excel(paths[0], sheet_name=None, header=None, engine="calamine")
    names = [words(f"outlook.sheet.{one}") for one in ("words", "ahead", "came", "fit")]
    assert [*sheets] == names
    first = "\n".join(sheets[names[0]][0])
    assert words("limit.shelter") in first
    assert f"rumbo outlook {made.about['corridor']}" in first
    heads, *ahead = sheets[names[1]].to_numpy().tolist()
    assert heads[10] == words("outlook.head.who")
    assert words("outlook.months.fit") not in {row[4] for row in ahead}
    rows = [*ahead, *sheets[names[3]].iloc[1:].to_numpy().tolist()]
    ranges = pd.read_csv(about.with_suffix(".csv"), keep_default_na=False)
    fitted, there = ranges["kind"] == "fit", ranges["place"] != ""
    parts = [ranges[fits & of] for fits in (~fitted, fitted) for of in (there, ~there)]
    for row, told in zip(rows, pd.concat(parts).to_dict("records"), strict=True):
        assert str(row[3])[:7] == told["month"]
        shown = [rounded(told[end]) for end in LEVELS]
        assert row[5:10] == ["<10" if 0 < one < 10 else one for one in shown]
        assert row[0]
        assert row[10]
    came = sheets[names[2]].iloc[1:]
    assert sorted(came[3].astype(float)) == pytest.approx(sorted(made.came["came"]))


def test_a_page_of_a_broken_outlook_is_refused(made: MonthsAhead, tmp_path: Path) -> None:
    about = made.write(tmp_path)
    told = json.loads(about.read_text("utf-8"))
    del told["drivers"]
    about.write_text(json.dumps(told), "utf-8")
    with pytest.raises(Faults, match="the outlook lacks: drivers"):
        write_outlook(about, tmp_path / "page.html")
    about.write_text("{", "utf-8")
    with pytest.raises(Faults, match="cannot be read"):
        write_outlook(about, tmp_path / "page.html")
    made.write(tmp_path)
    about.with_suffix(".csv").unlink()
    with pytest.raises(Faults, match="is not there"):
        write_outlook(about, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_the_page_of_documentation_runs(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).parents[1] / "docs" / "outlook.md").read_text("utf-8")
    (code,) = (block.split("```")[0] for block in text.split("```python\n")[1:])
    shutil.copytree(own, tmp_path / "my_corridor")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(code.replace("drawn=100", "drawn=8"), names)
    assert (tmp_path / "outlook.html").exists()
    told = {*names["made"].ranges["series"]}  # type: ignore[attr-defined]
    series = ("waiting", "set_out_for", "taken_to", "queue", "zones", "days_waited")
    assert {*series} <= told
    assert all(one in text for one in told if "." not in one)


# Outcomes weighed by hand.


def test_members_that_were_kept_are_mixed_anew(made: MonthsAhead, tmp_path: Path) -> None:
    keep_members(tmp_path / "members.npz", made.members)
    every = kept_members(tmp_path / "members.npz")
    own = np.array([one["probability"] for one in made.about["branches"]])
    pd.testing.assert_frame_equal(mixed_anew(made.ranges, every, own), made.ranges)
    halted = mixed_anew(made.ranges, every, np.array([1.0, 0.0]))
    ends = [halted[halted["branch"] == name][[*LEVELS]].to_numpy() for name in (MIXED, "vote=halt")]
    np.testing.assert_allclose(*ends)
    # What is told of each branch stays as it was.
    alone = made.ranges["branch"] != MIXED
    pd.testing.assert_frame_equal(halted[alone], made.ranges[alone])


def test_weights_by_hand_are_told_and_who_gave_them(tmp_path: Path) -> None:
    given = months_made("middle_town").weighed({"vote": {"close": 0.0, "open": 1.0}})
    mixed, opened = (
        given.ranges[given.ranges["branch"] == name][[*LEVELS]].to_numpy()
        for name in (MIXED, "vote=open")
    )
    np.testing.assert_allclose(mixed, opened)
    assert [one["probability"] for one in given.about["branches"]] == [0.0, 1.0]
    assert given.about["weights"] == {"vote": {"close": 0.0, "open": 1.0}}
    table = read_outlook(given.write(tmp_path), Words("en"))
    assert answer(table).who == Words("en")("outlook.who.given", day="30 April 2024")


@pytest.mark.parametrize(
    ("weights", "key", "told"),
    [
        ({"court": {"yes": 1.0}}, "weights.event", "vote"),
        ({"vote": {"more": 1.0}}, "weights.outcome", "close, open"),
        ({"vote": {"close": 0.5, "open": 0.4}}, "weights.sum", "0.9"),
        ({"vote": {"close": 1.5, "open": -0.5}}, "weights.sum", "1"),
        ({"vote": {"close": 1.0}}, "weights.few", "19 members"),
    ],
)
def test_weights_that_cannot_be_are_refused(
    weights: dict[str, dict[str, float]], key: str, told: str
) -> None:
    few = months_made("middle_town", members=FEWEST - (key == "weights.few"))
    with pytest.raises(Faults) as refused:
        few.weighed(weights)
    assert told in str(refused.value)
    assert REFUSALS[key]["en"].cure.partition("{")[0] in str(refused.value)


def test_chances_are_the_same_to_the_bit_in_every_process() -> None:
    """Sums of floats depend on their order, and that of a set of texts on the process."""
    code = (
        "from rumbo.answers.outlook.weights import chances_by\n"
        "ways = [{'outcomes': [{'event': 'vote', 'outcome': name, 'probability': 0.3}]}"
        " for name in 'abc']\n"
        "print(chances_by(ways, {'vote': {'a': 0.1, 'b': 0.2, 'c': 0.7}}).tobytes().hex())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(told) == 1


def test_what_depends_on_a_vote_is_weighed_where_it_can_come() -> None:
    def way(*outcomes: tuple[str, str, float]) -> dict[str, object]:
        rows = [
            dict(zip(("event", "outcome", "probability"), one, strict=True)) for one in outcomes
        ]
        return {"probability": float(np.prod([one[2] for one in outcomes])), "outcomes": rows}

    closed, opened = ("vote", "close", 0.25), ("vote", "open", 0.75)
    court = [("court", "yes", 0.5), ("court", "no", 0.5)]
    branches = [way(closed, one) for one in court] + [way(opened)]
    assert own_weights(branches) == {
        "vote": {"close": 0.25, "open": 0.75}, "court": {"yes": 0.5, "no": 0.5},
    }  # fmt: skip
    by = {"court": {"yes": 0.9, "no": 0.1}}
    np.testing.assert_allclose(chances_by(branches, by), [0.225, 0.025, 0.75])
    both = by | {"vote": {"close": 0.0, "open": 1.0}}
    np.testing.assert_allclose(chances_by(branches, both), [0.0, 0.0, 1.0])
    # Where only some of its outcomes can come, these share all; where no weight is left, their own.
    some = [way(closed, court[0]), way(opened, ("court", "yes", 0.5)), way(opened, court[1])]
    some[0]["outcomes"][1] = dict(event="court", outcome="yes", probability=1.0)  # type: ignore[index]
    np.testing.assert_allclose(chances_by(some, by), [0.25, 0.675, 0.075])
    none = {"court": {"yes": 0.0, "no": 1.0}}
    np.testing.assert_allclose(chances_by(some, none), [0.25, 0.0, 0.75])


def test_the_days_with_a_fit_of_their_own_are_known() -> None:
    base = load("darien-rio-bravo")
    days = shipped_days(base)
    assert days == sorted(days)
    assert "2024-10-31" in days
    assert all((Path(base.folder) / SHIPPED.format(day=day)).is_file() for day in days)
