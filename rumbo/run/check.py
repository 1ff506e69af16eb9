"""Everything that keeps a corridor from running, found without running it."""

from dataclasses import replace
from pathlib import Path

from rumbo.files.faults import Collector, Fault, Faults, choose
from rumbo.report.page.own import check_texts
from rumbo.run.program import compile_scenario
from rumbo.scenario.scenario import Scenario, load


def check(name_or_folder: str | Path) -> list[Fault]:
    """Return everything that is wrong with a corridor's files; empty if it can be run.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    list of Fault
        By file and row.
    """
    try:
        load_ready(name_or_folder)
    except Faults as faults:
        return list(faults.faults)
    return []


def load_ready(name_or_folder: str | Path) -> Scenario:
    """Read a corridor, and see whether what its files say together can be run.

    Parameters
    ----------
    name_or_folder
        Name of a bundled corridor, or the folder of one's own.

    Returns
    -------
    Scenario

    Raises
    ------
    Faults
        Everything that is wrong with the files; if nothing is, what keeps them from being run.
    """
    scenario = with_words_checked(load(name_or_folder))
    compile_scenario(scenario)
    return scenario


def with_words_checked(scenario: Scenario) -> Scenario:
    """See whether the report can print what a corridor says in its own words.

    Parameters
    ----------
    scenario
        A scenario of the corridor.

    Returns
    -------
    Scenario
        The same, warned of texts that the report never prints.

    Raises
    ------
    Faults
        If a text holds other values than the report puts into it.
    """
    faults, warnings = Collector(), Collector()
    rows = scenario.words.iterrows()
    texts = ((int(row), str(one["key"]), {"en": one["en"], "es": one["es"]}) for row, one in rows)
    check_texts(texts, faults, warnings)
    _check_named(scenario, warnings)
    faults.check()
    return replace(scenario, warnings=(*scenario.warnings, *warnings.faults))


def _check_named(scenario: Scenario, warnings: Collector) -> None:
    """Note names of what the corridor does not have, which are never printed."""
    for beginning, known in _named(scenario).items():
        for row, key in scenario.words["key"].items():
            name = key.removeprefix(beginning)
            if key != name and name not in known:
                message = f"key is '{key}', but the corridor has no '{name}'"
                cure = choose(name, sorted(known - {""}))
                warnings.add("words.csv", int(str(row)), message, cure)


def _named(scenario: Scenario) -> dict[str, set[str]]:
    """What may stand after the beginnings of keys that name parts of the corridor."""
    places, figures = scenario.network.places, scenario.figures
    roles = {role for cell in places["roles"] for role in cell.split(";")}
    areas = {*places["zone"], *places["office"], *figures["area"], *scenario.roles.regions}
    return {
        "area.": areas,
        "kind.": {*places["kind"], *places["country"], *places["admin1"], *roles},
        "nationality.": set(scenario.groups["nationality"]),
        "place.": set(places["id"]),
    }
