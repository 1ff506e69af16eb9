"""A posterior: its file, what it does to members, and runs that hold it."""

import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import THREE_PLACES, here, rumbo
from helpers import QUIET, three_places, variant

from rumbo.cli.arguments import ask
from rumbo.engine.draws import keys, normal_quantile, uniforms
from rumbo.engine.step import Luck
from rumbo.files.faults import Faults
from rumbo.report import write_report
from rumbo.run.folder import CORRIDOR, keep_run, write_result
from rumbo.run.program import compile_scenario
from rumbo.run.rerun import repeat
from rumbo.run.simulate import execute, simulate
from rumbo.run.spec import RunSpec
from rumbo.scenario.calendar import resolve
from rumbo.scenario.posterior import POSTERIOR, Posterior
from rumbo.scenario.scenario import Scenario, load
from rumbo.scenario.values.levels import level_of

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
DAY = date(2024, 5, 2)
FREE = {"checkpoint.capacity": "country:MX", "transfer.seats": None, "appointment.slots": None}
"""What people of one nationality compete for with those of another, and where it is set."""


def posterior(
    *,
    nationalities: tuple[str, ...] = ("OTH",),
    values: dict[tuple[str, str], np.ndarray] | None = None,
    **paths: np.ndarray,
) -> Posterior:
    """Return a posterior of the smallest corridor: two draws of one value unless told otherwise."""
    given = {("checkpoint.chance", ""): np.array([-1.0, 1.0])} if values is None else values
    return Posterior("three_places", DAY, MONTHS, nationalities, given, paths, {"made": "by hand"})


def step_up(draws: int, size: float, since: int = 2, nationalities: int = 1) -> np.ndarray:
    """Return a path of the first nationality that goes up once, the same in every draw."""
    path = np.zeros((draws, len(MONTHS), nationalities))
    path[:, since:, 0] = size
    return path


def numbers(runs: xr.Dataset) -> xr.Dataset:
    return runs.drop_attrs()


@pytest.fixture
def two(tmp_path: Path) -> Scenario:
    """Two nationalities who compete for nothing."""
    person = {"id": "HND-adult", "nationality": "HND", "household": "adult"}
    names = {"name_en": "Honduras", "name_es": "Honduras"}
    inflows = [
        {"month": f"2024-0{m}", "place": "south_town", "group": "HND-adult", "route": "overland",
         "persons": 900, "quality": "assumed"}
        for m in range(1, 7)
    ]  # fmt: skip
    found = variant(tmp_path / "two", groups=[person | names], inflows=inflows)
    for parameter, at in FREE.items():
        found = found.change(parameter, 1e12, at=at)  # so much that crowding is nil
    return found


# The file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    values = {("stay.days", ""): rng.normal(size=7), ("checkpoint.chance", "x"): np.zeros(7)}
    one = posterior(values=values, stop=rng.normal(size=(7, 4, 1)), entry=np.ones((7, 4, 1)))
    other = Posterior.read(one.write(tmp_path / "a.npz"))
    assert other.digest == one.digest
    assert (other.corridor, other.as_of, other.months) == ("three_places", DAY, MONTHS)
    assert (other.nationalities, other.about, other.draws) == (("OTH",), {"made": "by hand"}, 7)
    for name, given in values.items():
        np.testing.assert_array_equal(other.values[name], given)
    np.testing.assert_array_equal(other.paths["stop"], one.paths["stop"])


