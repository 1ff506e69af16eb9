"""Parts of a run: run one by one, anywhere and in any order, and joined to the run they are of."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import xarray as xr

from rumbo.files.code import why_another
from rumbo.files.faults import Fault, Faults
from rumbo.run.folder import (
    PART,
    ChunkStore,
    Manifest,
    finish_part,
    is_finished,
    keep_run,
    open_run,
    read_manifest,
    write_result,
)
from rumbo.run.parts.part import RunPart, read_part
from rumbo.run.rerun import spec_of
from rumbo.run.result import Months
from rumbo.run.simulate import execute, make_ready
from rumbo.run.spec import RunSpec
from rumbo.run.workers import Members, Progress, run_chunks

COMMAND = "rumbo join"
FEW = 5
"""Parts named at most where many are missing."""


def run_part(
    spec: RunSpec,
    part: RunPart,
    folder: Path,
    workers: int | None = None,
    progress: Progress | None = None,
) -> None:
    """Run one part of a run, or go on with it, and keep its members.

    Parameters
    ----------
    spec
        The whole run.
    part
        Which part.
    folder
        Where it is kept: a folder of its own.
    workers, progress
        As in `rumbo.simulate`.

    Raises
    ------
    Faults
        If there are fewer chunks of members than parts, or the folder holds something else.
    """
    ready = make_ready(spec)
    chunks = part.among(ready.chunks)
    with keep_run(folder, spec, part) as store:
        if is_finished(folder):
            return
        runs = run_chunks(ready.waves, ready.names, chunks, workers, store, progress)
        with closing(runs) as finished:
            for _ in finished:
                pass
        finish_part(folder)


def join_parts(
    folders: Sequence[Path], spec: RunSpec, out: Path, progress: Progress | None = None
) -> xr.Dataset:
    """Put the members of all parts together, and write the result of the whole run.

    Parameters
    ----------
    folders
        Those of the parts; they stay as they are.
    spec
        The whole run, as `spec_of_parts` returns it.
    out
        The folder of the whole run.
    progress
        Called after each chunk of members.

    Returns
    -------
    xarray.Dataset
        As `rumbo.simulate` returns it: the same bytes.

    Raises
    ------
    Faults
        If the folder holds another run or other files.
    """
    with keep_run(out, spec) as store:
        if is_finished(out):
            return open_run(out)
        result = execute(spec, store=_Parts(folders, store), progress=progress)
        write_result(out, result)
    return result


class _Parts:
    """Members of all parts, read where they are."""

    def __init__(self, folders: Sequence[Path], own: ChunkStore) -> None:
        self._stores = [*map(ChunkStore, folders), own]
        self._own = own

    def _of(self, scenario: str, members: Members) -> Iterator[ChunkStore]:
        return (store for store in self._stores if store.has(scenario, members))

    def has(self, scenario: str, members: Members) -> bool:
        """Whether a part holds these members of a scenario."""
        return next(self._of(scenario, members), None) is not None

    def read(self, scenario: str, members: Members) -> Months:
        """Return them as they were written."""
        return next(self._of(scenario, members)).read(scenario, members)

    def write(self, scenario: str, members: Members, measures: Months) -> None:
        """Keep members that a part lost since it was looked at."""
        self._own.write(scenario, members, measures)


def spec_of_parts(folders: Sequence[Path]) -> RunSpec:
    """Return the run that folders hold all parts of.

    Parameters
    ----------
    folders
        Those of the parts, in any order.

    Raises
    ------
    Faults
        If one holds no part, or an unfinished or damaged one, or one of another run or made by
        other code; or if a part is there twice, or missing.
    """
    manifests = [read_manifest(folder) for folder in folders]
    for fault in _wrong(list(zip(folders, manifests, strict=True))):
        raise Faults([fault])
    spec, first = spec_of(folders[0]), manifests[0]
    if spec.id != first["run_id"]:
        cure = "Join them with the version that made them, or run the parts again"
        raise Faults([Fault(str(folders[0]), 0, why_another(first), cure)])
    return spec


def _wrong(manifests: Sequence[tuple[Path, Manifest]]) -> Iterator[Fault]:
    """Go through what keeps folders from being joined."""
    first, begun = manifests[0]
    parts = dict[RunPart, Path]()
    for folder, manifest in manifests:
        if PART not in manifest:
            cure = "Give the folders that --part wrote, and no others"
            yield Fault(str(folder), 0, "it holds no part of a run", cure)
            continue
        part = read_part(str(manifest[PART]))
        if manifest["run_id"] != begun["run_id"]:
            message = f"it is of another run than '{first}'"
            yield Fault(str(folder), 0, message, "Join the parts of one run")
        if part in parts:
            message = f"it holds part {part}, as '{parts[part]}' does"
            yield Fault(str(folder), 0, message, "Give each part once")
        if part.of != next(iter(parts), part).of:
            message = f"it is one of {part.of} parts, '{first}' one of {next(iter(parts)).of}"
            yield Fault(str(folder), 0, message, "Join parts that the run was split in together")
        if not is_finished(folder):
            message = f"part {part} is not finished, or its members are damaged"
            cure = "Give the command that made it once more; it runs what is lacking"
            yield Fault(str(folder), 0, message, cure)
        parts[part] = folder
    of = next(iter(parts), RunPart(1, 1)).of
    missing = [str(n) for n in range(1, of + 1) if RunPart(n, of) not in parts]
    if missing:
        named = ", ".join(missing[:FEW]) + (", ..." if len(missing) > FEW else "")
        message = f"of {of} parts {len(missing)} are missing: {named}"
        yield Fault(COMMAND, 0, message, "Run them with --part, and join all of them")
