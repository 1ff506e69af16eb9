"""Files that are either whole or not there."""

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rumbo.files.faults import Fault, Faults

UNFINISHED = ".unfinished-"
"""Files whose names begin so were being written when something stopped the writer."""


def write_whole(path: Path, fill: Callable[[Path], object]) -> None:
    """Write a file so that it appears at once and whole, even if the machine stops midway.

    Parameters
    ----------
    path
        The file; one that stands there is replaced only once the new one is on the disk.
    fill
        Writes the content to the path it is given.

    Raises
    ------
    OSError
        If the disk refuses, naming ``path``; what stood there stands there still.
    """
    try:
        _fill_and_move(path, fill)
    except OSError as error:
        # The system's own names the unfinished file, or none; that of a move also the one meant.
        named = Path(error.filename or UNFINISHED).name
        if error.errno and not error.filename2 and named.startswith(UNFINISHED):
            error.filename = str(path)
        raise
    _folder_to_disk(path.parent)


def _fill_and_move(path: Path, fill: Callable[[Path], object]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED, suffix=path.suffix)
    os.close(handle)
    unfinished = Path(name)
    try:
        fill(unfinished)
        # Temporary files are private; this one is to be as readable as any other.
        unfinished.chmod(0o666 & ~_umask())
        to_disk(unfinished)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def make_folder(target: Path, fill: Callable[[Path], object]) -> None:
    """Make a folder that appears at once and whole.

    Parameters
    ----------
    target
        The folder; nothing of this name may be there.
    fill
        Writes the content into the empty folder that it is given.

    Raises
    ------
    Faults
        If something of this name is there, or the folder cannot be written.
    """
    if os.path.lexists(target):
        message = "there is a file or folder of this name already"
        raise Faults([Fault(str(target), 0, message, "Choose another name")])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            staged = Path(made) / "whole"
            staged.mkdir()
            fill(staged)
            os.replace(staged, target)
    except OSError as error:
        message = f"the folder cannot be written ({(error.strerror or 'no reason').lower()})"
        raise Faults([Fault(str(target), 0, message, "Choose another place")]) from error


def copy_files(source: Path, target: Path) -> list[str]:
    """Copy a folder's files into another; what they hold, not their rights.

    An installed folder may be read only. What a stopped writer left there is left out.

    Returns
    -------
    list of str
        The files, by their paths in the folder.
    """
    names = []
    for path in sorted(source.rglob("*")):
        if path.is_file() and not is_unfinished(path):
            name = path.relative_to(source)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
            names.append(name.as_posix())
    return names


def write_text(path: Path, text: str) -> None:
    """Write a text file whole."""
    write_whole(path, lambda unfinished: unfinished.write_bytes(text.encode()))


def write_arrays(
    path: Path, arrays: Mapping[str, NDArray[Any]], *, compressed: bool = False
) -> None:
    """Write arrays by name as one ``npz`` file, whole."""
    save = np.savez_compressed if compressed else np.savez

    def fill(unfinished: Path) -> None:
        with unfinished.open("wb") as file:
            save(file, allow_pickle=False, **dict(arrays))

    write_whole(path, fill)


def is_whole(path: Path) -> bool:
    """Whether a file that `write_arrays` wrote is there, whole; a damaged one counts as absent."""
    try:
        with zipfile.ZipFile(path) as file:
            return file.testzip() is None
    except _DAMAGED:
        return False


_DAMAGED = (OSError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)
"""What is raised by files that are not there, cut off, or of other bytes."""


def to_disk(path: Path) -> None:
    """Wait until a file's content has left for the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_unfinished(path: Path) -> bool:
    """Whether a stopped writer left this."""
    return path.name.startswith(UNFINISHED)


def sweep(folder: Path) -> None:
    """Remove what a stopped writer left in a folder."""
    for left in folder.glob(f"{UNFINISHED}*"):
        left.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _folder_to_disk(folder: Path) -> None:
    """Make a new name in a folder last; Windows neither allows nor needs it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