def test_the_same_posterior_gives_the_same_bytes(tmp_path: Path) -> None:
    paths = {"entry": np.zeros((2, 4, 1)), "stop": np.ones((2, 4, 1))}
    one = posterior(**paths).write(tmp_path / "a.npz")
    other = posterior(**dict(reversed(paths.items()))).write(tmp_path / "b.npz")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_levels_are_kept_and_in_force(tmp_path: Path) -> None:
    base = three_places()
    place = base.network.places["id"][0]
    levels = (
        level_of("stay.days", place, "", None, "2024-03-01", "set", 3.0),
        level_of("asylum.apply", "", "", "2024-02-01", None, "multiply", 0.5),
    )
    one = replace(posterior(), levels=levels)
    again = Posterior.read(one.write(tmp_path / "a.npz"))
    assert again.digest == one.digest != posterior().digest
    assert [level[2:9] for level in again.levels][1] == levels[1][2:9]
    fitted = base.fitted(again)
    assert resolve(fitted, "stay.days", date(2024, 2, 1))[0].min() == 3.0
    at = date(2024, 3, 5)
    for parameter, factor in (("stay.days", 1.0), ("asylum.apply", 0.5)):
        plain = resolve(base, parameter, at)
        np.testing.assert_allclose(resolve(fitted, parameter, at), factor * plain)
    assert len(fitted.settings) == len(base.settings)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "found by the fit"), ("es", "hallado por el ajuste")]
)
def test_levels_stand_among_the_values_of_a_report(
    tmp_path: Path, language: str, words: str
) -> None:
    level = level_of("harm.undercount", "", "", None, None, "multiply", 1.5)
    fitted = three_places().fitted(replace(posterior(), levels=(level,)))
    runs = simulate(fitted, members=2, workers=1)
    assert words in write_report(runs, tmp_path / "page.html", language=language).read_text("utf-8")


def test_levels_of_another_corridor_are_refused() -> None:
    odd = replace(
        posterior(), levels=(level_of("stay.days", "atlantis", "", None, None, "set", 3.0),)
    )
    with pytest.raises(Faults, match="atlantis"):
        three_places().fitted(odd)


def test_a_file_without_levels_is_read(tmp_path: Path) -> None:
    path = posterior().write(tmp_path / "a.npz")
    with np.load(path) as file:
        arrays = dict(file)
    head = json.loads(str(arrays["head"])) | {"form": "rumbo posterior 1"}
    del head["levels"]
    with path.open("wb") as file:
        np.savez(file, **arrays | {"head": np.array(json.dumps(head))})
    assert Posterior.read(path).levels == ()


def test_any_change_changes_the_digest() -> None:
    one = posterior(stop=np.zeros((2, 4, 1)))
    others = [
        posterior(cross=np.zeros((2, 4, 1))), posterior(stop=step_up(2, 0.1)), posterior(),
        replace(one, as_of=date(2024, 5, 3)), replace(one, about={}),
    ]  # fmt: skip
    assert len({one.digest, *(other.digest for other in others)}) == 6


def test_many_members_and_months_stay_small(tmp_path: Path) -> None:
    rng, months = (
        np.random.default_rng(1),
        [f"{y}-{m:02}" for y in (2023, 2024) for m in range(1, 13)],
    )
    noise = {name: rng.normal(size=(200, 24, 15)) for name in ("entry", "stop", "cross")}
    names = tuple(f"N{n}" for n in range(15))
    big = Posterior("three_places", DAY, tuple(months), names, {}, noise)
    assert big.write(tmp_path / "big.npz").stat().st_size < 600_000


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _other_arrays(path: Path) -> None:
    with path.open("wb") as file:
        np.savez(file, something=np.arange(3))


def _another_form(path: Path) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    head = json.loads(str(arrays["head"])) | {"form": "rumbo posterior 99"}
    with path.open("wb") as file:
        np.savez(file, **arrays | {"head": np.array(json.dumps(head))})


def _endless(path: Path) -> None:
    with np.load(path) as file:
        arrays = dict(file)
    head = np.lib.format.magic(1, 0) + struct.pack("<H", 118)
    about = "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000000,), }"
    with zipfile.ZipFile(path, "w") as file:
        for name, array in arrays.items():
            buffer = BytesIO()
            np.lib.format.write_array(buffer, array)
            whole = head + about.ljust(117).encode() + b"\n"
            file.writestr(f"{name}.npy", whole if name == "values" else buffer.getvalue())


def _one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.arange(3))


