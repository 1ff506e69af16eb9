"""What a scenario is made of that nobody gave a name: its title tells all of it, on every page."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

Record = Mapping[str, Any]

OUTCOMES = ";"
"""What stands between the outcomes in the name of a branch."""


class TitlePart(NamedTuple):
    """One thing that a scenario has and the corridor does not.

    Attributes
    ----------
    kind
        ``without``, ``deal``, ``moved`` or ``change``.
    what
        Levers and rules left out, together; a deal, a lever or a parameter, as a scenario describes
        it.
    """

    kind: str
    what: Any


def outcomes_in(name: str, known: Collection[str]) -> tuple[str, list[str]]:
    """Return what a scenario is called besides its outcomes, and these; none if it names none.

    Parameters
    ----------
    name
        Of the scenario: of a branch, or of one that was given outcomes.
    known
        Outcomes of the corridor, as ``event=outcome``.
    """
    based, _, tail = name.rpartition(", ")
    keys = tail.split(OUTCOMES)
    return (based, keys) if all(key in known for key in keys) else (name, [])


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
    for kind, key in (("deal", "deals"), ("moved", "moved"), ("change", "changes")):
        for one in record.get(key) or ():
            if kind != "deal" or one["name"] not in left_out:
                yield TitlePart(kind, one)
