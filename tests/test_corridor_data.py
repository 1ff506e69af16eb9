"""The bundled corridor's files: whole, consistent, and as their sources say."""

import os
import subprocess
import sys
from importlib import import_module
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
    for pattern in ("groups", "inflows", "levers", "figures", "publication", "settings*")
    for path in CORRIDOR.glob(f"{pattern}.csv")
)
FITTED = (
    "encounters", "stops", "returns_by_transit", "transit", "parole_arrivals", "appointments",
)  # fmt: skip
SINGLE_MONTHS = ("Chiapas", "Coahuila", "Tabasco")
"""Areas of which only single months were printed."""
ESTIMATES = ("waiting", "queue", "under_way")
KEYS = ["component", "area", "nationality", "month"]


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CORRIDOR / name, keep_default_na=False, na_values=[""])


def monthly() -> pd.DataFrame:
    """Figures of single months."""
    found = table("figures.csv")
    return found[found["month_end"].isna()]


def figures(measure: str, **where: str) -> pd.DataFrame:
    found = monthly()
    found = found[found["measure"] == measure].fillna({"component": "", "area": ""})
    for column, value in where.items():
        found = found[found[column] == value]
    return found


def counted(name: str, **where: str) -> pd.DataFrame:
    measure, _, component = name.partition("/")
    return figures(measure, **where, **({"component": component} if component else {}))


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
    ("measure", "without", "first", "last"),
    [
        ("transit/darien", [], "2020-01", "2025-04"),
        ("transit/honduras", [], "2018-01", "2025-04"),
        ("stops", ["MEX"], "2018-01", "2025-04"),
        ("returns_by_transit", ["MEX"], "2021-01", "2025-04"),
        ("encounters", [], "2021-01", "2025-05"),
    ],
)
def test_every_month_and_nationality_is_there_once_and_sums_to_the_total(
    measure, without, first, last
):
    found = counted(measure, area="all")
    found = found[found["month"].between(first, last)]
    assert not found.duplicated(KEYS).any()
    for _, part in found.groupby("component"):
        by_nation = part.pivot_table(index="month", columns="nationality", values="value")
        nations = by_nation.drop(columns="all")
        assert list(by_nation.index) == months(first, last)
        assert set(nations) == set(NATIONALITIES) - set(without)
        assert not by_nation.isna().any(axis=None)
        assert nations.sum(axis=1).tolist() == pytest.approx(by_nation["all"].tolist())


@pytest.mark.parametrize(("component", "areas"), [("USBP", 9), ("OFO", 4)])
def test_areas_sum_to_the_component(component, areas):
    found = figures("encounters", component=component, nationality="all")
    by_area = found.pivot_table(index="month", columns="area", values="value")
    by_area = by_area.loc["2021-01":"2025-05"]
    assert len(by_area.columns) == areas + 1
    assert by_area.drop(columns="all").sum(axis=1).tolist() == by_area["all"].tolist()


def test_early_border_patrol_parts_sum_to_the_total_but_for_rounding():
    found = figures("encounters", component="USBP")
    found = found[found["month"] < "2021-01"]
    total = found[(found["area"] == "all") & (found["nationality"] == "all")]
    total = total.set_index("month")["value"]
    nations = wide(found[found["nationality"] != "all"], "value", "nationality")
    sectors = wide(found[found["area"] != "all"], "value", "area")
    assert list(total.index) == list(nations.index) == months("2012-01", "2020-12")
    assert set(nations) == set(NATIONALITIES)
    # Nationalities that round to nothing are left out: the sum falls short of the total.
    assert (nations.sum(axis=1) - total).between(-90, 30).all()
    assert len(sectors.columns) == 9
    assert (sectors.sum(axis=1) - total).abs().max() < 45


def test_no_series_for_fitting_has_a_gap_or_a_month_twice():
    found = monthly().fillna({"component": ""})
    found = found[found["measure"].isin(FITTED) & ~found["area"].isin(SINGLE_MONTHS)]
    for key, part in found.groupby(["measure", "component", "area", "nationality"]):
        assert list(part["month"]) == months(part["month"].min(), part["month"].max()), key


@pytest.mark.parametrize(
    ("measure", "component", "first", "last"),
    [
        ("encounters", "USBP", "2012-01", "2026-01"),
        ("encounters", "OFO", "2013-10", "2026-01"),
        ("encounters", "all", "2025-09", "2026-07"),
        ("stops", "", "2018-01", "2025-09"),
        ("transit", "honduras", "2018-01", "2025-04"),
        ("transit", "darien", "2020-01", "2025-04"),
    ],
)
def test_totals_reach_from_first_to_last(measure, component, first, last):
    found = series(measure, component=component, area="all", nationality="all")
    assert list(found.index) == months(first, last)


def test_ports_worked_out_from_both_together_are_marked_and_known_with_the_later():
    found = figures("encounters", nationality="all", area="all")
    late = found[found["month"].between("2025-09", "2026-01")].set_index("month")
    ports, patrol, both = (late[late["component"] == c] for c in ("OFO", "USBP", "all"))
    assert (ports["value"] + patrol["value"] == both["value"]).all()
    assert set(ports["quality"]) == {"derived"}
    later = both["published"].where(both["published"] > patrol["published"], patrol["published"])
    assert (ports["published"] == later).all()


