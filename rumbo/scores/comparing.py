"""Which of two scenarios has what is asked about: the sign of every difference follows from it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

Record = dict[str, Any]


class Comparison(NamedTuple):
    """A scenario beside the first: a difference is the one that has it less the one that lacks it.

    Attributes
    ----------
    number
        Number of the scenario that is not the first.
    having, lacking
        Numbers of the scenario with what is asked about and of the one without.
    levers
        Policies that one of the two leaves out, if they differ in nothing else; else empty.
    """

    number: int
    having: int
    lacking: int
    levers: tuple[str, ...] = ()


def comparisons(
    background: Record, names: Sequence[str], *, branching: bool = False
) -> list[Comparison]:
    """Return all scenarios after the first, each compared with it.

    Parameters
    ----------
    background
        What a result carries beside its numbers.
    names
        The scenarios of the result.
    branching
        Whether they are branches of dated events, which are told as themselves less the first.

    Returns
    -------
    list of Comparison
        Of a question, and of policies left out, with less without; else changed less first.
    """
    return [_compared(background, names, number, branching) for number in range(1, len(names))]


def _compared(background: Record, names: Sequence[str], number: int, branching: bool) -> Comparison:
    records = {one["name"]: one for one in background.get("scenarios") or []}
    first, other = (records.get(names[n]) or {} for n in (0, number))
    left_out, lacking = ([*(record.get("without") or [])] for record in (first, other))
    gone = [lever for lever in lacking if lever not in left_out]
    back = [lever for lever in left_out if lever not in lacking]
    alone = other.get("only_levers") and bool(gone) != bool(back) and not branching
    levers = tuple(gone or back) if alone else ()
    with_it = _asked_with(background, names, number)
    if with_it is None:
        with_it = 0 if levers and gone else number
    return Comparison(number, with_it, number - with_it, levers)


def _asked_with(background: Record, names: Sequence[str], number: int) -> int | None:
    """Return which of the two has what a question asks about; None if they are not its sides."""
    question = background.get("question") or {}
    with_it, without = (question.get(side) for side in ("with", "without"))
    if {with_it, without} != {names[0], names[number]}:
        return None
    return number if with_it == names[number] else 0
