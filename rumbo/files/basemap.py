"""The map below the places: GeoJSON that may be left out."""

import json
from pathlib import Path
from typing import Any

from rumbo.files.faults import Collector
from rumbo.files.tables import left_out, read_text


def read_basemap(path: Path, faults: Collector) -> dict[str, Any]:
    """Read a file of GeoJSON.

    Parameters
    ----------
    path
        The file; it may be left out.
    faults
        Where faults are noted.

    Returns
    -------
    dict
        Empty if there is none, or after a fault.
    """
    if left_out(path):
        return {}
    text = read_text(path, faults)
    if text is None:
        return {}
    cure = "Save the map again as GeoJSON, or remove the file"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        faults.add(path.name, line, "the text is not JSON", cure)
        return {}
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        faults.add(path.name, 0, "there is no list of features, expected GeoJSON", cure)
        return {}
    return content
