"""What rules, levers and parameters mean, for whoever is told to write their names."""

import csv
from importlib.resources import files

import pandas as pd

from rumbo.files.faults import choose
from rumbo.scenario.parameters import PARAMETERS


def _rules() -> dict[str, dict[str, str]]:
    text = files("rumbo.scenario").joinpath("rules.csv").read_text("utf-8")
    return {row["rule"]: row for row in csv.DictReader(text.splitlines())}


RULES = _rules()
"""Of each rule in both languages: ``what_en`` it is, and how it is ``without_en`` it."""


def rule_meanings(stem: str = "without") -> dict[str, str]:
    """Return what rules are, or how it is without them, as a suggestion says it."""
    lead = "rule: without it " if stem == "without" else "rule: "
    return {rule: f"{lead}{words[f'{stem}_en']}" for rule, words in RULES.items()}


def lever_titles(
    levers: pd.DataFrame, bundles: dict[str, dict[str, str]], language: str = "en"
) -> dict[str, str]:
    """Return the titles of levers: of their bundles, or of their first row.

    Parameters
    ----------
    levers
        The corridor's table of levers.
    bundles
        Titles by language of the levers that are bundles.
    language
        ``en`` or ``es``.

    Returns
    -------
    dict
        By id of the lever.
    """
    names = levers.drop_duplicates("lever").set_index("lever")[f"name_{language}"]
    return {**names, **{key: words[language] for key, words in bundles.items()}}


def unknown_parameter(name: str) -> tuple[str, str]:
    """Return what is wrong with the name of a parameter, and how to mend it."""
    meanings = {one.name: one.meaning_en for one in PARAMETERS.values()}
    cure = choose(name, tuple(PARAMETERS), meanings)
    if not cure.startswith("Write '"):
        # A list in the order of the alphabet would offer what merely begins with A.
        cure = "No name is spelt nearly so; rumbo list parameters says what each means"
    return f"parameter is '{name}', which is unknown", cure
