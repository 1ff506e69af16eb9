"""A scenario written as a corridor's folder, to be read again."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from yaml12 import format_yaml

from rumbo.files.atomic import make_folder, write_text
from rumbo.files.cells import Column
from rumbo.scenario.corridor import Corridor
from rumbo.scenario.header import Header
from rumbo.scenario.network import LINKS, PLACES
from rumbo.scenario.schema import TABLES
from rumbo.scenario.settings import SETTINGS


def write_corridor(
    corridor: Corridor, header: Header, settings: pd.DataFrame, folder: str | Path
) -> Path:
    """Write a corridor under another header and with other settings.

    Parameters
    ----------
    corridor
        The corridor.
    header, settings
        What takes the place of its own.
    folder
        Folder to make; it must not exist yet. It appears only once it is whole.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    Faults
        If the folder exists or cannot be made.
    """
    target = Path(folder)
    make_folder(target, lambda staged: _fill(staged, corridor, header, settings))
    return target


def _fill(folder: Path, corridor: Corridor, header: Header, settings: pd.DataFrame) -> None:
    write_header(header, folder)
    tables = {
        "places.csv": (corridor.content.network.places, PLACES),
        "links.csv": (corridor.content.network.links, LINKS),
        "settings.csv": (settings, SETTINGS),
    }
    for name, columns in TABLES.items():
        tables[name] = (getattr(corridor, name.removesuffix(".csv")), columns)
    for name, (table, columns) in tables.items():
        texts = pd.DataFrame({c.name: _texts(table[c.name], c) for c in columns})
        texts.to_csv(folder / name, index=False, lineterminator="\n")
    if corridor.basemap:
        text = json.dumps(corridor.basemap, ensure_ascii=False)
        write_text(folder / "basemap.geojson", text)


def write_header(header: Header, folder: Path) -> None:
    """Write what a corridor says of itself into its folder.

    Parameters
    ----------
    header
        What it says.
    folder
        The folder; a ``corridor.yaml`` in it is replaced.
    """
    plain = json.loads(header.model_dump_json())
    write_text(folder / "corridor.yaml", format_yaml(plain) + "\n")


def _texts(values: pd.Series, column: Column) -> Sequence[str]:
    if column.kind in ("date", "month"):
        form = "%Y-%m-%d" if column.kind == "date" else "%Y-%m"
        return list(values.dt.strftime(form).fillna(""))
    if column.kind.startswith("number"):
        return ["" if np.isnan(v) else _plain(v) for v in values.to_numpy(dtype=np.float64)]
    return list(values)


def _plain(value: float) -> str:
    # Up to 1e15 a float holds every whole number, so that nothing is lost as text.
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))
