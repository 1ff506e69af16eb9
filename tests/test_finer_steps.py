"""A finer step is the same journey: hours of a link belong to days, not to steps."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from rumbo.run.simulate import simulate
from rumbo.scenario.scenario import load

LINKS = {"AAA": ("bus", 6), "BBB": ("bus", 24), "CCC": ("bus", 36), "DDD": ("bus", 60),
         "EEE": ("walk", 36), "FFF": ("walk", 100)}  # fmt: skip
"""By nationality, each with an origin of its own: mode and hours of the link that leads on."""

CORRIDOR = """\
id: steps
title: {{en: Steps, es: Pasos}}
description: {{en: Made up, es: Inventado}}
start: 2024-01-01
end: 2024-05-31
step: {step}
record: day
licence: Apache-2.0
rules: [entries, departure, route, border]
"""

TABLES = {
    "places": [
        "id,name,country,lat,lon,kind,zone,source",
        "hub,Hub,XA,1,1,hub,,assumed",
        "there,There,XB,2,2,destination_zone,There,assumed",
        *(f"from_{n},From,XA,0,0,origin,,assumed" for n in LINKS),
    ],
    "links": [
        "from,to,mode,distance_km,typical_hours,method",
        "hub,there,border_crossing,1,1,assumed",
        *(f"from_{n},hub,{mode},500,{hours},assumed" for n, (mode, hours) in LINKS.items()),
    ],
    "groups": [
        "id,nationality,household,name_en,name_es,source",
        *(f"{n},{n},all,{n},{n},assumed" for n in LINKS),
    ],
    "inflows": [
        "month,place,group,route,persons,source",
        *(f"2024-01,from_{n},{n},overland,310,assumed" for n in LINKS),
    ],
    "sources": ["source,publisher,title"],
}


def mean_days(folder: Path, step: float, stay: float) -> np.ndarray:
    """Return the mean days from entering to being met at the end, by nationality."""
    folder.mkdir()
    (folder / "corridor.yaml").write_text(CORRIDOR.format(step=step), encoding="utf-8")
    settings = [
        "parameter,at,group,since,until,value,unit,lever,source",
        f"stay.days,,,,,{stay},days,,assumed",
        "mode.hours_per_day,mode:walk,,,,12,h/day,,assumed",
    ]
    for name, rows in (TABLES | {"settings": settings}).items():
        (folder / f"{name}.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")
    runs = simulate(load(folder), mode="expected", workers=1).isel(scenario=0, member=0)
    came, met = (_mean_day(runs[name]) for name in ("entries", "encounters"))
    return met - came


def _mean_day(counts: xr.DataArray) -> np.ndarray:
    by_day = counts.sum([dim for dim in counts.dims if dim not in ("day", "group")])
    by_day = by_day.transpose("day", "group").values
    return np.arange(len(by_day)) @ by_day / by_day.sum(axis=0)


@pytest.mark.parametrize("stay", [0, 1, 3.5])
def test_a_finer_step_is_the_same_journey(tmp_path: Path, stay: float) -> None:
    """Six links of 6 to 100 hours, two of them on foot for half the day, at three steps."""
    whole, half, quarter = (mean_days(tmp_path / str(step), step, stay) for step in (1, 0.5, 0.25))
    assert whole[0] == pytest.approx(2 * max(stay, 1), rel=1e-3)
    assert whole[-1] == pytest.approx(2 * max(stay, 1) + 100 / 12 - 1, rel=1e-3)
    np.testing.assert_allclose(half, whole, rtol=0.01)
    np.testing.assert_allclose(quarter, whole, rtol=0.01)
