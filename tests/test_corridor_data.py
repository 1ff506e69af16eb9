"""The bundled corridor's files: whole, consistent, and as their sources say."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
CORRIDOR = ROOT / "rumbo" / "corridors" / "darien-rio-bravo"
SHARED = Path(os.environ.get("RUMBO_SHARED", ROOT.parent / "shared"))

NATIONALITIES = "MEX GTM HND SLV NIC VEN CUB HTI COL ECU PER BRA CHN IND OTH".split()
CITING = sorted(
    path.name
    for pattern in ("groups", "inflows", "levers", "figures", "settings*")
    for path in CORRIDOR.glob(f"{pattern}.csv")
)
KEYS = ["component", "area", "nationality", "month"]


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CORRIDOR / name, keep_default_na=False, na_values=[""])


def figures(measure: str, **where: str) -> pd.DataFrame:
    found = table("figures.csv")
    found = found[found["measure"] == measure].fillna({"component": "", "area": ""})
    for column, value in where.items():
        found = found[found[column] == value]
    return found


def series(measure: str, **where: str) -> pd.Series:
    return figures(measure, **where).set_index("month")["value"]


def months(first: str, last: str) -> list[str]:
    return pd.period_range(first, last, freq="M").astype(str).tolist()


def test_source_keys_are_unique():
    assert table("sources.csv")["source"].is_unique


@pytest.mark.parametrize("name", CITING)
def test_every_source_resolves(name):
    known = {*table("sources.csv")["source"], "assumed"}
    cited = {key for cell in table(name)["source"] for key in cell.split(";")}
    assert cited <= known


@pytest.mark.parametrize("name", [name for name in CITING if name.startswith("settings")])
def test_levers_of_settings_are_in_the_calendar(name):
    assert set(table(name)["lever"].dropna()) <= set(table("levers.csv")["lever"])


def test_levers_end_after_they_start():
    levers = table("levers.csv").dropna(subset="until")
    assert (levers["since"] < levers["until"]).all()


def test_groups_are_every_nationality_by_household():
    groups = table("groups.csv")
    expected = {f"{nation}-{home}" for nation in NATIONALITIES for home in ("adult", "family")}
    assert set(groups["id"]) == expected
    assert len(groups) == 30


@pytest.mark.parametrize(
    ("measure", "without", "last"),
    [
        ("darien", [], "2025-04"),
        ("honduras", [], "2025-04"),
        ("mexico_encounters", ["MEX"], "2025-04"),
        ("mexico_returns", ["MEX"], "2025-04"),
        ("encounters", [], "2025-05"),
    ],
)
def test_every_month_and_nationality_is_there_once_and_sums_to_the_total(measure, without, last):
    found = figures(measure, area="all")
    found = found[found["month"] <= last]
    assert not found.duplicated(KEYS).any()
    for _, part in found.groupby("component"):
        by_nation = part.pivot_table(index="month", columns="nationality", values="value")
        nations = by_nation.drop(columns="all")
        assert list(by_nation.index) == months("2021-01", last)
        assert set(nations) == set(NATIONALITIES) - set(without)
        assert not by_nation.isna().any(axis=None)
        assert nations.sum(axis=1).tolist() == pytest.approx(by_nation["all"].tolist())


@pytest.mark.parametrize(("component", "areas"), [("USBP", 9), ("OFO", 4)])
def test_areas_sum_to_the_component(component, areas):
    found = figures("encounters", component=component, nationality="all")
    by_area = found.pivot_table(index="month", columns="area", values="value").loc[:"2025-05"]
    assert len(by_area.columns) == areas + 1
    assert by_area.drop(columns="all").sum(axis=1).tolist() == by_area["all"].tolist()


@pytest.mark.parametrize(
    ("measure", "first", "last", "published"),
    [
        ("darien", "2021-01", "2021-12", 133_726),
        ("darien", "2022-01", "2022-12", 248_284),
        ("darien", "2023-01", "2023-12", 520_085),
        ("darien", "2024-01", "2024-12", 302_203),
        ("mexico_encounters", "2022-01", "2022-12", 441_409),
        ("mexico_encounters", "2024-01", "2024-04", 465_191),
        ("mexico_encounters", "2024-01", "2024-08", 925_085),
        ("mexico_encounters", "2024-01", "2024-12", 1_234_425),
        ("parole_arrivals", "2022-10", "2024-08", 517_700),
        ("appointments", "2023-01", "2024-08", 771_350),
    ],
)
def test_sums_equal_published_ones(measure, first, last, published):
    total = series(measure, area="all", nationality="all").loc[first:last].sum()
    assert total == pytest.approx(published, abs=30)


@pytest.mark.parametrize(
    ("month", "published"),
    [("2023-12", 249_740), ("2024-01", 124_215), ("2024-11", 46_612), ("2025-08", 6_321)],
)
def test_border_patrol_months(month, published):
    found = series("encounters", component="USBP", area="all", nationality="all")
    assert found[month] == pytest.approx(published, abs=2)


def test_fiscal_year_2024_of_both_components():
    found = figures("encounters", area="all", nationality="all")
    total = found[found["month"].between("2023-10", "2024-09")]["value"].sum()
    assert total == pytest.approx(2_135_005, abs=20)


def test_figures_are_not_published_before_their_month_ends():
    found = table("figures.csv")
    found = found[found["measure"] != "waiting"]
    ends = pd.PeriodIndex(found["month"], freq="M").end_time.strftime("%Y-%m-%d")
    assert (found["published"].to_numpy() >= ends.to_numpy()).all()


def test_estimates_of_people_waiting_lie_in_their_range_at_known_places():
    found = figures("waiting")
    assert set(found["area"]) <= set(table("places.csv")["id"])
    assert (found["published"].str[:7] >= found["month"]).all()
    assert ((found["low"] <= found["value"]) & ~(found["high"] < found["value"])).all()


def entries() -> pd.DataFrame:
    inflows = table("inflows.csv")
    inflows = inflows[inflows["route"] != "parole"]
    inflows = inflows.assign(nationality=inflows["group"].str[:3])
    return wide(inflows, "persons")


def wide(found: pd.DataFrame, column: str) -> pd.DataFrame:
    return found.pivot_table(
        index="month", columns="nationality", values=column, aggfunc="sum", fill_value=0
    )


def test_inflows_are_at_known_places_of_known_groups():
    inflows = table("inflows.csv")
    assert set(inflows["place"]) <= set(table("places.csv")["id"])
    assert set(inflows["group"]) <= set(table("groups.csv")["id"])
    assert not inflows.duplicated(["month", "place", "group", "route"]).any()
    assert (inflows["persons"] > 0).all()


def test_entries_are_near_the_encounters_of_the_year_before_the_run():
    found = figures("encounters", area="all")
    seen = wide(found, "value")
    ratio = entries().loc["2022-07":"2023-06"].sum() / seen.loc["2022-07":"2023-06"].sum()
    assert ratio[["MEX", "GTM", "HND", "SLV"]].to_numpy() == pytest.approx(1.0, abs=0.01)
    assert ratio.drop("all").between(0.5, 1.5).all()


def test_latent_entries_do_not_follow_the_run():
    inflows = table("inflows.csv")
    direct = inflows[inflows["route"] == "direct"].groupby("month")["persons"].sum()
    later = direct.loc["2023-07":"2025-04"].groupby(lambda month: month[5:])
    assert (later.max() - later.min()).max() < 1


def test_darien_entries_are_the_darien_count():
    inflows = table("inflows.csv")
    overland = inflows[inflows["route"] == "overland"].groupby("month")["persons"].sum()
    counted = series("darien", nationality="all")
    assert overland.loc[:"2025-04"].sum() == pytest.approx(counted.sum(), rel=0.001)


def test_parole_adds_up_to_the_published_total():
    inflows = table("inflows.csv")
    parole = inflows[inflows["route"] == "parole"]
    assert parole["persons"].sum() == pytest.approx(531_690, abs=20)
    assert parole["month"].max() == "2025-01"


def test_ranges_of_derived_settings_hold_their_values():
    settings = table("settings_derived.csv")
    slack = 1e-6
    assert not (settings["low"] > settings["value"] + slack).any()
    assert not (settings["high"] < settings["value"] - slack).any()


def test_custody_shares_leave_room_for_release():
    settings = table("settings_derived.csv")
    shares = settings[settings["parameter"].isin(["crossing.expelled", "crossing.removed"])]
    sums = shares.fillna({"since": ""}).groupby(["group", "since"])["value"].sum()
    assert sums.between(0, 1).all()


def test_sector_shares_sum_to_one_but_for_the_floor():
    settings = table("settings_derived.csv")
    appeal = settings[settings["parameter"] == "sector.appeal"]
    shares = np.exp(appeal["value"]).groupby(appeal["group"]).sum()
    assert shares.between(0.999, 1.02).all()


def test_files_are_what_the_sources_give():
    if not SHARED.is_dir():
        assert os.environ.get("CI") != "true", f"{SHARED} is missing; set RUMBO_SHARED"
        pytest.skip("the folder of gathered sources is not here; set RUMBO_SHARED")
    command = [sys.executable, "scripts/transcribe.py", str(SHARED), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
