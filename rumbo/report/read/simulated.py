"""Which quantities a corridor makes happen at all: a zero of the others is no finding."""

from collections.abc import Iterable

from rumbo.report.page.words import as_number
from rumbo.report.read.run import Run

DYING = ("harm.passage", "harm.crossing", "harm.stay")
TAKING = ("transfer.share", "clearance.rate")

MADE_BY = {
    "stops": ("checkpoint.chance", "patrol.rate"),
    "gates": ("appointment.slots",),
    "transfers": TAKING,
    "moved_again": TAKING,
    "returns_by_transit": ("deport.share",),
    "asylum_applications": ("asylum.apply", "asylum.claim"),
    "parole_arrivals": ("parole.open",),
    "shelter_shortfall": ("shelter.places",),
    "visible_crowd": ("shelter.places",),
    "deaths": DYING,
    "deaths_recorded": DYING,
    "kidnappings": ("kidnap.rate",),
    "kidnappings_reported": ("kidnap.rate",),
}
"""Parameters of which one must be set above 0 for a quantity to be other than 0."""


def is_simulated(run: Run, key: str) -> bool:
    """Whether a quantity can be other than 0: something sets it going, or it is."""
    if key not in MADE_BY:
        return True
    rows = (row for row in run.records("settings") if row["parameter"] in MADE_BY[key])
    return any((as_number(row.get("value")) or 0.0) > 0.0 for row in rows) or bool(
        (run.series(key) != 0.0).any()
    )


def simulated(run: Run, keys: Iterable[str]) -> list[str]:
    """Return those quantities that can be other than 0."""
    return [key for key in keys if is_simulated(run, key)]


def not_simulated(run: Run, keys: Iterable[str]) -> str:
    """Say which quantities a corridor does not simulate; empty if it simulates all."""
    titles = [run.words(f"measure.{key}") for key in keys if not is_simulated(run, key)]
    return run.words("not_simulated", what="; ".join(titles)) if titles else ""
