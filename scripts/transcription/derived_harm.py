"""Settings of harm that follow from figures of months before the run: deaths, their season, noise.

Deaths are those of one edition; only months before July 2023 are looked at.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from transcription.common import Shared, months, shifted
from transcription.inflows import KNOWN, inflows
from transcription.observed import REGIONS
from transcription.setting import Setting, ratio, setting

BEFORE = months("2021-01", KNOWN[1])
"""Months before the run, as far as the deaths' season and noise are looked at."""

EDITION = "2025-06-04"
"""Day of the deaths' edition; figures of deaths count as published on it as well."""

DEATHS = "gdidata_mmp"
ENCOUNTERS = "cbp_monthly_usbp"

TRAILS = (
    "acandi>bajo_chiquito:walk",
    "capurgana>bajo_chiquito:walk",
    "capurgana>canaan_membrillo:walk",
    "puerto_obaldia>canaan_membrillo:walk",
)
"""Links through the Darién on foot; whoever is counted there has taken one of them."""

UNSEEN = 0.21
"""Share of those who cross that nobody meets, before May 2023: they die as others do."""

WIDER = 1.5
"""How far a rate may lie outside the range of its years; assumed."""

COUNTED_WAITING = 50_000 + 4_750 + 3_000 + 8_000 + 5_500
"""People waiting in Mexico at the end of 2022: Tapachula (50,000), Matamoros (4,500 and 5,000),
Piedras Negras (3,000), Reynosa (8,000), Tijuana (2,000 and 9,000)."""

COUNTS = "efe_20221107;razon_20221228;cnn_202212"
"""Who counted them."""

ON_THE_WAY = 20.0
"""Days that others spend on their way through Mexico, as long as a transit form holds; assumed."""

FORM = "fmm_days"


class Cluster(NamedTuple):
    """Where deaths of a region happen, and how many would be expected of each month's people."""

    region: str
    at: tuple[str, ...]
    expected: pd.Series
    removed: str


def harm_settings(shared: Shared) -> Iterator[Setting]:
    """Give the settings of harm."""
    rules = passage_deaths, crossing_deaths, crossing_season, stay_deaths, recorded_shapes
    for row in (row for rule in rules for row in rule(shared)):
        # A month of the season ends as the calendar says, which is known with the season.
        ends = {"until_known": min(EDITION, str(row["until"]))} if "until" in row else {}
        yield row | {"known": EDITION} | ends


def deaths(shared: Shared, region: str) -> pd.Series:
    """Return recorded deaths of a region by month before the run."""
    table = shared.table("data/south/missing_migrants_monthly.csv")
    table = table[table["country_iso3"].isin(REGIONS[region])]
    return table.groupby("month")["dead_and_missing"].sum().reindex(BEFORE, fill_value=0)


def encounters(shared: Shared) -> pd.Series:
    """Return the Border Patrol's encounters by month before the run."""
    table = shared.table("data/us/usbp_southwest_monthly.csv")
    return table.groupby("month")["encounters"].sum().reindex(BEFORE)


def walkers(shared: Shared) -> pd.Series:
    """Return people counted in the Darién by month before the run."""
    return shared.table("data/south/darien_monthly.csv").set_index("month")["people"][BEFORE]


def season(shared: Shared) -> pd.Series:
    """Return deaths per encounter of each month of the year, ``01`` to ``12``, over their mean."""
    both = pd.DataFrame({"deaths": deaths(shared, "us_border"), "met": encounters(shared)})
    sums = both.groupby(both.index.str[5:]).sum()
    rate = sums["deaths"] / sums["met"]
    return rate / rate.mean()


def in_season(shared: Shared) -> pd.Series:
    """Return encounters by month before the run, each times the season's factor."""
    met = encounters(shared)
    return met * season(shared).loc[met.index.str[5:]].to_numpy()


def passage_deaths(shared: Shared) -> Iterator[Setting]:
    """Give recorded deaths per person counted in the Darién."""
    part, whole = deaths(shared, "darien"), walkers(shared)
    yearly = part.groupby(part.index.str[:4]).sum() / whole.groupby(whole.index.str[:4]).sum()
    note = f"{ratio(part.sum(), whole.sum())} counted, {BEFORE[0]} to {BEFORE[-1]}; range: lowest "
    note += f"and highest year, {WIDER} times wider either way"
    more = {"low": yearly.min() / WIDER, "high": yearly.max() * WIDER}
    for trail in TRAILS:
        source = f"{DEATHS};gdidata_darien"
        yield setting(
            "harm.passage", part.sum() / whole.sum(), "prob", source, note, at=trail, **more
        )


