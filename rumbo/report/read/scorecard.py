"""The tables of an evaluation as the report reads them: found, whole and checked."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from rumbo.files.faults import Collector
from rumbo.report.page.parts import Row
from rumbo.report.read.tables import CheckedTable, are_numbers, read_table

STACK, REFERENCE = "stack", "persistence"
"""The published forecast, and same-as-last-month, which scores are divided by."""

COVERS = (50, 80, 90, 95)
"""Covers of central ranges, in %."""

SHOWN = (1, 3, 6)
"""Months ahead that sentences and tables tell of; charts draw every one."""

ABSOLUTE = ("wis_log", "crps_log", "wis_natural", "crps_natural")
"""Scores of a forecast: of ``log(1 + figure)``, and of the figure itself."""

RATIOS = ("relative_wis_log", "geometric_wis_log", "relative_wis_natural", "geometric_wis_natural")
"""Scores beside those of the reference; each column has two more, ``_low`` and ``_high``."""

HEADLINE = "relative_wis_log"
"""What sentences tell of: the ratio of mean scores on the log scale."""

HARDER = ("persistence-96", "persistence-96-recalibrated")
"""References that the published forecast is told beside wherever they were scored."""

AGAIN = "Run the evaluation again in its folder; it goes on where it was stopped"

INDEX = ("family", "horizon", "model")

NUMBERS = {
    "skill.csv": (
        "horizon",
        "series",
        "origins",
        "cells",
        *(f"{ratio}{end}" for ratio in RATIOS for end in ("", "_low", "_high")),
    ),
    "scores.csv": ("horizon", "nowcast", *ABSOLUTE, *(f"held_{cover}" for cover in COVERS)),
    "weights.csv": ("horizon", "weight", "spread", "past"),
}
"""Columns of each table that hold numbers."""

TEXTS = {
    "skill.csv": ("family", "model"),
    "scores.csv": ("family", "model", "origin", "month"),
    "weights.csv": ("origin", "family", "member"),
}
"""Columns of each table that hold text."""

KEYS = {"scores.csv": ("measure", "component", "area", "nationality")}
"""Columns that name a series."""

MONTH = r"\d{4}-(0[1-9]|1[0-2])"
MONTHS = ("origin", "month")
"""Columns of text that hold a month, such as 2024-06."""


@dataclass(frozen=True)
class Scorecard:
    """The tables of one evaluation.

    Attributes
    ----------
    skill
        One row a family, month ahead and model, indexed by these.
    scores
        One row a forecast.
    weights
        One row an origin, family, month ahead and member of the stack.
    """

    skill: pd.DataFrame
    scores: pd.DataFrame
    weights: pd.DataFrame
    _grouped: dict[tuple[str, int, str], pd.DataFrame] = field(default_factory=dict)

    @property
    def families(self) -> list[str]:
        """Families in the order of the table."""
        return list(dict.fromkeys(self.skill.index.get_level_values("family")))

    @property
    def models(self) -> list[str]:
        """The published forecast first, the reference second, then the others by name."""
        named = set(self.skill.index.get_level_values("model"))
        return [STACK, REFERENCE, *sorted(named - {STACK, REFERENCE})]

    @property
    def plainest(self) -> list[str]:
        """References that say the same as last month, or its usual season, with any spread."""
        return [name for name in self.models if REFERENCE in name]

    @property
    def horizons(self) -> list[int]:
        """Months ahead."""
        return sorted(set(self.skill.index.get_level_values("horizon")))

    @property
    def shown(self) -> list[int]:
        """Months ahead that sentences and tables tell of."""
        return [ahead for ahead in SHOWN if ahead in self.horizons]

    @property
    def origins(self) -> list[str]:
        """Months from which was forecast, in order."""
        return sorted(set(self.scores["origin"]))

    def family_of(self, measure: str, component: str) -> str:
        """Return the family that a total was scored in, empty where it was not."""
        found = self.scores["family"]
        total = (measure, component, "all", "all")
        for column, name in zip(KEYS["scores.csv"], total, strict=True):
            found = found[self.scores.loc[found.index, column] == name]
        return str(found.iloc[0]) if len(found) else ""

    def row(self, family: str, horizon: int, model: str) -> Row | None:
        """Return what the skill table says of a model, or None where it has no row."""
        key = (family, horizon, model)
        return self.skill.loc[key].to_dict() if key in self.skill.index else None

    def cells(self, family: str, horizon: int, model: str) -> pd.DataFrame:
        """Return the scored forecasts of a model; empty where there are none."""
        if not self._grouped:
            self._grouped.update(iter(self.scores.groupby(list(INDEX), sort=False)))
        return self._grouped.get((family, horizon, model), self.scores.iloc[:0])


def read_scorecard(folder: Path) -> Scorecard:
    """Read the tables that an evaluation left in a folder.

    Parameters
    ----------
    folder
        It holds ``skill.csv``, ``scores.csv`` and ``weights.csv``.

    Returns
    -------
    Scorecard

    Raises
    ------
    Faults
        If a table is missing, cannot be read, lacks a column or a model, or holds a number that
        cannot be.
    """
    faults = Collector()
    tables = {name: read_table(folder / name, AGAIN, faults) for name in NUMBERS}
    faults.check()
    for name, table in tables.items():
        if table.holds((*TEXTS[name], *NUMBERS[name], *KEYS.get(name, ()))):
            _check_cells(table)
    faults.check()
    skill, scores, weights = tables.values()
    _check_skill(skill)
    for score in ABSOLUTE:
        _check(scores, score, scores.rows[score] >= 0, "a score from 0 on")
    _check(scores, "nowcast", scores.rows["nowcast"].isin([0, 1]), "0 or 1")
    for cover in COVERS:
        _check(scores, f"held_{cover}", scores.rows[f"held_{cover}"].isin([0, 1]), "0 or 1")
    _check(weights, "weight", weights.rows["weight"].between(-1e-9, 1 + 1e-9), "0 to 1")
    faults.check()
    return Scorecard(skill.rows.set_index(list(INDEX)), scores.rows, weights.rows)


def _check_cells(table: CheckedTable) -> None:
    """Note cells that hold no name, no month or no number."""
    for column in TEXTS[table.name]:
        if column in MONTHS:
            table.note_cells(column, lambda cells: cells.str.fullmatch(MONTH), "a month")
        else:
            table.note_cells(column, lambda cells: cells.str.strip() != "", "a name")
    for column in NUMBERS[table.name]:
        table.note_cells(column, are_numbers, "a number")


def _check(table: CheckedTable, column: str, right: "pd.Series[bool]", expected: str) -> None:
    fault = f"'{column}' cannot be, expected {expected}"
    table.note(right, fault, f"column '{column}'")


def _check_skill(skill: CheckedTable) -> None:
    """Note ratios outside their ranges, rows that stand twice, and models that are not there."""
    rows = skill.rows
    for ratio in RATIOS:
        low, high = rows[f"{ratio}_low"], rows[f"{ratio}_high"]
        _check(skill, ratio, (low >= 0) & (low <= high), "a range from 0 on")
        _check(skill, ratio, rows[ratio] >= 0, "a ratio from 0 on")
    for model in (STACK, REFERENCE):
        if model not in set(rows["model"]):
            skill.fault(f"the model '{model}' is not among the models")
    once = ~rows.duplicated(list(INDEX))
    skill.note(once, "a family, month ahead and model stand twice")