def test_a_month_worked_out_from_a_sum_is_known_with_the_next_statement():
    found = figures("encounters", component="USBP", nationality="all", area="all")
    found = found.set_index("month")["published"]
    assert found["2025-11"] == found["2025-12"] == "2026-01-16"


@pytest.mark.parametrize(
    ("measure", "first", "last", "published"),
    [
        ("transit/darien", "2021-01", "2021-12", 133_726),
        ("transit/darien", "2022-01", "2022-12", 248_284),
        ("transit/darien", "2023-01", "2023-12", 520_085),
        ("transit/darien", "2024-01", "2024-12", 302_203),
        ("stops", "2022-01", "2022-12", 441_409),
        ("stops", "2024-01", "2024-04", 465_191),
        ("stops", "2024-01", "2024-08", 925_085),
        ("stops", "2024-01", "2024-12", 1_234_425),
        ("parole_arrivals", "2022-10", "2024-08", 517_700),
        ("appointments", "2023-01", "2024-08", 771_350),
    ],
)
def test_sums_equal_published_ones(measure, first, last, published):
    found = counted(measure, area="all", nationality="all")
    total = found.set_index("month")["value"].loc[first:last].sum()
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
    found = found[~found["measure"].isin(ESTIMATES)]
    ends = pd.PeriodIndex(found["month_end"].fillna(found["month"]), freq="M").end_time.strftime(
        "%Y-%m-%d"
    )
    assert (found["published"].to_numpy() >= ends.to_numpy()).all()


def test_usual_delays_are_those_of_the_figures():
    delays = table("publication.csv").fillna({"component": ""})
    delays = delays.set_index(["measure", "component"])["delay_days"]
    found = table("figures.csv").fillna({"component": ""})
    found = found[(found["published_basis"] == "assumed") & ~found["measure"].isin(ESTIMATES)]
    found = found.join(delays, on=["measure", "component"]).dropna(subset="delay_days")
    assert set(found["measure"]) == set(delays.index.get_level_values("measure"))
    ends = pd.PeriodIndex(found["month_end"].fillna(found["month"]), freq="M")
    ends = ends.end_time.normalize()
    passed = (pd.to_datetime(found["published"]) - ends.to_numpy()).dt.days
    assert passed.tolist() == found["delay_days"].tolist()


@pytest.mark.parametrize(
    ("measure", "component", "expected"),
    [
        # Root mean squares of first releases against what they became, worked out by hand.
        ("stops", "", 0.0437),
        ("transit", "darien", 0.0324),
        ("encounters", "USBP", 0.0004),
    ],
)
def test_revisions_follow_from_first_releases(measure, component, expected):
    found = table("publication.csv").fillna({"component": ""})
    found = found[(found["measure"] == measure) & (found["component"] == component)]
    assert found["revision_sd"].tolist() == [expected]
    assert found["quality"].tolist() == ["derived"]


def test_elections_and_the_end_of_title_42_were_announced():
    levers = table("levers.csv")
    fixed = levers["lever"].str.contains("election|inauguration|title-42-")
    assert levers["announced"][fixed].notna().all()
    assert (levers["announced"].dropna() < levers["since"][levers["announced"].notna()]).all()


def test_estimates_of_people_waiting_lie_in_their_range_at_known_places():
    found = figures("waiting")
    assert set(found["area"]) <= set(table("places.csv")["id"])
    assert (found["published"].str[:7] >= found["month"]).all()
    assert ((found["low"] <= found["value"]) & ~(found["high"] < found["value"])).all()


def test_encounters_by_area_are_those_printed():
    found = table("figures.csv")
    found = found[(found["measure"] == "stops") & (found["nationality"] == "all")]
    found = found.set_index(["area", "month", found["month_end"].fillna("")])["value"]
    assert found["Tabasco", "2024-01", "2024-08"] == 442_365
    assert found["Chiapas", "2024-01", "2024-08"] == 315_887
    assert found["villahermosa", "2024-01", "2024-05"] == 93_618
    assert found["Tabasco", "2025-01", "2025-04"] == round(0.62 * 108_489)
    north = found[found.index.get_level_values("area").str.count(";") == 5]
    assert north.tolist() == [39_386, 58_142]


def test_spans_stand_beside_months_that_they_hold():
    found = table("figures.csv")
    spans = found[found["month_end"].notna()]
    assert (spans["month_end"] > spans["month"]).all()
    span = spans[(spans["area"] == "Tabasco") & (spans["month_end"] == "2023-12")]
    before = spans[(spans["area"] == "Tabasco") & (spans["month_end"] == "2023-11")]
    december = figures("stops", area="Tabasco", month="2023-12")["value"].item()
    everybody = before[before["nationality"] == "all"]["value"].item()
    assert span["value"].item() == everybody + december


