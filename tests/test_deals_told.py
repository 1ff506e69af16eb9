"""Deals as they are told: on the command line, in a report, in the guide, in the corridor."""

from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest
import xarray as xr
from command_line import rumbo as command
from test_deals import folder

import rumbo
from rumbo import Faults
from rumbo.cli.deals import parse_deal
from rumbo.report import write_reports
from rumbo.report.corridor.mechanisms.deals import deals
from rumbo.report.corridor.speaks import speaks
from rumbo.report.page.parts import Bullets, Figure, Fold, Section, Table, Text
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.names import scenario_title
from rumbo.report.read.run import read_run
from rumbo.run.check import ranges_of
from rumbo.run.program import compile_beside, compile_scenario
from rumbo.scenario.edit.new import make
from rumbo.scenario.scenario import Scenario, load

PAGE = Path(__file__).parents[1] / "docs" / "deals.md"
BUNDLED = "darien-rio-bravo"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="module")
def scenarios(there: Path) -> list[Scenario]:
    base = load(there)
    slow = base.deal("pact", ramp=10, compliance={"A": (0.2, 0.6, 0.9)}, until={"B": "2024-05-01"})
    return [base, slow, base.deal("later", since="2024-02-01")]


@pytest.fixture(scope="module")
def runs(scenarios: list[Scenario]) -> xr.Dataset:
    return rumbo.simulate(scenarios, members=2, seed=1)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("pact", {"name": "pact", "since": None}),
        ("pact:2024-03-01", {"name": "pact", "since": "2024-03-01"}),
        ("pact:..2024-05-01", {"name": "pact", "since": None, "until": "2024-05-01"}),
        (
            "pact:2024-03-01..2024-05-01,ramp=14,compliance=0.3..0.6..0.9",
            {
                "name": "pact", "since": "2024-03-01", "until": "2024-05-01", "ramp": 14.0,
                "compliance": (0.3, 0.6, 0.9),
            },
        ),
        (
            "pact,until@A=2024-04-01,compliance@A=0.5,compliance@B=1",
            {
                "name": "pact", "since": None, "until": {"A": "2024-04-01"},
                "compliance": {"A": 0.5, "B": 1.0},
            },
        ),
    ],
)  # fmt: skip
def test_a_deal_is_read(text: str, asked: dict[str, Any]) -> None:
    assert parse_deal(text) == asked


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("pact,ramp", "'ramp' cannot be read in a deal"),
        ("pact,ramp=soon", "'ramp=soon' cannot be read in a deal"),
        ("pact:soon", "'pact:soon' cannot be read in a deal"),
        ("pact,size=2", "'size=2' cannot be read in a deal"),
        ("pact,ramp=2,ramp=3", "says in 'ramp=3' what it said before"),
        ("pact,ramp@A=2,ramp@A=3", "says in 'ramp@A=3' what it said before"),
        ("pact,ramp@A=2,ramp=3", "says in 'ramp=3' what it said before"),
        ("pact:..2024-05-01,until=2024-06-01", "what it said before"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, told: str) -> None:
    with pytest.raises(Faults) as raised:
        parse_deal(text)
    assert told in str(raised.value)
    assert str(raised.value).startswith("--deal: ")


def test_deals_are_listed(there: Path) -> None:
    told = command("list", "deals", "--corridor", str(there)).stdout
    lines = [line.split() for line in told.split("\n") if line.strip()]
    assert [line[0] for line in lines if line[0] in ("pact", "later")] == ["pact", "pact", "later"]
    assert "when placed" in told
    assert "0.5 (0.25 to 1)" in told


def test_a_deal_is_shown_and_run_and_run_again(there: Path, tmp_path: Path) -> None:
    deal = ("--deal", "pact:2024-02-10,ramp=3,compliance@A=0.5", "--deal", "later:2024-03-05")
    shown = " ".join(command("show", str(there), *deal).stdout.split())
    held = shown.partition(" deals ")[2]
    assert held.startswith("pact since 2024-02-10 A ramp 3 compliance 0.5 B ramp 3")
    assert "later since 2024-03-05" in held
    out = tmp_path / "run"
    asked = ("--members", "2", "--workers", "1", "--out", str(out), "--language", "en")
    command("compare", str(there), *deal, *asked)
    names = rumbo.open_run(out)["scenario"].values.tolist()
    usual = "later since 2024-03-05, pact since 2024-02-10 A ramp 3 compliance 0.5 B ramp 3"
    assert names == ["base", usual]
    assert "the same bytes" in command("rerun", str(out), "--workers", "1").stdout


