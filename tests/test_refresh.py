"""An outlook on newer months, beside the one before: what moved, and how that one did."""

import subprocess
from pathlib import Path

import pandas as pd
import pytest
from command_line import here
from vote_ahead import vote_ahead

from rumbo.answers.outlook.asked import OutlookSize
from rumbo.answers.outlook.outlook import outlook
from rumbo.scenario.scenario import load

pytestmark = pytest.mark.slow

FIRST, SECOND = "2022-08-14", "2022-11-14"
"""Days of both outlooks: the eves of those on which the next count on the way was due."""

Ended = subprocess.CompletedProcess[str]


def publish(folder: Path, figures: pd.DataFrame, until: str) -> None:
    """Let a corridor have the figures that were published by a day."""
    figures[figures["published"] <= until].to_csv(folder / "figures.csv", index=False)


def again(folder: Path, kept: Path, *more: object) -> Ended:
    size = ("--months", 3, "--members", 20, "--fit-members", 10, "--workers", 1)
    ended = here("refresh", folder, "--place", "middle_town", *size, "--out", kept, *more)
    assert ended.returncode == 0, ended.stderr
    return ended


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[Ended]]:
    """A corridor, the folder of its outlooks, and what both calls said; months came between."""
    folder, kept = vote_ahead(tmp_path_factory.mktemp("c")), tmp_path_factory.mktemp("kept")
    figures = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    publish(folder, figures, "2022-08-05")
    first = again(folder, kept)
    publish(folder, figures, "2022-10-20")
    return folder, kept, [first, again(folder, kept)]


def test_the_first_has_none_before_it(refreshed: tuple[Path, Path, list[Ended]]) -> None:
    said = refreshed[2][0].stdout
    assert f"The outlook is of {FIRST}" in said
    assert "No outlook before this one is kept here." in said


def test_the_second_says_what_moved_and_how_the_first_did(
    refreshed: tuple[Path, Path, list[Ended]],
) -> None:
    _, kept, (_, second) = refreshed
    assert f"The outlook is of {SECOND}" in second.stdout
    assert f"How the outlook of {FIRST} did:" in second.stdout
    assert "Of all" in second.stdout
    moved = pd.read_csv(kept / f"moved-{FIRST}-{SECOND}-middle_town.csv")
    now = pd.read_csv(kept / f"outlook-{SECOND}-middle_town.csv", keep_default_na=False)
    mine = moved.query("series == 'waiting' and place == 'middle_town'").iloc[0]
    row = now.query("series == 'waiting' and place == 'middle_town' and branch == 'mixed'")
    row = row[row["month"] == mine["month"]].iloc[0]
    assert mine["middle"] == pytest.approx(row["middle"], rel=1e-5)
    assert set(moved["month"]) <= {"2022-09", "2022-10", "2022-11"}
    below, above = (
        moved["high_90"] < moved["low_90_before"],
        moved["low_90"] > moved["high_90_before"],
    )
    assert (moved["apart"] == (below | above)).all()
    pages = {path.name for path in kept.glob("*.html")}
    assert pages == {
        f"outlook-{day}-middle_town-{one}.html" for day in (FIRST, SECOND) for one in ("en", "es")
    }


def test_what_came_is_what_the_outlook_itself_would_say(
    refreshed: tuple[Path, Path, list[Ended]],
) -> None:
    folder, kept, _ = refreshed
    size = OutlookSize(10, drawn=20)
    asked = {"months": 3, "place": "middle_town", "size": size, "workers": 1}
    made = outlook(load(folder), FIRST, kept, **asked)  # type: ignore[arg-type]
    came = pd.read_csv(
        kept / f"came-{FIRST}-middle_town.csv", dtype={"place": str}, keep_default_na=False
    )
    assert len(made.came) == len(came) > 0
    assert came["came"].tolist() == pytest.approx(made.came["came"].tolist(), rel=1e-5)
    assert came["month"].tolist() == made.came["month"].tolist()


def test_asked_again_it_makes_nothing_anew(refreshed: tuple[Path, Path, list[Ended]]) -> None:
    folder, kept, _ = refreshed
    tables = {path: path.read_bytes() for path in kept.glob("*.*") if path.suffix != ".html"}
    times = {path: path.stat().st_mtime_ns for path in kept.rglob("*.npz")}
    spanish = again(folder, kept, "--language", "es")
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert {path: path.read_bytes() for path in tables} == tables
    assert "Cómo le fue a la perspectiva" in spanish.stdout
    assert "rangos, separados" in spanish.stdout
