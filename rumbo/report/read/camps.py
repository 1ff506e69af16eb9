"""What a run of displacement holds: people in camps, on the road, beyond capacity; counts."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.page.parts import Row
from rumbo.report.page.words import as_number, text
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import Amount, Index
from rumbo.report.read.run import Run
from rumbo.scores.figures import last_published

CAMPS = ("camp", "idpcamp")

MOST_PANELS = 16
"""Most camps drawn; all are in the tables."""

MOST_DATES = 120
"""Most days drawn in one chart."""

TABLE_DATES = 13
"""Most days of a camp in a table."""

COUNT_COLUMNS = ("area", "month", "value", "low", "high", "publisher", "published")


def camp_ids(run: Run) -> list[str]:
    """Return the ids of the camps, the largest first."""
    kinds = run.data["kind"].values.astype(str)
    size = run.sums("waiting", "place").isel(scenario=0).mean(("member", "day"))
    at = [int(n) for n in np.flatnonzero(np.isin(kinds, CAMPS))]
    ids = run.data["place"].values.astype(str)
    return [str(ids[n]) for n in sorted(at, key=lambda n: -float(size[n]))]


def camp_title(run: Run, camp: str) -> str:
    """Return the name of a camp and its country."""
    place = run.places[camp]
    country = text(place.get("country"))
    name = place_name(place, run.words)
    return f"{name} ({country})" if country else name


def present(run: Run, places: Sequence[str]) -> xr.DataArray:
    """Return people present at some places together, over scenario, member and day."""
    return run.sums("waiting", "place").sel(place=list(places)).sum("place")


def on_road(run: Run) -> xr.DataArray:
    """Return people on the road, over scenario, member and day."""
    return run.sums("travelling")


def beyond(run: Run) -> xr.DataArray | None:
    """Return people beyond the capacity of each camp that has one, or None where none has."""
    if "shelter_shortfall" not in run.data:
        return None
    known = np.isfinite(run.data["shelter_places"].values.astype(float))
    wanted = [n for n in camp_ids(run) if known[_number(run, n)]]
    return run.sums("shelter_shortfall", "place").sel(place=wanted) if wanted else None


def capacity(run: Run, camp: str) -> float:
    """Return the places given for a camp."""
    return float(run.data["shelter_places"].values[_number(run, camp)])


def _number(run: Run, place: str) -> int:
    return int(np.flatnonzero(run.data["place"].values.astype(str) == place)[0])


def entries(run: Run) -> xr.DataArray:
    """Return people newly displaced over the run, by scenario and member."""
    return run.sums("entries").sum("day")


def amounts(run: Run) -> list[Amount]:
    """Return where people are and what it costs them, over the whole run."""
    words, inside = run.words, camp_ids(run)
    last = run.sums("waiting", "place").isel(day=-1)
    quantities = [
        Amount(words("crisis.in_camps_last"), last.sel(place=inside).sum("place")),
        Amount(words("crisis.elsewhere_last"), last.drop_sel(place=inside).sum("place")),
        Amount(words("crisis.on_road_mean"), on_road(run).mean("day")),
        Amount(words("crisis.person_days"), run.sums("days_on_road").sum("day")),
        Amount(words("crisis.turned_back"), run.sums("turned_back").sum("day")),
    ]
    over = beyond(run)
    if over is not None:
        quantities.append(Amount(words("crisis.beyond_mean"), over.sum("place").mean("day")))
    return quantities


def peaks(run: Run) -> list[Amount]:
    """Return, of the camps with a capacity, the most people beyond it on any day."""
    over = beyond(run)
    if over is None:
        return []
    words = run.words
    return [
        Amount(
            words(
                "crisis.beyond_peak",
                camp=place_name(run.places[camp], words),
                places=words.digits(capacity(run, camp)),
            ),
            over.sel(place=camp).max("day"),
        )
        for camp in over["place"].values.astype(str).tolist()
    ]


def thinned(days: int, most: int) -> Index:
    """Return the numbers of at most so many days, evenly spread, the first and last among them."""
    return np.unique(np.linspace(0, days - 1, min(days, most)).round().astype(np.int64))


def few_days(values: xr.DataArray, most: int) -> xr.DataArray:
    """Return a series on at most so many of its days; one by month as it is."""
    return values.isel(day=thinned(values.sizes["day"], most)) if "day" in values.dims else values


def registered(run: Run) -> dict[str, pd.DataFrame]:
    """Return the registered counts of each camp by day: of each day the last published."""
    table = pd.DataFrame(_counts(run), columns=list(COUNT_COLUMNS))
    table["month"] = pd.to_datetime(table["month"])
    inside = table["month"].isin(pd.DatetimeIndex(run.data["day"].values))
    last = last_published(table[inside & table["value"].notna()], ["area", "month"])
    last = last.sort_values("month", kind="stable")
    return {camp: last[last["area"] == camp] for camp in camp_ids(run)}


def _counts(run: Run) -> Iterator[Row]:
    for row in run.records("figures"):
        if text(row.get("measure")) == "waiting" and text(row.get("day")):
            yield {
                "area": text(row.get("area")),
                "month": text(row.get("day"))[:10],
                **{name: as_number(row.get(name)) for name in ("value", "low", "high")},
                **{name: text(row.get(name)) for name in ("publisher", "published")},
            }


def compared_days(run: Run) -> Index:
    """Return the numbers of the days whose counts no simulation has seen.

    A run of displacement starts from the first day; learned shares of a day have seen its counts
    where these were out by the day of the forecast.
    """
    days = run.data["day"].values
    if not run.learned:
        return np.arange(1, len(days))
    published = days + np.timedelta64(int(run.data.attrs["lag"]), "D")
    return np.flatnonzero(published > run.data["origin"].values)