def test_a_deal_may_hold_on_the_day_of_what_is_left_out(there: Path) -> None:
    deal = ("--deal", "pact:2024-04-01")
    assert "Place 'pact' on another day" in command("show", str(there), *deal).stderr
    shown = command("show", str(there), *deal, "--without", "more-slots")
    assert "pact since 2024-04-01" in shown.stdout, shown.stderr


def test_slips_on_the_command_line_are_told_together(there: Path) -> None:
    slips = ("--deal", "pcat", "--deal", "pact,compliance=2", "--without", "nothing")
    done = command("show", str(there), *slips)
    assert done.returncode == 2
    told = done.stderr
    assert "there is no deal 'pcat'. Write 'pact'" in told
    assert "compliance is 2 for A" in told
    assert "'nothing' is neither a lever nor a rule" in told


def section(runs: xr.Dataset, language: str = "en") -> Section:
    found = deals(read_run(runs, Words(language)))
    assert found is not None
    return found


def all_of(one: Section, kind: type) -> list[Any]:
    return [block for block in one.blocks if isinstance(block, kind)]


def test_the_chapter_tells_each_deal_under_each_terms(runs: xr.Dataset) -> None:
    found = section(runs)
    figures = all_of(found, Figure)
    assert len(figures) == 3  # the pact as it is in two scenarios, otherwise in one; the other deal
    pact = figures[0].charts[0].data["kept"]
    assert [(row["side"], row["month"], row["share"]) for row in pact[:3]] == [
        ("A", "2024-01-01", 0.0),
        ("A", "2024-03-01", 1.0),
        ("A", "2024-06-30", 1.0),
    ]
    slow = [row for row in figures[1].charts[0].data["kept"] if row["side"] == "A"]
    assert [row["share"] for row in slow[:2]] == [0.0, round(0.6 / 7, 6)]
    assert (slow[-1]["low"], slow[-1]["share"], slow[-1]["high"]) == (0.2, 0.6, 0.9)
    assert slow[-1]["shown"] == "60% (20% to 90%)"
    ended = [row for row in figures[1].charts[0].data["kept"] if row["side"] == "B"]
    assert ended[-2:] == [
        row | {"month": day}
        for row, day in zip(ended[-2:], ("2024-05-01", "2024-06-30"), strict=True)
    ]
    assert ended[-1]["share"] == 0.0


def test_the_chapter_says_who_does_what_and_what_is_judged(runs: xr.Dataset) -> None:
    found = section(runs)
    sides = all_of(found, Table)[0]
    assert [row[0] for row in sides.rows] == ["A", "B"]
    assert sides.rows[0][1] == "Seats"
    assert "A can carry 60 people a day (40 to 90)" in all_of(found, Bullets)[0].sentences[0]
    notes = [block.text for block in all_of(found, Text) if block.style == "note"]
    assert notes[0] == "Sizes of this deal that are judgement: 3 of 3. No agency states an effect."
    told, sizes = (fold.blocks[0] for fold in all_of(found, Fold)[:2])
    assert [row[0] for row in told.rows] == ["A", "B"]
    assert [row[2] for row in sizes.rows] == ["60", "× 2", "30"]
    assert {row[6] for row in sizes.rows} == {"assumed"}


def test_the_chapter_is_in_both_languages(runs: xr.Dataset, tmp_path: Path) -> None:
    paths = {language: tmp_path / f"{language}.html" for language in LANGUAGES}
    write_reports(runs, paths)
    for language, title in {"en": "The deal in force", "es": "El acuerdo en vigor"}.items():
        assert title in paths[language].read_text("utf-8")
    assert "Plazas" in all_of(section(runs, "es"), Table)[0].rows[0][1]


def test_a_run_without_deals_has_no_such_chapter(there: Path) -> None:
    base = load(there).without("pact")
    assert deals(read_run(rumbo.simulate(base, mode="expected"), Words("en"))) is None


def test_scenarios_are_named_by_their_deals(runs: xr.Dataset) -> None:
    run = read_run(runs, Words("en"))
    assert scenario_title(run.scenarios[2], run) == (
        "An old pact, since 1 Feb 2024, coming in over 14 days, kept to 50%"
    )
    assert "since 1 Mar 2024, each side on its own terms" in scenario_title(run.scenarios[1], run)
    assert speaks(run, 2).endswith(
        "All values that make it are assumed (2), and no figure tells it."
    )
    assert "(3)" in speaks(run, 1)


