"""An outlook: who waits where in the months after a day, by what was known on it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rumbo.answers.outlook.ahead import SHIPPED, RunsAhead, run_branches_ahead
from rumbo.answers.outlook.asked import OutlookAsked, OutlookSize, asked_of
from rumbo.answers.outlook.counted import (
    BEDS,
    SEEK,
    SeriesAhead,
    families,
    series_ahead,
    shelter_setting,
)
from rumbo.answers.outlook.ranges import held, ranges_of, what_came_after
from rumbo.answers.outlook.weights import (
    Weights,
    chances_by,
    check_weights,
    described_by,
    mixed_anew,
)
from rumbo.files.atomic import write_text
from rumbo.files.code import __version__
from rumbo.forecasting.corridor.ahead import ALONE
from rumbo.run.workers import Progress
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.settings import Setting, each_setting
from rumbo.scenario.tree.branching import Branch
from rumbo.scenario.tree.outcomes import JOINED
from rumbo.scenario.values.unsized import is_unsized

USUAL = OutlookSize()
"""Size of an outlook that is asked for without one."""


@dataclass(frozen=True, eq=False, repr=False)
class MonthsAhead:
    """What was made of a corridor ahead of a day, ready to be told.

    Attributes
    ----------
    about
        What it is of and how it was made, ready for JSON: see `outlook`.
    ranges
        As from `rumbo.answers.outlook.ranges.ranges_of`.
    came
        Figures published after the day, as from `what_came_after`; nothing was made from them.
    members
        Members of every series, of which the ranges are made; none where they were read from files.
    """

    about: dict[str, Any]
    ranges: pd.DataFrame
    came: pd.DataFrame
    members: tuple[SeriesAhead, ...]

    def __repr__(self) -> str:
        """Return what it is of."""
        return f"<Outlook of {self.about['corridor']}, as of {self.about['as_of']}>"

    @property
    def day_and_place(self) -> str:
        """What its files are named by: with other beds it is another outlook."""
        return f"{self.about['as_of']}-{self.place_and_beds}"

    @property
    def place_and_beds(self) -> str:
        """The place, and the number of beds where it was given."""
        place, beds = self.about["place"], self.about["beds"] or {}
        return f"{place}-{beds['value']:.15g}" if beds.get("given") else str(place)

    @property
    def held(self) -> pd.DataFrame:
        """What came beside the mixed ranges, and whether these held it."""
        return held(self.ranges, self.came)

    def weighed(self, weights: Weights, language: str = "en") -> "MonthsAhead":
        """Return the same with outcomes weighed by whoever asks; nothing is run again.

        Parameters
        ----------
        weights
            Chance of each outcome by event, as in ``{"vote": {"yes": 0.2, "no": 0.8}}``; events
            that are left out keep the chances of ``outcomes.csv``.
        language
            Of what is refused, ``en`` or ``es``.

        Raises
        ------
        Faults
            If an event or outcome is not ahead, chances of an event do not sum to one, or fewer
            than `rumbo.answers.outlook.weights.FEWEST` members stand behind an outcome.
        """
        check_weights(self.about["branches"], weights, self.about["members"], language)
        chances = chances_by(self.about["branches"], weights)
        ranges = mixed_anew(self.ranges, self.members, chances)
        return replace(self, about=described_by(self.about, weights), ranges=ranges)

    def write(self, folder: str | Path) -> Path:
        """Write it into a folder, as the pages read it.

        Parameters
        ----------
        folder
            Made if it is not there.

        Returns
        -------
        pathlib.Path
            The file that says what the outlook is of; beside it stand its ranges, and what came.
        """
        to = Path(folder)
        to.mkdir(parents=True, exist_ok=True)
        for name, table in (("outlook", self.ranges), ("came", self.came)):
            text = table.to_csv(index=False, lineterminator="\n", float_format="%.6g")
            write_text(to / f"{name}-{self.day_and_place}.csv", text)
        about = to / f"outlook-{self.day_and_place}.json"
        write_text(about, json.dumps(self.about, ensure_ascii=False, indent=1) + "\n")
        return about


def outlook(
    scenario: Scenario,
    as_of: str | date | None = None,
    folder: str | Path = "runs/outlook",
    *,
    months: int = 6,
    place: str | None = None,
    events: tuple[str, ...] = (),
    size: OutlookSize = USUAL,
    workers: int | None = None,
    progress: Progress | None = None,
    language: str = "en",
    beds: Mapping[str, float] | None = None,
) -> MonthsAhead:
    """Say who waits, comes and goes in the months after a day, by what was known on it.

    The corridor is fitted as of the day, unless its folder has a fit of that day, and run on: those
    who are counted on the way stay as many as in their last month and wander as counts did, rules
    stay, and each event that was announced branches, with what was known of it.

    Parameters
    ----------
    scenario
        The corridor.
    as_of
        The day; the last on which it is known who enters if None.
    folder
        Where fits and runs are kept; the same call goes on where it stopped.
    months
        Months ahead, 1 to 6.
    place
        Id of the place that is told of; if None that of the beds, else the corridor's first.
    events
        Events to branch on; all that are ahead if empty. Others stay as they are.
    size
        Size and luck.
    workers, progress
        As in `rumbo.simulate`.
    language
        Of what is refused, ``en`` or ``es``.
    beds
        Shelter places of the place, by its id, instead of those known. Nobody moves because of it.

    Returns
    -------
    MonthsAhead

    Raises
    ------
    Faults
        If no outlook can be made as of the day, for so many months, of the place or the event.
    """
    asked = asked_of(scenario, as_of, months, place, tuple(events), language, beds)
    runs = run_branches_ahead(
        scenario,
        asked,
        size,
        Path(folder),
        workers=workers,
        progress=progress,
        language=language,
    )
    every = tuple(series_ahead(runs, asked, size.seed))
    table, came = ranges_of(runs, asked, every), what_came_after(runs, asked.place)
    return MonthsAhead(_about(runs, asked, size), table, came, every)


def _about(runs: RunsAhead, asked: OutlookAsked, size: OutlookSize) -> dict[str, Any]:
    """Return what an outlook is of and how it was made."""
    then, fit = runs.problem.scenario, runs.posterior
    places = then.network.places.set_index("id")
    seek = shelter_setting(runs, SEEK, asked.place)
    return {
        "corridor": then.id,
        "title": then.title,
        "roles": then.roles.described(),
        "texts": then.texts,
        "as_of": asked.as_of.isoformat(),
        "months": [str(month) for month in asked.months],
        "fitted": [str(runs.problem.months[0]), str(runs.problem.months[-1])],
        "place": asked.place,
        "place_name": str(places.loc[asked.place, "name"]),
        "beds": _beds(runs, asked),
        "seek": None if seek is None else _value(seek),
        "drivers": [*_drivers(runs)],
        "branches": [*_branches(runs)],
        "seen": [*_seen(runs)],
        "members": size.drawn,
        "seed": size.seed,
        "fit": {**fit.about, "as_of": fit.as_of.isoformat(), "draws": str(fit.draws)},
        "shipped": (runs_folder(runs) / SHIPPED.format(day=asked.as_of)).is_file(),
        "version": __version__,
    }


def _beds(runs: RunsAhead, asked: OutlookAsked) -> dict[str, object] | None:
    """Return the shelter places reckoned with: given, or known on the day; None where neither."""
    known = shelter_setting(runs, BEDS, asked.place)
    if asked.beds is None:
        return None if known is None else {**_value(known), "given": False}
    return {"value": asked.beds, "low": None, "high": None, "given": True}


def runs_folder(runs: RunsAhead) -> Path:
    """Return the folder of the corridor that was run."""
    return Path(runs.whole.folder)


def _drivers(runs: RunsAhead) -> Iterator[dict[str, object]]:
    """Go through what drives the outlook: each count, its last month, and how old that is."""
    seen = runs.problem.known
    for name, key in families(runs).items():
        last = seen.series(key).last
        ended = (last + 1).astype("datetime64[D]") - 1
        days = int((np.datetime64(seen.as_of) - ended).astype(int))
        yield {"series": name, "last": str(last), "days": days}


def _seen(runs: RunsAhead) -> Iterator[dict[str, object]]:
    """Go through the figures of each count that were known on the day, over the run's months."""
    for name, key in families(runs).items():
        series = runs.problem.known.series(key)
        for month, value in zip(series.months, series.values, strict=True):
            if month >= runs.months[0]:
                yield {"series": name, "month": str(month), "value": float(value)}


