"""The run folder: what was asked, the members finished so far, and the result."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from rumbo.files.atomic import (
    checksum,
    is_unfinished,
    is_whole,
    sweep,
    write_arrays,
    write_text,
    write_whole,
)
from rumbo.files.code import versions_now, why_another
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.run.netcdf import write_netcdf
from rumbo.run.parts.part import RunPart
from rumbo.run.parts.shape import has_shape
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Members
from rumbo.scenario.edit.write import write_header
from rumbo.scenario.header import read_header
from rumbo.scenario.posterior import POSTERIOR
from rumbo.scores.background import carried

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario

MANIFEST = "manifest.json"
RESULT = "result.nc"
MEMBERS = "members"
CORRIDOR = "corridor"
PART = "part"
LOCK = ".lock"

Arrays = dict[str, NDArray[Any]]
Manifest = dict[str, Any]


class ChunkStore:
    """Finished members on the disk, so that a run that was stopped can go on.

    Parameters
    ----------
    folder
        The run folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / MEMBERS
        self._folder.mkdir(exist_ok=True)
        sweep(self._folder)
        self._names: dict[str, int] = {
            one["name"]: number for number, one in enumerate(read_manifest(folder)["scenarios"])
        }

    def _path(self, scenario: str, members: Members) -> Path:
        number = self._names[scenario]
        return self._folder / f"scenario{number}-members{members[0]}-{members[-1] + 1}.npz"

    def has(self, scenario: str, members: Members) -> bool:
        """Whether these members of a scenario are there, whole; a damaged file counts as absent.

        Parameters
        ----------
        scenario
            Name of the scenario.
        members
            Numbers of the members, ascending; nobody is in two chunks, so that the ends tell them.

        Returns
        -------
        bool
        """
        return is_whole(self._path(scenario, members))

    def read(self, scenario: str, members: Members) -> Arrays:
        """Return the measures of finished members, as they were written.

        Parameters
        ----------
        scenario, members
            As in `has`.

        Returns
        -------
        dict
            Arrays by name of the measure.
        """
        with np.load(self._path(scenario, members), allow_pickle=False) as file:
            return dict(file)

    def write(self, scenario: str, members: Members, measures: Arrays) -> None:
        """Keep the measures of finished members.

        Parameters
        ----------
        scenario, members
            As in `has`.
        measures
            Arrays by name of the measure.

        Raises
        ------
        OSError
            If the disk refuses; members kept before stay.
        """
        write_arrays(self._path(scenario, members), measures)


@contextmanager
def keep_run(
    folder: str | Path, spec: RunSpec, part: RunPart | None = None
) -> Iterator[ChunkStore]:
    """Open a run folder for writing, new or to go on with the same run.

    Parameters
    ----------
    folder
        The run folder; made if it is not there.
    spec
        What is to be run.
    part
        The part of it that is kept here; the whole run if None.

    Yields
    ------
    ChunkStore
        Where finished members are kept.

    Raises
    ------
    Faults
        If the folder holds another run or other files, or another process is writing it.
    """
    folder, wanted = Path(folder), _manifest(spec, part)
    _check_free(folder, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder):
        _check_free(folder, wanted)
        sweep(folder)
        if not (folder / MANIFEST).exists():
            _copy_corridor(spec.scenarios[0], folder)
            _write_manifest(folder, wanted)
        yield ChunkStore(folder)


def write_result(folder: str | Path, result: xr.Dataset) -> None:
    """Write a run's result, after which its members' files are no longer needed and go.

    Parameters
    ----------
    folder
        The run folder, open by `keep_run`.
    result
        What `rumbo.simulate` returned.
    """
    folder = Path(folder)
    write_whole(folder / RESULT, lambda path: write_netcdf(result, path))
    _say_whole(folder, [folder / RESULT])
    shutil.rmtree(folder / MEMBERS, ignore_errors=True)


def finish_part(folder: str | Path) -> None:
    """Note that all members of a part are there.

    Parameters
    ----------
    folder
        The part's folder, open by `keep_run`.
    """
    _say_whole(Path(folder), sorted((Path(folder) / MEMBERS).iterdir()))


def _say_whole(folder: Path, files: list[Path]) -> None:
    manifest = read_manifest(folder)
    manifest["files"] = {one.relative_to(folder).as_posix(): checksum(one) for one in files}
    _write_manifest(folder, manifest)


def is_finished(folder: str | Path) -> bool:
    """Whether a run folder holds a whole result; that of a part, whether all its members."""
    known: dict[str, str] = read_manifest(folder).get("files", {})
    files = {Path(folder) / name: digest for name, digest in known.items()}
    there = (path.is_file() and checksum(path) == digest for path, digest in files.items())
    return bool(files) and all(there)


