"""What settings may say of caravans: rows of parameters, all of which leave caravans out."""

from math import inf

from rumbo.scenario.minds import Head

_EVERYWHERE, _PLACE = "everywhere", "place"

LONGEST_DAY = 24.0
"""Most kilometres that a caravan walks in a day: 23 were kept up over 13 days of October 2024, the
fastest on record; a stage of the way is as long, so that no day is shorter than a stage."""

CARAVANS: tuple[tuple[Head, str, str], ...] = (
    (
        ("caravan.formation", "1/month", _PLACE, False, 0, inf, 0, "caravans"),
        "caravans that form at a place in a month, in the mean",
        "caravanas que se forman en un lugar al mes, en promedio",
    ),
    (
        ("caravan.belief", "-", _EVERYWHERE, False, 0, 10, 0, "caravans"),
        "exponent of the pace of setting out by which what people believe of dated events moves "
        "the formation of caravans; 0 leaves it out",
        "exponente del ritmo de salida por el que lo que la gente cree de eventos con fecha mueve "
        "la formación de caravanas; 0 lo omite",
    ),
    (
        ("caravan.given", "0/1", _EVERYWHERE, False, 0, 1, 0, "caravans"),
        "whether the dated caravans of events.csv set out on their days; then none is drawn until "
        "the last of them",
        "si las caravanas con fecha de events.csv salen en sus días; entonces no se sortea ninguna "
        "hasta la última de ellas",
    ),
    (
        ("caravan.size", "persons", _PLACE, False, 1, inf, 1500, "caravans"),
        "median of the people with whom a caravan sets out",
        "mediana de las personas con las que sale una caravana",
    ),
    (
        ("caravan.size_spread", "log sd", _EVERYWHERE, False, 0, 3, 1, "caravans"),
        "standard deviation of the log of that number",
        "desviación típica del logaritmo de ese número",
    ),
    (
        ("caravan.willing", "factor", _EVERYWHERE, True, 0, inf, 1, "caravans"),
        "how much rather people of a group join a caravan than others",
        "cuánto más se unen a una caravana las personas de un grupo que otras",
    ),
    (
        ("caravan.join", "1/day", _PLACE, False, 0, inf, 0, "caravans"),
        "rate at which people who wait at a place join a large caravan while it is there",
        "tasa con la que quienes esperan en un lugar se unen a una caravana grande mientras está "
        "allí",
    ),
    (
        ("caravan.pace", "km/day", _EVERYWHERE, False, 1, LONGEST_DAY, 14, "caravans"),
        "way that a caravan walks in a day",
        "camino que recorre una caravana en un día",
    ),
    (
        ("caravan.loss", "1/day", _EVERYWHERE, False, 0, inf, 0.034, "caravans"),
        "median rate of leaving a caravan to wait at the nearest place",
        "tasa mediana de dejar una caravana para esperar en el lugar más cercano",
    ),
    (
        ("caravan.loss_spread", "log sd", _EVERYWHERE, False, 0, 3, 1.2, "caravans"),
        "standard deviation of the log of that rate between months in which caravans set out",
        "desviación típica del logaritmo de esa tasa entre los meses en que salen caravanas",
    ),
    (
        ("caravan.accept", "1/day", _PLACE, False, 0, inf, 0, "caravans"),
        "rate at which people in a caravan that left a place accept an offer of papers and a bus",
        "tasa con la que la gente de una caravana que dejó un lugar acepta una oferta de "
        "documentos y autobús",
    ),
    (
        ("caravan.to", "weight", _PLACE, False, 0, inf, 0, "caravans"),
        "where those who accept are taken to wait; the same over the whole run",
        "adónde se lleva a esperar a quienes aceptan; igual en toda la simulación",
    ),
    (
        ("caravan.stop", "1/day", _PLACE, False, 0, inf, 0, "caravans"),
        "rate at which people in a small caravan that left a place are stopped",
        "tasa con la que se detiene a la gente de una caravana pequeña que dejó un lugar",
    ),
    (
        ("caravan.cover", "persons", _EVERYWHERE, False, 1, inf, 1000, "caravans"),
        "people in a caravan at whom that rate falls to 1/e",
        "personas de una caravana con las que esa tasa cae a 1/e",
    ),
)
"""Head, meaning in English and meaning in Spanish of each."""