@pytest.mark.parametrize(
    "damage",
    [
        _cut, _other_arrays, _another_form, _one_array, _endless, Path.unlink,
        lambda path: path.write_bytes(b""), lambda path: path.write_text("month,value\n"),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = posterior(stop=np.zeros((2, 4, 1))).write(tmp_path / "p.npz")
    damage(path)
    with pytest.raises(Faults) as caught:
        three_places().fitted(path)
    assert str(path) in str(caught.value)
    assert "Give the file of a posterior" in str(caught.value)


def test_no_flipped_byte_changes_what_is_read(tmp_path: Path) -> None:
    """A flip is refused, or it hit something that says nothing, such as a name kept twice."""
    one = posterior(stop=np.random.default_rng(1).normal(size=(2, 4, 1)))
    path = one.write(tmp_path / "p.npz")
    whole, refused = path.read_bytes(), 0
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            assert Posterior.read(path).digest == one.digest
        except Faults:
            refused += 1
    assert refused > len(whole) / 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"values": {}}, "expected one number"),
        ({"values": {("stay.days", ""): np.zeros(3)}}, "expected one number"),
        ({"values": {("stay.day", ""): np.zeros(2)}}, "Write 'stay.days'"),
        ({"values": {("stay.days", ""): np.array([0.0, np.nan])}}, "stay.days"),
        ({"paths": {"stop": np.zeros((2, 4, 2))}}, "(draws, 4, 1)"),
        ({"paths": {"stop": np.full((2, 4, 1), 11.0)}}, "within 10"),
        ({"paths": {"transfer": np.zeros((2, 4, 1))}}, "entry, stop, cross"),
        ({"months": ("2024-01", "2024-03")}, "follow each other"),
        ({"months": ("2024-1",)}, "YYYY-MM"),
        ({"nationalities": ("OTH", "OTH")}, "twice"),
    ],
)
def test_parts_that_do_not_fit_are_refused(wrong: dict[str, object], told: str) -> None:
    paths = {"stop": np.zeros((2, 4, 1))} if wrong.get("values") else {}
    plain = {"months": MONTHS, "nationalities": ("OTH",), "paths": paths}
    plain["values"] = {("stay.days", ""): np.zeros(2)}
    with pytest.raises(Faults, match=told.replace("(", r"\(").replace(")", r"\)")):
        Posterior("three_places", DAY, **plain | wrong)


# Which corridor


def test_a_posterior_of_another_corridor_is_refused() -> None:
    with pytest.raises(Faults, match="of the corridor 'elsewhere', expected 'three_places'"):
        three_places().fitted(replace(posterior(), corridor="elsewhere"))


def test_a_posterior_of_an_older_state_is_refused() -> None:
    older = posterior(nationalities=("XYZ",), values={("transfer.seats", "gone"): np.zeros(2)})
    with pytest.raises(Faults) as caught:
        three_places().fitted(older)
    assert "no nationality 'XYZ'" in str(caught.value)
    assert "no lever 'gone'" in str(caught.value)


def test_a_corridor_without_a_posterior_says_so() -> None:
    with pytest.raises(Faults, match="no posterior of its own"):
        three_places().fitted()


def test_a_posterior_in_the_folder_is_the_corridors_own(tmp_path: Path) -> None:
    scenario = variant(tmp_path)
    posterior().write(tmp_path / POSTERIOR)
    assert scenario.fitted().posterior.digest == posterior().digest


def test_a_fitted_scenario_keeps_its_name_and_tells() -> None:
    plain = three_places()
    fitted = plain.fitted(posterior())
    other = fitted.without("bus-closure")
    assert (fitted.name, other.name) == ("base", "without bus-closure")
    assert other.posterior is fitted.posterior
    assert "posterior" not in plain.describe()
    assert fitted.describe()["posterior"]["as_of"] == "2024-05-02"
    assert fitted.digest() != plain.digest()


def test_days_may_be_chosen_before_the_fit_or_after() -> None:
    levels = (level_of("stay.days", "middle_town", "", "2024-04-01", None, "set", 3.0),)
    made, plain = replace(posterior(), levels=levels), three_places()
    before = plain.between("2024-01-01", "2024-02-29").fitted(made)
    assert before.digest() == plain.fitted(made).between("2024-01-01", "2024-02-29").digest()


def test_a_written_scenario_brings_its_posterior(tmp_path: Path) -> None:
    fitted = three_places().fitted(posterior(stop=step_up(2, 0.5)))
    again = load(fitted.write(tmp_path / "own")).fitted()
    one, other = (numbers(simulate(s, members=2, workers=1)) for s in (fitted, again))
    xr.testing.assert_identical(one, other)


# What it does to members


