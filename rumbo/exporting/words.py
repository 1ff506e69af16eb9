"""What the read-me sheet and the description of the data say, in English and Spanish."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from rumbo.exporting.names import change_text
from rumbo.exporting.series import ResultFacts

SURE_OF_ENDS = 40
"""With fewer members than this, the outer quantiles rest on one or two of them."""


class ReadMeLine(NamedTuple):
    """A line of the read-me sheet: what it is about, and the text in two languages."""

    about: str
    en: str
    es: str


READING = ReadMeLine(
    "how to read",
    "Simulated figures: what would have happened if the assumptions held, not what will happen. "
    "A flow is the sum over the month, a stock the mean over its days. A date is the last day of "
    "the month.",
    "Cifras simuladas: qué habría pasado si los supuestos se cumplieran, no qué va a pasar. Un "
    "flujo es la suma del mes; una existencia, la media de sus días. La fecha es el último día "
    "del mes.",
)
RANGES = ReadMeLine(
    "ranges",
    "From low_95 to high_95 lie 95 of 100 members; so with 90 and 80; from low_50 to high_50 lie "
    "half of them. Quote the range, not the median alone. The ranges show chance and "
    "the unknowns that the scenario varies; they do not show what the model leaves out.",
    "Entre low_95 y high_95 está el 95 % de los miembros; lo mismo con 90 y 80; entre low_50 y "
    "high_50, la mitad. Cite el rango, no solo la mediana. Los rangos muestran el azar y "
    "las incógnitas que el escenario varía; no muestran lo que el modelo deja fuera.",
)
SUPPRESSED = ReadMeLine(
    "suppressed",
    "Values above 0 and below 10 are left empty and marked in the column suppressed, and so are "
    "differences of fewer than 10 either way. Places, groups and links that stay below 10 "
    "throughout are left out. Numbers have three digits, as in the report.",
    "Los valores mayores que 0 y menores que 10 quedan vacíos y se marcan en la columna "
    "suppressed, igual que las diferencias de menos de 10 en cualquier sentido. Se omiten los "
    "lugares, grupos y enlaces que siempre quedan por debajo de 10. Los números tienen tres "
    "cifras, como en el informe.",
)
DIFFERENCES = ReadMeLine(
    "differences",
    "A difference is the scenario named in scenario_id less the one in compared_with, member by "
    "member, so that both meet the same luck: with a policy, or what a question asks about, less "
    "without it, as the page tells it; of other changes, the changed scenario less the first. "
    "Ranges of two scenarios must not be subtracted from one another. It follows from what was "
    "assumed and is no measured effect; the column who_speaks says on what its size rests. None is "
    "given of people short of beds where shelter places are known somewhere in one scenario alone.",
    "Una diferencia es el escenario de scenario_id menos el de compared_with, miembro por miembro, "
    "para que ambos tengan la misma suerte: con una medida, o con lo que se pregunta, menos sin "
    "ella, como lo cuenta la página; de otros cambios, el escenario cambiado menos el primero. No "
    "se deben restar los rangos de dos escenarios. Se sigue de lo que se supuso y no es un efecto "
    "medido; la columna who_speaks dice en qué se apoya su tamaño. No se da la de personas sin "
    "plaza de albergue donde en algún lugar las plazas se conocen en un solo escenario.",
)
OBSERVED = ReadMeLine(
    "observed",
    "Observed figures are those published last, each with its publisher and source. Where "
    "several estimate the same, only the ends between which all lie stand beside the ranges.",
    "Las cifras observadas son las últimas publicadas, cada una con quien la publica y su fuente. "
    "Donde varios estiman lo mismo, junto a los rangos figuran solo los extremos entre los que "
    "están todos.",
)
USE = ReadMeLine(
    "use",
    "For planning shelter, aid, legal help and appointments, and for weighing policies by what "
    "they cost people. Not for finding, following or stopping people.",
    "Para planear albergues, ayuda, asesoría legal y citas, y para comparar políticas por lo que "
    "le cuestan a la gente. No para localizar, seguir ni detener a personas.",
)
ONE_MEMBER = ReadMeLine(
    "members",
    "The run has one member: the ends of every range are equal and say nothing about how sure a "
    "figure is.",
    "La corrida tiene un solo miembro: los extremos de cada rango son iguales y no dicen qué tan "
    "segura es una cifra.",
)
FEW_MEMBERS = ReadMeLine(
    "members",
    "The run has few members: the outer ends of the ranges rest on one or two of them.",
    "La corrida tiene pocos miembros: los extremos de los rangos dependen de uno o dos de ellos.",
)


def read_me(facts: ResultFacts) -> list[ReadMeLine]:
    """Return the lines of the read-me sheet.

    Parameters
    ----------
    facts
        What all targets share.

    Returns
    -------
    list of ReadMeLine
    """
    corridor, about = facts.background["corridor"], facts.about
    period = f"{corridor['start']} / {corridor['end']}"
    run = [(name, str(about.get(name, ""))) for name in ("run_id", "seed", "mode", "version")]
    return [
        _both("title", corridor["title"]),
        _both("description", corridor["description"]),
        *(ReadMeLine(name, value, value) for name, value in run),
        ReadMeLine("members", str(about.get("members", "")), str(about.get("members", ""))),
        ReadMeLine("period", period, period),
        *(_scenario(record, facts) for record in facts.background["scenarios"]),
        READING,
        RANGES,
        DIFFERENCES,
        OBSERVED,
        *doubts(facts),
        SUPPRESSED,
        USE,
        ReadMeLine("licence", corridor["licence"], corridor["licence"]),
    ]


def doubts(facts: ResultFacts) -> list[ReadMeLine]:
    """Return what must be said where a run has few members, or months in part."""
    members = int(facts.about.get("members", SURE_OF_ENDS))
    few = [ONE_MEMBER if members == 1 else FEW_MEMBERS] if members < SURE_OF_ENDS else []
    return [*few, _in_part(facts.cut)] if facts.cut else few


def _in_part(cut: Mapping[str, int]) -> ReadMeLine:
    """Say which months a run has in part: beside others their flows are too low."""
    en = ", ".join(f"{month} ({days} days)" for month, days in cut.items())
    es = ", ".join(f"{month} ({days} días)" for month, days in cut.items())
    return ReadMeLine(
        "months in part",
        f"The run has these months in part, and their flows are of those days alone: {en}.",
        f"La corrida tiene estos meses en parte, y sus flujos son solo de esos días: {es}.",
    )


def _both(about: str, words: dict[str, str]) -> ReadMeLine:
    return ReadMeLine(about, words["en"], words["es"])


def _scenario(record: dict[str, Any], facts: ResultFacts) -> ReadMeLine:
    title = facts.names.scenario(record["name"])
    parts = [record["name"]] if title.en != record["name"] else []
    if title.en == record["name"]:  # a name that was given says nothing of what differs
        parts += [f"- {', '.join(record['without'])}"] if record.get("without") else []
        parts += [change_text(change) for change in record.get("changes") or ()]
    return ReadMeLine("scenario", *("; ".join((text, *parts)) for text in title))
