"""Whether a folder can be written, found out before anything is done."""

import os
from pathlib import Path

from rumbo.files.faults import Fault


def no_folder(option: str, path: Path) -> list[Fault]:
    """Return why a folder cannot be written, before anything is done; nothing is made.

    Parameters
    ----------
    option
        The option that names it.
    path
        The folder.

    Returns
    -------
    list of Fault
        One or none.
    """
    return _not_made(option, path) or _not_allowed(option, path)


def _not_made(option: str, path: Path) -> list[Fault]:
    """Return what stands in the way of a folder."""
    nearest = _nearest(path)
    if nearest.is_dir():
        return []
    cure = "Give the name of a folder that is there or can be made"
    if nearest == path:
        return [Fault(option, 0, f"'{path}' is a file, expected a folder", cure)]
    return [Fault(option, 0, f"'{path}' lies under '{nearest}', which is a file", cure)]


def _not_allowed(option: str, path: Path) -> list[Fault]:
    nearest = _nearest(path)
    if os.access(nearest, os.W_OK | os.X_OK):
        return []
    message = f"nothing may be written in '{nearest}'"
    return [Fault(option, 0, message, "Give another folder, or change its rights")]


def _nearest(path: Path) -> Path:
    """Return a path, or the first above it that is there."""
    return next(one for one in (path, *path.absolute().parents) if os.path.exists(one))
