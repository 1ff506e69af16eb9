"""Tables of just what an answer shows, for the next cells of a notebook."""

from collections.abc import Iterator
from typing import Any

import pandas as pd

from rumbo.report.page.words import SMALL
from rumbo.studio.told import ENDS, Told

SIDES = ("base", "changed", "difference")
"""The sides of a comparison, and what one differs by."""


def sums_table(answer: Told, language: str) -> pd.DataFrame:
    """Return flow and human cost over all months asked about: the page's table.

    Parameters
    ----------
    answer
        An answer with a range.
    language
        Of titles, ``en`` or ``es``.

    Returns
    -------
    pandas.DataFrame
        A row for each measure and side: ``measure``, its ``title``, ``of`` (``total`` or ``mean``
        by day), ``side`` (``base``, ``changed``, ``difference``), what it is called
        (``scenario``), ``who`` speaks for a difference, whether the series ``fails`` the record,
        and the ends of the ranges of nine in ten and of half, with the middle. Counts under ten
        people are missing: they are not told. Sentence, months, source and what differs stand in
        ``attrs``.
    """
    rows = [
        _row(answer, one, side, language) | _ends(one["sum"][side])
        for one in shown(answer)
        for side in SIDES
        if one["sum"][side]
    ]
    return _framed(rows, answer, language)


def months_table(answer: Told, language: str) -> pd.DataFrame:
    """Return the same measures month by month: what the page draws.

    Parameters
    ----------
    answer, language
        As in `sums_table`.

    Returns
    -------
    pandas.DataFrame
        As in `sums_table`, with ``month``, the first day of each.
    """
    rows = [
        _row(answer, one, side, language)
        | {"month": pd.Timestamp(f"{month}-01")}
        | _ends({end: one[side][end][number] for end in ENDS})
        for one in shown(answer)
        for side in SIDES
        if one[side]
        for number, month in enumerate(answer["months"])
    ]
    return _framed(rows, answer, language)


def shown(answer: Told) -> Iterator[Told]:
    """Go through the series of an answer: of the place asked for, of flow, of human cost."""
    place = answer["place"] or {}
    yield from (place[name] for name in ("present", "short") if place.get(name))
    yield from answer["series"]
    yield from answer["costs"]


def _row(answer: Told, one: Told, side: str, language: str) -> dict[str, Any]:
    return {
        "measure": one["id"],
        "title": one["name"][language],
        "of": "mean" if one["stock"] else "total",
        "side": side,
        "scenario": answer["names"][side][language],
        "who": answer["speaks"][language] if side == "difference" else "",
        "fails": one["weak"],
    }


def _ends(band: Told) -> dict[str, float | None]:
    """Return the ends of a range; those of fewer than ten people are not told."""
    return {end: band[end] if not 0 < abs(band[end]) < SMALL else None for end in ENDS}


def _framed(rows: list[dict[str, Any]], answer: Told, language: str) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    table = table.astype(dict.fromkeys(ENDS, "Int64"))
    told = {name: answer[name][language] for name in ("who", "source", "summed")}
    differs = [text[language] for text in answer["differs"]]
    table.attrs = {"sentence": said_whole(answer, language), **told, "differs": differs}
    return table


def said_whole(answer: Told, language: str) -> str:
    """Return what an answer says: the number asked for, who speaks for it, and the rest."""
    return "{sentence} {aside}. {rest}".format(
        **{name: answer[name][language] for name in ("sentence", "aside", "rest")}
    )
