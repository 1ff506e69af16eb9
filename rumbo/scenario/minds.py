"""What settings may say of minds: rows of parameters.

No figure decides any of these values: all defaults are assumed, as are the ranges named beside
them. Beliefs act by the stake, ``minds.kappa`` times what an outcome takes away, which is what
its levers leave of ``worth.crossing``: only that product shows.
"""

from math import inf

Head = tuple[str, str, str, bool, float, float, float, str]
"""Name, unit, over, by group, low, high, default and rule, as `Parameter` has them."""

_EVERYWHERE, _PLACE = "everywhere", "place"

MINDS: tuple[tuple[Head, str, str], ...] = (
    (  # 3 to 12
        ("minds.kappa", "1/worth", _EVERYWHERE, False, 0, 20, 6, "minds"),
        "how much the log of the rate of setting out rises with what going now is worth more than "
        "waiting; a crossing while the way is open is worth 1",
        "cuánto sube el logaritmo de la tasa de salida con lo que irse ahora vale más que esperar; "
        "un cruce con la vía abierta vale 1",
    ),
    (  # 1/720 to 1/60
        ("minds.hope", "1/day", _EVERYWHERE, False, 0, 1, 0.005, "minds"),
        "believed chance, each day, that a closing is undone",
        "probabilidad, cada día, de que se crea que un cierre se revierte",
    ),
    (  # 1 to 1.6
        ("minds.appointment_worth", "worth", _EVERYWHERE, True, 0, 10, 1.25, "minds"),
        "what an appointment at a lawful gate is worth, where a crossing is worth 1",
        "lo que vale una cita en un acceso legal, si un cruce vale 1",
    ),
    (  # 0.0002 to 0.003
        ("minds.day_cost", "worth/day", _EVERYWHERE, True, 0, 1, 0.0008, "minds"),
        "what a day of waiting or on the way costs, where a crossing is worth 1",
        "lo que cuesta un día de espera o de camino, si un cruce vale 1",
    ),
    (  # 0 to 1; the record does not tell
        ("minds.own_chance", "share", _EVERYWHERE, False, 0, 1, 0.5, "minds"),
        "how far people who wait count on setting out faster later: 0 at the usual rate, 1 as fast "
        "as they then will",
        "hasta qué punto quienes esperan cuentan con salir más rápido después: 0 al ritmo "
        "habitual, 1 tan rápido como lo harán",
    ),
    (  # 0.05 to 1
        ("minds.speed", "1/day", _PLACE, True, 0, inf, 0.3, "minds"),
        "rate at which people at a place come to believe the news",
        "ritmo al que la gente de un lugar llega a creer las noticias",
    ),
    (  # 0.5 to 2
        ("minds.lag", "factor", _PLACE, True, 0, 100, 1, "minds"),
        "what the days until news is heard are multiplied by at a place",
        "por cuánto se multiplican en un lugar los días hasta que se oye una noticia",
    ),
    (  # 0 to 0.3; the record does not tell
        ("minds.contact", "1/day", _EVERYWHERE, False, 0, inf, 0.1, "minds"),
        "rate at which people take up what is believed in places that a link joins to theirs",
        "ritmo al que la gente adopta lo que se cree en los lugares que un tramo une al suyo",
    ),
    (  # 30 to 180
        ("minds.unlearning", "days", _EVERYWHERE, False, 1, inf, 90, "minds"),
        "days in which half of a belief gives way to what is seen, once a closing holds",
        "días en que la mitad de una creencia cede ante lo que se ve, una vez vigente el cierre",
    ),
    (  # 0.003 to 0.01: 1,450 a day for some 280,000 at the end of 2024
        ("minds.turn", "1/day", _EVERYWHERE, True, 0, 1, 0.005, "minds"),
        "daily chance of an appointment that people in the queue reckon with, while there are any",
        "probabilidad diaria de una cita con la que cuenta la gente en la cola, mientras las haya",
    ),
    (  # 0.2 to 1: groups that are flown home have less to gain
        ("worth.crossing", "worth", _EVERYWHERE, True, 0, 10, 1, "minds"),
        "what a crossing is worth to a group, beside that of others",
        "lo que vale un cruce para un grupo, en comparación con otros",
    ),
    (  # 60 to 240 where people plan; 0 has nobody plan
        ("planning.days", "days", _PLACE, True, 0, inf, 0, "planning"),
        "mean days of planning at home before setting out",
        "días de media planeando en casa antes de salir",
    ),
)
"""Head, meaning in English and meaning in Spanish of each."""
