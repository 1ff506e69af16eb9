"""Commands that hold the corridor against the record: fit, forecast, score, attribute."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rumbo.cli.terminal import (
    Language,
    languages,
    progress_bar,
    say,
    say_cost,
    stoppable,
)
from rumbo.files.atomic import write_text

if TYPE_CHECKING:
    import pandas as pd

    from rumbo.scenario.scenario import Scenario

SHOWN = (1, 3, 6)
"""Horizons that the terminal shows; tables hold all."""

SPEAKS = {
    "record": "the figures speak: the fit narrowed the range of its effect to {ratio:.0%} of the "
    "prior's",
    "undecided": "who speaks is not decided: the range of its effect is {ratio:.0%} of the prior's",
    "assumed": "what was assumed speaks, not the figures: the range of its effect is {ratio:.0%} "
    "of the prior's",
}

DIRECTIONS = {"more": "more", "fewer": "fewer", "undecided": "direction not decided"}


def run_fit(
    corridor: str,
    as_of: str,
    members: int,
    passes: int,
    seed: int,
    workers: int | None,
    out: Path,
    *,
    yes: bool,
) -> None:
    """Fit a corridor, and write its posterior and what the figures told."""
    from rumbo.fitting.fit import fit
    from rumbo.fitting.identified import identified
    from rumbo.fitting.record import SUMS
    from rumbo.run.spec import RunSpec
    from rumbo.scenario.scenario import load

    scenario = load(corridor)
    spec = RunSpec.of(scenario, members, mode="expected", by=SUMS)
    say_cost(spec, workers, yes=yes, members=members * passes)
    with stoppable(out), progress_bar() as progress:
        result = fit(
            scenario,
            as_of,
            members=members,
            passes=passes,
            seed=seed,
            workers=workers,
            folder=out / "passes",
            progress=progress,
        )
    result.posterior.write(out / "posterior.npz")
    _write(result.unknowns, out / "unknowns.csv")
    _write(result.figures, out / "figures.csv")
    directions = identified(result.posterior)
    _write(directions, out / "identified.csv")
    say(f"Posterior: {out / 'posterior.npz'} (rumbo run {corridor} --posterior it)")
    narrowed = result.unknowns.groupby("unknown")["ratio"].median()
    for name, ratio in narrowed.items():
        say(f"  {name}: median spread after the fit {ratio:.0%} of that before")
    weights = map(float, result.posterior.about["set_weights"].split())
    shares = ", ".join(f"{weight:.0%}" for weight in weights)
    say(f"Weights of the sets of drawn values, by how well they tell the figures: {shares}")
    if len(directions):
        told, every = int(directions["told"].sum()), len(directions)
        say(f"Of {every} directions of ranged values, figures tell of {told} (identified.csv)")


def run_forecast(
    corridor: str,
    as_of: str,
    horizon: int,
    targets: Sequence[str],
    workers: int | None,
    out: Path,
    language: Language,
) -> None:
    """Forecast as of a day, and write the table and the pages; tell what has come since."""
    from rumbo.forecasting.drivers import stale_line
    from rumbo.forecasting.forecast import forecast
    from rumbo.report import write_forecast
    from rumbo.scenario.figures import figures, known
    from rumbo.scenario.scenario import load

    scenario = load(corridor)
    with stoppable(out), progress_bar("forecasts") as progress:
        table = forecast(
            scenario,
            as_of,
            out,
            horizon=horizon,
            targets=targets,
            workers=workers,
            progress=progress,
        )
    day = str(table["reference_date"].iloc[0])
    path = out / f"forecast-{day}.csv"
    _write(table, path)
    say(f"Forecast: {path}")
    if line := stale_line(known(scenario, day)):
        say(f"Warning: {line}", error=True)
    _show_after(scenario, out, day)
    for one in languages(language):
        page = out / f"forecast-{day}-{one}.html"
        past = out if (out / "skill.csv").is_file() else None
        write_forecast(
            path, figures(scenario, day), page, one.value, evaluation=past, corridor=_told(scenario)
        )
        say(f"Report: {page}")


def _show_after(scenario: "Scenario", out: Path, day: str) -> None:
    """Show which of the months forecast have come since, and what they were."""
    from rumbo.forecasting.after import what_came

    table = what_came(scenario, out, day)
    if table.empty:
        return
    _write(table, out / f"after-{day}.csv")
    say(f"What came after ({out / f'after-{day}.csv'}):")
    for row in table.itertuples():
        say(
            f"  {row.series:24} {row.month} {row.kind:8} came {row.came:,.0f}; forecast "
            f"{row.low_90:,.0f} to {row.high_90:,.0f} (90 %), {row.low_50:,.0f} to "
            f"{row.high_50:,.0f} (50 %), middle {row.middle:,.0f}; score over persistence's "
            f"{row.relative_wis_log:.2f}"
        )


def run_scores(
    corridor: str,
    targets: Sequence[str],
    workers: int | None,
    out: Path,
    language: Language,
    *,
    hindcasts: bool,
) -> None:
    """Forecast from every origin, score, and write tables and pages; go on where it was stopped."""
    from rumbo.forecasting.forecast import keep_score
    from rumbo.report import write_scorecard
    from rumbo.scenario.scenario import load

    scenario = load(corridor)
    with stoppable(out), progress_bar("forecasts") as progress:
        evaluation = keep_score(scenario, out, targets=targets, workers=workers, progress=progress)
    show_skill(evaluation.skill)
    _show_harder(out)
    if hindcasts:
        with stoppable(out):
            _show_hindcasts(scenario, out, workers)
    for one in languages(language):
        page = out / f"score-{one}.html"
        say(f"Report: {write_scorecard(out, page, one.value, corridor=_told(scenario))}")


def _told(scenario: "Scenario") -> dict[str, Any]:
    """Return what a corridor tells of itself to the pages of its forecasts."""
    return {"roles": scenario.roles.described(), "texts": scenario.texts}


def run_attribution(
    scenario: "Scenario",
    levers: Sequence[str],
    months: tuple[str, str],
    members: int,
    seed: int,
    workers: int | None,
    out: Path | None,
) -> None:
    """Split what happened among levers, and say whether the figures or the prior speak."""
    from rumbo.fitting.attribution import attribute
    from rumbo.report.corridor.statements import FEW_MEMBERS

    with stoppable(None), progress_bar() as progress:
        attribution = attribute(
            scenario,
            levers,
            *months,
            members=members,
            seed=seed,
            workers=workers,
            progress=progress,
        )
    for row in attribution.shares.itertuples():
        low, middle, high = (math.expm1(x) for x in (row.low, row.middle, row.high))
        said = SPEAKS[row.speaks].format(ratio=row.ratio)
        say(
            f"{row.lever}: {middle:+.0%} ({low:+.0%} to {high:+.0%}) "
            f"of encounters in destination zones; {said}."
        )
        low, middle, high = map(
            math.expm1, (row.sceptical_low, row.sceptical_middle, row.sceptical_high)
        )
        say(
            f"  taken beforehand to do nothing: {middle:+.0%} ({low:+.0%} to {high:+.0%}); more in "
            f"{row.more:.0%} of draws, {row.sceptical_more:.0%} then; fewer in {row.fewer:.0%}, "
            f"{row.sceptical_fewer:.0%} then: {DIRECTIONS[row.direction]}."
        )
    if members < FEW_MEMBERS:
        say(f"{members} members tell only roughly who speaks: ask for {FEW_MEMBERS} or more.")
    if out:
        command = _command(scenario, levers, months, members)
        rows = _as_tested(attribution.shares, members, command)
        fit = scenario.posterior.digest if scenario.posterior else ""
        _write(rows.assign(posterior=fit), out / "tested.csv")
        _write(attribution.shares, out / "shares.csv")
        _write(attribution.profile, out / "profile.csv")
        say(f"Tables: {out}")


def _command(
    scenario: "Scenario", levers: Sequence[str], months: tuple[str, str], members: int
) -> str:
    """Return the command that shows an attribution."""
    named = " ".join(f"--lever {lever}" for lever in levers)
    asked = f"{named} --from {months[0]} --to {months[1]} --members {members}"
    return f"rumbo attribute {scenario.id} {asked}"


def _as_tested(shares: "pd.DataFrame", members: int, command: str) -> "pd.DataFrame":
    """Return an attribution as rows of a corridor's table of tests."""
    import pandas as pd

    from rumbo.scenario.edit.outcomes import rows_of_test

    rows: list[tuple[object, ...]] = []
    for row in shares.itertuples():
        changes = {
            "change": (row.low, row.middle, row.high),
            "change_before": (row.prior_low, row.prior_middle, row.prior_high),
            "change_sceptical": (row.sceptical_low, row.sceptical_middle, row.sceptical_high),
        }
        for name, ends in changes.items():
            low, middle, high = map(math.expm1, ends)
            rows.append((row.lever, name, middle, low, high))
        for name in ("more", "fewer", "sceptical_more", "sceptical_fewer"):
            rows.append((row.lever, name, getattr(row, name), None, None))
    table = pd.DataFrame(rows, columns=["series", "figure", "value", "low", "high"])
    return rows_of_test(table.assign(n=members), "sceptical_priors", command)


