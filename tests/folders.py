"""Copies of the smallest corridor, with one thing in them wrong."""

import shutil
from pathlib import Path

import pandas as pd

THREE_PLACES = Path(__file__).parent.parent / "examples" / "three_places"


def copy(to: Path) -> Path:
    """Return a copy of the smallest corridor."""
    folder = to / "three_places"
    shutil.copytree(THREE_PLACES, folder)
    return folder


def swap(folder: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands once in a file; return the row."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (file, old, text.count(old))
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def add(folder: Path, file: str, line: str) -> int:
    """Add a line to a file; return its row."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + line + "\n", encoding="utf-8")
    return text.count("\n") + 1


VOTE = """\
vote,close,2024-02-10,2024-03-01,0.4,bus-closure,,Coaches stop,Paran los autobuses,assumed,assumed
vote,open,2024-02-10,2024-03-01,0.6,,,Coaches go on,Siguen los autobuses,assumed,assumed
"""
COURT = """\
court,more,2024-03-15,2024-04-01,{more},more-slots,{given},More slots,M\u00e1s citas,assumed,assumed
court,same,2024-03-15,,{same},,{given},As many as before,Las mismas citas,assumed,assumed
"""


def with_outcomes(folder: Path, *rows: str) -> Path:
    """Write outcomes of a vote, and others, into a corridor's folder."""
    head = "event,outcome,on,takes_effect,probability,levers,given,name_en,name_es,source,quality\n"
    (folder / "outcomes.csv").write_text(head + VOTE + "".join(rows), encoding="utf-8")
    return folder


def court(given: str = "", more: float = 0.25) -> str:
    """Return the outcomes of a second event, given one of the vote or in any case."""
    return COURT.format(given=given, more=more, same=1 - more)


def with_figures(folder: Path) -> Path:
    """Make a corridor of three places with six months of figures, all that a fit needs."""
    shutil.copytree(THREE_PLACES, folder)
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    table = table[table["measure"] == "waiting"]
    rows = []
    for measure, component, size in (("encounters", "USBP", 900), ("stops", "", 500)):
        for m in range(1, 7):
            for nationality in ("OTH", "all"):
                value = {
                    "measure": measure, "component": component, "area": "all",
                    "nationality": nationality, "month": f"2024-{m:02}",
                    "value": str(size + 50 * m),
                    "unit": "events", "published": f"2024-{m + 1:02}-20",
                    "published_basis": "assumed", "publisher": "made up", "source": "assumed",
                    "quality": "assumed",
                }  # fmt: skip
                rows.append(value)
    pd.concat([table, pd.DataFrame(rows)]).to_csv(folder / "figures.csv", index=False)
    return folder


def scaled(folder: Path, measure: str, factor: float) -> Path:
    """Multiply the figures of a measure."""
    table = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    mine = table["measure"] == measure
    table.loc[mine, "value"] = (table.loc[mine, "value"].astype(float) * factor).astype(str)
    table.to_csv(folder / "figures.csv", index=False)
    return folder
