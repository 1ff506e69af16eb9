"""Made-up files in agencies' forms, and a small corridor that knows these forms."""

import csv
import io
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import folders
import pandas as pd
import xlsxwriter

from rumbo.scenario.corridor import BUNDLED, corridors

FORMS = BUNDLED / corridors()[0]

NAMES = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
SPANISH = "Enero Febrero Marzo Abril Mayo Junio Julio Agosto Septiembre Octubre Noviembre Diciembre"

MONTHS = pd.period_range("2023-10", "2025-03", freq="M")
"""Months of the made-up editions: a closed fiscal year, and half of the next one."""

STATE_HEAD = (
    "Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,"
    "Title of Authority,Encounter Count"
).split(",")
AOR_HEAD = (
    "Fiscal Year,Month Grouping,Month (abbv),Component,Land Border Region,Area of Responsibility,"
    "AOR (Abbv),Demographic,Citizenship,Title of Authority,Encounter Type,Encounter Count"
).split(",")

Row = list[str]


def size(month: pd.Period, nation: str) -> int:
    """Return a made-up count of adults of a nationality; families are a tenth of it."""
    return 1_000 + 10 * MONTHS.get_loc(month) + {"MEXICO": 500, "VENEZUELA": 200}.get(nation, 30)


def fiscal(month: pd.Period, last: pd.Period) -> tuple[str, str]:
    """Return the fiscal year and grouping that an edition gives a month."""
    year = month.year + (month.month >= 10)
    running = last.year + (last.month >= 10)
    so_far = (month.month - 10) % 12 <= (last.month - 10) % 12
    grouping = "FYTD" if so_far else "Remaining"
    return (f"{year} (FYTD)" if year == running else str(year)), grouping


def state_rows(last: str = "2025-03") -> list[Row]:
    """Return the rows of an edition by state, months to come among them."""
    end = pd.Period(last, "M")
    rows = []
    for month in MONTHS[MONTHS <= end]:
        year, grouping = fiscal(month, end)
        for nation in ("MEXICO", "VENEZUELA", "CANADA"):
            for who, share in (("Single Adults", 1.0), ("FMUA", 0.1)):
                count = f"{int(size(month, nation) * share):,}"
                rows.append([year, grouping, NAMES[month.month - 1], "Southwest Land Border", "TX",
                             who, nation, "Title 8", count])  # fmt: skip
        rows.append([year, grouping, NAMES[month.month - 1], "Northern Land Border", "ME",
                     "Single Adults", "CANADA", "Title 8", "7"])  # fmt: skip
    for ahead in pd.period_range(end + 1, f"{end.year}-09", freq="M"):
        year, _ = fiscal(ahead, end)
        name = NAMES[ahead.month - 1]
        rows.append([year, "Remaining", name, "Southwest Land Border", "TX", "Single Adults",
                     "MEXICO", "Title 8", "" if ahead.month % 2 else "0"])  # fmt: skip
    return rows


def total(month: str) -> int:
    """Return the total of a month in the edition by state."""
    when = pd.Period(month, "M")
    adults = [size(when, nation) for nation in ("MEXICO", "VENEZUELA", "CANADA")]
    return sum(adults) + sum(int(one * 0.1) for one in adults)


def aor_rows() -> list[Row]:
    """Return the rows of an edition by area of responsibility."""
    rows = []
    for month in MONTHS:
        year, grouping = fiscal(month, MONTHS[-1])
        for component, area, short, share in (
            ("U.S. Border Patrol", "Del Rio Sector", "DRT", 0.9),
            ("Office of Field Operations", "Laredo Field Office", "LRD", 0.2),
        ):
            for nation in ("MEXICO", "VENEZUELA", "OTHER"):
                count = str(int(size(month, nation) * share))
                rows.append([year, grouping, NAMES[month.month - 1], component,
                             "Southwest Land Border", area, short, "Single Adults", nation,
                             "Title 8", "Apprehensions", count])  # fmt: skip
    return rows


