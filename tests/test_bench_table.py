"""The table of benchmarks: kept row by row, it goes on after a stop."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.__main__ import SUITES
from benchmarks.table import Bench, Row, Table, fill, show


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path / "kept" / "table.jsonl")


def counting(found: list[str], stop_at: str = "") -> Callable[[str], Bench]:
    """Return what makes benches that note their names, and one that is stopped."""

    def bench(name: str) -> Bench:
        def measure() -> tuple[str, float]:
            if name == stop_at:
                raise KeyboardInterrupt
            found.append(name)
            return f"{name}: {len(found)}", float(len(found))

        return Bench(name, f"what {name} is", measure, 2.0, 1.0)

    return bench


def test_it_goes_on_after_a_stop(table: Table) -> None:
    found: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        list(fill(map(counting(found, "c"), "abcd"), table))
    assert list(table.rows()) == ["a", "b"]
    rows = list(fill(map(counting(found), "abcd"), table))
    assert found == list("abcd")
    assert [row.text for row in rows] == ["a: 1", "b: 2", "c: 3", "d: 4"]
    assert list(table.rows().values()) == rows


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_that_was_cut_off_costs_no_other(table: Table, tmp_path: Path, cut: int) -> None:
    list(fill(map(counting([]), "ab"), table))
    path = tmp_path / "kept" / "table.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    assert {*table.rows()} == ({"a", "b"} if cut == 1 else {"a"})
    found: list[str] = []
    list(fill(map(counting(found), "abc"), table))
    assert found == (["c"] if cut == 1 else ["b", "c"])
    assert {*table.rows()} == {"a", "b", "c"}


def test_other_code_is_measured_again_and_the_same_if_asked(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    list(fill([counting(found)("a")], table))
    list(fill([counting(found)("a")], table))
    assert found == ["a"]
    list(fill([counting(found)("a")], table, again=True))
    assert found == ["a", "a"]
    monkeypatch.setattr("benchmarks.table.package_digest", lambda: "other")
    (row,) = fill([counting(found)("a")], table)
    assert found == ["a", "a", "a"]
    assert table.rows()["a"] == row


def test_floors_and_goals() -> None:
    row = Row("a", "a", "", 1.5, 2.0, 1.0, "<=", "code")
    assert (row.meets(row.floor), row.meets(row.goal), row.meets(None)) == ("yes", "NO", "")
    assert row._replace(sign=">=").meets(1.5) == "yes"


def test_only_rows_of_this_code_are_shown(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = fill([counting([])("fresh")], table)
    show([row, row._replace(name="stale", code="other")])
    shown = capsys.readouterr().out
    assert "fresh" in shown
    assert "stale" not in shown


def test_every_row_has_a_name_of_its_own_and_a_goal_no_easier_than_its_floor() -> None:
    benches = [bench for suite in SUITES.values() for bench in suite]
    assert len({bench.name for bench in benches}) == len(benches)
    for bench in benches:
        if bench.floor is not None:
            row = Row(bench.name, bench.what, "", bench.goal, *bench[3:], "code")
            assert row.meets(bench.floor) == "yes"
