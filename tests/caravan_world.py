"""A small corridor in which caravans walk: the smallest one, with a town halfway."""

from pathlib import Path

from helpers import variant

from rumbo.scenario.scenario import Scenario, load

PLACE = {
    "id": "half_town", "name": "Half town", "country": "MX", "admin1": "Middle", "lat": 24.0,
    "lon": -99.5, "kind": "waypoint", "coord_quality": "approx_10km", "note": "made up",
}  # fmt: skip

LINKS = [
    {"from": one, "to": other, "mode": "walk", "distance_km": km, "typical_hours": km,
     "method": "assumed", "terrain": "R", "licence": "Apache-2.0"}
    for one, other, km in (("middle_town", "half_town", 100), ("half_town", "north_crossing", 90))
]  # fmt: skip

SETTINGS = (
    ("caravan.formation", "middle_town", 1.5, "1/month"),
    ("caravan.size", "", 120, "persons"),
    ("caravan.size_spread", "", 0.9, "log sd"),
    ("caravan.join", "", 0.05, "1/day"),
    ("caravan.pace", "", 15, "km/day"),
    ("caravan.loss", "", 0.03, "1/day"),
    ("caravan.accept", "", 0.02, "1/day"),
    ("caravan.to", "middle_town", 1, "weight"),
    ("caravan.stop", "", 0.05, "1/day"),
    ("caravan.cover", "", 100, "persons"),
    ("stay.days", "half_town", 4, "days"),
)

WAY = "place,source,note\nmiddle_town,assumed,\nhalf_town,assumed,\nnorth_crossing,assumed,\n"

EVENTS = "day,precision,place,low,high,furthest,end,outcome,source,quality,note\n"


def folder_with_caravans(
    folder: Path, *, events: str = "", way: str = WAY, settings: tuple = SETTINGS
) -> Path:
    """Write the corridor's folder."""
    rows = [dict(zip(("parameter", "at", "value", "unit"), one, strict=True)) for one in settings]
    rows = [row | {"operation": "set", "quality": "assumed"} for row in rows]
    variant(folder, places=[PLACE], links=LINKS)
    _append(folder / "settings.csv", rows)
    _replace(folder / "places.csv", "interior_transfer_destination;reception;told_first",
             "interior_transfer_destination;reception;told_first;caravan_start")  # fmt: skip
    _replace(folder / "corridor.yaml", "  - shocks\n", "  - shocks\n  - caravans\n")
    (folder / "caravans.csv").write_text(way, encoding="utf-8")
    if events:
        (folder / "events.csv").write_text(EVENTS + events, encoding="utf-8")
    return folder


def with_caravans(folder: Path, **parts: str) -> Scenario:
    """Return the corridor, read."""
    return load(folder_with_caravans(folder, **parts))


def _append(path: Path, rows: list[dict[str, object]]) -> None:
    head = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
    lines = [
        ",".join(str({"source": "assumed", **row}.get(name, "")) for name in head) for row in rows
    ]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
