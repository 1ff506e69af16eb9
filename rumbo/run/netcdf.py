"""A result as a netCDF file."""

import errno
import os
import shutil
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
    free = shutil.disk_usage(path.parent).free
    # A disk that fills up under HDF5 can end the process, so where it may, the file is made in
    # memory first, only to be measured: its bytes are not quite the same.
    if free < result.nbytes + SPARE:
        wanted = len(result.to_netcdf(engine="h5netcdf", encoding=encoding))
        if free < wanted + SPARE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path.parent))
    result.to_netcdf(path, engine="h5netcdf", encoding=encoding)