def test_kept_appointments_vary_as_they_did_before_the_run():
    kept = figures("appointments", area="all", nationality="all").set_index("month")["value"]
    daily = np.array([kept["2023-02"] / 28, kept["2023-03"] / 31, kept["2023-04"] / 30])
    settings = table("settings_mechanisms.csv").set_index("parameter")
    cv = daily.std(ddof=1) / daily.mean()
    assert settings.loc["appointment.shock", "value"] == pytest.approx(cv, abs=5e-4)


def test_the_queue_is_one_figure_at_a_time():
    found = figures("queue").set_index("month")
    assert found.index.tolist() == ["2023-05", "2023-11", "2024-12"]
    last = found.loc["2024-12"]
    assert (last["low"], last["high"]) == (270_000, 280_000)
    assert found.loc["2023-11", "value"] == 56 * 1450


def test_transfers_say_by_what_people_were_moved():
    assert set(figures("transfers")["component"]) == {"bus"}


def entries() -> pd.DataFrame:
    inflows = table("inflows.csv")
    inflows = inflows[~inflows["route"].isin(["parole", "already_there"])]
    inflows = inflows.assign(nationality=inflows["group"].str[:3])
    return wide(inflows, "persons", "nationality")


def wide(found: pd.DataFrame, column: str, across: str) -> pd.DataFrame:
    return found.pivot_table(
        index="month", columns=across, values=column, aggfunc="sum", fill_value=0
    )


def test_inflows_are_at_known_places_of_known_groups():
    inflows = table("inflows.csv")
    assert set(inflows["place"]) <= set(table("places.csv")["id"])
    assert set(inflows["group"]) <= set(table("groups.csv")["id"])
    assert not inflows.duplicated(["month", "place", "group", "route"]).any()
    assert (inflows["persons"] > 0).all()


def test_entries_are_near_the_encounters_of_the_year_before_the_run():
    found = figures("encounters", area="all")
    seen = wide(found, "value", "nationality")
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
    counted = series("transit", component="darien", nationality="all").loc[overland.index.min() :]
    assert overland.loc[:"2025-04"].sum() == pytest.approx(counted.sum(), rel=0.001)


def test_people_at_ports_without_appointment_are_mostly_mexicans_and_do_not_follow_the_run():
    inflows = table("inflows.csv")
    inflows = inflows[inflows["route"] == "port"]
    gates = table("places.csv").set_index("id")["kind"]
    assert (gates[inflows["place"]] == "lawful_gate").all()
    people = wide(inflows.assign(nationality=inflows["group"].str[:3]), "persons", "nationality")
    assert people.index.min() == "2023-02"
    assert (people.max() - people.min()).max() < 1
    assert people["MEX"].iloc[0] == pytest.approx(4_659, abs=2)
    assert people.drop(columns="MEX").iloc[0].sum() == pytest.approx(1_515, abs=25)


def test_people_already_there_are_those_of_january_2023():
    inflows = table("inflows.csv")
    there = inflows[inflows["route"] == "already_there"]
    assert there["month"].unique().tolist() == ["2023-01"]
    assert there["persons"].sum() == pytest.approx(94_600, abs=10)
    assert set(there["group"].str[:3]) == {"HTI", "VEN", "CUB", "HND"}


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
    appeal = settings[settings["parameter"] == "zone.appeal"]
    shares = np.exp(appeal["value"]).groupby(appeal["group"]).sum()
    assert shares.between(0.999, 1.02).all()


def test_the_season_of_deaths_is_the_same_each_year_with_mean_one():
    rows = table("settings_derived.csv")
    rows = rows[(rows["parameter"] == "harm.crossing") & (rows["operation"] == "multiply")]
    by_month = rows.groupby(rows["since"].str[5:7])["value"]
    assert (by_month.min() == by_month.max()).all()
    assert by_month.first().mean() == pytest.approx(1, abs=1e-6)
    assert by_month.first().idxmax() == "06"


def test_rates_of_deaths_are_those_of_months_before_the_run():
    rows = table("settings_derived.csv")
    rate = rows[rows["operation"].isna()].set_index(["parameter", "at"])["value"]
    counts = series("deaths", area="darien")["2021-01":"2023-06"].sum()
    walked = series("transit", component="darien", nationality="all")["2021-01":"2023-06"].sum()
    trail = rate["harm.passage", "acandi>bajo_chiquito:walk"]
    assert trail == pytest.approx(counts / walked, rel=1e-2)


def test_the_shape_of_clusters_is_found_again(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    shape_of = import_module("transcription.derived_harm").shape_of
    rng, level = np.random.default_rng(5), np.linspace(20, 60, 20_000)
    expected = rng.uniform(0.5, 2.0, 20_000)
    for shape in (0.5, 5.0):
        counted = rng.poisson(level * expected * rng.gamma(shape, 1 / shape, 20_000))
        assert shape_of(counted, expected) == pytest.approx(shape, rel=0.1)


def test_files_are_what_the_sources_give():
    if not SHARED.is_dir():
        assert os.environ.get("CI") != "true", f"{SHARED} is missing; set RUMBO_SHARED"
        pytest.skip("the folder of gathered sources is not here; set RUMBO_SHARED")
    command = [sys.executable, "scripts/transcribe.py", str(SHARED), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
