"""What a result says, as the page draws it: ranges by month, quantiles of sums, people on the map.

Quantiles are of sums, never sums of quantiles; stocks are averaged over days, never added. Counts
of fewer than ten people are told as small, as in the report.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rumbo.exporting.series import rounded
from rumbo.report.answer.effects import held, over_asked
from rumbo.report.page.words import SMALL
from rumbo.report.read.beds import places_added
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import quantiles
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.scores.beds import SHORT
from rumbo.studio.wording import LANGUAGES, Text, said

if TYPE_CHECKING:
    import xarray as xr

Told = dict[str, Any]
"""A part of what the page is sent, ready for JSON."""

FLOWS = ("zones", "gates", "encounters", "stops", "asylum_applications", "waiting")
"""Quantities that the page draws."""

COSTS = (
    "transfers",
    "days_waited",
    "shelter_shortfall",
    "visible_crowd",
    "deaths",
    "kidnappings",
)
"""Human cost beside them."""

ENDS = ("low_90", "low_50", "middle", "high_50", "high_90")
"""Ends of ranges, in the order of their levels."""

Speak = Callable[[Run], str]


def both(run: Run, speak: Speak) -> Text:
    """Return what is said of a run, in each language."""
    return {language: speak(run.in_language(language)) for language in LANGUAGES}


def series_of(run: Run, keys: Sequence[str], weak: Collection[str], *, one: bool) -> list[Told]:
    """Return quantities of a run of one scenario, or of two that are compared.

    Parameters
    ----------
    run
        The result of the months so far.
    keys
        Quantities.
    weak
        Those that fail the record.
    one
        Whether it is a single draw, of which there are no ranges.

    Returns
    -------
    list of dict
    """
    all_told = [
        {
            **titled(run, key, f"measure.{key}", weak=key in weak),
            **banded(run, run.series(key), QUANTITIES[key].what, one=one),
        }
        for key in keys
    ]
    added = bool(places_added(run))
    return [uncompared(each) if added and each["id"] in SHORT else each for each in all_told]


def uncompared(told: Told) -> Told:
    """Leave out the difference of what one side counts at more places than the other."""
    sums = {**told["sum"], "difference": dict.fromkeys(ENDS)}
    change = told["change"] and said("uncompared")
    return told | {"difference": None, "sum": sums, "change": change}


def of_one_side(told: Told, number: int) -> Told:
    """Leave the one side of a series that the other does not count at all."""
    other = ("changed", "base")[number]
    left = uncompared(told)
    return left | {other: None, "sum": {**left["sum"], other: dict.fromkeys(ENDS)}}


def titled(run: Run, name: str, key: str, *, weak: bool = False) -> Told:
    """Return what a series is called, by the key of its title, and its unit."""
    unit = "unit.days" if name == "days_waited" else "unit.persons"
    told = {"name": both(run, partial(_word, key)), "unit": both(run, partial(_word, unit))}
    return {"id": name, **told, "weak": weak}


def _word(key: str, run: Run) -> str:
    return run.words(key)


def banded(run: Run, values: "xr.DataArray", what: str, *, one: bool) -> Told:
    """Return ranges by month and over all months: of each side, and of the paired difference.

    Parameters
    ----------
    run
        The run; over the months that it asks about, if it asks a question, is summed.
    values
        Over (scenario, member, month).
    what
        A ``flow``, which is added over months, or a ``stock``, which is averaged.
    one
        Whether there is a single draw.

    Returns
    -------
    dict
        ``base``, ``changed``, ``difference``, and the same under ``sum``; None where there is no
        other side. ``change`` says the difference in words, where it has a range.
    """
    having = having_side(run)
    over = sides_of(over_asked(run, values, what), having)
    bands, sums = (
        {name: side if side is None else band(side, one=one) for name, side in sides.items()}
        for sides in (sides_of(values, having), over)
    )
    apart = None if one else over["difference"]
    change = None if apart is None else _change(run, apart)
    return {"stock": what == "stock", **bands, "sum": sums, "change": change}


def _change(run: Run, values: "xr.DataArray") -> Text:
    """Return the range of a difference in words, such as “between 10 and 20 fewer”."""
    ends = quantiles(values).to_numpy()
    return both(run, lambda own: own.words.change(float(ends[0]), float(ends[-1])))


def having_side(run: Run) -> int:
    """Return the number of the side that has what is told of: it is told less the other."""
    return held(run)[0].having if len(run.scenarios) > 1 else 0


def sides_of(values: "xr.DataArray", having: int) -> "dict[str, xr.DataArray | None]":
    """Return both sides of a comparison and their difference; None where there is one alone.

    Parameters
    ----------
    values
        Over scenario and others.
    having
        Number of the side that has what is told of: the difference is that side less the other.
    """
    base = values.isel(scenario=0, drop=True)
    if values.sizes["scenario"] == 1:
        return {"base": base, "changed": None, "difference": None}
    changed = values.isel(scenario=1, drop=True)
    difference = changed - base if having else base - changed
    return {"base": base, "changed": changed, "difference": difference}


def band(values: "xr.DataArray", *, one: bool) -> Told:
    """Return the ends of a range over members; of a single draw the middle alone."""
    if one:
        return {name: None for name in ENDS} | {"middle": printed(values.isel(member=0).to_numpy())}
    return {
        name: printed(end) for name, end in zip(ENDS, quantiles(values).to_numpy(), strict=True)
    }


def printed(values: NDArray[np.float64]) -> list[float] | float:
    """Return numbers to three digits; of those under ten only that they are small: 1 or -1."""
    near = rounded(values)
    told: list[float] | float = np.where(np.abs(near) < SMALL, np.sign(near), near).tolist()
    return told


def names_of(run: Run, what: Text) -> Told:
    """Return what the two sides are called; beside the record, by what differs from it."""
    base, *rest = (both(run, partial(scenario_title, name)) for name in run.scenarios)
    changed = rest if run.background.get("question") else [what] * len(rest)
    names = [base, *changed]
    if not changed:
        return {"base": base, "changed": None, "difference": None}
    having = having_side(run)
    apart = said("difference", having=names[having], lacking=names[1 - having])
    return {"base": base, "changed": names[1], "difference": apart}
