"""What settings may say of guided ways: rows of parameters.

The price alone is known from documents; all other defaults are assumed, as are the ranges named
beside them. The level and the budget act together: only the share of people guided is observed.
"""

from math import inf

from rumbo.scenario.minds import Head

SMUGGLING = "smuggling"
"""Rule of guided ways."""

PRICE = "smuggling.price"

_EVERYWHERE, _LINK = "everywhere", "link"

GUIDED_WAYS: tuple[tuple[Head, str, str], ...] = (
    (  # no price means that nobody is guided
        (PRICE, "USD", _LINK, True, 1, inf, inf, SMUGGLING),
        "price of a guided way under the usual checks",
        "precio de un viaje con guía con los controles habituales",
    ),
    (  # 0.14 to 0.24 on a border (Gathmann 2008)
        ("smuggling.elasticity", "elasticity", _EVERYWHERE, False, 0, 5, 0.15, SMUGGLING),
        "by how many per cent the price rises if the checks on the way rise by one per cent",
        "en qué porcentaje sube el precio si los controles del camino suben un uno por ciento",
    ),
    (  # 9,000 to 30,000, credit and family abroad included
        ("smuggling.budget", "USD", _EVERYWHERE, True, 1, inf, 14_000, SMUGGLING),
        "median of what people of a group can raise for a guided way",
        "mediana de lo que las personas de un grupo pueden reunir para un viaje con guía",
    ),
    (  # 0.5 to 1
        ("smuggling.budget_sigma", "-", _EVERYWHERE, True, 0.01, 10, 0.7, SMUGGLING),
        "spread of the logarithm of what people of a group can raise",
        "dispersión del logaritmo de lo que las personas de un grupo pueden reunir",
    ),
    (
        ("smuggling.level", "utility", _LINK, True, -50, 50, 0, SMUGGLING),
        "preference for guided ways beside time and risk, at the usual price",
        "preferencia por los viajes con guía aparte de tiempo y riesgo, al precio habitual",
    ),
    (  # 0.5 to 2
        ("smuggling.price_weight", "-", _EVERYWHERE, False, 0, 50, 1, SMUGGLING),
        "how much the logarithm of the price over the usual one counts against a guided way",
        "cuánto pesa en contra de un viaje con guía el logaritmo del precio sobre el habitual",
    ),
    (  # 2 to 8
        ("smuggling.harm", "factor", _EVERYWHERE, False, 0, inf, 4, SMUGGLING),
        "recorded deaths a day on a guided way over those of people staying where it starts",
        "muertes registradas por día en un viaje con guía sobre las de quienes permanecen donde "
        "empieza",
    ),
)
"""Head, meaning in English and meaning in Spanish of each."""
