"""A corridor of one's own, made from another."""

import os
import shutil
import tempfile
from pathlib import Path

from rumbo.files.atomic import UNFINISHED
from rumbo.files.faults import Fault, Faults
from rumbo.scenario.corridor import read_corridor


def copy(corridor: str | Path, folder: str | Path) -> list[str]:
    """Make a copy of a whole corridor, its fit among it, that may be changed.

    Parameters
    ----------
    corridor
        Name of a bundled corridor, or a folder.
    folder
        Folder to make; it must not be there. It appears only once it is whole.

    Returns
    -------
    list of str
        Its files, by their paths in the folder.

    Raises
    ------
    Faults
        If the corridor has faults, or the folder is there already or cannot be made.
    """
    target = Path(folder)
    if os.path.lexists(target):
        message = "there is a file or folder of this name already"
        raise Faults([Fault(str(folder), 0, message, "Choose another name")])
    reading = read_corridor(corridor)
    if reading.corridor is None:
        raise Faults(reading.faults)
    source = reading.corridor.folder
    if target.resolve().is_relative_to(source.resolve()):
        message = f"the folder lies inside '{source}', which it is to copy"
        raise Faults([Fault(str(folder), 0, message, "Choose another place")])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            staged = Path(made) / "corridor"
            names = _copy_files(source, staged)
            os.replace(staged, target)
    except OSError as error:
        message = f"the folder cannot be written ({(error.strerror or 'no reason').lower()})"
        raise Faults([Fault(str(folder), 0, message, "Choose another place")]) from error
    return names


def _copy_files(source: Path, target: Path) -> list[str]:
    """Copy what files hold, not their rights: an installed corridor may be read only."""
    names = []
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.name.startswith(UNFINISHED):
            name = path.relative_to(source)
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target / name)
            names.append(name.as_posix())
    return names