def show_skill(skill: "pd.DataFrame") -> None:
    """Print how models score beside same-as-last-month."""
    say("Weighted interval score of the logs over that of same-as-last-month (90 % range):")
    shown = skill[skill["horizon"].isin(SHOWN)].sort_values("family", kind="stable")
    for (family, model), part in shown.groupby(["family", "model"], sort=False):
        cells = [
            f"{r.relative_wis_log:.3f} ({r.relative_wis_log_low:.3f}–{r.relative_wis_log_high:.3f})"
            for r in part.sort_values("horizon").itertuples()
        ]
        say(f"  {family:28} {model:22} " + "  ".join(cells))


def _show_harder(out: Path) -> None:
    """Show the published forecast beside the best of the plainest references, and two by name."""
    from rumbo.report.read.ratios import beside, best_plain
    from rumbo.report.read.scorecard import HARDER, STACK, read_scorecard

    card = read_scorecard(out)
    say(f"Score of the {STACK} over that of the best plain reference, and of others (90 % range):")
    for family in card.families:
        for ahead in card.shown:
            best = best_plain(card, family, ahead)
            for other in dict.fromkeys((best, *HARDER)):
                one = beside(card, family, ahead, STACK, other)
                if one is not None:
                    mark = " (best)" if other == best else ""
                    ratio = f"{one.value:.3f} ({one.low:.3f}–{one.high:.3f})"
                    say(f"  {family:28} h={ahead} {other + mark:36} {ratio}")


def _show_hindcasts(scenario: "Scenario", out: Path, workers: int | None) -> None:
    from rumbo.forecasting.outline.build import build
    from rumbo.forecasting.outline.effect import first_month, profile, twins
    from rumbo.forecasting.outline.hindcast import asked_of, entries_given, frozen, in_sample
    from rumbo.scenario.figures import known

    asked = asked_of(scenario)
    then = known(scenario, asked.as_of)
    month = first_month(then, asked.lever)
    with progress_bar("forecasts") as progress:
        given = entries_given(scenario, out / "entries-given", workers=workers, progress=progress)
    say("The same, with the entries that came later given (no forecast):")
    show_skill(given.skill)
    problem = build(then)
    with progress_bar("truths") as progress:
        tables = {
            "frozen": frozen(scenario),
            "in-sample": in_sample(scenario),
            "twins": twins(problem, month, progress=progress),
            # Steps of the log: from a quarter fewer stops to nearly three times as many.
            "profile": profile(problem, (-0.3, 0.0, 0.3, 0.6, 1.0), month),
        }
    for name, table in tables.items():
        _write(table, out / f"{name}.csv")
        say(f"{name}:")
        say(table.round(3).to_string(index=False))


def _write(table: "pd.DataFrame", path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
