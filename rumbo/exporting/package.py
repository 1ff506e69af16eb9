"""The description of an export as a Data Package: files, columns, units, sources and licences."""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rumbo.exporting.geopackage import CRS, LAYERS
from rumbo.exporting.series import LEAST, ExportTarget, ResultFacts
from rumbo.exporting.tables import ABOUT
from rumbo.exporting.words import DIFFERENCES, OBSERVED, RANGES, READING, SUPPRESSED, USE, doubts

PACKAGE = "datapackage.json"
MARK = "rumbo"
"""Property by which the description of an export is known."""

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

LICENCES = {
    "ODbL": "ODbL-1.0",
    r"CC[ -]BY[ -]4\.0": "CC-BY-4.0",
    r"public domain|U\.S\. Government": "other-pd",
    r"Apache-2\.0": "Apache-2.0",
    r"\bMIT\b": "MIT",
}
"""Open Definition identifiers, by what a licence's text says; the first that fits is taken."""

HXL = {
    "scenario_id": "#meta+scenario",
    "target": "#indicator+code",
    "unit": "#indicator+unit",
    "location": "#loc+code",
    "name_en": "#loc+name+i_en",
    "name_es": "#loc+name+i_es",
    "date": "#date+end",
    "median": "#indicator+median+num",
    "observed": "#indicator+observed+num",
}
"""Tags of the Humanitarian Exchange Language, of the columns that have one."""

TYPES = {
    ".csv": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
    ".xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".gpkg": ("gpkg", "application/geopackage+sqlite3"),
    ".json": ("json", "application/json"),
    ".yml": ("yaml", "application/yaml"),
}

FOLDERS = {
    "series": "Ranges of one quantity, one row for each scenario, location and month",
    "differences": "Differences of one quantity, scenario_id less compared_with, month by month",
    "hub": "For modelling hubs: quantiles over members, and the tasks that they answer",
}
"""What the files of a folder hold."""

FILES = {
    "differences.csv": "Differences over the whole run, scenario_id less compared_with",
    "observed.csv": "Observed figures, of each the edition published last",
    "targets.csv": "What each quantity is",
    "locations.csv": "What each location is",
    "rumbo-en.xlsx": "Read-me, ranges, differences, observed figures, sources and settings",
    "rumbo-es.xlsx": "The same in Spanish",
    "rumbo.gpkg": "Map of places, links, people waiting and monthly flows, styled for QGIS",
}


def write_package(
    folder: Path,
    facts: ResultFacts,
    targets: Sequence[ExportTarget],
    columns: Mapping[str, Sequence[str]],
) -> None:
    """Write the description of the files in a folder.

    Parameters
    ----------
    folder
        The folder.
    facts
        What all quantities share.
    targets
        The quantities.
    columns
        Columns of each file that is a table, by path.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    content = {
        "$schema": PROFILE,
        **_about(facts),
        "sources": [_source(record) for record in facts.background["sources"]],
        "licenses": _licences(facts),
        "targets": [_target(target) for target in targets],
        "resources": [_resource(folder, path, columns) for path in paths],
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8", newline="\n")


def _about(facts: ResultFacts) -> dict[str, Any]:
    corridor, about = facts.background["corridor"], facts.about
    lines = (READING, RANGES, DIFFERENCES, OBSERVED, *doubts(facts), SUPPRESSED, USE)
    run = {name: about.get(name) for name in ("run_id", "seed", "members", "mode", "version")}
    named = [{"id": i, "name": name} for i, name in zip(facts.ids, facts.scenarios, strict=True)]
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"rumbo-{corridor['id']}".lower()),
        "id": str(about.get("run_id", "")),
        "title": corridor["title"]["en"],
        "description": " ".join((corridor["description"]["en"], *(line.en for line in lines))),
        "version": str(about.get("version", "")),
        "keywords": ["migration", "displacement", "simulation", "scenario"],
        "temporal": {"start": corridor["start"], "end": corridor["end"]},
        "scenarios": facts.background["scenarios"],
        "scenario_ids": named,
        "suppression": {"above": 0, "below": LEAST, "shown_as": "", "marked_in": "suppressed"},
        MARK: run,
    }


def _source(record: dict[str, Any]) -> dict[str, str]:
    source = {"title": record.get("title") or record["source"], "key": record["source"]}
    for name in ("publisher", "published", "licence"):
        if record.get(name):
            source[name] = record[name]
    if str(record.get("address", "")).startswith(("http://", "https://")):
        source["path"] = record["address"]
    return source


def _licences(facts: ResultFacts) -> list[dict[str, str]]:
    background = facts.background
    texts = [background["corridor"]["licence"]]
    for name in ("sources", "links"):
        texts += [record.get("licence") or "" for record in background[name]]
    return [{"name": _licence(text), "title": text} for text in dict.fromkeys(texts) if text]


def _licence(text: str) -> str:
    names = (name for pattern, name in LICENCES.items() if re.search(pattern, text, re.IGNORECASE))
    return next(names, "notspecified")


def _target(target: ExportTarget) -> dict[str, Any]:
    return {
        "name": target.name,
        "description": target.title.en,
        "description_es": target.title.es,
        "unit": target.unit,
        "what": target.what,
        "locations": target.kind,
    }


def _resource(folder: Path, path: Path, columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    form, media = TYPES[path.suffix]
    where = path.relative_to(folder).as_posix()
    resource: dict[str, Any] = {
        "name": re.sub(r"[^a-z0-9._-]+", "-", where.lower()).replace(".", "-"),
        "path": where,
        "format": form,
        "mediatype": media,
        "description": FILES.get(where) or FOLDERS[where.partition("/")[0]],
    }
    digest = _digest(path)
    if form != "parquet":  # frictionless counts no bytes of these, and finds all it is told wrong
        resource |= {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}
    if where in columns:
        resource |= {"type": "table", "encoding": "utf-8", "schema": _schema(columns[where])}
    if form == "gpkg":
        resource |= {"crs": CRS, "layers": LAYERS}
    return resource


def _schema(columns: Sequence[str]) -> dict[str, Any]:
    return {"fields": [_field(name) for name in columns], "missingValues": [""]}


def _field(name: str) -> dict[str, str]:
    _, kind, about = ABOUT[name]
    field = {"name": name, "type": kind, "description": about}
    return field | ({"hxl": HXL[name]} if name in HXL else {})


def _digest(path: Path) -> str:
    """Return the hash of a file, once all of it is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
