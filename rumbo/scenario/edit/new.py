"""A small corridor to start from."""

import os
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from rumbo.files.faults import Fault, Faults


def make(folder: str | Path) -> list[str]:
    """Make a folder with the smallest corridor that can be run.

    Parameters
    ----------
    folder
        Folder to make; it must not be there. It appears only once it is whole.

    Returns
    -------
    list of str
        Its files.

    Raises
    ------
    Faults
        If it is there already or cannot be made.
    """
    target = Path(folder)
    if target.exists():
        message = "there is a file or folder of this name already"
        raise Faults([Fault(str(folder), 0, message, "Choose another name")])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as made:
            staged = Path(made) / "corridor"
            with as_file(files("rumbo.scenario.edit").joinpath("template")) as source:
                shutil.copytree(source, staged)
            os.replace(staged, target)
    except OSError as error:
        message = f"the folder cannot be written ({(error.strerror or 'no reason').lower()})"
        raise Faults([Fault(str(folder), 0, message, "Choose another place")]) from error
    return sorted(path.name for path in target.iterdir())
