"""What an outlook refuses, in one line of the reader's language."""

from typing import NamedTuple

from rumbo.files.faults import Fault, Faults


class Refusal(NamedTuple):
    """Why something is refused, and what to do instead, with places for values."""

    message: str
    cure: str


REFUSALS: dict[str, dict[str, Refusal]] = {
    "early": {
        "en": Refusal(
            "as of {day} too little was known of the run, which begins on {start}",
            "Choose {first} or a later day",
        ),
        "es": Refusal(
            "al {day} se sabía demasiado poco de la simulación, que empieza el {start}",
            "Elija el {first} o un día posterior",
        ),
    },
    "late": {
        "en": Refusal(
            "as of {day} it is not known who enters: the last count is of {month}, and the next "
            "was due by then",
            "Choose {last} or an earlier day; to add months, make a copy of your own (rumbo copy "
            "{corridor} mine), add what agencies have published since (rumbo data add FILE "
            "--corridor mine), and give rumbo outlook mine --as-of {day}",
        ),
        "es": Refusal(
            "al {day} no se sabe quién entra: el último conteo es de {month} y el siguiente ya "
            "debía estar publicado",
            "Elija el {last} o un día anterior; para agregar meses, haga una copia propia (rumbo "
            "copy {corridor} mine), agregue lo publicado desde entonces (rumbo data add ARCHIVO "
            "--corridor mine) y escriba rumbo outlook mine --as-of {day}",
        ),
    },
    "months": {
        "en": Refusal(
            "{months} months ahead were asked for, expected 1 to {most}: how far entries wander "
            "was measured over {most} months, and nothing longer was ever held against the record",
            "Ask for {most} at most",
        ),
        "es": Refusal(
            "se pidieron {months} meses, se esperaba de 1 a {most}: cuánto varían las entradas se "
            "midió en {most} meses, y nada más largo se ha contrastado con el registro",
            "Pida {most} como máximo",
        ),
    },
    "place": {
        "en": Refusal("there is no place '{place}'", "{choice}"),
        "es": Refusal("no hay un lugar '{place}'", "Escriba uno de: {names}"),
    },
    "beds": {
        "en": Refusal(
            "beds are given for '{name}', and the outlook tells of '{place}'",
            "Give --beds {place}=NUMBER, and an outlook of its own for each other place",
        ),
        "es": Refusal(
            "se dan camas para '{name}', y la perspectiva es de '{place}'",
            "Dé --beds {place}=NÚMERO, y pida aparte cada otro lugar",
        ),
    },
    "event": {
        "en": Refusal(
            "'{event}' has no outcome that was known by {day} and is decided by {end}",
            "Write one of: {names}",
        ),
        "es": Refusal(
            "'{event}' no tiene un desenlace conocido al {day} que se decida a más tardar el {end}",
            "Escriba uno de: {names}",
        ),
    },
    "weights.event": {
        "en": Refusal(
            "weights are given for '{event}', which is not decided in the months ahead",
            "Leave it out, or write one of: {names}",
        ),
        "es": Refusal(
            "se dan pesos para '{event}', que no se decide en los meses que vienen",
            "Quítelo, o escriba uno de: {names}",
        ),
    },
    "weights.outcome": {
        "en": Refusal(
            "no member stands behind the outcome '{name}' of '{event}'", "Write one of: {names}"
        ),
        "es": Refusal(
            "ningún miembro respalda el desenlace '{name}' de '{event}'", "Escriba uno de: {names}"
        ),
    },
    "weights.few": {
        "en": Refusal(
            "{members} members stand behind the outcome '{name}' of '{event}', too few for a "
            "range that is weighed by hand",
            "Run {fewest} members or more, or leave its chance as it is",
        ),
        "es": Refusal(
            "{members} miembros respaldan el desenlace '{name}' de '{event}', muy pocos para un "
            "rango con pesos puestos a mano",
            "Corra {fewest} miembros o más, o deje su probabilidad como está",
        ),
    },
    "weights.sum": {
        "en": Refusal(
            "the weights of '{event}' add up to {total}", "Write numbers from 0 that add up to 1"
        ),
        "es": Refusal(
            "los pesos de '{event}' suman {total}", "Escriba números desde 0 que sumen 1"
        ),
    },
}
"""By what is refused and language."""


def refusal(key: str, language: str, **values: object) -> Faults:
    """Return a refusal, ready to be raised.

    Parameters
    ----------
    key
        One of `REFUSALS`.
    language
        ``en`` or ``es``.
    **values
        What stands in its places.

    Returns
    -------
    Faults
    """
    said = REFUSALS[key][language]
    return Faults([Fault("outlook", 0, said.message.format(**values), said.cure.format(**values))])
