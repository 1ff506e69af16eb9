"""A crisis of five places in Flee's format, made up, and the six real ones where they are."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

START = date(2020, 1, 1)
DAYS = 40
CRISES = ("burundi2015", "car2013", "mali2012", "ssudan2013", "syria2013", "ukraine2022")

EXAMPLE = Path(__file__).parents[1] / "examples" / "five_places"

FILES = {
    str(path.relative_to(EXAMPLE)): path.read_text(encoding="utf-8")
    for path in sorted(EXAMPLE.rglob("*.*"))
    if path.suffix in (".csv", ".yml")
}
"""Text of each file."""


def write(to: Path) -> Path:
    """Write the crisis; return its folder."""
    folder = to / "five_places"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def on_day(day: int) -> date:
    """Return the date of a day of the run."""
    return START + timedelta(days=day)


def real_crises() -> Path:
    """Return the folder of the six crises; skip the test where it is not, but not in CI."""
    beside = Path(__file__).parents[2] / "shared" / "data" / "flee"
    folder = Path(os.environ.get("RUMBO_FLEE_DATA", beside))
    if not folder.is_dir():
        reason = f"the crises published with Flee are not in {folder}; set RUMBO_FLEE_DATA"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
