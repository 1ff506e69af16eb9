"""An outlook on the newest months, beside the one before: what moved, and how that one did."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.answers.outlook.asked import OutlookSize, last_day
from rumbo.answers.outlook.outlook import USUAL, MonthsAhead, outlook
from rumbo.answers.outlook.ranges import FITTED, MIXED, figures_after
from rumbo.files.atomic import write_text
from rumbo.run.workers import Progress
from rumbo.scenario.figures import HINDSIGHT, known
from rumbo.scenario.scenario import Scenario

ENDS = ("low_90", "middle", "high_90")
"""What of a range is set beside that of the outlook before."""


@dataclass(frozen=True, eq=False)
class Refreshed:
    """An outlook and the one before it.

    Attributes
    ----------
    made
        The outlook on the newest months.
    before
        The one before, beside all that came since; None if there was none.
    moved
        Series and months that both have: series, place, month, the `ENDS` of each (before and
        now) and ``apart``, whether their 90 % ranges do not meet. Empty without one before.
    unseen
        How many figures were published after the day of the outlook.
    """

    made: MonthsAhead
    before: MonthsAhead | None
    moved: pd.DataFrame
    unseen: int


def refresh(
    scenario: Scenario,
    folder: Path,
    *,
    months: int = 6,
    place: str | None = None,
    size: OutlookSize = USUAL,
    workers: int | None = None,
    progress: Progress | None = None,
    language: str = "en",
) -> Refreshed:
    """Fit a corridor by its newest months and look ahead, beside the outlook before.

    Parameters
    ----------
    scenario
        The corridor.
    folder
        Where outlooks are kept; the same call goes on where it stopped.
    months, place, size, workers, progress, language
        As in `rumbo.answers.outlook.outlook.outlook`; its day is the last on which it is known
        who enters.

    Returns
    -------
    Refreshed
        Its tables are in the folder: of both outlooks, and what moved.

    Raises
    ------
    Faults
        If no outlook can be made.
    """
    day = str(last_day(scenario))
    made = outlook(
        scenario,
        day,
        folder,
        months=months,
        place=place,
        size=size,
        workers=workers,
        progress=progress,
        language=language,
    )
    before = _before(scenario, folder, made)
    made.write(folder)
    moved = _moved(before, made)
    if before is not None:
        before.write(folder)  # with what came since
        text = moved.to_csv(index=False, lineterminator="\n", float_format="%.6g")
        write_text(folder / f"moved-{before.about['as_of']}-{day}-{made.place_and_beds}.csv", text)
    unseen = int((scenario.figures["published"] > pd.Timestamp(day)).sum())
    return Refreshed(made, before, moved, unseen)


def _before(scenario: Scenario, folder: Path, made: MonthsAhead) -> MonthsAhead | None:
    """Return the one before of the same place and beds, beside all that is known now, if any."""
    day = made.about["as_of"]
    kept = sorted(folder.glob(f"outlook-????-??-??-{made.place_and_beds}.json"))
    earlier = [path for path in kept if path.stem < f"outlook-{day}"]
    if not earlier:
        return None
    path = earlier[-1]
    about = json.loads(path.read_text("utf-8"))
    ranges = pd.read_csv(path.with_suffix(".csv"), dtype={"place": str}, keep_default_na=False)
    came = figures_after(
        known(scenario, HINDSIGHT),
        known(scenario, about["as_of"]),
        about["place"],
        np.datetime64(about["fitted"][1], "M"),
        np.datetime64(about["months"][-1], "M"),
    )
    return MonthsAhead(about, ranges, came, members=())  # files hold ranges alone


def _moved(before: MonthsAhead | None, made: MonthsAhead) -> pd.DataFrame:
    key = ["series", "place", "month"]
    columns = [*key, *(f"{end}_before" for end in ENDS), *ENDS, "apart"]
    if before is None:
        return pd.DataFrame(columns=columns)
    old, new = (_told(one.ranges)[[*key, *ENDS]] for one in (before, made))
    both = old.merge(new, on=key, suffixes=("_before", "_now"))
    both = both.rename(columns={f"{end}_now": end for end in ENDS})
    lower = both["high_90"] < both["low_90_before"]
    higher = both["low_90"] > both["high_90_before"]
    return both.assign(apart=lower | higher)[columns]


def _told(ranges: pd.DataFrame) -> pd.DataFrame:
    """Return the mixed ranges of months whose figures were not out."""
    return ranges[(ranges["branch"] == MIXED) & (ranges["kind"] != FITTED)]
