"""Small corridors with a guided way: the smallest one's, and others drawn at random."""

from pathlib import Path

from folders import add, copy, swap

from rumbo.scenario.scenario import Scenario, load

WAY = "middle_town>north_crossing:guided"

LINK = "middle_town,north_crossing,guided,900,,,72,assumed,,,Apache-2.0,three days"

ROWS = (
    "smuggling.price,mode:guided,,,,set,7000,5000,9000,USD,,assumed,assumed,",
    "smuggling.elasticity,,,,,set,0.15,0.1,0.24,elasticity,,assumed,assumed,",
    "smuggling.budget,,,,,set,10000,,,USD,,assumed,assumed,",
    "smuggling.level,mode:guided,,,,set,1,,,utility,,assumed,assumed,",
    "checkpoint.mode,mode:guided,,,,set,0.3,,,factor,,assumed,assumed,",
)


def folder_with_guides(to: Path, *, listed: bool = True) -> Path:
    """Return the smallest corridor's folder with a guided way from its hub to its border city."""
    folder = copy(to)
    add(folder, "links.csv", LINK)
    for row in ROWS:
        add(folder, "settings.csv", row)
    if listed:
        swap(folder, "corridor.yaml", "  - shocks\n", "  - shocks\n  - smuggling\n")
    return folder


def guided(to: Path) -> Scenario:
    """Return the smallest corridor with a guided way that is in use."""
    return load(folder_with_guides(to))
