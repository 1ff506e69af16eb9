"""Damaged corridors: a clear error or a correct run, never anything else.

Nothing here can fail by chance: the examples are the same in every run.
"""

import sys
import tempfile
from pathlib import Path

import folders
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rumbo.engine.step import Luck, step
from rumbo.files.faults import Fault, Faults
from rumbo.run.days import run_days
from rumbo.run.program import compile_scenario
from rumbo.run.states import begin
from rumbo.scenario.scenario import Scenario, load

FILES = tuple(sorted(path.name for path in folders.THREE_PLACES.iterdir()))
TABLES = tuple(name for name in FILES if name.endswith(".csv"))

WORDS = st.sampled_from(
    [
        "", "NO", "nan", "inf", "-1", "0", "1", "1e300", "1e-300", "0.5", "1,5", "2024-13-01",
        "2024-02-01", "2023-01-01", "middle_town", "north_sector", "country:MX", "role:", ":",
        "OTH", "adult", "bus", "walk", "destination_zone", "multiply", "assumed", '"', "a;b", "é",
        "\x00",
    ]
)  # fmt: skip
CELLS = WORDS | st.text(max_size=12)


@st.composite
def damages(draw: st.DrawFn) -> tuple[str, str, int, int, str]:
    kind = draw(st.sampled_from(sorted(DAMAGES) * 3 + ["delete", "cut", "bytes"]))
    file = draw(st.sampled_from(TABLES if kind in DAMAGES else FILES))
    row, column = draw(st.integers(0, 60)), draw(st.integers(0, 20))
    return kind, file, row, column, draw(CELLS)


def _cell(rows: list[list[str]], row: int, column: int, text: str) -> None:
    line = rows[row % len(rows)]
    line[column % len(line)] = text


def _drop_column(rows: list[list[str]], row: int, column: int, text: str) -> None:
    at = column % len(rows[0])
    for line in rows:
        del line[at : at + 1]


def _swap_columns(rows: list[list[str]], row: int, column: int, text: str) -> None:
    a, b = row % len(rows[0]), column % len(rows[0])
    for line in rows[1:]:
        if max(a, b) < len(line):
            line[a], line[b] = line[b], line[a]


def _swap_dates(rows: list[list[str]], row: int, column: int, text: str) -> None:
    if {"since", "until"} <= set(rows[0]):
        a, b = rows[0].index("since"), rows[0].index("until")
        for line in rows[1:]:
            line[a], line[b] = line[b], line[a]


def _repeat_row(rows: list[list[str]], row: int, column: int, text: str) -> None:
    rows.append(list(rows[row % len(rows)]))


def _drop_row(rows: list[list[str]], row: int, column: int, text: str) -> None:
    del rows[row % len(rows)]


def _add_cell(rows: list[list[str]], row: int, column: int, text: str) -> None:
    rows[row % len(rows)].append(text)


DAMAGES = {
    "cell": _cell, "drop column": _drop_column, "swap columns": _swap_columns,
    "swap dates": _swap_dates, "repeat row": _repeat_row, "drop row": _drop_row,
    "add cell": _add_cell,
}  # fmt: skip


def damage(folder: Path, kind: str, file: str, row: int, column: int, text: str) -> None:
    path = folder / file
    if not path.exists():
        return
    if kind == "delete":
        path.unlink()
    elif kind == "cut":
        path.write_bytes(path.read_bytes()[: row * 10 + column])
    elif kind == "bytes":
        raw = bytearray(path.read_bytes())
        at = row * 7 + column
        raw[at : at + 1] = text.encode("utf-16", "surrogatepass")
        path.write_bytes(raw)
    else:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
        rows = [line.split(",") for line in lines if line]
        if rows:
            DAMAGES[kind](rows, row, column, text)
        joined = "".join(",".join(line) + "\n" for line in rows)
        path.write_bytes(joined.encode("utf-8", "surrogatepass"))


def run_and_count(scenario: Scenario) -> None:
    """Run up to thirty days; nobody appears or vanishes."""
    program = compile_scenario(scenario)
    days = min(30, len(program.dates))
    entered, left = np.zeros(len(program.space.groups)), np.zeros(len(program.space.groups))
    out = np.flatnonzero(program.space.target < 0)
    last: list[np.ndarray] = []

    def spy(*args: object) -> object:
        after, flows = step(*args)
        np.add.at(entered, program.wiring.entry_group, flows.entered[0])
        np.add(left, flows.moved[0][:, out].sum(axis=1), out=left)
        last[:] = [after]
        return after, flows

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["rumbo.run.states"], "step", spy)
        luck = Luck(1, np.arange(1), 0, True)
        run_days(program, begin(program, luck), luck, range(days))
    assert last[0].min() >= 0
    np.testing.assert_array_equal(last[0][0].sum(axis=1) + left, entered)


@pytest.mark.long
@settings(
    max_examples=150, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(damages(), min_size=1, max_size=3))
def test_a_damaged_corridor_is_refused_or_runs_correctly(
    wrong: list[tuple[str, str, int, int, str]],
) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = folders.copy(Path(made))
        for one in wrong:
            damage(folder, *one)
        faults = outcome(folder)
    assert all(fault.message and fault.cure and "\n" not in str(fault) for fault in faults)


def outcome(folder: Path) -> tuple[Fault, ...]:
    """Return the faults of a folder; without any, run it."""
    try:
        run_and_count(load(folder))
    except Faults as caught:
        assert caught.faults  # noqa: PT017  (both outcomes are right)
        return caught.faults
    return ()