def crossing_deaths(shared: Shared) -> Iterator[Setting]:
    """Give recorded deaths per crossing in a month without season."""
    part = deaths(shared, "us_border")[KNOWN[0] :].sum()
    whole = in_season(shared)[KNOWN[0] :].sum() / (1.0 - UNSEEN)
    yield setting(
        "harm.crossing",
        part / whole,
        "prob",
        f"{DEATHS};{ENCOUNTERS};gotaway_share_apr2023;death_border_2022",
        f"IOM {ratio(part, whole)} crossings: encounters weighted by the season over 1 - {UNSEEN} "
        f"unseen; high: Border Patrol's 880 / 2206436 encounters in FY2022 x {1 - UNSEEN:.2f}",
        at="kind:destination_zone",
        low=part / whole / WIDER,
        high=880 / 2_206_436 * (1.0 - UNSEEN),
    )


def crossing_season(shared: Shared) -> Iterator[Setting]:
    """Give what each month's chance of dying in crossing is multiplied by."""
    factor = season(shared)
    for month in sorted(inflows(shared)["month"].unique()):
        yield setting(
            "harm.crossing",
            factor[month[5:]],
            "factor",
            f"{DEATHS};{ENCOUNTERS}",
            f"deaths per encounter in this month of the year, {BEFORE[0]} to {BEFORE[-1]}",
            at="kind:destination_zone",
            since=f"{month}-01",
            until=f"{shifted(month, 1)}-01",
            operation="multiply",
        )


def stay_deaths(shared: Shared) -> Iterator[Setting]:
    """Give recorded deaths per person and day in Mexico; those of Central America are few."""
    part = deaths(shared, "mexico_central_america")[KNOWN[0] :].sum()
    people = COUNTED_WAITING + _entering(shared) * ON_THE_WAY
    days = 365 * people
    note = f"{round(part)} deaths, {KNOWN[0]} to {KNOWN[1]}, over 365 days of {round(people)} "
    note += f"people: {COUNTED_WAITING} counted waiting in late 2022, and entries of "
    note += (
        f"{ON_THE_WAY:.0f} days, as long as a transit form holds, assumed; all counted in Mexico"
    )
    source = f"{DEATHS};{COUNTS};{FORM};assumed"
    rate = setting("harm.stay", part / days, "1/day", source, note, at="country:MX")
    small = {"low": part / days / 2, "value": part / days, "high": part / days * 2}
    yield rate | {name: f"{value:.3g}" for name, value in small.items()}


def _entering(shared: Shared) -> float:
    """Return people who enter by land on a day of the last year before the run."""
    table = inflows(shared)
    year = table["month"].between(*KNOWN) & (table["route"] != "parole")
    return float(table[year]["persons"].astype(float).sum()) / 365


def recorded_shapes(shared: Shared) -> Iterator[Setting]:
    """Give how far recorded deaths come in clusters, in each region."""
    same = pd.Series(1.0, index=BEFORE)
    for cluster in (
        Cluster("mexico_central_america", ("",), same, "the mean of three months"),
        Cluster("darien", ("country:CO", "country:PA"), same, "the mean of three months"),
        Cluster(
            "us_border", ("kind:destination_zone",), in_season(shared),
            "the rate of three months per encounter, by season",
        ),
    ):  # fmt: skip
        counted = deaths(shared, cluster.region)
        shape = shape_of(counted.to_numpy(), cluster.expected.to_numpy())
        spread = counted.var() / counted.mean()
        note = f"negative binomial round {cluster.removed}, {BEFORE[0]} to {BEFORE[-1]}, by the "
        note += f"method of moments; monthly variance over mean {spread:.0f}"
        source = DEATHS if cluster.expected is same else f"{DEATHS};{ENCOUNTERS}"
        for at in cluster.at:
            yield setting("harm.recorded_shape", round(shape, 2), "-", source, note, at=at)


def shape_of(counted: np.ndarray, expected: np.ndarray) -> float:
    """Return the shape of a negative binomial whose mean follows a level of three months.

    Parameters
    ----------
    counted
        Counts by month, shape (T,).
    expected
        What they are proportional to, but for the level.

    Returns
    -------
    float
        Shape k such that the variance is ``m + m^2 / k`` for a mean of m.
    """
    three = np.ones(3)
    part = expected[1:-1] / np.convolve(expected, three, "valid")
    mean = np.convolve(counted, three, "valid") * part
    # A month is a part of its own mean: it lies closer to it, and the mean's square is too large.
    variance = (counted[1:-1] - mean) ** 2 / (1.0 - part)
    square = (mean**2 - part * variance).mean()
    return float(square / (variance - mean).mean())
