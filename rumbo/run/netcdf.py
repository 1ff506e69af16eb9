"""A result as a netCDF file."""

import errno
import os
import shutil
import tempfile
from pathlib import Path

import xarray as xr

SPARE = 100_000
"""Bytes that a file may take beyond what it holds."""


def write_netcdf(result: xr.Dataset, path: Path) -> None:
    """Write a result as netCDF; the same result gives the same bytes.

    Parameters
    ----------
    result
        The result.
    path
        The file.

    Raises
    ------
    OSError
        If the disk has no room for it; nothing is written then.
    """
    squeeze = {"zlib": True, "complevel": 1, "shuffle": True}
    encoding = {name: squeeze for name in result.data_vars}
    # A disk that fills up under HDF5 can end the process, so where it may, the file is made in
    # memory first, only to be measured: its bytes are not quite the same.
    try:
        _take(path.parent, result.nbytes + SPARE)
    except OSError:
        wanted = len(result.to_netcdf(engine="h5netcdf", encoding=encoding))
        _take(path.parent, wanted + SPARE)
    result.to_netcdf(path, engine="h5netcdf", encoding=encoding)


def _take(folder: Path, size: int) -> None:
    """Take so much room and give it back: only so quotas and limits of a process show too."""
    if shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    with tempfile.TemporaryFile(dir=folder) as file:
        if hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(folder)) from None