def write(path: Path, head: Row, rows: Iterable[Row], encoding: str = "utf-8") -> Path:
    """Write a table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def state_file(path: Path, last: str = "2025-03") -> Path:
    """Write an edition by state."""
    return write(path, STATE_HEAD, state_rows(last))


def state_file_with(path: Path, change: Callable[[Row], Row | None]) -> Path:
    """Write an edition by state with rows changed, or left out where None is returned."""
    changed = (change(list(row)) for row in state_rows())
    return write(path, STATE_HEAD, (row for row in changed if row is not None))


def aor_file(path: Path) -> Path:
    """Write an edition by area of responsibility."""
    return write(path, AOR_HEAD, aor_rows())


EVENTS = {"Guatemala": 90, "Venezuela": 70, "Cuba": 5}


def events_grid(year: int = 2025, months: int = 3) -> list[list[object]]:
    """Return a yearly table of events as the cells of a sheet, header over two rows."""
    head = ["País de nacionalidad", year, *[""] * 11, "Total"]
    names: list[object] = ["", *SPANISH.split(), ""]
    title = "Eventos de personas en situación migratoria irregular en México, por país"
    rows: list[list[object]] = [["3.1.1"], [f"{title}, {year}"], [], head, names]
    table = {"Total general": sum(EVENTS.values()), "América Central": 90, **EVENTS}
    for nation, count in table.items():
        filled: list[object] = [*[count] * months, *[""] * (12 - months)]
        rows.append([nation, *filled, count * months])
    rows.append(["Fuente: inventada"])
    return rows


def workbook(
    path: Path, grid: list[list[object]], merged: tuple[int, int, int, str] | None = None
) -> Path:
    """Write cells as a workbook; one merged block over a row if asked: row, from, to, text."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("3.1.1")
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell != "":
                sheet.write(row, column, cell)
    if merged:
        row, first, last, text = merged
        sheet.merge_range(row, first, row, last, text, book.add_format({"bold": True}))
    book.close()
    return path


INCIDENT_HEAD = (
    "Incident ID,Incident Type,Incident Year,Reported Month,Region of Origin,Region of Incident,"
    "Country of Origin,Number of Dead,Minimum Estimated Number of Missing,"
    "Total Number of Dead and Missing,Migration Route"
).split(",")


def incidents() -> list[Row]:
    """Return incidents of three months in two regions, and some elsewhere."""
    rows = []
    for n, (month, region, route, dead) in enumerate(
        (
            ("January", "North America", "US-Mexico border crossing", 2),
            ("January", "Central America", "Darien", 1),
            ("February", "Mediterranean", "Central Mediterranean", 40),
            ("March", "North America", "US-Mexico border crossing", 3),
            ("March", "North America", "US-Mexico border crossing", 4),
            ("March", "Caribbean", "Caribbean to US", 5),
        )
    ):
        rows.append([f"2024.MMP{n}", "Incident", "2024", month, "Unknown", region, "Unknown",
                     str(dead), "0", str(dead), route])  # fmt: skip
    return rows


def incident_file(path: Path) -> Path:
    """Write a file of incidents."""
    return write(path, INCIDENT_HEAD, incidents())


def corridor(folder: Path) -> Path:
    """Make a corridor of three places and three nationalities that knows the bundled forms."""
    shutil.copytree(folders.THREE_PLACES, folder)
    for nation in ("MEX", "VEN"):
        folders.add(
            folder, "groups.csv", f"{nation}-adult,{nation},adult,{nation},{nation},assumed"
        )
    for name in ("forms.csv", "forms_columns.csv"):
        shutil.copy(FORMS / name, folder / name)
    labels = pd.read_csv(FORMS / "labels.csv", dtype=str, keep_default_na=False)
    own = {"us_border": "crossing", "darien": "south"}
    kept = {"MEX", "VEN", "OTH", "USBP", "OFO", "all", "-", "to date", "rest", "Del Rio", "Laredo"}
    ids = [own.get(one, one if one in kept else "OTH") for one in labels["id"]]
    labels.assign(id=ids).to_csv(folder / "labels.csv", index=False)
    (folder / "publication.csv").write_text(
        "measure,component,delay_days,revision_sd,settles_after_months,source,quality\n"
        "encounters,USBP,20,0.001,6,assumed,assumed\n"
        "encounters,OFO,20,0.002,6,assumed,assumed\n"
        "stops,,40,0.04,12,assumed,assumed\n"
    )
    head = "measure,component,area,nationality,month,value,low,high,unit,published,published_basis"
    rows = [f"{head},publisher,source,quality"]
    for month in MONTHS[:-3]:
        day = (month + 1).start_time + pd.Timedelta(days=20)
        parts = int(total(str(month)) * 0.8), total(str(month)) - int(total(str(month)) * 0.8)
        for component, count in zip(("USBP", "OFO"), parts, strict=True):
            rows.append(f"encounters,{component},all,all,{month},{count},,,events,{day:%Y-%m-%d},"
                        "assumed,made up,assumed,assumed")  # fmt: skip
    (folder / "figures.csv").write_text("\n".join(rows) + "\n")
    return folder
