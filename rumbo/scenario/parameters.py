"""The parameters that settings may set: units, where they apply, allowed values, defaults."""

from math import inf, isinf, nan
from typing import NamedTuple

from rumbo.scenario.caravans.parameters import CARAVANS
from rumbo.scenario.minds import MINDS
from rumbo.scenario.smuggling.rows import GUIDED_WAYS


class Parameter(NamedTuple):
    """One parameter of the corridor.

    Attributes
    ----------
    name
        Name, such as ``checkpoint.chance``.
    unit
        Unit, as settings must state it.
    over
        What it may differ between: everywhere (nothing), place, link or mode.
    by_group
        Whether it may differ between groups.
    low, high
        Smallest and largest value allowed.
    default
        Value where no setting applies; infinite for a limit that is not known, NaN for unknown.
    rule
        Rule that uses it.
    meaning_en, meaning_es
        Meaning for readers.
    odds
        Whether settings that multiply multiply the odds, so that no combination of them passes 1.
    """

    name: str
    unit: str
    over: str
    by_group: bool
    low: float
    high: float
    default: float
    rule: str
    meaning_en: str
    meaning_es: str
    odds: bool = False

    def accepts(self, value: float) -> bool:
        """Return whether a value may be set; only limits may be infinite."""
        return self.low <= value <= self.high and (not isinf(value) or isinf(self.default))


RULE_NAMES = {
    "corridor": (
        "entries", "parole", "departure", "route", "checkpoints", "transfers", "containment",
        "trains", "clearance", "dispersal", "presenting", "appointments", "asylum", "border",
        "removal", "attrition", "crowd", "harm", "shocks", "planning", "minds",
        "smuggling", "caravans",
    ),
    "displacement": ("flight", "stints", "room", "closures"),
}  # fmt: skip
"""Rules that can be switched off, by model."""

_EVERYWHERE, _PLACE, _LINK, _MODE = "everywhere", "place", "link", "mode"

