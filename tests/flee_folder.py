"""A crisis of five places in Flee's format, made up, and the six real ones where they are."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

START = date(2020, 1, 1)
DAYS = 40
CRISES = ("burundi2015", "car2013", "mali2012", "ssudan2013", "syria2013", "ukraine2022")

FILES = {
    "simsetting.yml": (
        "log_levels:\n  agent: 0\n"
        "spawn_rules:\n  sum_from_camps: True\n  insert_day0: True\n"
        "move_rules:\n  max_move_speed: 200\n  camp_weight: 2.0\n  start_on_foot: FALSE\n"
        "optimisations:\n  hasten: 1\n"
    ),
    "input_csv/sim_period.csv": f"StartDate,{START}\nLength,{DAYS}\n",
    "input_csv/locations.csv": (
        "#name,region,country,latitude,longitude,location_type,conflict_date,population\n"
        "Alda,North,Home,10.0,20.0,conflict_zone,0,1000\n"
        "Berk,North,Home,10.5,20.5,conflict_zone,5,500\n"
        "Corm,South,Home,11.0,21.0,town,,200\n"
        "Dun,East,Away,12.0,22.0,camp,,300\n"
        "Esk,East,Away,12.5,22.5,camp,,0\n"
    ),
    "input_csv/routes.csv": (
        "#name1,name2,distance,forced_redirection\n"
        "Alda,Corm,50,\nBerk,Corm,60,0\nCorm,Dun,80,\nCorm,Esk,120,\n"
    ),
    "input_csv/closures.csv": (
        "#closure_type,name1,name2,closure_start,closure_end\n"
        "country,Home,Away,2,6\ncamp,Esk,,0,4\n"
    ),
    "input_csv/conflicts.csv": "#Day,Alda,Berk\n"
    + "".join(f"{day},1,{int(day >= 5)}\n" for day in range(DAYS)),
    "input_csv/registration_corrections.csv": "Dun,2020-01-21,normalize\n",
    "source_data/data_layout.csv": (
        "total,refugees.csv\nDun,away-dun.csv\nEsk,away-esk.csv,away-esk-outside.csv\n"
    ),
    "source_data/refugees.csv": "2020-01-01,10\n2020-01-31,117\n",
    "source_data/away-dun.csv": "2020-01-01,10\n2020-01-11,120\n2020-01-21,60\n2020-01-31,90\n",
    "source_data/away-esk.csv": "2020-01-01,0\n2020-01-06,4\n2020-01-11,20\n",
    "source_data/away-esk-outside.csv": "2020-01-06,5\n2020-01-11,7\n",
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
