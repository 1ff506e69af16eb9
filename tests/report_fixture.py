"""A small synthetic result with the shape of a real one: six places and eight groups."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

Record = dict[str, Any]

AREAS = (
    "San Diego", "El Centro", "Yuma", "Tucson", "El Paso", "Big Bend", "Del Rio", "Laredo",
    "Rio Grande Valley",
)  # fmt: skip
REGIONS = ("darien", "mexico_central_america", "us_border")
NATIONALITIES = ("VEN", "GTM", "MEX", "HTI")
DEAL = "december-2023-deal"

PLACES = (
    ("jungle_edge", "Borde <Selva>", "CO", 8.4, -76.8, "origin", "", "", None),
    ("tapachula", "Tapachula", "MX", 14.9, -92.3, "hub", "told_first", "", 900.0),
    ("mexico_city", "Mexico City", "MX", 19.4, -99.1, "hub", "told_first", "", 3000.0),
    ("ciudad_juarez", "Ciudad Juárez", "MX", 31.7, -106.5, "waiting_city", "visible_crowd",
     "El Paso", 2500.0),
    ("el_paso_sector", "El Paso sector", "US", 31.8, -106.4, "destination_zone", "", "El Paso",
     None),
    ("miami_airport", "Miami", "US", 25.8, -80.3, "airport", "", "", None),
)  # fmt: skip
LINKS = (
    ("jungle_edge", "tapachula", "road"),
    ("tapachula", "mexico_city", "bus"),
    ("tapachula", "mexico_city", "walk"),
    ("mexico_city", "tapachula", "bus"),
    ("mexico_city", "ciudad_juarez", "freight_rail"),
    ("ciudad_juarez", "el_paso_sector", "border_crossing"),
    ("jungle_edge", "miami_airport", "passenger_air"),
)
ROLES = {
    "stopping": ["MX"], "waiting": ["MX"], "zones": "USBP", "gates": "OFO", "transit": [],
    "regions": list(REGIONS),
}  # fmt: skip


def place_records() -> list[Record]:
    """Return the fixture's own places."""
    names = ("id", "name", "country", "lat", "lon", "kind", "roles", "zone", "shelter_places")
    return [dict(zip(names, row, strict=True)) for row in PLACES]


def link_records() -> list[Record]:
    """Return the fixture's own links."""
    about = {"licence": "ODbL-derived"}
    return [
        {"from": a, "to": b, "mode": mode, "id": f"{a}>{b}:{mode}", **about} for a, b, mode in LINKS
    ]


def own_texts() -> dict[str, dict[str, str]]:
    """Return the fixture's own words: titles of its components and regions."""
    named = {
        "component.USBP": ("Border Patrol encounters", "Encuentros de la Patrulla Fronteriza"),
        "component.OFO": ("Encounters at ports of entry", "Encuentros en los puertos de entrada"),
        "region.darien": ("Darién", "Darién"),
        "region.mexico_central_america": ("Central America", "Centroamérica"),
        "region.us_border": ("US border", "frontera de Estados Unidos"),
    }
    return {key: {"en": en, "es": es} for key, (en, es) in named.items()}


def make_runs(
    *,
    scenarios: Sequence[str] = ("base", f"without {DEAL}"),
    members: int = 24,
    months: int = 8,
    nationalities: Sequence[str] = NATIONALITIES,
    places: Sequence[Record] | None = None,
    links: Sequence[Record] | None = None,
    basemap: Record | None = None,
    seed: int = 3,
) -> xr.Dataset:
    """Return a result; scenarios after the first differ from the third month on."""
    places = list(places or place_records())
    links = list(links or link_records())
    groups = [f"{n}-{h}" for n in nationalities for h in ("adult", "family")]
    coords = _coords(list(scenarios), members, months, groups, places, links)
    data = xr.Dataset(coords=coords)
    rng = np.random.default_rng(seed)
    shock = rng.gamma(25, 1 / 25, (1, members, months))
    for name, dims, level, what in _variables():
        shape = tuple(data.sizes[dim] for dim in dims)
        values = _values(rng, shock, level, len(scenarios), shape)
        attrs = {"long_name": name, "units": "persons", "what": what}
        full = ("scenario", "member", "month", *dims)
        data[name] = (full, values.astype(np.float32), attrs)
    data["encounters"].loc[{"component": "OFO", "area": ["El Centro", "Yuma", "Big Bend"]}] = 0
    data["deaths_recorded"] = data["deaths"] / 2
    about = _background(list(scenarios), data, places, links, groups, basemap)
    data.attrs = {
        "background": json.dumps(about), "title": "Synthetic corridor", "seed": 7,
        "mode": "stochastic", "version": "0.1.0", "members": members,
        "run_id": "0123456789abcdef",
    }  # fmt: skip
    return data


