"""What is forecast: families of series whose scores are read together."""

from rumbo.scenario.figures import Key

NATIONALITIES = ("MEX", "GTM", "HND", "SLV", "NIC", "VEN", "CUB", "HTI", "COL", "ECU")
"""Nationalities whose encounters are forecast: those that figures name for the whole corridor, from
2012 on, and that it is about."""

SECTORS = (
    "Big Bend", "Del Rio", "El Centro", "El Paso", "Laredo", "Rio Grande Valley", "San Diego",
    "Tucson", "Yuma",
)  # fmt: skip
"""The nine southwest sectors of the Border Patrol."""

PATROL = Key("encounters", "USBP")
PORTS = Key("encounters", "OFO")
MEXICO = Key("stops")

Families = dict[str, tuple[Key, ...]]


def families() -> Families:
    """Return the series to forecast, by family, in the order of tables."""
    return {
        "border-patrol": (PATROL,),
        "border-patrol-nationalities": tuple(PATROL._replace(nationality=n) for n in NATIONALITIES),
        "border-patrol-sectors": tuple(PATROL._replace(area=area) for area in SECTORS),
        "ports": (PORTS,),
        "mexico": (MEXICO,),
        "mexico-nationalities": tuple(
            MEXICO._replace(nationality=n) for n in NATIONALITIES if n != "MEX"
        ),
    }
