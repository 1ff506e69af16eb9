"""A small corridor with named questions of every kind."""

from pathlib import Path

import folders

HEAD = (
    "question,does,what,only,against,at,group,value,since,until,title_en,title_es,about_en,"
    "about_es,with_en,with_es,without_en,without_es,source\n"
)
WORDS = "{0}?,\u00bf{0}?,What it does,Qu\u00e9 hace,With {0},Con {0},Without {0},Sin {0},assumed\n"


def row(key: str, *cells: str) -> str:
    """Return a row of a question whose words are made of its key."""
    given = [*cells, *[""] * (9 - len(cells))]
    return ",".join([key, *given, WORDS.format(key)])


ROWS = (
    row("closed", "lever", "bus-closure"),
    row("slots-early", "move", "more-slots", "appointment.slots", "", "", "", "", "2024-02-10"),
    row("no-buses", "set", "mode.open", "", "", "mode:bus", "", "0", "2024-02-10"),
    row("vote", "outcome", "vote=close", "", "vote=open"),
    row("beds", "beds", "shelter.places"),
)


def folder(to: Path, rows: tuple[str, ...] = ROWS) -> Path:
    """Write the smallest corridor with questions, and the vote that one of them asks of."""
    where = folders.with_outcomes(folders.copy(to))
    (where / "questions.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return where
