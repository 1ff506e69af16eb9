"""Set the levels that no source gives, on figures published before the bundled run starts.

How many enter for each counted or assumed, the chance of being stopped, the rate of applying for
asylum and the pull of the US sectors have a level that depends on everything else in the corridor.
They are set so that the expected run of January to May 2023 meets the figures of those months that
were published by 30 June 2023. Nothing later is looked at: the run that is shown starts on
1 July 2023.
Run

    python scripts/set_levels.py

after a change of the network, the rules or the other settings; it writes ``settings_levels.csv``.
"""

import csv
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import rumbo

FOLDER = Path(rumbo.__file__).parent / "corridors" / "darien-rio-bravo"
FILE = FOLDER / "settings_levels.csv"
COLUMNS = (
    "parameter", "at", "group", "since", "until", "known", "operation", "value", "low", "high",
    "unit", "lever", "source", "quality", "note",
)  # fmt: skip
START, END, AS_OF = "2023-01-01", "2023-05-31", "2023-06-30"
QUEUE = 776 * 45
"""People asking for an appointment: 776 slots a day, a wait of 45 days (30 to 60 reported)."""

ROUNDS = 20
DAMPING = 0.7
STEPS = {
    "entries.coverage": (0.05, 5.0), "checkpoint.chance": (0.05, 5.0), "asylum.apply": (0.05, 5.0),
    "appointment.request": (0.02, 20.0), "zone.reach": (-12.0, 12.0),
}  # fmt: skip
NOTE = "level set on January-May 2023 as published by 30 June 2023, before the run"


def observed() -> pd.DataFrame:
    """Return mean monthly figures of the window, as known at its end."""
    table = rumbo.figures(rumbo.load("darien-rio-bravo"), as_of=AS_OF)
    month = pd.to_datetime(table["month"])
    inside = table[(month >= START) & (month <= END)]
    by = ["measure", "component", "area", "nationality"]
    return inside.fillna({"component": ""}).groupby(by)["value"].mean().reset_index()


def figure(table: pd.DataFrame, measure: str, component: str, area: str, nationality: str) -> float:
    """Return one mean monthly figure."""
    row = table[
        (table["measure"] == measure) & (table["component"] == component)
        & (table["area"] == area) & (table["nationality"] == nationality)
    ]  # fmt: skip
    return float(row["value"].iloc[0])


def simulated() -> xr.Dataset:
    """Return the expected run of the window, as monthly means."""
    scenario = rumbo.load("darien-rio-bravo").between(START, END).without("shocks")
    runs = rumbo.simulate(scenario, mode="expected").isel(scenario=0, member=0)
    return runs.mean("month")


def ratios(runs: xr.Dataset, table: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Return observed over simulated for every level: by (parameter, at, group)."""
    found = {}
    usbp = runs["encounters"].sel(component="USBP")
    for nationality in dict.fromkeys(runs["nationality"].values.tolist()):
        mine = (runs["nationality"] == nationality).values
        both = [figure(table, "encounters", c, "all", nationality) for c in ("USBP", "OFO")]
        ours = float(runs["encounters"].isel(group=mine).sum())
        found["entries.coverage", "", nationality] = sum(both) / ours
    stops = figure(table, "stops", "", "all", "all")
    found["checkpoint.chance", "country:MX", ""] = stops / float(runs["stops"].sum())
    claims = figure(table, "asylum_applications", "", "all", "all")
    found["asylum.apply", "", ""] = claims / float(runs["asylum_applications"].sum())
    found["appointment.request", "", ""] = QUEUE / float(runs["queue"].sum())
    total = figure(table, "encounters", "USBP", "all", "all")
    places = rumbo.load("darien-rio-bravo").network.places
    sectors = places[places["kind"] == "destination_zone"]
    for place, sector in zip(sectors["id"], sectors["zone"], strict=True):
        share = figure(table, "encounters", "USBP", sector, "all") / total
        ours = float(usbp.sel(area=sector).sum() / usbp.sum())
        found["zone.reach", place, ""] = share / max(ours, 1e-6)
    return found


def revise(
    levels: dict[tuple[str, str, str], float], ratio: dict[tuple[str, str, str], float]
) -> dict[tuple[str, str, str], float]:
    """Move every level towards the figures."""
    new = {}
    for name, value in ratio.items():
        low, high = STEPS[name[0]]
        step = DAMPING * np.log(value)
        if name[0] == "zone.reach":
            new[name] = float(np.clip(levels.get(name, 0.0) + step, low, high))
        else:
            new[name] = float(np.clip(levels.get(name, 1.0) * np.exp(step), low, high))
    return new


def write(levels: dict[tuple[str, str, str], float]) -> None:
    """Write the levels as settings."""
    units = {"entries.coverage": "factor", "zone.reach": "utility"}
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for (parameter, at, group), value in sorted(levels.items()):
            ranged = parameter == "entries.coverage"
            multiplies = parameter not in units
            writer.writerow([
                parameter, at, group, "", "", AS_OF, "multiply" if multiplies else "",
                f"{value:.4g}", f"{value * 0.8:.4g}" if ranged else "",
                f"{value * 1.25:.4g}" if ranged else "", units.get(parameter, "factor"),
                "", "assumed", "assumed", NOTE,
            ])  # fmt: skip


def main() -> None:
    """Set the levels, round by round."""
    table, levels = observed(), {}
    write(levels)
    for turn in range(ROUNDS):
        ratio = ratios(simulated(), table)
        off = {k: round(v, 2) for k, v in ratio.items() if abs(np.log(max(v, 1e-9))) > 0.1}
        sys.stdout.write(f"round {turn + 1}: {len(off)} levels more than 10 % off {off}\n")
        levels = revise(levels, ratio)
        write(levels)


if __name__ == "__main__":
    main()
