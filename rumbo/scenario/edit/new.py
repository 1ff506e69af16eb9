"""A small corridor to start from."""

from importlib.resources import as_file, files
from pathlib import Path

from rumbo.files.atomic import copy_files, make_folder


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
    with as_file(files("rumbo.scenario.edit").joinpath("template")) as source:
        make_folder(target, lambda staged: copy_files(source, staged))
    return sorted(path.name for path in target.iterdir())
