"""Observed figures: of each the edition published last, beside the quantity that it counts."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from rumbo.exporting.names import ALL
from rumbo.exporting.series import NATIONALITY, ON_THE_WAY, ExportTarget, ResultFacts, month_end
from rumbo.scores.figures import ESTIMATES, fill_labels, last_published, spanning

KEY = ["measure", "component", "area", NATIONALITY, "month", "month_end"]
"""In what the editions of one figure are alike."""

COUNTED = {"deaths": "deaths_recorded"}
"""What figures of a measure count, where it is not all of it: nobody counts deaths not recorded."""

HEADINGS = (
    "target measure component area nationality date month month_end value low high unit "
    "publisher published quality source"
).split()


def observed_figures(
    facts: ResultFacts, targets: Sequence[ExportTarget], labels: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return the figures around the run.

    Parameters
    ----------
    facts
        What all quantities share.
    targets
        The quantities.
    labels
        Their locations, by quantity.

    Returns
    -------
    pandas.DataFrame
        Columns ``HEADINGS`` and ``location``; ``target`` is empty where no quantity is the same.
    """
    rows = pd.DataFrame(facts.background["figures"])
    for name in (*HEADINGS, "location"):
        if name not in rows:
            rows[name] = pd.Series(dtype=object)
    texts = ["measure", "component", "area", NATIONALITY, "month", "month_end", "published"]
    rows[texts] = rows[texts].astype(object).fillna("").astype(str)
    rows = last_published(fill_labels(rows), KEY, ESTIMATES).sort_values(KEY, kind="stable")
    units = {target.name: target.unit for target in targets}
    meant = [_meant(row, labels) for row in rows[KEY].to_dict("records")]
    # A sum over a span of months is no month's figure, nor one of a month that the run cuts.
    alone = ~spanning(rows).to_numpy() & ~rows["month"].str[:7].isin([*facts.cut]).to_numpy()
    rows["target"] = np.where(alone, [target for target, _ in meant], "")
    rows["location"] = np.where(alone, [place for _, place in meant], "")
    published = rows["unit"].astype(object).fillna("")
    rows["unit"] = [
        own or units.get(one, "") for own, one in zip(published, rows["target"], strict=True)
    ]
    rows["date"] = [_last_day(row) for row in rows[KEY].to_dict("records")]
    return rows[["target", "location", *HEADINGS[1:]]].reset_index(drop=True)


def _meant(row: Mapping[str, str], labels: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Return the quantity and location of a figure; two empty texts where there is none."""
    measure = COUNTED.get(row["measure"], row["measure"])
    base = "_".join(filter(None, (measure, row["component"].lower())))
    area, nation = row["area"], row[NATIONALITY]
    if area == nation == ALL:
        there = f"{base}{ON_THE_WAY}"  # who waits is counted where people do so on their way
        asked = [(there if there in labels else base, ALL)]
    elif nation == ALL:
        asked = [(f"{base}_by_{kind}", area) for kind in ("area", "place", "region")]
    else:
        asked = [(f"{base}_by_{NATIONALITY}", nation)] if area == ALL else []
    fits = (one for one in asked if one[1] in labels.get(one[0], ()))
    return next(fits, ("", ""))


def _last_day(row: Mapping[str, str]) -> str:
    month = row["month_end"] or row["month"]
    return month_end(np.datetime64(month[:7], "M")).isoformat() if month else ""


def beside(figures: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each quantity, location and date that has figures.

    Parameters
    ----------
    figures
        What `observed_figures` returned.

    Returns
    -------
    pandas.DataFrame
        ``observed``, where one figure says it; ``observed_low`` and ``observed_high``, between
        which all lie, where they are estimates or several.
    """
    own = figures[figures["target"] != ""].copy()
    for name in ("value", "low", "high"):
        own[name] = own[name].astype(float)
    own["low"], own["high"] = own["low"].fillna(own["value"]), own["high"].fillna(own["value"])
    grouped = own.groupby(["target", "location", "date"], sort=False)
    table = grouped.agg(
        observed=("value", "first"),
        observed_low=("low", "min"),
        observed_high=("high", "max"),
        several=("value", "size"),
    ).reset_index()
    table.loc[table["several"] > 1, "observed"] = np.nan
    alike = table["observed_low"] == table["observed_high"]
    table.loc[alike, ["observed_low", "observed_high"]] = np.nan
    return table.drop(columns="several")