def test_members_hold_the_draws_in_turn() -> None:
    three = posterior(values={("checkpoint.chance", ""): np.array([-1.0, 0.0, 1.5])})
    runs = simulate(three_places().fitted(three), members=5, mode="expected", workers=1)
    stops = runs["stops"].isel(scenario=0).sum(["place", "group", "month"]).values
    np.testing.assert_array_equal(stops[3:], stops[:2])
    assert stops[0] < stops[1] < stops[2]


def test_a_member_does_not_depend_on_how_many_there_are() -> None:
    fitted = three_places().fitted(posterior(stop=step_up(2, 0.5)))
    few, many = (numbers(simulate(fitted, members=n, seed=1, workers=1)) for n in (5, 9))
    xr.testing.assert_identical(few.sel(member=4), many.sel(member=4))


def test_values_equal_to_the_members_own_change_nothing() -> None:
    base, members, seed = three_places(), np.arange(3), 4
    names = {name for doubts in compile_scenario(base).noise.doubts for name in doubts}
    assert len(names) > 5
    own = {
        name: np.array(
            [normal_quantile(u) for u in uniforms(seed, members, keys([("value", *name)]))[:, 0]]
        )
        for name in names
    }
    luck = Luck(seed, members, 0, True)
    one, other = (
        compile_scenario(s).noise.of(luck, "2024-02", 0)
        for s in (base, base.fitted(posterior(values=own)))
    )
    for mine, yours in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, yours)


def test_twice_the_entries_of_one_nationality(two: Scenario) -> None:
    path = step_up(1, np.log(2), since=2, nationalities=1)
    twice = two.fitted(posterior(nationalities=("HND",), values={}, entry=path))
    one, other = (simulate(s, mode="expected")["entries"].isel(scenario=0, member=0)
                  for s in (two, twice))  # fmt: skip
    ratio = (other / one).transpose("group", "month")
    np.testing.assert_allclose(ratio.sel(group="HND-adult"), [1, 1, 2, 2, 2, 2], rtol=1e-3)
    np.testing.assert_array_equal(ratio.sel(group=["OTH-adult", "OTH-family"]), 1)


def test_before_the_first_month_its_factor_holds(two: Scenario) -> None:
    path = np.full((1, 1, 1), np.log(2))
    late = Posterior("three_places", DAY, ("2024-05",), ("HND",), {}, {"entry": path})
    one, other = (simulate(s, mode="expected")["entries"] for s in (two, two.fitted(late)))
    ratio = (other / one).sel(group="HND-adult").values.ravel()
    np.testing.assert_allclose(ratio, 2, rtol=1e-3)


@pytest.mark.parametrize(("family", "measure"), [("stop", "stops"), ("cross", "encounters")])
def test_a_path_bears_on_one_nationality_only(two: Scenario, family: str, measure: str) -> None:
    path = {family: step_up(1, 0.5)}
    fitted = two.fitted(posterior(nationalities=("HND",), values={}, **path))
    one, other = (
        runs[measure]
        .isel(scenario=0, member=0)
        .sum([d for d in ("place", "area") if d in runs[measure].dims])
        for runs in (simulate(s, mode="expected") for s in (two, fitted))
    )
    if measure == "encounters":
        one, other = one.sel(component="USBP"), other.sel(component="USBP")
    ratio = (other / one).transpose("group", "month")
    np.testing.assert_array_equal(ratio.sel(group=["OTH-adult", "OTH-family"]), 1)
    np.testing.assert_array_equal(ratio.sel(group="HND-adult")[:2], 1)
    assert float(ratio.sel(group="HND-adult")[2]) > 1.1


