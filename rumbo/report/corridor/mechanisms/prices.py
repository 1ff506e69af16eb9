"""What a guided way costs, how many are guided, and what stands beside it: stops and deaths."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from rumbo.report.charts.rows import scenario_rows, time_rows
from rumbo.report.charts.series import LEVELS
from rumbo.report.corridor.scenarios import scenario_marks
from rumbo.report.page.parts import Chart, Figure, Legend, Section, Table, Text, legend
from rumbo.report.page.words import Words, text
from rumbo.report.read.names import place_name, scenario_title
from rumbo.report.read.ranges import Amount, spread
from rumbo.report.read.run import Run
from rumbo.scores.speaking import ASSUMED

PRICE, GUIDED, FROM_HUBS, WAY = "guided_price", "guided", "from_hubs", "guided_way"

VALUES = "smuggling."
"""How parameters of guided ways begin."""

HUNDRED, HUNDRED_THOUSAND = 100.0, 100_000.0
"""People that shares are told of: so many that no share is too small to be printed."""


def prices(run: Run) -> Section | None:
    """Return prices, who is guided, stops and deaths, or None where no way has a price."""
    priced = _priced(run)
    if not priced:
        return None
    words = run.words
    blocks = [
        Text(words("prices.text")),
        Text(words("prices.judgement", listed=_qualities(run)), "warning"),
        _beside(run),
        _figure(run, "prices", _prices(run), priced),
        _figure(run, "guided", [Amount(words("prices.share"), _share(run))], priced),
    ]
    return Section("prices", words("prices.part"), blocks)


def _qualities(run: Run) -> str:
    """Say how many of the values of guided ways rest on what."""
    words = run.words
    rows = [row for row in run.records("settings") if text(row["parameter"]).startswith(VALUES)]
    found = Counter(text(row.get("quality")) or ASSUMED for row in rows)
    return words.listed(
        [
            words("speaks.quality", quality=words.maybe(f"quality.{one}", one), count=count)
            for one, count in found.most_common()
        ]
    )


def _priced(run: Run) -> list[int]:
    """Return the scenarios in which guided ways have prices all the time."""
    if PRICE not in run.data.variables:
        return []
    known = run.data[PRICE].notnull().all([d for d in run.data[PRICE].dims if d != "scenario"])
    return np.flatnonzero(known.values).tolist()


def _prices(run: Run) -> list[Amount]:
    """Return the price of each way: the mean over groups, by how many are guided on it."""
    people = run.data[GUIDED].sum(["member", "month"]).max("scenario")
    weight = people.where(people.sum("group") > 0, 1.0)
    shares = weight / weight.sum("group")
    price = (run.data[PRICE] * shares).sum("group", skipna=False)
    return [Amount(_way(run, str(way)), price.sel({WAY: way})) for way in price[WAY].values]


def _way(run: Run, link: str) -> str:
    ends = link.partition(":")[0].split(">")
    return " \u2192 ".join(place_name(run.places[end], run.words) for end in ends)


def _share(run: Run) -> xr.DataArray:
    """Return the people guided of 100 who go on from where a guided way starts."""
    guided, every = (run.sums(name) for name in (GUIDED, FROM_HUBS))
    return HUNDRED * guided / every.where(every > 0, 1.0)


def _figure(run: Run, name: str, amounts: Sequence[Amount], priced: Sequence[int]) -> Figure:
    """Return amounts by month, all scenarios with prices in one chart."""
    words = run.words
    scenarios = scenario_marks(run)
    marks = [*(scenarios[n] for n in priced), *legend(words, "wide", "half", "middle").marks]
    return Figure(
        f"smuggling-{name}",
        words(f"figure.{name}"),
        words(f"text.{name}"),
        [_chart(run, one, priced) for one in amounts],
        Table(
            words.heads("series", "month", "wide", "half", "middle"),
            [row for one in amounts for row in _rows(run, one, priced)],
            words("prices.months"),
        ),
        [Legend(marks)],
    )


def _chart(run: Run, amount: Amount, priced: Sequence[int]) -> Chart:
    rows = [row for n in priced for row in scenario_rows(run, n, amount.values.isel(scenario=n))]
    alt = run.words("prices.alt", title=amount.title)
    return Chart(LEVELS, {"simulated": rows}, amount.title, alt, size="half")


def _rows(run: Run, amount: Amount, priced: Sequence[int]) -> Iterator[list[str]]:
    for n in priced:
        title = f"{amount.title}; {scenario_title(run.scenarios[n], run)}"
        yield from time_rows(title, amount.values.isel(scenario=n), run.words)


def _beside(run: Run) -> Table:
    """Return what stands side by side over the period: a row for each scenario."""
    words, told = run.words, list(_over_the_run(run))
    rows = [
        [scenario_title(name, run), *(_cell(one.values.isel(scenario=n), words) for one in told)]
        for n, name in enumerate(run.scenarios)
    ]
    heads = [words("prices.scenario"), *(one.title for one in told)]
    return Table(heads, rows, words("prices.beside"))


def _over_the_run(run: Run) -> Iterator[Amount]:
    """Go through the amounts of the whole period."""
    words, entered = run.words, run.sums("entries").sum("month")
    paid = (run.data[PRICE] * run.data[GUIDED]).sum([WAY, "group", "month"])
    guided, every = (run.sums(name).sum("month") for name in (GUIDED, FROM_HUBS))
    yield Amount(words("prices.paid"), paid / guided.where(guided > 0))
    yield Amount(words("prices.share"), HUNDRED * guided / every.where(every > 0, 1.0))
    for title, name, size in (
        ("prices.stops", "stops", HUNDRED),
        ("prices.deaths", "deaths", HUNDRED_THOUSAND),
    ):
        happened = run.sums(name).sum("month")
        yield Amount(words(title), size * happened / entered.where(entered > 0))


def _cell(values: xr.DataArray, words: Words) -> str:
    if not bool(np.isfinite(values).all()):
        return words("prices.nobody")
    ends = spread(values)
    return f"{words.span(ends.low, ends.high)} ({words.count(ends.middle)})"
