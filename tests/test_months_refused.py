"""Broken files of new months: each is refused in one clear line, and nothing is written."""

import shutil
from collections.abc import Callable
from pathlib import Path

import months_files as made
import pytest
from command_line import content as contents
from command_line import here
from filelock import FileLock
from months_files import STATE_HEAD, Row, state_file, state_file_with, state_rows, write

from rumbo.cli.words import in_spanish
from rumbo.files.faults import Faults
from rumbo.updating.add import LOCK, add

Broken = Callable[[Path, Path], tuple[Path, tuple[str, ...]]]
"""Writes a file into a folder, given a corridor, and names further options."""


def changed(change: Callable[[Row], Row | None]) -> Broken:
    """Return an edition by state with rows changed."""
    return lambda folder, _: (state_file_with(folder / "file.csv", change), ())


def at(column: str) -> int:
    return STATE_HEAD.index(column)


def put(column: str, text: str, where: Callable[[Row], bool]) -> Broken:
    """Return an edition by state with a text put into a column of some rows."""

    def change(row: Row) -> Row:
        if where(row):
            row[at(column)] = text
        return row

    return changed(change)


def southern(row: Row) -> bool:
    return row[at("Land Border Region")].startswith("South")


def of(month: str, year: str, nation: str = "MEXICO") -> Callable[[Row], bool]:
    """Return whether a row is of a month and nationality, adults at the southern border."""
    return lambda row: (
        southern(row) and row[2] == month and row[0].startswith(year) and row[6] == nation
        and row[5] == "Single Adults"
    )  # fmt: skip


