"""Runs of the corridor that claims need: made where asked for, kept, and looked at."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from rumbo.answers.claims.arguments import Arguments, spelled
from rumbo.answers.claims.on_record import Missing, OnRecord, tally
from rumbo.files.atomic import write_text
from rumbo.files.code import code_digest
from rumbo.fitting.attribution import attribute
from rumbo.run.folder import is_finished, keep_run, open_run, write_result
from rumbo.run.simulate import execute
from rumbo.run.spec import RunSpec
from rumbo.scenario.arrays import Array
from rumbo.scenario.figures import Key
from rumbo.scenario.scenario import Scenario
from rumbo.scores.claims import AS_ASSUMED, CONTRADICTED, OPEN, PRIOR, Finding, Statistic
from rumbo.scores.quantiles import RANGE_90

if TYPE_CHECKING:
    import xarray as xr

AVERAGE_MONTH = 30.44
"""Days of a month, on average."""


def check_fit(record: OnRecord) -> None:
    """Refuse runs of a corridor without a fit, or with one that has seen later figures.

    Raises
    ------
    Missing
        Why it cannot be run.
    """
    posterior = record.scenario.posterior
    if posterior is None:
        raise Missing("no_fit")
    if str(posterior.as_of) > str(record.as_of):
        raise Missing("later_fit", day=str(posterior.as_of))


def paired(record: OnRecord, changed: Scenario) -> "xr.Dataset":
    """Return a run of the corridor and of a changed one on the same luck, kept or made.

    Raises
    ------
    Missing
        If it is not kept and not to be made.
    """
    check_fit(record)
    making = record.making
    spec = RunSpec.of([record.scenario, changed], making.members, making.seed)
    folder = making.folder / "runs" / spec.id[:16]
    if folder.exists() and is_finished(folder):
        return open_run(folder)
    if not making.model:
        raise Missing("not_run")
    with keep_run(folder, spec) as store:
        result = execute(spec, making.workers, store, making.progress)
        write_result(folder, result)
    return result


def attributed(record: OnRecord, levers: tuple[str, ...], months: tuple[str, str]) -> pd.DataFrame:
    """Return the shares of levers in what happened, as `rumbo.attribute` gives them.

    Raises
    ------
    Missing
        If a lever moves nothing, or shares are not kept and not to be made.
    """
    check_fit(record)
    there = {*record.scenario.settings["lever"]}
    for lever in levers:
        if lever not in there:
            raise Missing("lever", lever=lever)
    making = record.making
    asked = (record.scenario.digest(), code_digest(), levers, months, making.members, making.seed)
    name = hashlib.sha256(repr(asked).encode()).hexdigest()[:16]
    path = making.folder / "attributions" / f"{name}.csv"
    if path.is_file():
        return pd.read_csv(path)
    if not making.model:
        raise Missing("not_run")
    found = attribute(
        record.scenario,
        levers,
        *months,
        members=max(making.members, 5),
        seed=making.seed,
        workers=making.workers,
        progress=making.progress,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, found.shares.to_csv(index=False, lineterminator="\n"))
    return pd.read_csv(path)


def _ends(values: Array) -> tuple[float, float, float]:
    low, middle, high = (float(one) for one in np.quantile(values, RANGE_90))
    return middle, low, high


def _total(runs: "xr.Dataset", name: str, scenario: int) -> "xr.DataArray":
    """Return a measure summed over all but members and months; (member, month)."""
    values = runs[name].isel(scenario=scenario)
    return values.sum([dim for dim in values.dims if dim not in ("member", "month")])


def _stay(record: OnRecord, asked: Arguments) -> Finding:
    """Hold mean stay and stock at a place with and without what holds people there.

    As assumed where the stock lies within what was estimated with it and beside it without, and
    people leave in every month; else open: what holds people is an assumption.
    """
    (place,) = asked["at"]
    runs = paired(record, record.scenario.change("containment.strength", 0.0, at=place))
    links = record.scenario.network.links
    leaving = (links["from"] == place).to_numpy()
    stocks, stays, always = [], [], True
    for number in (0, 1):
        waiting = runs["waiting"].isel(scenario=number).sel(place=place)
        waiting = waiting.sum([dim for dim in waiting.dims if dim not in ("member", "month")])
        exits = runs["passages"].isel(scenario=number, link=np.flatnonzero(leaving)).sum("link")
        always &= bool((exits > 0).all())
        stocks.append(waiting)
        mean = waiting.sum("month") * AVERAGE_MONTH / exits.sum("month")
        stays.append(np.asarray(mean.values, dtype=np.float64))
    names = ("with", "without")
    statistics = [
        Statistic(name, place, *_ends(stay), "days")
        for name, stay in zip(names, stays, strict=True)
    ]
    inside = [_within_estimates(record, place, stock) for stock in stocks]
    held = inside[0] and not inside[1] and always
    return Finding("", "ratio_change", AS_ASSUMED if held else OPEN, PRIOR, statistics)


def _within_estimates(record: OnRecord, place: str, stock: "xr.DataArray") -> bool:
    """Whether ranges of simulated stocks meet every estimate of the months that were run."""
    rows = record.rows(Key("waiting", "", place)).to_dict("records")
    months = {str(month)[:7] for month in stock["month"].values}
    met = []
    for row in rows:
        when, estimate = str(row["month"])[:7], tally(row)
        if estimate is not None and when in months:
            _, low, high = _ends(stock.sel(month=when).values.ravel())
            met.append(low <= estimate.high and estimate.low <= high)
    if not met:
        raise Missing("figures", series=spelled(Key("waiting", "", place)), months="")
    return all(met)


def _moved(record: OnRecord, asked: Arguments) -> Finding:
    """Say how many more people are taken elsewhere, and once more, with a lever than without it."""
    (lever,) = asked["lever"]
    runs = paired(record, record.scenario.without(lever))
    statistics = []
    for name in ("transfers", "moved_again"):
        base, other = (_total(runs, name, number).sum("month").values for number in (0, 1))
        of = "moved" if name == "transfers" else "again"
        statistics.append(Statistic(of, lever, *_ends(np.asarray(base - other)), "count"))
    more = statistics[0].low > asked["share"]
    return Finding("", "ratio_change", AS_ASSUMED if more else OPEN, PRIOR, statistics)


def _north(record: OnRecord, asked: Arguments) -> Finding:
    """Hold people who went on over the last border against the fall of those who waited."""
    (lever,) = asked["lever"]
    runs = paired(record, record.scenario.without(lever))
    before, after = (str(asked[when][0]) for when in ("before", "after"))
    waiting = _total(runs, "waiting", 0)
    # As arrays: months that differ would be matched, and nothing be left.
    fall = waiting.sel(month=before).values.ravel() - waiting.sel(month=after).values.ravel()
    over = [_total(runs, name, 0).sel(month=after) for name in ("encounters", "evasions")]
    north = np.add(*(one.values.ravel() for one in over))
    others = {
        name: _total(runs, name, 0).sel(month=after).values.ravel()
        for name in ("settled", "returned_home")
    }
    counts = {"fall": np.asarray(fall), "north": north, **others}
    statistics = [Statistic(n, "", *_ends(values), "count") for n, values in counts.items()]
    if not (fall > 0.0).all():  # of a fall that did not come there is no share
        return Finding("", "ratio_change", OPEN, PRIOR, statistics)
    share = Statistic("north_share", "", *_ends(north / fall), "share")
    found = CONTRADICTED if share.high <= asked["share"] else OPEN
    return Finding("", "ratio_change", found, PRIOR, [share, *statistics])


QUESTIONS: dict[str, Callable[[OnRecord, Arguments], Finding]] = {
    "stay": _stay,
    "moved": _moved,
    "north": _north,
}
"""What may be asked of runs of the corridor, by name."""