_ROWS = (
    ("entries.coverage", "factor", _EVERYWHERE, True, 0, inf, 1, "entries",
     "true entries over observed or estimated entries",
     "entradas reales sobre entradas observadas o estimadas"),
    ("entries.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "monthly noise that all entries share",
     "ruido mensual que comparten todas las entradas"),
    ("stay.days", "days", _PLACE, True, 0, inf, 1, "departure",
     "mean days at a place before going on",
     "días promedio en un lugar antes de seguir"),
    ("departure.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "noise that all departures share",
     "ruido que comparten todas las salidas"),
    ("route.time", "1/day", _EVERYWHERE, False, 0, inf, 0.3, "route",
     "how much a day of travel counts against a route",
     "cuánto pesa un día de viaje en contra de una ruta"),
    ("route.risk", "-", _EVERYWHERE, False, 0, inf, 1, "route",
     "how much the risk of being stopped or dying counts against a route",
     "cuánto pesa el riesgo de ser detenido o morir en contra de una ruta"),
    ("route.cost", "1/100USD", _EVERYWHERE, False, 0, inf, 0.3, "route",
     "how much 100 dollars count against a route",
     "cuánto pesan 100 dólares en contra de una ruta"),
    ("route.wait", "1/day", _EVERYWHERE, False, 0, inf, 0, "route",
     "how much a day of expected wait at a place counts against the ways through it",
     "cuánto pesa un día de espera previsto en un lugar en contra de las rutas que pasan por él"),
    ("route.paper", "utility", _PLACE, True, 0, 50, 0, "route",
     "how much it counts against a bus that papers are asked for at a place that it passes",
     "cuánto pesa en contra de un autobús que se pidan papeles en un lugar por el que pasa"),
    ("mode.board", "utility", _MODE, True, -50, 50, 0, "route",
     "preference for a mode of travel each time that one changes to it",
     "preferencia por un medio de transporte cada vez que se cambia a él"),
    ("mode.per_100km", "utility", _MODE, True, -50, 50, 0, "route",
     "preference for each 100 km by a mode of travel",
     "preferencia por cada 100 km en un medio de transporte"),
    ("mode.hours_per_day", "h/day", _MODE, False, 0.1, 24, 24, "route",
     "hours on the way in a day",
     "horas de camino en un día"),
    ("mode.cost", "USD/km", _MODE, False, 0, inf, 0, "route",
     "price of a kilometre",
     "precio de un kilómetro"),
    ("mode.open", "share", _MODE, False, 0, 1, 1, "trains",
     "share of a mode's capacity in service",
     "proporción de la capacidad de un medio de transporte en servicio"),
    ("link.open", "share", _LINK, False, 0, 1, 1, "route",
     "1 for an open link, 0 for a closed one",
     "1 si el tramo está abierto, 0 si está cerrado"),
    ("zone.appeal", "utility", _PLACE, True, -50, 50, 0, "route",
     "preference for a destination zone",
     "preferencia por una zona de destino"),
    ("zone.reach", "utility", _PLACE, False, -50, 50, 0, "route",
     "what makes up for how far a destination zone is",
     "lo que compensa la distancia a una zona de destino"),
    ("checkpoint.chance", "prob", _PLACE, True, 0, 1, 0, "checkpoints",
     "chance of being stopped when going on from a place",
     "probabilidad de ser detenido al seguir desde un lugar", True),
    ("checkpoint.mode", "factor", _MODE, False, 0, inf, 1, "checkpoints",
     "how the chance of being stopped differs by mode of travel",
     "cómo cambia la probabilidad de ser detenido según el medio de transporte"),
    ("checkpoint.capacity", "persons/day", _PLACE, False, 0, inf, inf, "checkpoints",
     "most people who can be stopped at a place in a day",
     "personas que como máximo se pueden detener en un lugar por día"),
    ("checkpoint.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "noise that the stops of a place share",
     "ruido que comparten las detenciones de un lugar"),
    ("patrol.rate", "1/day", _PLACE, True, 0, inf, 0, "checkpoints",
     "rate of being taken while staying at a place",
     "tasa de ser detenido durante la estancia en un lugar"),
    ("held.days", "days", _PLACE, False, 0, inf, 3, "checkpoints",
     "mean days held after being stopped",
     "días promedio bajo custodia tras ser detenido"),
    ("transfer.share", "share", _PLACE, True, 0, 1, 0, "transfers",
     "share of the held who are to be taken elsewhere in the country",
     "proporción de personas detenidas a las que se traslada a otro lugar"),
    ("transfer.seats", "persons/day", _PLACE, False, 0, inf, inf, "transfers",
     "seats in a day on all of a country's buses and planes that take people elsewhere",
     "plazas por día en todos los autobuses y aviones de un país que trasladan personas"),
    ("transfer.to", "weight", _PLACE, False, 0, inf, 0, "transfers",
     "where people are moved to",
     "adónde se traslada a las personas"),
    ("retry.share", "share", _EVERYWHERE, True, 0, 1, 1, "transfers",
     "share who set out again after being taken elsewhere once",
     "proporción de personas que vuelve a salir tras un primer traslado"),
    ("retry.decay", "factor", _EVERYWHERE, False, 0, 1, 1, "transfers",
     "what that share is multiplied by with each further move",
     "por cuánto se multiplica esa proporción con cada traslado más"),
    ("retry.home", "share", _EVERYWHERE, False, 0, 1, 0.5, "transfers",
     "of those who do not start again, share who go home",
     "de quienes no vuelven a salir, proporción que regresa a su país"),
    ("deport.share", "share", _EVERYWHERE, True, 0, 1, 0, "removal",
     "share of the held who are returned to their country",
     "proporción de personas detenidas a las que se devuelve a su país"),
    ("containment.strength", "share", _PLACE, False, 0, 1, 0, "containment",
     "share of departures prevented where leaving needs a paper",
     "proporción de salidas impedidas donde salir exige un documento"),
    ("containment.papers", "share", _EVERYWHERE, True, 0, 1, 0, "containment",
     "share of people who hold such a paper",
     "proporción de personas que tienen ese documento"),
    ("clearance.rate", "1/day", _PLACE, False, 0, inf, 0, "clearance",
     "rate at which people who wait are cleared from a place",
     "tasa de desalojo de quienes esperan en un lugar"),
    ("clearance.moved", "share", _EVERYWHERE, False, 0, 1, 0.5, "clearance",
     "of those cleared, share taken elsewhere; others scatter inland",
     "de quienes son desalojados, proporción a la que se traslada; los demás se dispersan"),
    ("parole.open", "0/1", _EVERYWHERE, True, 0, 1, 0, "parole",
     "whether parole flights are open",
     "si están abiertos los vuelos de permiso humanitario"),
    ("parole.seats", "persons/day", _EVERYWHERE, False, 0, inf, inf, "parole",
     "most arrivals on parole in a day",
     "llegadas con permiso humanitario que como máximo se admiten por día"),
    ("parole.diverted", "share", _EVERYWHERE, False, 0, 1, 0, "parole",
     "share who would have taken the land route without the programme",
     "proporción que habría ido por tierra sin el programa"),
    ("parole.airport", "weight", _PLACE, False, 0, inf, 0, "parole",
     "where people on parole arrive",
     "adónde llegan las personas con permiso humanitario"),
    ("dispersal.rate", "1/day", _PLACE, True, 0, inf, 0, "dispersal",
     "rate of taking seats on buses that disperse people who wait; the same over the whole run",
     "tasa de tomar plaza en autobuses que dispersan a quienes están esperando; igual en toda la "
     "simulación"),
    ("dispersal.seats", "persons/day", _EVERYWHERE, False, 0, inf, 0, "dispersal",
     "seats in a day on all buses that disperse people",
     "plazas por día en todos los autobuses que dispersan a las personas"),
    ("dispersal.to", "weight", _PLACE, False, 0, inf, 0, "dispersal",
     "where people are dispersed to; the same over the whole run",
     "adónde se dispersa a las personas; igual en toda la simulación"),
    ("present.coverage", "factor", _EVERYWHERE, True, 0, inf, 1, "presenting",
     "true over estimated number of people who come to lawful gates without appointment",
     "número verdadero sobre estimado de personas que llegan sin cita a los accesos legales"),
    ("appointment.eligible", "share", _PLACE, False, 0, 1, 0, "appointments",
     "share of people at a place who can ask for an appointment from there",
     "proporción de personas de un lugar que pueden pedir cita desde ahí"),
    ("appointment.request", "1/day", _EVERYWHERE, True, 0, inf, 0, "appointments",
     "rate of asking for an appointment while waiting at an eligible place",
     "tasa de pedir cita mientras se espera en un lugar habilitado"),
    ("appointment.slots", "persons/day", _EVERYWHERE, False, 0, inf, 0, "appointments",
     "appointments in a day at all lawful gates",
     "citas por día en todos los accesos legales"),
    ("appointment.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "monthly noise of the appointments that are kept",
     "ruido mensual de las citas a las que se acude"),
    ("appointment.port", "weight", _PLACE, False, 0, inf, 0, "appointments",
     "share of appointments by lawful gate",
     "proporción de las citas en cada acceso legal"),
    ("appointment.leave", "1/day", _EVERYWHERE, True, 0, inf, 0, "appointments",
     "rate of giving up the wait for an appointment",
     "tasa de abandonar la espera de una cita"),
    ("asylum.apply", "1/day", _PLACE, True, 0, inf, 0, "asylum",
     "rate of applying for asylum on the way",
     "tasa de solicitar asilo en el camino"),
    ("asylum.claim", "share", _PLACE, True, 0, 1, 0, "asylum",
     "share of people released in a destination zone who apply for asylum there",
     "proporción de quienes quedan en libertad en una zona de destino que pide asilo ahí"),
    ("asylum.days", "days", _EVERYWHERE, False, 0, inf, 120, "asylum",
     "mean days from applying for asylum to the end of the procedure",
     "días promedio desde la solicitud de asilo hasta el fin del trámite"),
    ("asylum.granted", "share", _EVERYWHERE, True, 0, 1, 0.5, "asylum",
     "share of ended procedures after which people settle",
     "proporción de trámites terminados tras los que la gente se queda"),
    ("crossing.factor", "factor", _PLACE, True, 0, inf, 1, "border",
     "what the rate of crossing between gates is multiplied by",
     "por cuánto se multiplica la tasa de cruce entre accesos legales"),
    ("crossing.evade", "share", _PLACE, False, 0, 1, 0, "border",
     "chance of crossing unseen",
     "probabilidad de cruzar sin ser visto"),
    ("crossing.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "noise that all crossings into a zone share",
     "ruido que comparten los cruces a una zona"),
    ("crossing.held_days", "days", _EVERYWHERE, False, 0, inf, 3, "border",
     "mean days in custody after crossing",
     "días promedio bajo custodia tras cruzar"),
    ("crossing.expelled", "share", _EVERYWHERE, True, 0, 1, 0, "border",
     "share of encounters sent back across the line",
     "proporción de personas encontradas a las que se devuelve al otro lado"),
    ("crossing.removed", "share", _EVERYWHERE, True, 0, 1, 0, "removal",
     "share of encounters removed to the home country",
     "proporción de personas encontradas a las que se deporta a su país"),
    ("crossing.retry", "share", _EVERYWHERE, True, 0, 1, 0, "border",
     "share of those sent back across the line who try again",
     "proporción de personas devueltas que lo intenta de nuevo"),
    ("removal.seats", "persons/day", _EVERYWHERE, True, 0, inf, inf, "removal",
     "seats on removal flights in a day",
     "plazas por día en los vuelos de deportación"),
    ("leave.settle", "1/day", _PLACE, True, 0, inf, 0, "attrition",
     "rate of settling where one waits",
     "tasa de quedarse a vivir donde se está esperando"),
    ("leave.home", "1/day", _PLACE, True, 0, inf, 0, "attrition",
     "rate of going home while waiting",
     "tasa de regresar a casa mientras se espera"),
    ("harm.passage", "prob", _LINK, False, 0, 1, 0, "harm",
     "recorded chance of dying on a link",
     "probabilidad registrada de morir en un tramo"),
    ("harm.crossing", "prob", _PLACE, False, 0, 1, 0, "harm",
     "recorded deaths per person crossing into a destination zone",
     "muertes registradas por persona que cruza a una zona de destino"),
    ("harm.stay", "1/day", _PLACE, False, 0, inf, 0, "harm",
     "recorded rate of dying while staying",
     "tasa registrada de muerte durante la estancia"),
    ("harm.undercount", "factor", _EVERYWHERE, False, 1, inf, 1, "harm",
     "true deaths over recorded deaths",
     "muertes reales sobre muertes registradas"),
    ("harm.recorded_shape", "-", _PLACE, False, 0.01, inf, inf, "shocks",
     "shape of the monthly noise of recording deaths; the lower, the more they come in clusters",
     "forma del ruido mensual del registro de muertes; cuanto menor, más se agrupan"),
    ("kidnap.rate", "1/day", _PLACE, False, 0, inf, 0, "harm",
     "rate of being kidnapped while staying",
     "tasa de ser secuestrado durante la estancia"),
    ("kidnap.reported", "share", _EVERYWHERE, False, 0, 1, 1, "harm",
     "share of kidnappings that are reported",
     "proporción de secuestros que se denuncian"),
    ("shelter.places", "places", _PLACE, False, 0, inf, nan, "crowd",
     "shelter places known at a place",
     "plazas de albergue conocidas en un lugar"),
    ("shelter.seek", "share", _PLACE, False, 0, 1, 1, "crowd",
     "share of people at a place who seek a shelter", "parte de las personas que busca albergue"),
    ("flight.chance", "prob", _PLACE, False, 0, 1, 1, "flight",
     "chance of setting out from a place in a day",
     "probabilidad de salir de un lugar en un día"),
    ("flight.town", "0/1", _PLACE, False, 0, 1, 0, "stints",
     "whether people who come through a place may have to go on the same day",
     "si quienes pasan por un lugar pueden tener que seguir el mismo día"),
    ("flight.camp", "0/1", _PLACE, False, 0, 1, 0, "room",
     "whether people turn back from a place that is nearly full",
     "si la gente da media vuelta ante un lugar casi lleno"),
    ("flight.score", "weight", _PLACE, False, 0, inf, 1, "flight",
     "how much a place attracts as a destination",
     "cuánto atrae un lugar como destino"),
    ("flight.room", "persons", _PLACE, False, 0, inf, inf, "room",
     "people at whom a place is full",
     "personas con las que un lugar está lleno"),
    ("flight.buffer", "share", _EVERYWHERE, False, 0, 1, 0.9, "room",
     "share of a place's room from which it attracts less",
     "proporción de la capacidad a partir de la cual un lugar atrae menos"),
    ("flight.softening", "km", _EVERYWHERE, False, 0, inf, 10, "flight",
     "kilometres added to every way when ways are weighed",
     "kilómetros que se suman a cada camino al comparar caminos"),
    ("flight.distance_power", "-", _EVERYWHERE, False, -inf, inf, 1, "flight",
     "exponent of the distance against a way",
     "exponente de la distancia en contra de un camino"),
    ("flight.weight_softening", "weight", _EVERYWHERE, False, 0, inf, 0, "flight",
     "weight added to every destination",
     "peso que se suma a cada destino"),
    ("flight.weight_power", "-", _EVERYWHERE, False, 0, inf, 1, "flight",
     "exponent of a way's whole weight",
     "exponente del peso total de un camino"),
    ("flight.stints", "0/1", _EVERYWHERE, False, 0, 1, 0, "stints",
     "whether people go on through towns until they have travelled a day's way in two days",
     "si la gente sigue por los pueblos hasta recorrer la distancia de un día en dos días"),
    ("flight.awareness", "links", _EVERYWHERE, False, 0, 9, 1, "flight",
     "links that people see ahead when they choose; the same over the whole run",
     "tramos que la gente ve por delante al elegir; igual en toda la simulación"),
    ("flight.reach", "km/day", _EVERYWHERE, False, 1, inf, 360, "flight",
     "way that counts as a full day's travel; the same over the whole run",
     "camino que cuenta como un día entero de viaje; igual en toda la simulación"),
    ("flight.walk", "km/day", _EVERYWHERE, False, 0.1, inf, 35, "flight",
     "way on foot in a day; the same over the whole run",
     "camino a pie en un día; igual en toda la simulación"),
    ("flight.on_foot", "0/1", _EVERYWHERE, False, 0, 1, 0, "flight",
     "whether the first link is walked; the same over the whole run",
     "si el primer tramo se hace a pie; igual en toda la simulación"),
    ("flight.walking", "prob", _LINK, False, 0, 1, 0, "flight",
     "chance that a day on a link is walked; the same over the whole run",
     "probabilidad de hacer a pie un día de un tramo; igual en toda la simulación"),
    ("flight.roads", "count", _LINK, False, 0, inf, 1, "flight",
     "number of roads that a link stands for",
     "número de caminos que representa un tramo"),
    ("stop.count", "factor", _PLACE, False, 0, inf, 1, "checkpoints",
     "events that a country counts per person stopped",
     "eventos que un país cuenta por persona detenida"),
)  # fmt: skip

PARAMETERS: dict[str, Parameter] = {row[0]: Parameter(*row) for row in _ROWS} | {
    head[0]: Parameter(*head, english, spanish)
    for head, english, spanish in (*MINDS, *GUIDED_WAYS, *CARAVANS)
}
"""Every parameter, by name."""