def open_run(folder: str | Path) -> xr.Dataset:
    """Read the result of a finished run.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    xarray.Dataset
        As `rumbo.simulate` returned it.

    Raises
    ------
    Faults
        If the folder holds no run, or one that is unfinished or damaged.
    """
    if not is_finished(folder):
        raise _fault(
            folder,
            "the run is not finished, or its result is damaged",
            "Give the command that made it once more; it goes on from the members that are there",
        )
    if PART in read_manifest(folder):
        cure = "Join all parts: rumbo join, with the folder of each"
        raise _fault(folder, "it holds one part of a run, which has no result of its own", cure)
    return carried(xr.load_dataset(Path(folder) / RESULT, engine="h5netcdf"))


def read_manifest(folder: str | Path) -> Manifest:
    """Return what a run folder says about itself.

    Parameters
    ----------
    folder
        The run folder.

    Returns
    -------
    dict
        Run id, arguments, scenarios, versions and checksums of files.

    Raises
    ------
    Faults
        If there is no manifest or it cannot be read.
    """
    path = Path(folder) / MANIFEST
    try:
        manifest: Manifest = json.loads(path.read_bytes())
        if not has_shape(manifest):
            raise ValueError(path)
        return manifest
    except FileNotFoundError:
        there = f"this is not the folder of a run: it has no {MANIFEST}"
        said = there if path.parent.exists() else "there is no such folder"
        cure = "Give the folder that rumbo run, rumbo compare or rumbo ask wrote"
        raise _fault(folder, said, cure) from None
    except (OSError, ValueError):
        cure = "Run it again into another folder"
        raise _fault(path, "the file cannot be read as what a run says of itself", cure) from None


def _manifest(spec: RunSpec, part: RunPart | None = None) -> Manifest:
    return {
        "run_id": spec.id,
        "arguments": {"members": spec.size, "seed": spec.seed, "mode": spec.mode},
        "corridor": spec.scenarios[0].id,
        "scenarios": [
            {
                **scenario.describe(),
                "start": scenario.start.isoformat(),
                "end": scenario.end.isoformat(),
                "digest": scenario.digest(),
            }
            for scenario in spec.scenarios
        ],
        **({"layout": spec.layout._asdict()} if spec.layout else {}),
        **({PART: str(part)} if part else {}),
        "versions": versions_now(),
    }


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True)
    write_text(folder / MANIFEST, text + "\n")


def _copy_corridor(scenario: "Scenario", folder: Path) -> None:
    """Keep the corridor's files as they are now, so that the run can be repeated from them."""
    target = folder / CORRIDOR
    if not (Path(scenario.folder) / "corridor.yaml").exists():  # read from another format
        shutil.rmtree(target, ignore_errors=True)
        scenario.write_base(target)
    else:
        target.mkdir(exist_ok=True)
        for path in sorted(Path(scenario.folder).iterdir()):
            if path.suffix in (".csv", ".yaml", ".geojson") and path.is_file():
                shutil.copyfile(path, target / path.name)
        if read_header(target, Collector()) != scenario.header:  # a rule was switched on
            write_header(scenario.header, target)
    if scenario.posterior:
        scenario.posterior.write(target / POSTERIOR)


def _check_free(folder: Path, wanted: Manifest) -> None:
    """Refuse a folder in which this run cannot be written; nothing in it is touched."""
    if folder.exists() and not folder.is_dir():
        raise _fault(folder, "a file stands where the run folder should be", "Give another --out")
    if (folder / MANIFEST).exists():
        manifest = read_manifest(folder)
        cure = "Give another --out, or remove the folder first"
        if manifest["run_id"] != wanted["run_id"]:
            runs = f"{manifest['run_id']}; this one is {wanted['run_id']}"
            raise _fault(folder, f"it holds another run ({runs}): {why_another(manifest)}", cure)
        if manifest.get(PART) != wanted.get(PART):
            raise _fault(folder, "it holds another part of this run, or the whole", cure)
    elif folder.exists() and not all(map(_is_leaving, folder.iterdir())):
        raise _fault(folder, "it holds files that are not a run", "Give a new or empty folder")


def _is_leaving(path: Path) -> bool:
    """Whether a run that was stopped before it had a manifest may have left this."""
    return path.name in (LOCK, CORRIDOR) or is_unfinished(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    try:
        with FileLock(folder / LOCK, timeout=0):
            yield
    except Timeout:
        cure = "Wait until it has finished, or give another --out"
        raise _fault(folder, "another process is writing this run", cure) from None


def _fault(place: str | Path, message: str, cure: str) -> Faults:
    return Faults([Fault(str(place), 0, message, cure)])