def test_parole_flights_keep_their_own_number(tmp_path: Path) -> None:
    flight = {"month": "2024-02", "place": "middle_town", "group": "OTH-adult", "route": "parole",
              "persons": 300, "quality": "assumed"}  # fmt: skip
    opened = {"parameter": "parole.open", "operation": "set", "value": 1, "unit": "0/1",
              "quality": "assumed"}  # fmt: skip
    airport = {"id": "airport", "name": "Airport", "country": "US", "lat": 30, "lon": -100,
               "kind": "airport", "roles": "arrival_airport"}  # fmt: skip
    flown = {"from": "middle_town", "to": "airport", "mode": "passenger_air", "distance_km": 900,
             "typical_hours": 3, "method": "assumed"}  # fmt: skip
    more = {"places": [airport], "links": [flown]}
    base = variant(tmp_path / "p", inflows=[flight], settings=[opened], **more)
    twice = base.fitted(posterior(values={}, entry=np.full((1, 4, 1), np.log(2))))
    programs = [compile_scenario(s) for s in (base, twice)]
    paroled = ~programs[0].counted
    assert paroled.any()
    off = [p.noise.of(Luck(0, np.arange(1), 0, False), "2024-02", 0).entry[0] for p in programs]
    np.testing.assert_array_equal(off[1][paroled], off[0][paroled])
    np.testing.assert_allclose(off[1][~paroled] / off[0][~paroled], 2, rtol=1e-3)


def block(scenario: Scenario, family: str, month: str) -> np.ndarray:
    """Return the factors of a family's rates in a month: members, nationalities, places."""
    program = compile_scenario(scenario)
    factor = program.noise.of(Luck(3, np.arange(4), 0, True), month, 0).rate
    return factor[:, :, program.noise.axis.of(family)]


def test_a_path_takes_the_place_of_the_common_half_of_shocks() -> None:
    still = three_places().fitted(posterior(stop=np.zeros((2, 4, 1))))
    assert three_places().settings["parameter"].eq("checkpoint.shock").any()
    for month in ("2024-01", "2024-04"):
        ours, plain = (block(s, "stop", month) for s in (still, three_places().fitted(posterior())))
        common = plain / ours
        assert len(np.unique(ours[0])) > 1
        np.testing.assert_allclose(common, common[:, :1, :1] * np.ones(common.shape), rtol=1e-12)
        assert (common[:, 0, 0] != 1).all()


def test_the_common_half_of_shocks_begins_after_the_last_month() -> None:
    still = three_places().fitted(posterior(stop=np.zeros((2, 4, 1))))
    after, plain = (
        block(s, "stop", "2024-05") for s in (still, three_places().fitted(posterior()))
    )
    np.testing.assert_array_equal(after, plain)


def test_entries_of_fitted_nationalities_have_no_shocks_beside_their_path() -> None:
    base = three_places().change("entries.shock", 0.3)
    still = base.fitted(posterior(values={}, entry=np.zeros((1, 4, 1))))
    luck = Luck(3, np.arange(4), 0, True)
    of = compile_scenario(still).noise.of
    now, then, after = (of(luck, month, 0).entry for month in ("2024-02", "2024-04", "2024-05"))
    np.testing.assert_array_equal(now, then)
    assert (after != now).all()


def test_departures_keep_their_shocks() -> None:
    fitted = three_places().fitted(posterior(stop=np.zeros((2, 4, 1))))
    ours, plain = (block(s, "depart", "2024-02") for s in (fitted, three_places()))
    np.testing.assert_array_equal(ours, plain)
    assert len(np.unique(ours)) > 1


def test_without_shocks_the_fit_still_holds() -> None:
    fitted = three_places().fitted(posterior(stop=step_up(2, 0.5))).without(QUIET)
    found = block(fitted, "stop", "2024-05")
    np.testing.assert_array_equal(found, block(fitted, "stop", "2024-03"))
    assert (found[0] != found[1]).any()
    np.testing.assert_array_equal(found[0], found[2])
    assert (block(fitted, "depart", "2024-03") == 1).all()


# Luck


def test_a_run_never_meets_the_luck_of_its_fit() -> None:
    """A fit's passes run posteriors of their own; what it leaves is another, with the same seed."""
    passing = posterior(stop=step_up(2, 0.3))
    left = replace(passing, about={"members": "2"})
    specs = [RunSpec.of(three_places().fitted(one), 2, seed=7) for one in (passing, left)]
    specs.append(RunSpec.of(three_places(), 2, seed=7))
    assert specs[2].luck.seed == 7
    assert len({spec.luck.seed for spec in specs}) == 3
    fit, run, plain = (numbers(execute(spec, workers=1)) for spec in specs)
    assert (fit["entries"] != run["entries"]).any()
    assert (fit["entries"] != plain["entries"]).any()


