"""The parameters that settings may set: units, where they apply, allowed values, defaults."""

from math import inf, isinf, nan
from typing import NamedTuple


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

    def accepts(self, value: float) -> bool:
        """Return whether a value may be set; only limits may be infinite."""
        return self.low <= value <= self.high and (not isinf(value) or isinf(self.default))


RULE_NAMES = (
    "entries", "parole", "departure", "route", "checkpoints", "transfers", "containment",
    "trains", "clearance", "appointments", "asylum", "border", "removal", "attrition", "crowd",
    "harm", "shocks",
)  # fmt: skip
"""Rules that can be switched off."""

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
     "días de media en un lugar antes de seguir"),
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
     "how much 100 US dollars count against a route",
     "cuánto pesan 100 dólares en contra de una ruta"),
    ("mode.constant", "utility", _MODE, True, -50, 50, 0, "route",
     "preference for a mode of travel",
     "preferencia por un modo de viaje"),
    ("mode.hours_per_day", "h/day", _MODE, False, 0.1, 24, 24, "route",
     "hours on the way in a day",
     "horas de camino en un día"),
    ("mode.cost", "USD/km", _MODE, False, 0, inf, 0, "route",
     "price of a kilometre",
     "precio de un kilómetro"),
    ("mode.open", "share", _MODE, False, 0, 1, 1, "trains",
     "share of a mode's capacity in service",
     "parte de la capacidad de un modo en servicio"),
    ("link.open", "share", _LINK, False, 0, 1, 1, "route",
     "1 for an open link, 0 for a closed one",
     "1 si el tramo está abierto, 0 si está cerrado"),
    ("sector.appeal", "utility", _PLACE, True, -50, 50, 0, "route",
     "preference for a US sector as destination",
     "preferencia por un sector de EE. UU. como destino"),
    ("sector.reach", "utility", _PLACE, False, -50, 50, 0, "route",
     "what makes up for how far a US sector is",
     "lo que compensa la distancia a un sector de EE. UU."),
    ("checkpoint.chance", "prob", _PLACE, True, 0, 1, 0, "checkpoints",
     "chance of being stopped when going on from a place",
     "probabilidad de ser detenido al seguir desde un lugar"),
    ("checkpoint.mode", "factor", _MODE, False, 0, inf, 1, "checkpoints",
     "how the chance of being stopped differs by mode of travel",
     "cómo cambia esa probabilidad según el modo de viaje"),
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
     "días de media bajo custodia tras ser detenido"),
    ("transfer.share", "share", _PLACE, True, 0, 1, 0, "transfers",
     "share of the held who are to be moved south",
     "parte de los detenidos que se trasladan al sur"),
    ("transfer.seats", "persons/day", _EVERYWHERE, False, 0, inf, inf, "transfers",
     "seats on all buses and planes south in a day",
     "plazas por día en todos los autobuses y aviones al sur"),
    ("transfer.to", "weight", _PLACE, False, 0, inf, 0, "transfers",
     "where people are moved to",
     "adónde se traslada a las personas"),
    ("retry.share", "share", _EVERYWHERE, True, 0, 1, 1, "transfers",
     "share who start north again after a first move south",
     "parte que vuelve a salir al norte tras un primer traslado"),
    ("retry.decay", "factor", _EVERYWHERE, False, 0, 1, 1, "transfers",
     "what that share is multiplied by with each further move",
     "por cuánto se multiplica esa parte con cada traslado más"),
    ("retry.home", "share", _EVERYWHERE, False, 0, 1, 0.5, "transfers",
     "of those who do not start again, share who go home",
     "de quienes no vuelven a salir, parte que regresa a su país"),
    ("deport.share", "share", _EVERYWHERE, True, 0, 1, 0, "removal",
     "share of the held who are returned to their country",
     "parte de los detenidos que se devuelven a su país"),
    ("containment.strength", "share", _PLACE, False, 0, 1, 0, "containment",
     "share of departures prevented where leaving needs a paper",
     "parte de las salidas impedidas donde salir exige un papel"),
    ("containment.papers", "share", _EVERYWHERE, True, 0, 1, 0, "containment",
     "share of people who hold such a paper",
     "parte de las personas que tienen ese papel"),
    ("clearance.rate", "1/day", _PLACE, False, 0, inf, 0, "clearance",
     "rate at which people who wait are cleared from a place",
     "tasa de desalojo de quienes esperan en un lugar"),
    ("clearance.moved", "share", _EVERYWHERE, False, 0, 1, 0.5, "clearance",
     "of those cleared, share moved south; others scatter inland",
     "de los desalojados, parte que se traslada al sur; otros se dispersan tierra adentro"),
    ("parole.open", "0/1", _EVERYWHERE, True, 0, 1, 0, "parole",
     "whether parole flights are open",
     "si están abiertos los vuelos de permiso humanitario"),
    ("parole.seats", "persons/day", _EVERYWHERE, False, 0, inf, inf, "parole",
     "most arrivals on parole in a day",
     "llegadas con permiso humanitario que como máximo se admiten por día"),
    ("parole.diverted", "share", _EVERYWHERE, False, 0, 1, 0, "parole",
     "share who would have taken the land route without the programme",
     "parte que habría ido por tierra sin el programa"),
    ("parole.airport", "weight", _PLACE, False, 0, inf, 0, "parole",
     "where people on parole arrive",
     "adónde llegan las personas con permiso humanitario"),
    ("appointment.eligible", "0/1", _PLACE, False, 0, 1, 0, "appointments",
     "whether appointments can be asked for from a place",
     "si desde un lugar se puede pedir cita"),
    ("appointment.request", "1/day", _EVERYWHERE, True, 0, inf, 0, "appointments",
     "rate of asking for an appointment while waiting at an eligible place",
     "tasa de pedir cita mientras se espera en un lugar habilitado"),
    ("appointment.slots", "persons/day", _EVERYWHERE, False, 0, inf, 0, "appointments",
     "appointments in a day at all ports",
     "citas por día en todos los puertos de entrada"),
    ("appointment.port", "weight", _PLACE, False, 0, inf, 0, "appointments",
     "share of appointments by port of entry",
     "parte de las citas de cada puerto de entrada"),
    ("appointment.leave", "1/day", _EVERYWHERE, True, 0, inf, 0, "appointments",
     "rate of giving up the wait for an appointment",
     "tasa de abandonar la espera de una cita"),
    ("asylum.apply", "1/day", _PLACE, True, 0, inf, 0, "asylum",
     "rate of applying for asylum in Mexico",
     "tasa de solicitar asilo en México"),
    ("asylum.days", "days", _EVERYWHERE, False, 0, inf, 120, "asylum",
     "mean days from applying for asylum to the end of the procedure",
     "días de media desde la solicitud de asilo hasta el fin del trámite"),
    ("asylum.granted", "share", _EVERYWHERE, True, 0, 1, 0.5, "asylum",
     "share of ended procedures after which people settle",
     "parte de los trámites terminados tras los que la gente se queda"),
    ("crossing.factor", "factor", _PLACE, True, 0, inf, 1, "border",
     "what the rate of crossing between ports is multiplied by",
     "por cuánto se multiplica la tasa de cruce entre puertos"),
    ("crossing.evade", "share", _PLACE, False, 0, 1, 0, "border",
     "chance of crossing unseen",
     "probabilidad de cruzar sin ser visto"),
    ("crossing.shock", "cv", _EVERYWHERE, False, 0, 5, 0, "shocks",
     "noise that all crossings of a sector share",
     "ruido que comparten los cruces de un sector"),
    ("crossing.held_days", "days", _EVERYWHERE, False, 0, inf, 3, "border",
     "mean days in US custody",
     "días de media bajo custodia de EE. UU."),
    ("crossing.expelled", "share", _EVERYWHERE, True, 0, 1, 0, "border",
     "share of encounters sent back to Mexico",
     "parte de los encuentros que se devuelven a México"),
    ("crossing.removed", "share", _EVERYWHERE, True, 0, 1, 0, "removal",
     "share of encounters removed to the home country",
     "parte de los encuentros que se deportan al país de origen"),
    ("crossing.retry", "share", _EVERYWHERE, True, 0, 1, 0, "border",
     "share of those sent back to Mexico who try again",
     "parte de los devueltos a México que lo intenta de nuevo"),
    ("removal.seats", "persons/day", _EVERYWHERE, True, 0, inf, inf, "removal",
     "seats on removal flights in a day",
     "plazas por día en los vuelos de deportación"),
    ("leave.settle", "1/day", _PLACE, True, 0, inf, 0, "attrition",
     "rate of settling where one waits",
     "tasa de quedarse a vivir donde se espera"),
    ("leave.home", "1/day", _PLACE, True, 0, inf, 0, "attrition",
     "rate of going home while waiting",
     "tasa de regresar a casa mientras se espera"),
    ("harm.passage", "prob", _LINK, False, 0, 1, 0, "harm",
     "recorded chance of dying on a link",
     "probabilidad registrada de morir en un tramo"),
    ("harm.crossing", "prob", _PLACE, False, 0, 1, 0, "harm",
     "recorded deaths per person crossing into a US sector",
     "muertes registradas por persona que cruza a un sector de EE. UU."),
    ("harm.stay", "1/day", _PLACE, False, 0, inf, 0, "harm",
     "recorded rate of dying while staying",
     "tasa registrada de muerte durante la estancia"),
    ("harm.undercount", "factor", _EVERYWHERE, False, 1, inf, 1, "harm",
     "true deaths over recorded deaths",
     "muertes reales sobre muertes registradas"),
    ("kidnap.rate", "1/day", _PLACE, False, 0, inf, 0, "harm",
     "rate of being kidnapped while staying",
     "tasa de ser secuestrado durante la estancia"),
    ("kidnap.reported", "share", _EVERYWHERE, False, 0, 1, 1, "harm",
     "share of kidnappings that are reported",
     "parte de los secuestros que se denuncian"),
    ("shelter.places", "places", _PLACE, False, 0, inf, nan, "crowd",
     "shelter places known at a place",
     "plazas de albergue conocidas en un lugar"),
    ("mexico.count", "factor", _EVERYWHERE, False, 0, inf, 1, "checkpoints",
     "events that Mexico counts per person stopped",
     "eventos que México cuenta por persona detenida"),
)  # fmt: skip

PARAMETERS: dict[str, Parameter] = {row[0]: Parameter(*row) for row in _ROWS}
"""Every parameter, by name."""
