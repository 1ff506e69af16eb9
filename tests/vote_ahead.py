"""A made-up corridor with a vote ahead of a day, and what came to be known after it."""

from pathlib import Path

import pandas as pd
from made_up import made_up

DAY = "2022-08-05"
"""By then the figures of June 2022 were out, six months of the run."""

LEVER, EVENT = "halt", "vote"

VOTE = """\
event,outcome,on,takes_effect,known,probability,levers,given,name_en,name_es,source,quality
vote,halt,2022-08-20,2022-09-01,2022-07-10,0.25,halt,,All stay,Todos se quedan,assumed,assumed
vote,same,2022-08-20,2022-09-01,,0.75,,,All goes on,Todo sigue,assumed,assumed
"""


def append(folder: Path, file: str, **cells: str) -> None:
    """Add a row to a table, with the columns that it needs."""
    path = folder / file
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    pd.concat([table, pd.DataFrame([cells])]).fillna("").to_csv(path, index=False)


def add_lever(folder: Path, lever: str, **cells: str) -> None:
    """Add a row of the calendar."""
    names = {"name_en": "A rule", "name_es": "Una norma", "source": "assumed"}
    append(folder, "levers.csv", lever=lever, **names, **cells)


def add_stay(folder: Path, value: str, **cells: str) -> None:
    """Add a row that says how long people stay in the middle."""
    row = {"parameter": "stay.days", "at": "middle_town", "unit": "days", "source": "assumed"}
    append(folder, "settings.csv", **row, value=value, **cells)


def vote_ahead(to: Path) -> Path:
    """Make the corridor: the vote stands in the calendar, what it may bring does not."""
    folder = made_up(to)
    add_lever(folder, EVENT, since="2022-08-20", until="2022-08-21", announced="2021-08-20")
    add_lever(folder, LEVER, since="2022-09-01")
    add_stay(folder, "40", since="2022-09-01", lever=LEVER)
    (folder / "outcomes.csv").write_text(VOTE, encoding="utf-8")
    return folder


def plant(folder: Path) -> None:
    """Add what came to be known after the day: outcomes, levers, settings, entries, figures."""
    text = (folder / "outcomes.csv").read_text("utf-8")
    text = text.replace("0.25,halt", "0.125,halt").replace("0.75,,,", "0.375,,,")
    text += (
        "vote,more,2022-08-20,2022-09-01,2022-08-10,0.5,later,,More,Más,assumed,assumed\n"
        "court,yes,2022-09-10,2022-09-10,2022-08-10,0.5,law,,Yes,Sí,assumed,assumed\n"
        "court,no,2022-09-10,,,0.5,,,No,No,assumed,assumed\n"
    )
    (folder / "outcomes.csv").write_text(text, encoding="utf-8")
    for lever, day in (("later", "2022-09-10"), ("law", "2022-09-15")):
        add_lever(folder, lever, since=day)
        add_stay(folder, "90", since=day, lever=lever)
    add_stay(folder, "70", since="2022-08-15")
    add_stay(folder, "60", since="2022-03-01", known="2022-08-20")
    for file, column, later in (
        ("inflows.csv", "persons", "month > '2022-07'"),
        ("figures.csv", "value", "published > @DAY"),
    ):
        table = pd.read_csv(folder / file)
        table.loc[table.eval(later, local_dict={"DAY": DAY}), column] *= 3
        table.to_csv(folder / file, index=False)