def test_scenarios_of_a_run_share_their_luck_whatever_the_posterior() -> None:
    base = three_places().fitted(posterior(stop=step_up(2, 0.3)))
    lucks = {
        RunSpec.of(s, n, 7).luck.seed for s in (base, base.without("bus-closure")) for n in (2, 9)
    }
    assert len(lucks) == 1


# Runs


def test_expected_members_differ_by_the_fit_alone() -> None:
    base = three_places()
    assert simulate(base, members=4, mode="expected").sizes["member"] == 1
    fitted = base.fitted(posterior())
    one, other = (simulate(fitted, members=4, seed=s, mode="expected", workers=1) for s in (1, 2))
    assert one.sizes["member"] == 4
    xr.testing.assert_identical(numbers(one), numbers(other))
    np.testing.assert_array_equal(one["waiting"][:, 0], one["waiting"][:, 2])


def test_scenarios_of_a_run_share_their_posterior() -> None:
    base = three_places()
    fitted = base.fitted(posterior()).without("bus-closure")
    with pytest.raises(ValueError, match="same posterior"):
        simulate([base, fitted], members=2)


def test_fitted_scenarios_agree_until_they_differ() -> None:
    base = three_places().fitted(posterior(stop=step_up(2, 0.3)))
    runs = numbers(simulate([base, base.without("bus-closure")], members=4, workers=1))
    before = runs["passages"].sel(month=slice(None, "2024-02"))
    np.testing.assert_array_equal(before[0], before[1])
    assert (runs["passages"][0] != runs["passages"][1]).any()


@pytest.mark.parametrize("mode", ["stochastic", "expected"])
def test_the_workers_change_nothing(mode: str) -> None:
    base = three_places().fitted(posterior(stop=step_up(2, 0.3), entry=step_up(2, -0.2)))
    pair = [base, base.without("bus-closure")]
    one, two = (simulate(pair, members=9, seed=4, workers=n, mode=mode) for n in (1, 2))
    xr.testing.assert_identical(one, two)
    assert one.attrs["posterior_as_of"] == "2024-05-02"


ASKED = {"members": 9, "seed": 2, "mode": "expected"}


def keep(folder: Path, scenario: Scenario) -> xr.Dataset:
    """Run, and keep the run."""
    with keep_run(folder, RunSpec.of(scenario, **ASKED)) as store:
        found = simulate(scenario, store=store, workers=1, **ASKED)
        write_result(folder, found)
    return found


def test_a_stopped_run_goes_on(tmp_path: Path) -> None:
    fitted = three_places().fitted(posterior(stop=step_up(2, 0.3)))
    undisturbed = simulate(fitted, workers=1, **ASKED)
    with keep_run(tmp_path, RunSpec.of(fitted, **ASKED)) as store:
        simulate(fitted, store=store, workers=1, **ASKED)
    gone = min((tmp_path / "members").iterdir())
    gone.unlink()
    with keep_run(tmp_path, RunSpec.of(fitted, **ASKED)) as store:
        seen: list[int] = []
        again = simulate(
            fitted, store=store, workers=1, progress=lambda done, _: seen.append(done), **ASKED
        )
    assert 0 < seen[0] < 9
    xr.testing.assert_identical(again, undisturbed)
    other = RunSpec.of(three_places(), **ASKED)
    with pytest.raises(Faults, match="another run"), keep_run(tmp_path, other):
        pass


def test_a_run_is_repeated_from_its_folder(tmp_path: Path) -> None:
    file = posterior(stop=step_up(2, 0.3)).write(tmp_path / "fit.npz")
    fitted = three_places().fitted(file).without("bus-closure")
    keep(tmp_path / "run", fitted)
    file.unlink()
    assert repeat(tmp_path / "run", 1, lambda done, whole: None) == []


def test_another_posterior_in_the_folder_is_noticed(tmp_path: Path) -> None:
    keep(tmp_path, three_places().fitted(posterior()))
    posterior(stop=step_up(2, 0.3)).write(tmp_path / CORRIDOR / POSTERIOR)
    with pytest.raises(Faults, match="not the posterior that the run was made with"):
        repeat(tmp_path, 1, lambda done, whole: None)


BY = {"encounters": ("component", "group"), "waiting": ("place",), "transfers": ()}


