"""What a scenario is made of that nobody gave a name: its title tells all of it, on every page."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

Record = Mapping[str, Any]

MADE = re.compile(r"=|@|^without | since \d{4}-\d\d-\d\d|^\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d(,|$)")
"""What names have that nobody gave: of what is left out, moved, placed or changed, or of days."""


class TitlePart(NamedTuple):
    """One thing that a scenario has and the corridor does not.

    Attributes
    ----------
    kind
        ``without``, ``given``, ``deal``, ``moved`` or ``change``.
    what
        Levers and rules left out, together; outcomes given, together; a deal, a lever or a
        parameter, as a scenario describes it.
    """

    kind: str
    what: Any


def is_made(name: str, record: Record) -> bool:
    """Return whether a name was put together from what the scenario has, and not given."""
    deals = (str(one["name"]) for one in record.get("deals") or ())
    return MADE.search(name) is not None or any(f", {name}".find(f", {one}") >= 0 for one in deals)


def parts_of(record: Record) -> Iterator[TitlePart]:
    """Go through what a title tells, in order.

    Parameters
    ----------
    record
        What the background of a result says of a scenario.

    Yields
    ------
    TitlePart
        None where the scenario is the corridor as it is.
    """
    left_out = [*(record.get("without") or [])]
    if left_out:
        yield TitlePart("without", left_out)
    if given := record.get("given"):
        yield TitlePart("given", given)
    for kind, key in (("deal", "deals"), ("moved", "moved"), ("change", "changes")):
        for one in record.get(key) or ():
            if kind != "deal" or one["name"] not in left_out:
                yield TitlePart(kind, one)