def _branches(runs: RunsAhead) -> Iterator[dict[str, object]]:
    """Go through the branches: chance, names of what comes, and what it changes, as known."""
    for one in runs.branches:
        rows = _decided(one)
        levers = {lever for cell in rows["levers"] for lever in cell.split(JOINED) if lever}
        settings = one.scenario.settings
        mine = each_setting(settings[settings["lever"].isin(levers)])
        yield {
            "branch": one.name,
            "probability": one.probability,
            "outcomes": [
                {
                    "event": row.event,
                    "outcome": row.outcome,
                    **_titled(one.scenario.levers, row.event),
                    "probability": row.probability,
                    "quality": row.quality,
                    "en": row.name_en,
                    "es": row.name_es,
                    "on": f"{row.on:%Y-%m-%d}",
                    "takes_effect": f"{row.takes_effect:%Y-%m-%d}",
                    "source": row.source,
                }
                for row in rows.itertuples()
            ],
            "settings": [_value(setting) for setting in mine],
        }


def _decided(branch: Branch[Scenario]) -> pd.DataFrame:
    """Return the outcomes of a branch, a row each, in the order in which they are decided."""
    keys = [] if branch.name == ALONE else branch.name.split(JOINED)
    table = branch.scenario.outcomes
    names = table["event"] + "=" + table["outcome"]
    # One that depends on others has a row for each: that of what comes here stands.
    given = table["given"].isin(["", *keys])
    rows = table.assign(key=names, far=~given)[names.isin(keys)].sort_values("far", kind="stable")
    rows = rows.drop_duplicates("key").sort_values("key", key=lambda own: own.map(keys.index))
    return rows.assign(takes_effect=rows["takes_effect"].fillna(rows["on"]))


def _titled(levers: pd.DataFrame, event: str) -> dict[str, str]:
    """Return what an event is called, by its row in the calendar, else its id."""
    rows = levers[levers["lever"] == event]
    names = ("name_en", "name_es")
    return {f"event_{one[-2:]}": str(rows.iloc[0][one]) if len(rows) else event for one in names}


def _value(one: Setting) -> dict[str, object]:
    """Return a setting, ready for JSON; ends that it does not have are None."""
    parameter = PARAMETERS[one.parameter]
    ends = {name: float(getattr(one, name)) for name in ("value", "low", "high")}
    return {
        "parameter": one.parameter,
        "en": parameter.meaning_en,
        "es": parameter.meaning_es,
        "unit": one.unit,
        "at": one.at,
        "group": one.group,
        "operation": one.operation,
        "unsized": is_unsized(one),
        **{name: None if np.isnan(end) else end for name, end in ends.items()},
        "source": one.source,
    }
