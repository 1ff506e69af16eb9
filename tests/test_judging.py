"""Commands that hold the corridor against the record."""

from pathlib import Path

import pandas as pd
import pytest
from command_line import here
from command_line import rumbo as run
from folders import with_figures

from rumbo.cli import fits as judging
from rumbo.cli.terminal import Language
from rumbo.forecasting import forecast as ahead
from rumbo.forecasting.baselines import PERSISTENCE, SEASONAL_LONG
from rumbo.scenario.posterior import Posterior

CORRIDOR = "darien-rio-bravo"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("forecast", CORRIDOR, "--as-of", "2010-01-01"), "before the first figure"),
        (("forecast", CORRIDOR, "--as-of", "2027-01-01"), "after the last figure"),
        (("forecast", CORRIDOR, "--as-of", "2024-03-01", "--horizon", 9), "expected 1 to 6 months"),
        (("forecast", CORRIDOR, "--as-of", "nonsense"), "expected a date"),
        (("forecast", CORRIDOR, "--as-of", "2024-03-01", "--target", "x"), "no target 'x'"),
        (("score", CORRIDOR, "--target", "x"), "no target 'x'"),
        (("fit", CORRIDOR, "--as-of", "2023-01-01"), "nothing had been published"),
        (("fit", CORRIDOR, "--as-of", "soon"), "expected a date"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_written(
    words: tuple[object, ...], message: str, tmp_path: Path
) -> None:
    done = here(*words, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_unknown_lever_is_not_attributed() -> None:
    done = here("attribute", CORRIDOR, "--lever", "x", "--from", "2024-01", "--to", "2024-05")
    assert done.returncode == 2
    assert "neither a lever nor a rule" in done.stderr


@pytest.mark.long
def test_a_fit_writes_its_posterior_and_what_figures_told(
    tmp_path: Path,
) -> None:
    small, out = with_figures(tmp_path / "three"), tmp_path / "fit"
    asked = ("--as-of", "2024-08-01", "--members", 16, "--passes", 2, "--workers", 1)
    done = run("fit", small, *asked, "--out", out)
    assert done.returncode == 0, done.stderr
    assert "of that before" in done.stdout
    told = pd.read_csv(out / "unknowns.csv")
    assert (told["posterior_sd"] >= 0).all()
    assert {"entry", "stop", "cross"} <= set(told["unknown"])
    assert (pd.read_csv(out / "figures.csv")["low"] >= 0).all()
    lever = pd.read_csv(small / "settings.csv")["lever"].dropna().iloc[0]
    done = run(
        "attribute", small, "--posterior", out / "posterior.npz", "--lever", lever, "--from",
        "2024-02", "--to", "2024-05", "--members", 8, "--workers", 1, "--out", tmp_path / "split",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "of encounters in destination zones;" in done.stdout
    assert "taken beforehand to do nothing" in done.stdout
    assert "8 members tell only roughly who speaks" in done.stdout
    assert (tmp_path / "split" / "profile.csv").exists()
    told = pd.read_csv(tmp_path / "split" / "tested.csv")
    assert set(told["test"]) == {"sceptical_priors"}
    assert set(told["series"]) == {lever}
    assert set(told["posterior"]) == {Posterior.read(out / "posterior.npz").digest}
    done = here("tested", small, "--add", tmp_path / "split" / "tested.csv")
    assert done.returncode == 0, done.stderr
    assert "## Beside a sceptical prior" in done.stdout
    assert told["command"].iloc[0] in done.stdout
    assert "| the same, sceptical prior |" in done.stdout


@pytest.mark.long
@pytest.mark.slow
def test_scores_and_a_forecast_are_written_with_their_pages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(ahead, "COMPONENTS", (PERSISTENCE, SEASONAL_LONG))
    totals = ("border-patrol", "mexico")
    judging.run_scores(CORRIDOR, totals, 1, tmp_path, Language.es, hindcasts=False)
    shown = capsys.readouterr().out
    assert "seasonal-persistence-96 (best)" in shown
    skill = pd.read_csv(tmp_path / "skill.csv")
    same = skill[skill["model"] == "persistence"]
    assert (same["relative_wis_log"] == 1.0).all()
    assert (tmp_path / "score-es.html").exists()
    assert set(skill["family"]) == set(totals)
    judging.run_forecast(CORRIDOR, "2024-03-30", 3, totals, 1, tmp_path, Language.en)
    assert "What came after" in capsys.readouterr().out
    table = pd.read_csv(tmp_path / "forecast-2024-03-22.csv")
    assert set(table["step"]) == {1, 2, 3}
    assert set(table["horizon"]) == {0, 1, 2, 3}
    assert table["target_end_date"].min() >= "2024-01-31"
    assert (tmp_path / "forecast-2024-03-22-en.html").exists()