def _coords(
    scenarios: list[str],
    members: int,
    months: int,
    groups: list[str],
    places: list[Record],
    links: list[Record],
) -> Record:
    start = pd.Timestamp("2023-11-01") if months < 16 else pd.Timestamp("2023-07-01")
    shelter = [np.nan if p.get("shelter_places") is None else p["shelter_places"] for p in places]
    return {
        "scenario": scenarios,
        "member": np.arange(members),
        "month": pd.date_range(start, periods=months, freq="MS"),
        "component": ["USBP", "OFO"],
        "area": list(AREAS),
        "region": list(REGIONS),
        "group": groups,
        "nationality": ("group", [g.split("-")[0] for g in groups]),
        "household": ("group", [g.split("-")[1] for g in groups]),
        "place": [p["id"] for p in places],
        "place_name": ("place", [p["name"] for p in places]),
        **{c: ("place", [p[c] for p in places]) for c in ("country", "lat", "lon", "kind")},
        "shelter_places": ("place", shelter),
        "link": [each["id"] for each in links],
        "link_from": ("link", [each["from"] for each in links]),
        "link_to": ("link", [each["to"] for each in links]),
        "mode": ("link", [each["mode"] for each in links]),
    }


def _variables() -> list[tuple[str, tuple[str, ...], float, str]]:
    return [
        ("entries", ("group",), 3000, "flow"),
        ("encounters", ("component", "area", "group"), 400, "flow"),
        ("evasions", ("area",), 100, "flow"),
        ("stops", ("place", "group"), 500, "flow"),
        ("transfers", ("place",), 300, "flow"),
        ("returns_by_transit", ("group",), 90, "flow"),
        ("removals", ("group",), 60, "flow"),
        ("asylum_applications", ("place",), 250, "flow"),
        ("parole_arrivals", ("group",), 200, "flow"),
        ("waiting", ("place", "group"), 600, "stock"),
        ("queue", ("place",), 100, "stock"),
        ("held", ("place",), 50, "stock"),
        ("passages", ("link",), 2500, "flow"),
        ("deaths", ("region",), 2, "flow"),
        ("kidnappings", ("place",), 9, "flow"),
        ("kidnappings_reported", ("place",), 3, "flow"),
        ("settled", ("group",), 80, "flow"),
        ("returned_home", ("group",), 40, "flow"),
        ("days_waited", ("group",), 40_000, "flow"),
        ("moved_again", (), 120, "flow"),
        ("shelter_shortfall", ("place",), 70, "stock"),
        ("visible_crowd", (), 65, "stock"),
    ]


def _values(
    rng: np.random.Generator,
    shock: np.ndarray,
    level: float,
    scenarios: int,
    shape: tuple[int, ...],
) -> np.ndarray:
    """Return counts that all scenarios share, changed by a tenth from the third month on."""
    months = shock.shape[-1]
    wave = 1 + 0.4 * np.sin(np.arange(months) / 2.5)
    size = rng.lognormal(-0.5, 0.8, shape)
    mean = level * np.multiply.outer((shock * wave)[0], size)
    values = np.repeat(rng.poisson(mean)[None].astype(float), scenarios, axis=0)
    for number in range(1, scenarios):
        values[number, :, 2:] = np.round(values[number, :, 2:] * (1 + 0.1 * number))
    return values


def _background(
    scenarios: list[str],
    data: xr.Dataset,
    places: list[Record],
    links: list[Record],
    groups: list[str],
    basemap: Record | None,
) -> Record:
    months = [str(month)[:7] for month in data["month"].values]
    return {
        "corridor": {
            "id": "synthetic",
            "title": {"en": "A corridor for tests", "es": "Un corredor de prueba"},
            "description": {"en": "Made-up numbers.", "es": "Números inventados."},
            "start": f"{months[0]}-01",
            "end": f"{months[-1]}-28",
            "licence": "CC BY 4.0",
            "bundles": {DEAL: {"en": "December 2023 deal", "es": "Acuerdo de diciembre de 2023"}},
        },
        "roles": ROLES,
        "texts": own_texts(),
        "scenarios": [_scenario(name) for name in scenarios],
        "places": places,
        "links": links,
        "groups": [{"id": group} for group in groups],
        "levers": _levers(scenarios),
        "settings": _settings(),
        "parameters": {
            "checkpoint.chance": {
                "unit": "prob", "meaning_en": "chance of being stopped",
                "meaning_es": "probabilidad de ser detenido",
            }
        },
        "figures": _figures(months),
        "sources": _sources(),
        "basemap": basemap or _basemap(),
    }  # fmt: skip