def raw(content: bytes, name: str = "file.csv") -> Broken:
    def broken(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
        (folder / name).write_bytes(content)
        return folder / name, ()

    return broken


def without_column(name: str) -> Broken:
    def broken(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
        n = at(name)
        rows = [row[:n] + row[n + 1 :] for row in state_rows()]
        return write(folder / "file.csv", STATE_HEAD[:n] + STATE_HEAD[n + 1 :], rows), ()

    return broken


def cut(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
    """Cut a file off in the middle of a row."""
    path = state_file(folder / "file.csv")
    path.write_bytes(path.read_bytes()[:5_000])
    return path, ()


def older(folder: Path, corridor: Path) -> tuple[Path, tuple[str, ...]]:
    """Give an edition after one that was published later."""
    done = here("data", "add", state_file(folder / "new.csv"), "--corridor", corridor)
    assert done.returncode == 0, done.stderr
    return state_file(folder / "old.csv", "2025-01"), ()


def shorter(folder: Path, corridor: Path) -> tuple[Path, tuple[str, ...]]:
    """Give an edition that ends earlier, said to be published later."""
    file, _ = older(folder, corridor)
    return file, ("--published", "2025-09-01")


def another_that_day(folder: Path, corridor: Path) -> tuple[Path, tuple[str, ...]]:
    """Give other figures, said to be published on the day of those that are kept."""
    older(folder, corridor)
    one = of("MAR", "2025")
    return put("Encounter Count", "1,671", one)(folder, corridor)


def published(day: str) -> Broken:
    return lambda folder, _: (state_file(folder / "file.csv"), ("--published", day))


def workbook(months: int = 3, year: int = 2025, **asked: object) -> Broken:
    """Return a yearly workbook; merged, or with a row changed, if asked."""

    def broken(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
        grid = made.events_grid(year, months)
        for (row, column), cell in asked.get("cells", {}).items():
            grid[row][column] = cell
        return made.workbook(folder / "file.xlsx", grid, asked.get("merged")), ()

    return broken


def aor_without_ports_in_march(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
    rows = [row for row in made.aor_rows() if row[3].startswith("U.S.") or row[2] != "MAR"]
    return write(folder / "file.csv", made.AOR_HEAD, rows), ()


def twice(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
    rows = state_rows()
    return write(folder / "file.csv", STATE_HEAD, [*rows[:9], rows[3], *rows[9:]]), ()


def incidents(text: str = "", day: str = "2024-06-01", again: bool = False) -> Broken:
    def broken(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
        rows = made.incidents()
        if text:
            rows[3][made.INCIDENT_HEAD.index("Total Number of Dead and Missing")] = text
        rows += rows[:1] if again else []
        path = write(folder / "file.csv", made.INCIDENT_HEAD, rows)
        return path, ("--published", day) if day else ()

    return broken


def typed(*rows: str) -> Broken:
    head = "measure,component,area,nationality,month,value,unit,publisher,source,quality\n"
    return raw((head + "\n".join(rows) + "\n").encode())


def no_header(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
    rows = state_rows()
    return write(folder / "file.csv", rows[0], rows[1:]), ()


def semicolon_decimal(folder: Path, _: Path) -> tuple[Path, tuple[str, ...]]:
    rows = [[*row[:8], row[8].replace(",", ".") if row[8] else ""] for row in state_rows()]
    path = write(folder / "file.csv", STATE_HEAD, rows)
    path.write_text(path.read_text().replace(",", ";"))
    return path, ()


BROKEN: dict[str, tuple[Broken, str]] = {
    "empty": (raw(b""), "the file is empty"),
    "blank": (raw(b"\n\n  \n"), "the file is empty"),
    "empty cells": (raw(b",,,\n,,,\n"), "the file is empty"),
    "empty quotes": (raw(b'"",""\n'), "the file is empty"),
    "binary": (raw(bytes(range(256)) * 20), "control characters"),
    "picture": (raw(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "control characters"),
    "PDF": (raw(b"%PDF-1.7 ...", "file.pdf"), "rumbo data template"),
    "old workbook": (raw(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "f.xls"), "workbook of before 2007"),
    "damaged workbook": (raw(b"PK\x03\x04 and no more", "f.xlsx"), "the workbook cannot be read"),
    "workbook with a cell far away": (
        workbook(merged=(1_048_575, 16_382, 16_383, "far")), "a cell far from the table"
    ),
    "UTF-16 without a mark": (raw("a,b\n1,2\n".encode("utf-16-le")), "control characters"),
    "page of a site": (raw(b"<!DOCTYPE html><html>Not found</html>"), "of no known form"),
    "unknown header": (raw(b"Date,Place,People\n2025-01,here,3\n"), "begins: Date, Place, People"),
    "no header": (no_header, "of no known form"),
    "column missing": (without_column("State"), "nearest to that of cbp-state, but lacks 'State'"),
    "no counts column": (without_column("Encounter Count"), "lacks 'Encounter Count'"),
    "only a header": (lambda f, _: (write(f / "f.csv", STATE_HEAD, []), ()), "no row below"),
    "cut off": (cut, "cells, expected 9"),
    "open quotes": (raw((",".join(STATE_HEAD) + '\n2025,"FYTD').encode()), "cannot be split"),
    "older edition": (older, "is older than that of 2025-04-20, which is kept"),
    "shorter edition": (shorter, "ends with 2025-01, but one kept before it with 2025-03"),
    "another of that day": (another_that_day, "was published on 2025-04-20 as"),
    "published too early": (published("2025-03-02"), "the end of the last month"),
    "published no day": (published("April"), "expected a date"),
    "totals of another border": (
        put("Encounter Count", "9,000", of("JAN", "2024")), "far from 4,202, which had settled"
    ),
    "a state left out": (
        changed(lambda row: None if row[6] == "MEXICO" else row), "which had settled"
    ),
    "part missing": (
        aor_without_ports_in_march,
        "OFO has nothing in 2024-03, as other parts have (and 1 more months)",
    ),
    "month missing": (
        changed(lambda row: None if row[2] == "JAN" and row[0] == "2024" else row),
        "the file has nothing in 2024-01",
    ),
    "no southern border": (changed(lambda row: None if southern(row) else row), "Northern"),
    "dots for thousands": (semicolon_decimal, "expected a whole number"),
    "blank counts": (put("Encounter Count", "", of("JAN", "2024")), "Encounter Count is empty"),
    "negative count": (put("Encounter Count", "-5", of("JAN", "2024")), "expected 0 or more"),
    "endless count": (
        put("Encounter Count", "9" * 400, of("JAN", "2024")), "expected 0 to 1e+12"
    ),
    "words for a count": (put("Encounter Count", "n/a", of("JAN", "2024")), "is 'n/a', expected"),
    "count in a month to come": (
        put("Encounter Count", "35", of("AUG", "2025")), "a month to come has the count 35"
    ),
    "unknown label": (
        put("Citizenship", "KENYA", of("JAN", "2024")),
        "Add the row Citizenship,KENYA,ID, to labels.csv",
    ),
    "unknown label with a comma": (
        put("Citizenship", "CONGO, DR", of("JAN", "2024")), 'Citizenship,"CONGO, DR",ID,'
    ),
    "unknown region": (
        put("Land Border Region", "SW Border", southern), "Land Border Region,SW Border,ID,"
    ),
    "unknown grouping": (put("Month Grouping", "YTD", southern), "Month Grouping is 'YTD'"),
    "year of two digits": (put("Fiscal Year", "24", of("JAN", "2024")), "expected a year"),
    "unknown month": (put("Month (abbv)", "Q1", of("JAN", "2024")), "is 'Q1', expected a month"),
    "duplicate cells": (twice, "counts the same as row 5"),
    "two columns of a name": (
        lambda f, _: (write(f / "f.csv", [*STATE_HEAD, "State"],
                            [[*row, "TX"] for row in state_rows()]), ()),
        "two columns are called 'State'",
    ),
    "merged header": (
        workbook(merged=(4, 1, 3, "Enero")), "no column for the months 2, 3"
    ),
    "two years in a title": (
        workbook(cells={(1, 0): "Eventos de personas en situación migratoria irregular 2024-2025"}),
        "the title names 2024, 2025",
    ),
    "another table": (
        workbook(cells={(1, 0): "Eventos de devolución, 2025"}),
        "lacks 'eventos de personas en situación migratoria irregular'",
    ),
    "parts that do not sum": (
        workbook(cells={(7, 2): 91}), "the total of month 2 is 165, but its parts sum to 166"
    ),
    "a total that is not the sum": (workbook(cells={(8, 13): 200}), "but the months sum to 210"),
    "a blank among months": (workbook(cells={(8, 2): ""}), "the month 2 is empty"),
    "a nationality gone": (workbook(cells={(8, 0): "Ven."}), "no País de nacionalidad means VEN"),
    "no month in a workbook": (workbook(0), "no month holds a count"),
    "incident counted twice": (incidents(again=True), "counts the same as row 2"),
    "incident without a count": (incidents(" "), "Dead and Missing is empty"),
    "incidents without a day": (incidents(day=""), "knows no usual delay"),
    "incidents published too early": (incidents(day="2024-01-20"), "end of the first month"),
    "typed into a workbook": (
        lambda f, _: (made.workbook(f / "f.xlsx", [["measure", "month", "value"]]), ()),
        "the template is a workbook",
    ),
    "typed: blank": (typed("stops,,all,all,2025-01,,events,x,assumed,"), "value is empty"),
    "typed: unknown measure": (typed("stop,,all,all,2025-01,5,events,x,assumed,"), "'stops'"),
    "typed: unknown source": (typed("stops,,all,all,2025-01,5,events,x,nobody,"), "nobody"),
    "typed: unknown nationality": (typed("stops,,all,XXX,2025-01,5,events,x,assumed,"), "'XXX'"),
    "typed: dot": (typed("stops,,all,all,2025-01,1.240,events,x,assumed,"), "without a dot"),
    "typed: twice": (
        typed(*["stops,,all,all,2025-01,5,events,x,assumed,"] * 2), "the same as one above"
    ),
}  # fmt: skip
"""How to break a file, and words of the one line that must tell of it."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corridor that knows the bundled forms."""
    return made.corridor(tmp_path_factory.mktemp("known") / "mine")


@pytest.fixture
def corridor(known: Path, tmp_path: Path) -> Path:
    """A copy of it that may be changed."""
    folder = tmp_path / "mine"
    shutil.copytree(known, folder)
    return folder


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gives_one_clear_line_and_writes_nothing(
    name: str, corridor: Path, tmp_path: Path
) -> None:
    broken, words = BROKEN[name]
    file, options = broken(tmp_path, corridor)
    before = contents(corridor)
    with pytest.raises(Faults) as refused:
        add(file, corridor, published=options[-1] if options else None)
    assert contents(corridor) == before
    (fault,) = refused.value.faults
    assert words in str(fault)
    assert fault.file in (file.name, "--published")
    for text in (fault.message, fault.cure):
        assert in_spanish(text) != text


@pytest.mark.parametrize("name", ["dots for thousands", "unknown label", "published too early"])
def test_the_command_says_that_line_alone(name: str, corridor: Path, tmp_path: Path) -> None:
    broken, words = BROKEN[name]
    file, options = broken(tmp_path, corridor)
    done = here("data", "add", file, "--corridor", corridor, *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def test_at_least_thirty_files_are_broken() -> None:
    assert len(BROKEN) >= 30


def test_a_file_is_not_added_while_another_is(corridor: Path, tmp_path: Path) -> None:
    file, before = state_file(tmp_path / "file.csv"), contents(corridor)
    with FileLock(corridor / LOCK), pytest.raises(Faults) as refused:
        add(file, corridor)
    (fault,) = refused.value.faults
    assert "another process is adding" in str(fault)
    assert in_spanish(fault.message) != fault.message
    assert in_spanish(fault.cure) != fault.cure
    (corridor / LOCK).unlink(missing_ok=True)
    assert contents(corridor) == before
    assert add(file, corridor).rows
    assert not (corridor / LOCK).exists()
