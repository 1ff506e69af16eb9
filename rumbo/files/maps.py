"""Maps that lie beside tables."""

import json
from pathlib import Path
from typing import Any

from rumbo.files.faults import Collector
from rumbo.files.tables import left_out, read_text


def read_map(path: Path, faults: Collector) -> dict[str, Any]:
    """Read a file of GeoJSON that may be left out.

    Parameters
    ----------
    path
        The file.
    faults
        Where is noted what is wrong with it.

    Returns
    -------
    dict
        Empty where there is no file, or none that can be used.
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
