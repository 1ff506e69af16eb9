"""How a corridor was put to the test, and on what a difference hangs, as the report tells it."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xarray as xr
from folders import add, copy
from report_fixture import DEAL, make_runs
from test_report import Page
from test_report_record import told

import rumbo
from rumbo.report import page_of_tests, write_report
from rumbo.report.corridor.differences import differences
from rumbo.report.corridor.hangs import hangs, value_title
from rumbo.report.corridor.outcomes import how_tested
from rumbo.report.page.parts import Heading, Table, Text
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.run import read_run
from rumbo.run.about import background
from rumbo.scenario.edit.outcomes import add_tests
from rumbo.scenario.scenario import load

ROOT = Path(__file__).parent.parent
FIT = "f" * 64
NAMES = ("stay.days", "retry.share", "leave.settle", "crossing.retry", "held.days", "asylum.days")


@pytest.fixture(scope="module")
def runs() -> xr.Dataset:
    return make_runs()


def moved(output: str, parameter: str, size: float, share: float | None = None) -> dict[str, Any]:
    """Return a row of a table of sensitivities."""
    shares = dict.fromkeys(("first", "first_low", "first_high"), share)
    return {
        "output": output, "parameter": parameter, "lever": "", "mu_star": size, "mu": -size,
        "sigma": size / 4, **shares, "total": share, "total_low": share, "total_high": share,
        "lowered": 0, "impossible": 0, "without": DEAL, "posterior": FIT,
    }  # fmt: skip


def studied(about: dict[str, Any]) -> None:
    """Put a study of six values into what a result carries, one of them a lever's."""
    rows = [moved("effect", name, 0.1 / (n + 1), 0.3) for n, name in enumerate(NAMES)]
    rows[0]["lever"] = DEAL
    rows.append({**moved("effect", "*", 0.0, 0.8), "mu_star": None, "first_low": 0.7})
    rows += [moved("waiting", "stay.days", 1234.0)]
    about["sensitivity"] = rows
    about["parameters"] = {
        name: {"meaning_en": f"what {name} is", "meaning_es": f"qué es {name}"} for name in NAMES
    }
    about["posterior"] = {"as_of": "2025-06-30", "digest": FIT, "about": {}}


def test_a_headline_names_the_five_values_it_hangs_on(runs: xr.Dataset) -> None:
    run = told(runs, studied)
    sentence = hangs(run, 1)
    assert sentence.startswith("This headline hangs on these five. Border Patrol encounters: what ")
    assert "what stay.days is (" in sentence
    assert "what held.days is." in sentence
    assert "asylum" not in sentence
    assert "the first five make 80% of how far it varies" in sentence
    assert "70% to 80%" in sentence
    section = differences(run)
    assert section is not None
    assert [one.text for one in section.blocks if isinstance(one, Text)][2] == sentence
    spanish = hangs(told(runs, studied, "es"), 1)
    assert "estos cinco valores" in spanish
    assert "qué es retry.share; " in spanish


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_belief_is_told_in_words(runs: xr.Dataset, language: str) -> None:
    title = value_title(
        told(runs, studied, language), {"parameter": "belief", "lever": "vote=close/"}
    )
    assert "vote=close" in title
    assert title.endswith(f"({Words(language)('everyone')})")


def test_without_a_study_of_this_lever_nothing_is_said(runs: xr.Dataset) -> None:
    assert hangs(read_run(runs, Words("en")), 1) == ""

    def other(about: dict[str, Any]) -> None:
        studied(about)
        for row in about["sensitivity"]:
            row["without"] = "another-lever"

    assert hangs(told(runs, other), 1) == ""

    def changed(about: dict[str, Any]) -> None:
        studied(about)
        about["scenarios"][1]["changes"] = [{"parameter": "stay.days"}]
        about["scenarios"][1]["only_levers"] = False

    assert hangs(told(runs, changed), 1) == ""


def test_another_fit_is_told(runs: xr.Dataset) -> None:
    def other(about: dict[str, Any]) -> None:
        studied(about)
        about["posterior"]["digest"] = "e" * 64

    assert hangs(told(runs, other), 1).endswith(Words("en")("hangs.other_fit"))
    assert Words("en")("hangs.other_fit") not in hangs(told(runs, studied), 1)


def test_values_that_move_nothing_are_not_named(runs: xr.Dataset) -> None:
    def still(about: dict[str, Any]) -> None:
        studied(about)
        for row in about["sensitivity"][1:6]:
            row["mu_star"] = 0.0

    sentence = hangs(told(runs, still), 1)
    assert sentence.startswith("This headline hangs on these values.")
    assert "retry" not in sentence


def keep_tests(about: dict[str, Any]) -> None:
    """Put two tests into what a result carries."""
    studied(about)
    one = {"test": "left_out", "series": "stops", "figure": "log_rmse", "value": 0.25, "low": 0.2,
           "high": 0.3, "n": 20, "command": "rumbo leave-out"}  # fmt: skip
    about["tested"] = [
        one,
        {**one, "series": "zones/VEN", "low": None, "high": None},
        {**one, "series": "transit.bridge", "low": None, "high": None},
        {**one, "test": "hindcast", "series": DEAL, "figure": "cover", "n": None, "command": None},
    ]
    about["texts"]["tested.left_out"] = {"en": "What was left out.", "es": "Lo que se dejó fuera."}
    about["texts"]["component.bridge"] = {"en": "Counted on the bridge", "es": "En el puente"}
    about["texts"]["tested.cover"] = {"en": "cover of it", "es": "cobertura"}


