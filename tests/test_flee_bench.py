"""What is measured against Flee: kept by crisis, and sampling errors by hand."""

from argparse import Namespace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import against_flee
from benchmarks.against_flee import ALWAYS, Figure, apart, rows_of, sampling_error
from benchmarks.table import Table


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the crises that are measured, which takes no time here."""
    names: list[str] = []

    def figures_of(folder: Path, asked: Namespace) -> list[Figure]:
        names.append(folder.name)
        return [Figure(what, "one", 1.0) for what in ALWAYS]

    monkeypatch.setattr(against_flee, "figures_of", figures_of)
    return names


def test_a_crisis_that_the_table_holds_is_not_measured_again(
    tmp_path: Path, measured: list[str]
) -> None:
    asked = Namespace(crises=tmp_path, flee=None, rounds=3)
    table = Table(tmp_path / "table.jsonl")
    first = rows_of("one", table, asked)
    assert rows_of("one", table, asked) == first
    rows_of("other", table, asked)
    rows_of("one", table, Namespace(**{**vars(asked), "rounds": 5}))
    assert measured == ["one", "other", "one"]


def test_a_crisis_that_a_stop_cut_off_is_measured_again(
    tmp_path: Path, measured: list[str]
) -> None:
    asked, path = Namespace(crises=tmp_path, flee=None, rounds=3), tmp_path / "table.jsonl"
    rows_of("one", Table(path), asked)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    rows_of("one", Table(path), asked)
    assert measured == ["one", "one"]


def test_sampling_error_by_hand() -> None:
    counts = np.array([[[10.0, 50.0]], [[14.0, 50.0]]])  # two runs, one day, two camps
    assert sampling_error(counts, 100.0) == pytest.approx(np.sqrt((8 + 0) / 2) / 100)


def test_camps_apart_by_hand() -> None:
    ours = np.array([[[10.0, 30.0]], [[20.0, 30.0]]])
    assert apart(ours, np.array([[[20.0, 20.0]]])) == pytest.approx((5 + 10) / 40)
