"""The description of an export as a Data Package: files, columns, units, sources and licences."""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rumbo.export.geopackage import CRS, LAYERS
from rumbo.export.series import LEAST, QUANTILES, ExportTarget, ResultFacts, locations_of
from rumbo.export.tables import FIELDS
from rumbo.export.words import RANGES, READING, SUPPRESSED, USE, doubts

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

TYPES = {
    ".csv": ("csv", "text/csv", "Quantiles over members, one to a row"),
    ".parquet": ("parquet", "application/vnd.apache.parquet", "The rows of quantiles.csv"),
    ".xlsx": (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Read-me, ranges one line a month, targets, locations, sources and settings",
    ),
    ".gpkg": ("gpkg", "application/geopackage+sqlite3", "Map of places, links and monthly flows"),
}


def write_package(
    folder: Path, described: ResultFacts, targets: Sequence[ExportTarget], files: Sequence[str]
) -> None:
    """Write the description of the files in a folder.

    Parameters
    ----------
    folder
        The folder.
    described
        What all targets share.
    targets
        What the tables hold.
    files
        Names of the files.
    """
    content = {
        "$schema": PROFILE,
        **_about(described),
        "sources": [_source(record) for record in described.background["sources"]],
        "licenses": _licences(described),
        "targets": [_target(target) for target in targets],
        "resources": [_resource(folder / name) for name in files],
    }
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8")


def _about(described: ResultFacts) -> dict[str, Any]:
    corridor, about = described.background["corridor"], described.about
    lines = (READING, RANGES, *doubts(described), SUPPRESSED, USE)
    run = {name: about.get(name) for name in ("run_id", "seed", "members", "mode", "version")}
    return {
        "name": re.sub(r"[^a-z0-9._-]+", "-", f"rumbo-{corridor['id']}".lower()),
        "id": str(about.get("run_id", "")),
        "title": corridor["title"]["en"],
        "description": " ".join((corridor["description"]["en"], *(line.en for line in lines))),
        "version": str(about.get("version", "")),
        "keywords": ["migration", "displacement", "simulation", "scenario"],
        "temporal": {"start": corridor["start"], "end": corridor["end"]},
        "scenarios": described.background["scenarios"],
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


def _licences(described: ResultFacts) -> list[dict[str, str]]:
    background = described.background
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
        "description": target.description,
        "unit": target.unit,
        "what": target.what,
        "locations": locations_of(target),
    }


def _resource(path: Path) -> dict[str, Any]:
    form, media, description = TYPES[path.suffix]
    resource: dict[str, Any] = {
        "name": f"{path.stem}-{form}",
        "path": path.name,
        "format": form,
        "mediatype": media,
        "description": description,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{_digest(path)}",
    }
    if form in ("csv", "parquet"):
        resource |= {"type": "table", "schema": _schema()}
    if form == "csv":
        resource["encoding"] = "utf-8"
    if form == "gpkg":
        resource |= {"crs": CRS, "layers": LAYERS}
    return resource


def _schema() -> dict[str, Any]:
    return {
        "fields": [_field(*field) for field in FIELDS],
        "missingValues": [""],
        "primaryKey": ["scenario_id", "target", "location", "target_end_date", "output_type_id"],
    }


def _field(name: str, kind: str, hxl: str, description: str, required: bool) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": kind, "description": description, "hxl": hxl}
    constraints: dict[str, Any] = {"required": True} if required else {}
    if name == "output_type_id":
        constraints["enum"] = list(QUANTILES)
    if name == "value":
        field["unit"] = "see targets"
    if name == "horizon":
        field["unit"] = "months"
    return field | ({"constraints": constraints} if constraints else {})


def _digest(path: Path) -> str:
    """Return the hash of a file, once all of it is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
        return hashlib.file_digest(file, "sha256").hexdigest()
