"""Runs in parts, each by itself, joined to the bytes of the whole run."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import xarray as xr
from command_line import ROOT, THREE_PLACES, content, environment
from command_line import here as command
from helpers import three_places

from rumbo.files.faults import Faults
from rumbo.run.folder import MANIFEST, RESULT, is_finished, keep_run, open_run
from rumbo.run.parts.join import join_parts, run_part, spec_of_parts
from rumbo.run.parts.part import RunPart, read_part
from rumbo.run.simulate import make_ready, simulate
from rumbo.run.spec import RunSpec

MEMBERS, PARTS = 20, 3
RECIPES = ROOT / "examples" / "cluster"


def asked(**other: int | str) -> RunSpec:
    """Return the run that falls into parts."""
    base = three_places().between("2024-01-01", "2024-02-15")
    pair = [base, base.without("bus-closure")]
    return RunSpec.of(pair, **({"members": MEMBERS, "seed": 7} | other))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run in one piece."""
    from rumbo.run.folder import write_result
    from rumbo.run.simulate import execute

    folder = tmp_path_factory.mktemp("whole") / "run"
    with keep_run(folder, asked()) as store:
        write_result(folder, execute(asked(), 1, store))
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The parts, the last one first; nothing may change in them."""
    folder = tmp_path_factory.mktemp("parts")
    for number in reversed(range(1, PARTS + 1)):
        run_part(asked(), RunPart(number, PARTS), folder / f"part-{number}", workers=1)
    return [folder / f"part-{number}" for number in range(1, PARTS + 1)]


@pytest.fixture
def parts(made: list[Path], tmp_path: Path) -> list[Path]:
    """A copy of the parts."""
    return [shutil.copytree(one, tmp_path / "parts" / one.name) for one in made]


def test_every_member_is_in_one_part() -> None:
    chunks = make_ready(asked()).chunks
    for of in (1, 2, 3, len(chunks)):
        every = [one for n in range(1, of + 1) for one in RunPart(n, of).among(chunks)]
        assert every == chunks
        assert all(RunPart(n, of).among(chunks) for n in range(1, of + 1))


def test_parts_joined_are_the_whole_run(made: list[Path], whole: Path, tmp_path: Path) -> None:
    before = [content(one) for one in made]
    spec = spec_of_parts(made[::-1])
    result = join_parts(made[::-1], spec, tmp_path / "joined")
    xr.testing.assert_identical(result, open_run(whole))
    assert content(tmp_path / "joined") == content(whole)
    assert [content(one) for one in made] == before
    assert not list((tmp_path / "joined").glob("members"))


def test_joining_runs_nobody_again(
    made: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rumbo.run.simulate.run_branches", None)
    join_parts(made, spec_of_parts(made), tmp_path / "joined")
    again = join_parts(made, spec_of_parts(made), tmp_path / "joined")
    assert again.sizes["member"] == MEMBERS


def test_a_part_that_was_stopped_goes_on(made: list[Path], parts: list[Path]) -> None:
    folder = parts[1]
    files = sorted((folder / "members").iterdir())
    kept = files[0].stat().st_mtime_ns
    files[-1].unlink()
    assert not is_finished(folder)
    run_part(asked(), RunPart(2, PARTS), folder, workers=1)
    assert is_finished(folder)
    assert content(folder) == content(made[1])
    assert files[0].stat().st_mtime_ns == kept


def test_a_part_of_one_scenario_and_of_drawn_sets(tmp_path: Path) -> None:
    """Where members hold several sets of values, parts are cut along them."""
    scenario = three_places().between("2024-01-01", "2024-02-15")
    spec = RunSpec.of(scenario, 12, 3)
    folders = [tmp_path / str(n) for n in (1, 2)]
    for n, folder in enumerate(folders, 1):
        run_part(spec, RunPart(n, 2), folder)
    joined = join_parts(folders, spec_of_parts(folders), tmp_path / "joined")
    xr.testing.assert_identical(joined, simulate(scenario, members=12, seed=3, workers=1))


# What cannot be joined


def refused(folders: list[Path], out: Path) -> str:
    """Return what is said where parts cannot be joined; nothing may be written."""
    before = content(folders[0].parent)
    done = command("join", *folders, "--out", out)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not out.exists()
    assert content(folders[0].parent) == before
    return done.stderr


def test_missing_and_double_parts_are_told(parts: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "joined"
    assert "of 3 parts 1 are missing: 2" in refused([parts[0], parts[2]], out)
    assert "it holds part 1/3, as" in refused([*parts, parts[0]], out)
    copy = shutil.copytree(parts[0], tmp_path / "parts" / "copy")
    assert f"'{parts[0]}' does" in refused([*parts, copy], out)


def test_parts_of_different_runs_are_told(parts: list[Path], tmp_path: Path) -> None:
    out, other = tmp_path / "joined", tmp_path / "parts" / "other"
    run_part(asked(seed=8), RunPart(2, PARTS), other, workers=1)
    assert "of another run than" in refused([parts[0], other, parts[2]], out)
    shutil.rmtree(other)
    run_part(asked(), RunPart(2, 4), other, workers=1)
    assert "it is one of 4 parts" in refused([parts[0], other, parts[2]], out)


def test_unfinished_and_damaged_parts_are_told(parts: list[Path], tmp_path: Path) -> None:
    file = min((parts[1] / "members").iterdir())
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(whole)
    assert "part 2/3 is not finished" in refused(parts, tmp_path / "joined")
    file.unlink()
    assert "part 2/3 is not finished" in refused(parts, tmp_path / "joined")


def test_what_is_no_part_is_told(parts: list[Path], whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "joined"
    assert "it holds no part of a run" in refused([parts[0], whole], out)
    nowhere = parts[0].parent / "nowhere"
    assert "there is no such folder" in refused([parts[0], nowhere], out)
    with pytest.raises(Faults, match="one part of a run"):
        open_run(parts[0])


def test_parts_of_other_code_are_told(parts: list[Path], tmp_path: Path) -> None:
    for one in parts:
        manifest = json.loads((one / MANIFEST).read_bytes())
        manifest["run_id"] = "0" * 16
        manifest["versions"]["code"] = "abcdef0123456789"
        (one / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert "made by other code" in refused(parts, tmp_path / "joined")


def test_a_folder_of_another_part_or_of_the_whole_is_refused(
    parts: list[Path], whole: Path
) -> None:
    for folder in (parts[0], whole):
        before = content(folder)
        with pytest.raises(Faults, match="another part of this run, or the whole"):
            run_part(asked(), RunPart(2, PARTS), folder)
        assert content(folder) == before
    with (
        pytest.raises(Faults, match="another part of this run, or the whole"),
        keep_run(parts[0], asked()),
    ):
        pass


@pytest.mark.parametrize("said", [None, 5, ["1/3"], "7/3"])
def test_a_manifest_that_names_no_part_is_told(said: object, parts: list[Path]) -> None:
    path = parts[1] / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_bytes()), "part": said}), "utf-8")
    with pytest.raises(Faults, match="is no part of a run"):
        spec_of_parts(parts)


ODD = (
    ("scenarios", None), ("scenarios", []), ("scenarios", {"a": 1}), ("scenarios", [1]),
    ("arguments", None), ("arguments", {"members": "20", "seed": 7, "mode": "stochastic"}),
    ("arguments", {"members": 20, "seed": 7, "mode": "stochastic", "more": 1}),
    ("files", ["members"]), ("files", {"members": 5}), ("versions", [1]), ("layout", {"a": 1}),
    ("start", "soon"), ("name", 5), ("without", "bus-closure"), ("changes", [{"more": 1}]),
    ("deals", [5]), ("moved", [{"more": 1}]), ("asking", 5), ("posterior", 5),
)  # fmt: skip
"""What a manifest, or the first scenario in it, may say instead."""


@pytest.mark.parametrize(("name", "said"), ODD, ids=str)
def test_a_manifest_of_another_shape_is_told(name: str, said: object, parts: list[Path]) -> None:
    path = parts[0] / MANIFEST
    manifest = json.loads(path.read_bytes())
    of = manifest if name in {"scenarios", "layout", *manifest} else manifest["scenarios"][0]
    of[name] = said
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(Faults, match="cannot be read as what a run says of itself") as told:
        spec_of_parts(parts)
    assert str(path) in str(told.value)


@pytest.mark.parametrize("name", ["run_id", "arguments", "scenarios"])
def test_a_manifest_that_lacks_something_is_told(name: str, parts: list[Path]) -> None:
    path = parts[0] / MANIFEST
    manifest = json.loads(path.read_bytes())
    del manifest[name]
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(Faults, match="cannot be read as what a run says of itself"):
        spec_of_parts(parts)


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "a/b", "1/0", "1.5/3", "-1/3", ""])
def test_what_is_written_of_no_part_is_told(text: str, tmp_path: Path) -> None:
    with pytest.raises(Faults, match="is no part of a run"):
        read_part(text)
    done = command("run", THREE_PLACES, f"--part={text}", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert not (tmp_path / "run").exists()


def test_more_parts_than_chunks_are_told(tmp_path: Path) -> None:
    done = command("run", THREE_PLACES, "--members", 2, "--part", "3/50", "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "--part: the run falls into" in done.stderr
    assert not (tmp_path / "run").exists()


# As jobs of a cluster


@pytest.mark.parametrize("recipe", sorted(RECIPES.glob("*.sbatch")), ids=lambda path: path.name)
def test_recipes_are_scripts(recipe: Path) -> None:
    subprocess.run(["bash", "-n", str(recipe)], check=True, timeout=60)


@pytest.mark.slow
def test_a_job_array_gives_the_bytes_of_one_job(tmp_path: Path) -> None:
    """The recipe as Slurm would start it: two jobs of an array, of which one is given once more."""
    words = ["run", str(THREE_PLACES), "--end", "2024-02-15", "--members", "9", "--seed", "4"]
    jobs = environment() | {
        "RUMBO": f"{sys.executable} -m rumbo", "RUN": str(tmp_path / "parts"),
        "SLURM_ARRAY_TASK_MAX": "2", "SLURM_CPUS_PER_TASK": "1",
    }  # fmt: skip
    again = {"SLURM_ARRAY_TASK_MAX": "1", "PARTS": "2"}
    for number, more in (("1", {}), ("2", {}), ("1", again)):
        subprocess.run(
            ["bash", str(RECIPES / "array.sbatch"), *words],
            env=jobs | {"SLURM_ARRAY_TASK_ID": number} | more,
            check=True, capture_output=True, timeout=600,
        )  # fmt: skip
    parts, english = sorted((tmp_path / "parts").iterdir()), ("--language", "en")
    done = command("join", *parts, "--out", tmp_path / "joined", *english)
    assert done.returncode == 0, done.stderr
    assert command(*words, "--out", tmp_path / "whole", *english).returncode == 0
    for name in (RESULT, MANIFEST):
        assert (tmp_path / "joined" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
