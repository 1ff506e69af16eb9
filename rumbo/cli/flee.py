"""Commands about crises and scores: what is run, what is shown."""

import json
import math
from typing import TYPE_CHECKING, Any

from rumbo.cli.requests import CrisisRequest
from rumbo.cli.terminal import (
    Mode,
    progress_bar,
    run_and_report,
    say,
    say_cost,
    say_ways,
    stoppable,
    warn,
)
from rumbo.cli.words import said
from rumbo.files.code import __version__
from rumbo.files.direction import isolated
from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from rumbo.scenario.scenario import Scenario


DASH = "–"


def run_crisis(asked: CrisisRequest) -> None:
    """Run a crisis, show its scores and keep it where that was asked for.

    Parameters
    ----------
    asked
        What was asked for.

    Raises
    ------
    Faults
        Everything that is wrong with the folder, or an option that does not go with another.
    """
    from rumbo.flee import read_flee

    if asked.learned and asked.out:
        cure = "Leave one of the two out"
        raise Faults([Fault("--learned", 0, "learned shares are not kept in a run folder", cure)])
    if asked.learned and asked.mode is not Mode.stochastic:
        raise Faults([Fault("--learned", 0, "learned shares are drawn always", "Leave out --mode")])
    scenario = read_flee(asked.folder, asked.settings)
    warn(scenario)
    result = _result(asked, scenario)
    days = (scenario.end - scenario.start).days + 1
    about = {"crisis": scenario.id, "days": days, "rules": "learned" if asked.learned else "flee"}
    show_scores(result, as_json=asked.as_json, about=about)


def _result(asked: CrisisRequest, scenario: "Scenario") -> "xr.Dataset":
    from rumbo.flee import learn_shares
    from rumbo.run.simulate import execute
    from rumbo.run.spec import RunSpec

    spec = RunSpec.of(scenario, asked.members, asked.seed, asked.mode.value)
    if asked.out:
        return run_and_report(spec, asked.workers, asked.out, asked.language, yes=asked.yes)
    if not asked.learned:
        say_ways(spec, asked.workers, yes=asked.yes)
    say_cost(spec, asked.workers, yes=asked.yes)
    if asked.learned:
        return learn_shares(asked.folder, asked.settings, members=asked.members, seed=asked.seed)
    with stoppable(None), progress_bar() as progress:
        return execute(spec, asked.workers, progress=progress)


def show_scores(
    result: "xr.Dataset", *, as_json: bool, about: dict[str, Any] | None = None
) -> None:
    """Print how well a result meets the counted figures.

    Parameters
    ----------
    result
        A run.
    as_json
        Whether the last line is one JSON object.
    about
        What that object says of the run beside its scores.
    """
    from rumbo.scores.run import score

    table = score(result)
    if table.empty:
        say("There are no counts to hold this run against.", error=True)
    else:
        _print(table)
    if as_json:  # alone on its line, and the last
        say(json.dumps(_packed(table, {**(about or {}), **_run(result)}), allow_nan=False))


def _run(result: "xr.Dataset") -> dict[str, Any]:
    names = ("members", "seed", "mode")
    return {name: plain(result.attrs[name]) for name in names if name in result.attrs} | {
        "version": __version__
    }


def _packed(table: "pd.DataFrame", about: dict[str, Any]) -> dict[str, Any]:
    """Return the scores of the first row beside what is known of the run, and all rows."""
    rows = [{name: plain(value) for name, value in row.items()} for row in table.to_dict("records")]
    first = rows[0] if rows else dict.fromkeys(("error", "error_from_day30"))
    return {**about, **first, "scores": rows}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it: numbers to six decimals, what is not known as null."""
    if hasattr(value, "item"):  # a number or text of numpy's
        value = value.item()
    if isinstance(value, float):
        # Six decimals: more than members can tell, and short lines.
        return None if math.isnan(value) else round(value, 6)
    return value


GLOSSARY = (
    "error: sum over parts of |simulated - counted| over all counted, of the median after scaling "
    "it to the counted total, with its 90 % range over blocks of time; the references are given "
    "that total.",
    "from day 30: the same, without the first 30 days. not rescaled: the same, without scaling.",
    "CRPS, WIS: how far the whole range lies from what was counted, in the unit of the series; 0 "
    "is best.",
    "in 50 %, in 90 %: share of counts, and of days filled in between them, within those ranges; "
    "near 0.5 and 0.9 is best.",
)
"""What the headings of scores mean."""


def _print(table: "pd.DataFrame") -> None:
    from rich import box
    from rich.table import Table

    from rumbo.cli.listing import screen

    headings = ("series", "scenario", "error", "from day 30", "not rescaled", "CRPS", "WIS")
    shown = Table(*map(said, (*headings, "in 50 %", "in 90 %")), box=box.SIMPLE_HEAD)
    for row in table.itertuples():
        whole = row.parts == 1  # scaled to the total, it meets the total
        error = DASH if whole else _ranged(row.error, row.error_low, row.error_high)
        later = math.nan if whole else row.error_from_day30
        scores = (later, row.error_not_rescaled, row.crps, row.wis)
        cells = map(_short, (*scores, row.cover_50, row.cover_90))
        shown.add_row(isolated(row.series), isolated(row.scenario), error, *cells)
    screen().print(shown)
    for line in GLOSSARY:
        say(line)
    if len(set(table["scenario"])) > 1:
        say("A scenario that changes what happened is not meant to meet what was counted.")


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:.3f}" if low == high else f"{value:.3f} ({low:.3f}–{high:.3f})"


def _short(value: float) -> str:
    return DASH if math.isnan(value) else f"{value:.3f}"