def _scenario(name: str) -> Record:
    changed = name == "more seats"
    change = {
        "parameter": "transfer.seats", "at": "", "group": "", "since": "2024-01-01", "until": "",
        "value": 400, "source": "",
    }  # fmt: skip
    without = [name.removeprefix("without ")] if name.startswith("without ") else []
    given = not (without or name == "base")
    places = [row for row in place_records() if row["shelter_places"] is not None]
    return {
        "name": name, "without": without, "changes": [change] if changed else [],
        "named": given, "only_levers": not changed,
        "beds": {row["id"]: [["2023-01-01", row["shelter_places"]]] for row in places},
    }  # fmt: skip


def _levers(scenarios: list[str]) -> list[Record]:
    inside = [name for name in scenarios if not name.endswith(DEAL)]
    rows = [
        (DEAL, "2023-12-20", "2024-06-30", "Flights south", "Vuelos al sur", "MX", True),
        (DEAL, "2024-01-01", "", "More checkpoints", "Más retenes", "MX", True),
        ("cbp-one", "2023-01-12", "2025-01-20", "Appointments", "Citas", "US", True),
        ("us-election", "2024-06-02", "", "Election", "Elección", "MX", False),
        ("long-ago", "2020-03-20", "2020-12-31", "Long ago", "Hace mucho", "US", True),
    ]
    names = ("lever", "since", "until", "name_en", "name_es", "actor", "modelled")
    about = {"source": "gazette", "quality": "official", "note": ""}
    return [
        {
            **dict(zip(names, row, strict=True)),
            **about,
            "in": inside if row[0] == DEAL else scenarios,
        }
        for row in rows
    ]


def _settings() -> list[Record]:
    rows = [
        ("checkpoint.chance", "tapachula", "", "", "", 0.25, 0.1, 0.4, "", "gazette", "official"),
        ("checkpoint.chance", "country:MX", "VEN", "2024-01-01", "", 0.35, None, None, DEAL,
         "assumed", "assumed"),
        ("transfer.seats", "", "", "", "", 250, None, None, "", "", "assumed"),
    ]  # fmt: skip
    names = ("parameter", "at", "group", "since", "until", "value", "low", "high", "lever",
             "source", "quality")  # fmt: skip
    units = {"checkpoint.chance": "prob", "transfer.seats": "persons/day"}
    return [
        {**dict(zip(names, row, strict=True)), "unit": units[row[0]], "operation": "", "note": ""}
        for row in rows
    ]


def _figures(months: list[str]) -> list[Record]:
    rows: list[Record] = []
    for number, month in enumerate(months):
        rows.append(_figure("encounters", month, 17_000.0 + 900 * number, component="USBP"))
        rows.append(_figure("stops", month, 20_000.0 + 700 * number))
        rows.append(_figure("encounters", month, 6000.0, component="USBP", nationality="VEN"))
    rows.append(
        _figure("encounters", months[0], 99_999.0, component="USBP", published="2023-01-01")
    )
    waiting = {"low": 1500.0, "high": 4500.0, "publisher": "A shelter & co", "quality": "estimate"}
    rows += [_figure("waiting", month, None, area="tapachula", **waiting) for month in months[2:3]]
    return rows


def _figure(measure: str, month: str, value: float | None, **others: object) -> Record:
    blank = {
        "component": "", "area": "all", "nationality": "all", "low": None, "high": None,
        "published": "2025-03-01", "published_basis": "source", "publisher": "An agency",
        "source": "gazette", "quality": "official",
    }  # fmt: skip
    return {"measure": measure, "month": month, "value": value, **blank, **others}


def _sources() -> list[Record]:
    return [
        {
            "source": "gazette", "publisher": "A gazette", "title": "Notices",
            "published": "2024-01-05", "address": "https://example.org/notices",
            "licence": "CC BY 4.0",
        },
        {
            "source": "odd", "publisher": "Odd", "title": "Trap", "published": "",
            "address": "javascript:alert(1)", "licence": "",
        },
    ]  # fmt: skip


def _basemap() -> Record:
    ring = [[-118.0, 6.0], [-118.0, 33.0], [-76.0, 33.0], [-76.0, 6.0], [-118.0, 6.0]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"level": 0}, "geometry": shape}],
    }