def test_sums_of_members_are_those_of_the_whole_run() -> None:
    base = three_places().fitted(posterior(stop=step_up(9, 0.3), values={}))
    pair = [base, base.without("bus-closure")]
    whole = simulate(pair, members=9, seed=3, workers=1)
    sums = execute(RunSpec.of(pair, seed=3, by=BY), workers=2)
    assert list(sums.data_vars) == list(BY)
    for name, kept in BY.items():
        over = [d for d in whole[name].dims[3:] if d not in kept]
        assert sums[name].dims == ("scenario", "member", "month", *kept)
        np.testing.assert_allclose(sums[name], whole[name].sum(over), rtol=1e-6)
        np.testing.assert_array_equal(sums["month"], whole["month"])


def test_sums_of_members_are_resumed(tmp_path: Path) -> None:
    base = three_places().fitted(posterior())
    asked = {"members": 9, "seed": 3, "mode": "expected"}
    spec = RunSpec.of(base, by=BY, **asked)
    with keep_run(tmp_path, spec) as store:
        one = execute(spec, 1, store)
    seen: list[int] = []
    with keep_run(tmp_path, spec) as store:
        two = execute(spec, 1, store, lambda n, _: seen.append(n))
    assert seen == [9]
    xr.testing.assert_identical(one, two)
    fewer = RunSpec.of(base, by={"transfers": ()}, **asked)
    with pytest.raises(Faults, match="another run"), keep_run(tmp_path, fewer):
        pass


@pytest.mark.parametrize(
    ("by", "told"),
    [({"visitors": ()}, "no measure 'visitors'"), ({"transfers": ("area",)}, "area")],
)
def test_sums_that_cannot_be_kept_are_refused(by: dict[str, tuple[str, ...]], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        execute(RunSpec.of(three_places(), 1, by=by))


def test_members_must_come_from_somewhere() -> None:
    with pytest.raises(ValueError, match="members is needed"):
        RunSpec.of(three_places(), by=BY)


# What readers are told


@pytest.mark.parametrize(
    ("language", "told"),
    [("en", "published by 2 May 2024"), ("es", "publicadas hasta el 2 de mayo de 2024")],
)
def test_the_report_says_what_levels_were_fitted_to(
    tmp_path: Path, language: str, told: str
) -> None:
    base = three_places()
    for scenario, said in ((base, False), (base.fitted(posterior()), True)):
        runs = simulate(scenario, members=2, workers=1)
        page = write_report(runs, tmp_path / "r.html", language=language).read_text("utf-8")
        assert page.count(told) == 3 * said  # in short, beside what was counted, above the record
        unfitted = {"en": "no level was fitted", "es": "ningún nivel se ajustó"}[language]
        assert (unfitted in page) is not said


def test_a_command_takes_a_posterior(tmp_path: Path) -> None:
    file = posterior(stop=step_up(2, 0.3)).write(tmp_path / "fit.npz")
    folder, days = tmp_path / "run", ("--end", "2024-02-29")
    asked = ("compare", THREE_PLACES, "--without", "checkpoints", "--members", "2", *days)
    made = rumbo(*asked, "--posterior", file, "--out", folder, "--language", "en")
    assert made.returncode == 0, made.stderr
    again = rumbo("rerun", folder)
    assert again.returncode == 0, again.stderr
    refused = here(*asked, "--fitted", "--out", tmp_path / "none")
    assert refused.returncode == 2
    assert "no posterior of its own" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_a_corridors_own_posterior_can_be_asked_for(tmp_path: Path) -> None:
    variant(tmp_path)
    posterior().write(tmp_path / POSTERIOR)
    assert ask(str(tmp_path)).posterior is None
    assert ask(str(tmp_path), posterior=True).posterior.draws == 2


def test_the_first_draws_keep_their_values_paths_and_sets() -> None:
    values = {("checkpoint.chance", ""): np.arange(5.0)}
    whole = replace(posterior(values=values, entry=step_up(5, 0.5)), sets=np.arange(5))
    few = whole.first(2)
    assert few.draws == 2
    np.testing.assert_array_equal(few.set_of(np.arange(4)), [0, 1, 0, 1])
    np.testing.assert_array_equal(few.paths["entry"], whole.paths["entry"][:2])
    assert few.values["checkpoint.chance", ""].tolist() == [0.0, 1.0]
