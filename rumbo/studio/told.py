"""What a result says, as the page draws it: ranges by month, quantiles of sums, people on the map.

Quantiles are of sums, never sums of quantiles; stocks are averaged over months, never added. Counts
of fewer than ten people are withheld, as in the report.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rumbo.report.answer.effects import held, over_asked
from rumbo.report.page.words import SMALL, rounded
from rumbo.report.read.names import scenario_title
from rumbo.report.read.ranges import LEVELS, quantiles
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.studio.wording import LANGUAGES, Text

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
    "deaths",
    "kidnappings",
    "visible_crowd",
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
    return [
        {
            **titled(run, key, f"measure.{key}", weak=key in weak),
            **banded(run, run.series(key), QUANTITIES[key].what, one=one),
        }
        for key in keys
    ]


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
        other side.
    """
    over = sides_of(run, over_asked(run, values, what))
    bands, sums = (
        {name: side if side is None else band(side, one=one) for name, side in sides.items()}
        for sides in (sides_of(run, values), over)
    )
    return {"stock": what == "stock", **bands, "sum": sums}


def sides_of(run: Run, values: "xr.DataArray") -> "dict[str, xr.DataArray | None]":
    """Return both sides of a comparison and their difference; None where there is one alone.

    The difference is what the sentence tells: the side with what is asked about, less the other.
    """
    base = values.isel(scenario=0, drop=True)
    if values.sizes["scenario"] == 1:
        return {"base": base, "changed": None, "difference": None}
    changed = values.isel(scenario=1, drop=True)
    return {"base": base, "changed": changed, "difference": held(run)[0].of(values)}


def band(values: "xr.DataArray", *, one: bool) -> Told:
    """Return the ends of a range over members; of a single draw the middle alone."""
    if one:
        return {name: None for name in ENDS} | {"middle": printed(values.isel(member=0).to_numpy())}
    return {
        name: printed(end) for name, end in zip(ENDS, quantiles(values).to_numpy(), strict=True)
    }


def printed(values: NDArray[np.float64]) -> list[float] | float:
    """Return numbers to three digits; of those under ten only that they are small: 1 or -1."""
    near = np.array([rounded(float(value)) for value in values.ravel()])
    near = np.where(np.abs(near) < SMALL, np.sign(near), near)
    told: list[float] | float = near.reshape(values.shape).tolist()
    return told


def waiting_on_map(run: Run, *, one: bool) -> Told:
    """Return people waiting at each place where there are ten or more in some month, by side."""
    values = run.sums("waiting", "place").transpose("scenario", "member", "month", "place")
    return _by_side(values.to_numpy(), run.data["place"].values.astype(str).tolist(), one=one)


def moving_on_map(run: Run, keys: Sequence[str], *, one: bool) -> Told:
    """Return people who set out along each way in each month, by side.

    Parameters
    ----------
    run
        The run.
    keys
        Id of the way of each link; links of one way are summed, member by member.
    one
        As in `banded`.
    """
    passages = run.sums("passages", "link").transpose("scenario", "member", "month", "link")
    names = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    joined = np.zeros((len(keys), len(names)))
    joined[np.arange(len(keys)), [names[key] for key in keys]] = 1.0
    return _by_side(passages.to_numpy() @ joined, [*names], one=one)


def _by_side(values: NDArray[np.float64], names: Sequence[str], *, one: bool) -> Told:
    """Return ranges by name and month of (scenario, member, month, name); the small left out."""
    low, middle, high = np.quantile(values, (LEVELS[0], 0.5, LEVELS[-1]), axis=1)
    sides = [
        {
            names[n]: {
                "low_90": None if one else printed(low[side, :, n]),
                "middle": printed(middle[side, :, n]),
                "high_90": None if one else printed(high[side, :, n]),
            }
            for n in np.flatnonzero(middle[side].max(axis=0) >= SMALL).tolist()
        }
        for side in range(len(values))
    ]
    return {"base": sides[0], "changed": sides[1] if len(sides) > 1 else None}


def names_of(run: Run, what: Text) -> Told:
    """Return what the two sides are called; beside the record, by what differs from it."""
    base, *rest = (both(run, partial(scenario_title, name)) for name in run.scenarios)
    changed = rest if run.background.get("question") else [what] * len(rest)
    return {"base": base, "changed": changed[0] if changed else None}
