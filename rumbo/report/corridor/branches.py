"""Branches side by side, and all of them together: what is weighed beside what is believed."""

from collections.abc import Iterator

import xarray as xr
from markupsafe import Markup

from rumbo.report.corridor.minds import hearers
from rumbo.report.corridor.paths import chance, day_of, keys_awaited
from rumbo.report.page.parts import DASH, Heading, PageBlock, Row, Section, Table, Text, cited
from rumbo.report.page.words import Range, as_number, capital, text
from rumbo.report.read.names import outcomes_title, scenario_title, source_titles
from rumbo.report.read.ranges import LEVELS, overall, spread
from rumbo.report.read.record import measure_title
from rumbo.report.read.run import QUANTITIES, Run
from rumbo.report.read.simulated import simulated
from rumbo.scores.background import BRANCH, PROBABILITY
from rumbo.scores.branches import mixture

HEADLINES = ("zones", "gates", "stops", "waiting", "deaths")
"""Quantities that stand side by side."""


def branches(run: Run) -> Section | None:
    """Return the branches of a run and their mixture, or None where nothing branches."""
    if not run.branches:
        return None
    words = run.words
    blocks: list[PageBlock] = [Text(words("branches.text", members=words.digits(run.members)))]
    blocks += [_side_by_side(run, number) for number in range(len(run.based))]
    blocks += [Heading(words("branches.weights")), Text(words("branches.apart")), _weights(run)]
    return Section("branches", words("branches.part"), blocks)


def _side_by_side(run: Run, based: int) -> Table:
    """Return the branches of a scenario: a row for each, and one for all by their weights."""
    words, keys = run.words, simulated(run, HEADLINES)
    several = {key: _branched(run, key, based) for key in keys}
    rows = [
        [
            outcomes_title(name, run),
            chance(words, float(_weight(run, n))),
            *(_cell(run, spread(each.isel(branch=n))) for each in several.values()),
        ]
        for n, name in enumerate(run.branches)
    ]
    mixed = [_cell(run, mixed_range(each)) for each in several.values()]
    rows.append([words("branches.all"), chance(words, 1.0), *mixed])
    titles = [measure_title(run, key) for key in keys]
    heads = [*words.heads("branches.branch", "branches.weight"), *titles]
    return Table(
        heads, rows, words("branches.table", scenario=scenario_title(run.based[based], run))
    )


def _branched(run: Run, key: str, based: int) -> xr.DataArray:
    """Return a quantity over the whole run, by branch and member of a scenario."""
    values = overall(run.series(key), QUANTITIES[key].what)
    mine = slice(based * len(run.branches), (based + 1) * len(run.branches))
    return values.isel(scenario=mine).drop_vars("scenario").rename(scenario=BRANCH)


def of_branch(run: Run, key: str, based: int, number: int) -> Range:
    """Return the range of a quantity over the whole run in one branch of a scenario."""
    return spread(_branched(run, key, based).isel(branch=number))


def mixed(run: Run, key: str, based: int) -> Range:
    """Return the range of a quantity over the whole run, over all branches of a scenario."""
    return mixed_range(_branched(run, key, based))


def mixed_range(values: xr.DataArray) -> Range:
    """Return the range over all branches, each by its probability."""
    return Range(*map(float, mixture(values).quantile(LEVELS).values))


def _weight(run: Run, number: int) -> float:
    return float(run.data[PROBABILITY].values[number])


def _cell(run: Run, ends: Range) -> str:
    return f"{run.words.span(ends.low, ends.high)} ({run.words.count(ends.middle)})"


def _weights(run: Run) -> Table:
    """Return outcomes with their weights in the tree, and what people believe just before."""
    words, held = run.words, _held(run)
    who = list(dict.fromkeys(hearer for _, hearer in held))
    believed = [capital(words("branches.believed", who=one)) for one in who]
    heads = words.heads("minds.outcome", "minds.news", "minds.effect", "branches.weight")
    rows = [
        [*_outcome(run, row), *(held.get((_key(row), one), DASH) for one in who), _source(run, row)]
        for row in run.records("outcomes")
    ]
    heads = [*heads, *believed, *words.heads("branches.source")]
    return Table(heads, rows, words("branches.outcomes"), wrap=True)


def _key(row: Row) -> str:
    return f"{row['event']}={row['outcome']}"


def _outcome(run: Run, row: Row) -> Iterator[str]:
    """Go through the cells of an outcome: its name, its days, and its weight."""
    words, weight = run.words, chance(run.words, as_number(row["probability"]) or 0.0)
    yield words.column(row, "name")
    yield words.day(row["on"])
    yield words.day(day_of(run, _key(row), "takes_effect"))
    given = outcomes_title(row["given"], run) if row.get("given") else ""
    yield words("branches.given", weight=weight, outcome=given) if given else weight


def _held(run: Run) -> dict[tuple[str, str], str]:
    """Return the last beliefs before the news, by outcome and who holds them.

    What changes nothing is not told to anybody apart: people give it what is left.
    """
    told = (run.background.get("minds") or {}).get("beliefs") or []
    eves = {(one["outcome"], hearers(run, one["groups"])): one["eve"] for one in told}
    awaited = keys_awaited(run)
    held = {pair: eve[1] for pair, eve in eves.items() if eve and pair[0] in awaited}
    for row in run.records("outcomes"):
        if _key(row) not in awaited and not text(row.get("given")):
            for who in dict.fromkeys(who for key, who in held if _event(key) == row["event"]):
                mine = (
                    v for (key, one), v in held.items() if (_event(key), one) == (row["event"], who)
                )
                held[_key(row), who] = max(1.0 - sum(mine), 0.0)
    return {pair: chance(run.words, value) for pair, value in held.items()}


def _event(key: str) -> str:
    return key.partition("=")[0]


def _source(run: Run, row: Row) -> str:
    titles = [cited(title) for title, _ in source_titles(row.get("source"), run)]
    return Markup("; ").join(titles) or run.words("assumed")
