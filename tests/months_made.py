"""Months ahead whose members nobody ran, kept as the studio keeps them."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rumbo.answers.outlook.counted import SeriesAhead
from rumbo.answers.outlook.outlook import MonthsAhead
from rumbo.answers.outlook.ranges import AHEAD, LEVELS, MIXED, mixed_ends
from rumbo.answers.outlook.weights import keep_members
from rumbo.studio.ahead.asked import MEMBERS

MONTHS = ("2024-05", "2024-06", "2024-07")

CHANCES = {"close": 0.25, "open": 0.75}

CAME = ("series", "place", "month", "came", "low", "high", "estimate")


def branch(outcome: str, chance: float) -> dict[str, Any]:
    """Return a branch of a vote as an outlook tells of it."""
    told = {"event": "vote", "event_en": "The vote", "event_es": "La votación"}
    named = {"outcome": outcome, "en": f"They {outcome}", "es": f"Ellos: {outcome}"}
    days = {"on": "2024-05-10", "takes_effect": "2024-05-10"}
    row = {
        **told,
        **named,
        **days,
        "probability": chance,
        "source": "assumed",
        "quality": "assumed",
    }
    return {
        "branch": f"vote={outcome}", "probability": chance, "outcomes": [row], "settings": [],
    }  # fmt: skip


def months_made(place: str, members: int = 40) -> MonthsAhead:
    """Make them: where the vote closes a border, ten times as many wait at a place."""
    rng = np.random.default_rng(5)
    few = rng.uniform(1_000, 2_000, (members, len(MONTHS)))
    many, chances = np.stack([10 * few, few]), np.array([*CHANCES.values()])
    every = tuple(
        SeriesAhead(name, at, 0, many * size)
        for name, at, size in (
            ("waiting", place, 1),
            ("beds_short", place, 0.5),
            ("deaths", "", 0.01),
        )
    )
    ways = {MIXED: slice(None), **{f"vote={one}": slice(n, n + 1) for n, one in enumerate(CHANCES)}}
    rows = [
        (one.series, one.place, name, month, AHEAD, *ends)
        for one in every
        for name, way in ways.items()
        for month, ends in zip(MONTHS, mixed_ends(one.values[way], chances[way]), strict=True)
    ]
    columns = ["series", "place", "branch", "month", "kind", *LEVELS]
    about = {
        "corridor": "three_places", "title": {"en": "Three places", "es": "Tres lugares"},
        "as_of": "2024-04-30", "months": [*MONTHS], "fitted": ["2024-01", "2024-03"],
        "place": place, "place_name": place, "beds": {"value": 100, "given": False},
        "drivers": [], "seen": [], "members": members, "seed": 1, "fit": {}, "shipped": False,
        "branches": [branch(*one) for one in CHANCES.items()], "version": "0",
    }  # fmt: skip
    return MonthsAhead(
        about, pd.DataFrame(rows, columns=columns), pd.DataFrame(columns=CAME), every
    )


def months_kept(folder: Path, place: str) -> str:
    """Keep them in a folder, and return the file that says what they are of."""
    made = months_made(place)
    about = made.write(folder)
    keep_members(folder / MEMBERS, made.members)
    return str(about)
