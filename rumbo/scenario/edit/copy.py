"""A corridor of one's own, made from another."""

from pathlib import Path

from rumbo.files.atomic import copy_files, make_folder
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
    reading = read_corridor(corridor)
    if reading.corridor is None:
        raise Faults(reading.faults)
    source = reading.corridor.folder
    if target.resolve().is_relative_to(source.resolve()):
        message = f"the folder lies inside '{source}', which it is to copy"
        raise Faults([Fault(str(folder), 0, message, "Choose another place")])
    names: list[str] = []
    make_folder(target, lambda staged: names.extend(copy_files(source, staged)))
    return names