def test_the_calendar_has_deals_on_the_days_on_which_they_hold(runs: xr.Dataset) -> None:
    rows = read_run(runs, Words("en")).records("levers")
    held = {(row["since"], *row["in"]): row["modelled"] for row in rows if row["lever"] == "later"}
    base, slow, placed = runs["scenario"].values.tolist()
    assert held == {("2019-06-01", base, slow): False, ("2024-02-01", placed): True}


def test_check_says_of_what_no_factor_carries(there: Path, tmp_path: Path) -> None:
    line = "mode.open,mode:bus,,2024-03-01,,set,0.5,,,share,pact,A,assumed,assumed,made up\n"
    settings = (there / "settings_deals.csv").read_text(encoding="utf-8") + line
    own = load(folder(tmp_path, settings=settings))
    kept = own.deal("pact", compliance=(0.5, 0.7, 1))
    usual, ranges = (ranges_of(compile_beside(one)) for one in (own, kept))
    assert ranges.factors - usual.factors == 3
    new = [one.message for one in ranges.unmoved if one not in usual.unmoved]
    assert new == ["all members keep 'pact' alike in mode.open: no factor carries it"]


def test_a_deal_of_ones_own_in_five_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = PAGE.read_text("utf-8").split("## A deal of your own in five rows")[1].split("\n## ")[0]
    texts = [dedent(block.split("```")[0]) for block in part.split("```text\n")[1:]]
    where = tmp_path / "my_corridor"
    make(where)
    for name, text in zip(("levers", "deals", "settings_pact"), texts, strict=True):
        (where / f"{name}.csv").write_text(text, "utf-8")
    assert sum(text.count("\n") - 1 for text in texts) == 5
    assert rumbo.check(where) == []
    monkeypatch.chdir(tmp_path)
    (code,) = (block.split("```")[0] for block in part.split("```python\n")[1:])
    names: dict[str, Any] = {}
    exec(code.replace("members=200", "members=3"), names)
    assert (tmp_path / "report.html").exists()
    more, back = names["stops"].mean("member").values
    assert more > 0 > back


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load(BUNDLED)


def test_the_first_lines_of_the_page_run(bundled: Scenario) -> None:
    code = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    program = compile_scenario(bundled)
    days = {"later": "2023-12-20", "half": "2023-12-20", "june": "2024-03-01"}
    for name, day in days.items():
        other = compile_scenario(names[name])
        assert str(program.dates[other.differs_from(program)]) == day
    rows = names["one_stops"].settings
    ended = rows[rows["lever"] == "june-2019-declaration"].groupby("actor")["until"].max()
    assert f"{ended['MX']:%Y-%m-%d}" == "2024-06-01"


def test_the_bundled_deals_stand_as_they_did(bundled: Scenario) -> None:
    assert set(bundled.deals_in_force) == {"december-2023-deal", "september-2023-juarez-meeting"}
    waiting = {"june-2019-declaration", "mx-troops-2025-02"}
    assert not waiting & {*bundled.settings["lever"]}
    assert waiting <= {*bundled.content.settings["lever"]}
    assert "part" not in bundled.settings_in_force
    for name in waiting:
        placed = bundled.deal(name, since="2024-02-01")
        assert (placed.settings["lever"] == name).sum() in (5, 6)
        assert {*placed.settings.loc[placed.settings["lever"] == name, "quality"]} == {"assumed"}


def test_every_bundled_deal_is_told_in_both_languages(bundled: Scenario) -> None:
    assert (bundled.deals[["agreed_en", "agreed_es", "source"]] != "").all().all()
    for key in dict.fromkeys(bundled.deals["deal"]):
        row = bundled.levers[bundled.levers["lever"] == key]
        assert (row[["name_en", "name_es"]] != "").all().all()
        assert f"`{key}`" in PAGE.read_text("utf-8")


def test_seats_kept_to_a_share_are_as_the_page_says(bundled: Scenario) -> None:
    kept = bundled.deal("december-2023-deal", compliance=(0.3, 0.6, 0.9)).without("shocks")
    from rumbo.scenario.calendar import resolve

    assert float(np.max(resolve(kept, "transfer.seats", kept.end))) == 427.0


def test_show_tells_the_terms_of_a_deal(there: Path) -> None:
    asked = "pact:2024-03-01..2024-05-01,ramp=14,compliance=0.3..0.6..0.9"
    told = " ".join(command("show", str(there), "--deal", asked).stdout.split())
    assert "pact since 2024-03-01" in told
    for term in ("ramp 14", "compliance 0.6 (0.3 to 0.9)", "until 2024-05-01"):
        assert term in told