def test_every_test_has_its_table(runs: xr.Dataset) -> None:
    section = how_tested(told(runs, keep_tests))
    assert section is not None
    heads = [one.text for one in section.blocks if isinstance(one, Heading)]
    named = ("hangs.title", "tested.title.left_out", "tested.title.hindcast")
    assert heads == [Words("en")(key) for key in named]
    effect, waiting, left_out, hindcast = (b for b in section.blocks if isinstance(b, Table))
    share = "0.30 (0.30 to 0.30)"
    assert effect.rows[0][1:] == ["10.0%", "−10.0%", "2.5%", share, share]
    assert len(effect.rows) == 6
    assert waiting.rows == [["what stay.days is", "1,230", "−1,230", "308", "–", "–"]]
    stops, zones, counted = left_out.rows
    assert stops[1:] == ["log rmse", "0.25", "0.2 to 0.3", "20"]
    assert zones[0].startswith("Border Patrol encounters: ")
    assert counted[0] == "Counted on the bridge"
    assert zones[3] == "–"
    # Columns in which nothing stands are left out, and figures have names of the corridor's own.
    assert hindcast.heads == ["Series", "What was measured", "Result", "90% range"]
    assert hindcast.rows[0][1] == "cover of it"
    texts = [one.text for one in section.blocks if isinstance(one, Text)]
    assert "What was left out." in texts
    assert "Shown by: <code>rumbo leave-out</code>" in texts
    assert sum("the first five make 80%" in one for one in texts) == 1


def test_what_was_found_with_another_fit_says_so(runs: xr.Dataset) -> None:
    def of(*fits: str) -> list[str]:
        def stamped(about: dict[str, Any]) -> None:
            keep_tests(about)
            for row, fit in zip(about["tested"], fits, strict=True):
                row["posterior"] = fit

        section = how_tested(told(runs, stamped))
        assert section is not None
        return [one.text for one in section.blocks if isinstance(one, Text)]

    words, old = Words("en"), "e" * 64
    every, some = words("results.other_fit"), words("results.other_fit_of", series="{}")
    assert not [one for one in of(FIT, FIT, FIT, FIT) if one == every or "Older" in one]
    # Tables without that column do not know.
    assert not [one for one in of("", "", "", "") if one == every or "Older" in one]
    assert of(old, old, old, FIT).count(every) == 1
    assert of(old, old, old, old).count(every) == 2
    assert some.format("Counted on the bridge") in of(FIT, FIT, old, FIT)


def test_untested_corridors_have_no_chapter(runs: xr.Dataset) -> None:
    assert how_tested(read_run(runs, Words("en"))) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_stands_in_the_page(runs: xr.Dataset, language: str, tmp_path: Path) -> None:
    about = json.loads(runs.attrs["background"])
    keep_tests(about)
    changed = runs.assign_attrs(background=json.dumps(about))
    page = Page(write_report(changed, tmp_path / "r.html", language=language).read_text("utf-8"))
    words = Words(language)
    assert words("results.part") in " ".join(page.words)
    assert words("hangs.title") in " ".join(page.words)


ROW = "left_out,stops,log_rmse,0.25,0.2,0.3,20,rumbo leave-out"
HEAD = "test,series,figure,value,low,high,n,command\n"


def test_results_take_the_place_of_earlier_ones_of_the_same_test(tmp_path: Path) -> None:
    folder, table = copy(tmp_path), tmp_path / "tested.csv"
    table.write_text(HEAD + ROW + "\n" + ROW.replace("left_out", "hindcast") + "\n")
    add_tests(folder, table)
    table.write_text(HEAD + ROW.replace("0.25", "0.5").replace("stops", "deaths") + "\n")
    assert add_tests(folder, table) == folder / "tested.csv"
    kept = pd.read_csv(folder / "tested.csv")
    assert kept["test"].tolist() == ["hindcast", "left_out"]
    assert kept["value"].tolist() == [0.25, 0.5]
    page = page_of_tests(json.loads(background([load(folder)])))
    assert page.startswith("# How this was tested\n")
    assert "## Held against what came after a day" in page
    assert "| 0.5 | 0.2 to 0.3 | 20 |" in page
    assert "Shown by: rumbo leave-out" in page


def test_a_page_without_results_says_so(tmp_path: Path) -> None:
    page = page_of_tests(json.loads(background([load(copy(tmp_path))])))
    assert page.endswith("No results of tests are kept for this corridor.\n")


@pytest.mark.parametrize(
    ("name", "line", "message"),
    [
        ("results.csv", ROW, "no table of tests"),
        ("tested.csv", ROW.replace("0.25", "much"), "tested.csv, row 2"),
        ("sensitivity.csv", ROW, "sensitivity.csv"),
    ],
)
def test_tables_of_another_form_are_refused(
    name: str, line: str, message: str, tmp_path: Path
) -> None:
    folder, table = copy(tmp_path), tmp_path / name
    table.write_text(f"{HEAD}{line}\n")
    with pytest.raises(rumbo.Faults, match=message):
        add_tests(folder, table)
    assert not (folder / name).exists()


def test_a_figure_stands_once_in_a_test(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    (folder / "tested.csv").write_text(HEAD + ROW + "\n")
    add(folder, "tested.csv", ROW)
    with pytest.raises(rumbo.Faults, match=r"tested.csv, row 3"):
        load(folder)


def test_the_page_of_the_bundled_corridor_is_what_its_tables_tell() -> None:
    told = json.loads(background([load("darien-rio-bravo").fitted()]))
    assert (ROOT / "docs" / "tested.md").read_text("utf-8") == page_of_tests(told)
