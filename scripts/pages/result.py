"""docs/result.md: what a result holds, from what the models say that they record."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd
import xarray as xr

import rumbo
from rumbo.exporting.names import catalogue
from rumbo.model.corridor import CORRIDOR
from rumbo.model.displacement import DISPLACEMENT
from rumbo.model.form import Model
from rumbo.model.measures import Measure
from rumbo.scores.series import SIMULATED

BUNDLED = "darien-rio-bravo"

HEAD = """\
# What a result holds

Made from the package by `make docs`. `rumbo.simulate` and `rumbo.open_run` return one
`xarray.Dataset`; `result.nc` in a run's folder is the same as netCDF. Every measure has the
dimensions `scenario`, `member` and `month` (`day` where a corridor records days) and those listed
with it. Numbers are of **one simulation each**: take ranges along `member`
(`values.quantile([0.05, 0.5, 0.95], "member")`), and differences before ranges
([tutorial.md](tutorial.md)).

*Kind* says how a month is made of its days: a **flow** is the sum, a **stock** the mean
(person-days: the sum), a **price** the one in force at the end. *Made of* names what is counted:
kinds of [transitions](model.md) of a flow, statuses of a stock, or the measure and the parameter
that it follows from (`rumbo list parameters`). *Counted by* names who published figures of it for
the bundled corridor, against which `rumbo record` holds it (people counted on their way against
entries, estimates of those under way against people who start); where nobody did, the model alone
speaks.
"""

FOOT = """
Each measure has the attributes `long_name`, `units` and `what` (its kind). Public names:
[api.md](api.md). Tables, workbooks and maps of the same: [exports.md](exports.md). Words:
[glossary.md](glossary.md)."""

COORDINATES = {
    "scenario": "name of the scenario",
    "member": "number of the simulation; the same number is the same luck in every scenario",
    "month": "first day of the month",
    "day": "the day, where a corridor records days",
    "branch": "outcome of the dated events, where branches were run; `probability` says its weight",
    "component": "destination zones, or lawful gates, under the names that the corridor gives them",
    "area": "zone or office under whose name people met are counted",
    "group": "people who share nationality and household",
    "place": "id of the place",
    "link": "id of the way, `from>to:mode`",
    "region": "region that deaths are counted in",
    "guided_way": "id of the link on which people are guided",
    "set": "set of drawn values that the member holds",
    "probability": "probability of the branch",
    "lat": "degrees north",
    "lon": "degrees east",
    "place_name": "name of the place",
    "country": "country of the place, two letters",
    "kind": "what the place is, as in `places.csv`",
    "shelter_places": "shelter places in force on the first recorded day; empty where unknown",
    "days": "days of each month in the run; only of one that begins or ends inside a month",
    "link_from": "id of the place where the way begins",
    "link_to": "id of the place where it ends",
    "mode": "means of travel",
    "ride_days": "days that a ride along the way usually takes",
    "nationality": "nationality of the group, three letters",
    "household": "household of the group",
}
"""What is said of dimensions and coordinates; a test holds that none is missing."""

ATTRIBUTES = {
    "title": "title of the corridor",
    "seed": "what names the luck of the run",
    "mode": "`stochastic` or `expected`",
    "members": "simulations of each scenario",
    "version": "version of Rumbo",
    "run_id": "hash of the code, the scenarios, members, seed and mode",
    "background": "what pages tell beside the numbers, as JSON: places, settings, figures, sources",
}
"""What is said of the attributes of a result."""

ALONE = {
    "shelter_shortfall": "people present and not held × `shelter.seek` − `shelter.places`, or 0",
    "visible_crowd": "`shelter_shortfall` where places have the role `visible_crowd`",
}
"""How measures are made that no row of a model's measures names."""


def page() -> str:
    """Return the whole page."""
    parts = [
        HEAD,
        "## A corridor\n",
        *_table(CORRIDOR, corridor()),
        "\nCaravans and guided ways are recorded only where the corridor has them.\n",
        "## A crisis in Flee's format\n",
        *_table(DISPLACEMENT, crisis()),
        "\n## Dimensions and coordinates\n",
        *_rows(("name", "along", "what"), _coordinates()),
        "\n## Attributes\n",
        *_rows(("name", "what"), ((f"`{name}`", told) for name, told in ATTRIBUTES.items())),
        FOOT,
    ]
    return "\n".join(parts) + "\n"


@lru_cache
def corridor() -> xr.Dataset:
    """Return a result of the bundled corridor, as short as can be."""
    base = rumbo.load(BUNDLED)
    return rumbo.simulate(base.between(base.start, base.start), members=1, workers=1)


@lru_cache
def crisis() -> xr.Dataset:
    """Return a result of a small crisis, as short as can be."""
    base = rumbo.read_flee(Path(__file__).parents[2] / "examples" / "five_places")
    return rumbo.simulate(base.between(base.start, base.start), members=1, workers=1)


def _table(model: Model, runs: xr.Dataset) -> Iterator[str]:
    by_name = {one.name: one for one in model.measures}
    head = ("name", "what", "unit", "kind", "by", "made of")
    rows = [
        (
            f"`{name}`",
            str(one.attrs["long_name"]),
            str(one.attrs["units"]),
            str(one.attrs["what"]),
            ", ".join(f"`{dim}`" for dim in one.dims[3:]),
            _made(by_name[str(name)]) if name in by_name else ALONE[str(name)],
        )
        for name, one in runs.data_vars.items()
    ]
    if model is CORRIDOR:  # the words of exports and the figures are those of a corridor
        head = (*head, "counted by", "en español")
        rows = [(*row, *_told(row[0].strip("`"))) for row in rows]
    yield from _rows(head, rows)


def _told(measure: str) -> tuple[str, str]:
    """Return who counted a measure, and what it is in Spanish."""
    spanish = catalogue().get(f"measure.{measure}")
    return publishers().get(measure, ""), spanish.es if spanish else ""


def _made(measure: Measure) -> str:
    """Say what a measure is made of."""
    told = ", ".join(f"`{one}`" for one in measure.of) or "the price that the rule of guides sets"
    times = f" × `{measure.times}`" if measure.times else ""
    over = f" / `{measure.over}`, drawn" if measure.over else ""
    return told + times + over + (", some of them" if measure.only else "")


@lru_cache
def publishers() -> dict[str, str]:
    """Return who published figures of a measure, the most figures first."""
    figures = rumbo.figures(rumbo.load(BUNDLED))
    held = figures["measure"].map(lambda name: SIMULATED.get(name, name))
    return {str(measure): _first(mine) for measure, mine in figures["publisher"].groupby(held)}


def _first(publisher: "pd.Series[str]") -> str:
    """Return the first of those who published, and how many more there are."""
    number = Counter(publisher)
    names = sorted(number, key=lambda name: (-number[name], name))
    more = f" and {len(names) - MOST} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


MOST = 3
"""Publishers that are named."""


def _coordinates() -> Iterator[tuple[str, ...]]:
    runs = (corridor(), crisis())
    along = {str(name): one.dims for each in runs for name, one in each.coords.items()}
    along |= {"branch": ("branch",), "probability": ("branch",)}
    for name, told in COORDINATES.items():
        yield f"`{name}`", ", ".join(f"`{dim}`" for dim in map(str, along[name])), told


def _rows(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Return a table of Markdown."""
    names = tuple(head)
    yield "| " + " | ".join(names) + " |"
    yield "|" + "---|" * len(names)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
