"""A named question: the rows of ``questions.csv`` that belong together."""

from typing import NamedTuple

import numpy as np
import pandas as pd

TABLE = "questions.csv"

LANGUAGES = ("en", "es")

WORDS = ("title", "about", "with", "without")
"""What the first row of a question says in each language."""

NEEDED = ("title", "with", "without")
"""Of these, what it must say."""

DATED = ("set", "move", "lever", "deal", "beds")
"""What may be asked from one day until another; an outcome has days of its own."""


class Part(NamedTuple):
    """One thing that a question does.

    Attributes
    ----------
    does
        ``set`` a value, ``move`` a lever in time, hold a ``lever`` or a ``deal`` against its
        absence, an ``outcome`` against another, or give ``beds``.
    what
        Parameter, lever, deal or ``event=outcome``; of beds the parameter that counts them.
    only
        Of a moved lever, the parameters that move; all if empty.
    against
        Of an outcome, the one it is held against.
    at, group, value
        Where, for whom and to what a value is set.
    source
        Who says so.
    """

    does: str
    what: str
    only: tuple[str, ...]
    against: str
    at: str
    group: str
    value: float
    source: str


class NamedQuestion(NamedTuple):
    """A question of a corridor.

    Attributes
    ----------
    key
        Its id.
    parts
        What it does, in order.
    since, until
        Days from which and until which it is asked if no others are given; NaT where open.
    words
        Title, what it does, and the names of the two sides, by ``title_en`` and so on.
    """

    key: str
    parts: tuple[Part, ...]
    since: pd.Timestamp
    until: pd.Timestamp
    words: dict[str, str]

    @property
    def dated(self) -> bool:
        """Whether days may be given."""
        return any(part.does in DATED for part in self.parts)

    @property
    def of_beds(self) -> bool:
        """Whether it asks of beds, whose number whoever asks has to say."""
        return any(part.does == "beds" for part in self.parts)


def questions_of(table: pd.DataFrame) -> dict[str, NamedQuestion]:
    """Return the questions of a table, by key.

    Parameters
    ----------
    table
        Rows of ``questions.csv``.

    Returns
    -------
    dict of str to NamedQuestion
    """
    found = {}
    for key, rows in table.groupby("question", sort=False):
        first = rows.iloc[0]
        names = [f"{word}_{language}" for word in WORDS for language in LANGUAGES]
        parts = tuple(_part(row) for row in rows.to_dict("records"))
        words = {name: str(first[name]) for name in names}
        found[str(key)] = NamedQuestion(str(key), parts, first["since"], first["until"], words)
    return found


def _part(row: dict[str, object]) -> Part:
    only = tuple(filter(None, map(str.strip, str(row["only"]).split(";"))))
    value = float(str(row["value"])) if not pd.isna(row["value"]) else np.nan
    texts = {name: str(row[name]) for name in ("does", "what", "against", "at", "group", "source")}
    return Part(only=only, value=value, **texts)
