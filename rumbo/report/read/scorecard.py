"""The tables of an evaluation as the report reads them: found, whole and checked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector
from rumbo.report.page.parts import Row

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
    "scores.csv": ("horizon", *ABSOLUTE, *(f"held_{cover}" for cover in COVERS)),
    "weights.csv": ("horizon", "weight", "spread", "past"),
}
"""Columns of each table that hold numbers."""

TEXTS = {
    "skill.csv": ("family", "model"),
    "scores.csv": ("family", "model", "origin", "month"),
    "weights.csv": ("origin", "family", "member"),
}
"""Columns of each table that hold text."""

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
    tables = {name: read_table(folder / name, faults) for name in NUMBERS}
    faults.check()
    for name, table in tables.items():
        check_columns(name, table, TEXTS[name], NUMBERS[name], faults)
    faults.check()
    _check_numbers(tables, faults)
    _check_models(tables["skill.csv"], faults)
    faults.check()
    skill, scores, weights = tables.values()
    return Scorecard(skill.set_index(list(INDEX)), scores, weights)


def read_table(path: Path, faults: Collector) -> pd.DataFrame:
    """Return a table, empty and with a fault where there is none or it cannot be read."""
    if not path.is_file():
        faults.add(path.name, 0, f"{path} is not there", AGAIN)
        return pd.DataFrame()
    try:
        return pd.read_csv(path, keep_default_na=False)
    except (ValueError, UnicodeDecodeError, pd.errors.ParserError) as error:
        faults.add(path.name, 0, f"the table cannot be read ({error})", AGAIN)
        return pd.DataFrame()


def check_columns(
    name: str, table: pd.DataFrame, texts: Sequence[str], numbers: Sequence[str], faults: Collector
) -> None:
    """Note columns that are missing or not what they should be, and a table without rows."""
    missing = [column for column in (*texts, *numbers) if column not in table.columns]
    if missing:
        faults.add(name, 0, f"columns are missing: {', '.join(missing)}", AGAIN)
    elif not len(table):
        faults.add(name, 0, "the table has no rows, expected one or more", AGAIN)
    else:
        for column in texts:
            _check(name, table, column, _is_month if column in MONTHS else None, faults)
        for column in numbers:
            _check(name, table, column, _is_number, faults)


def _check(
    name: str,
    table: pd.DataFrame,
    column: str,
    good: "Callable[[pd.Series], pd.Series] | None",
    faults: Collector,
) -> None:
    cells = table[column].astype(str)
    right = cells.str.strip() != "" if good is None else good(cells)
    for row in np.flatnonzero(~right.to_numpy()):
        expected = "a name" if good is None else "a month" if good is _is_month else "a number"
        fault = f"'{column}' is '{cells.iloc[row]}', expected {expected}"
        faults.add(name, int(row) + 2, fault, AGAIN, kind=f"column '{column}'")


def _is_month(cells: pd.Series) -> pd.Series:
    return cells.str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])")


def _is_number(cells: pd.Series) -> pd.Series:
    return np.isfinite(pd.to_numeric(cells, errors="coerce"))


def _check_numbers(tables: dict[str, pd.DataFrame], faults: Collector) -> None:
    """Note ratios outside their own ranges, scores below 0 and shares other than they can be."""
    skill, scores, weights = tables.values()
    for ratio in RATIOS:
        low, high = skill[f"{ratio}_low"], skill[f"{ratio}_high"]
        _note("skill.csv", ratio, (low >= 0) & (low <= high), "a range from 0 on", faults)
        _note("skill.csv", ratio, skill[ratio] >= 0, "a ratio from 0 on", faults)
    for score in ABSOLUTE:
        _note("scores.csv", score, scores[score] >= 0, "a score from 0 on", faults)
    for cover in COVERS:
        held = scores[f"held_{cover}"].isin([0, 1])
        _note("scores.csv", f"held_{cover}", held, "0 or 1", faults)
    _note("weights.csv", "weight", weights["weight"].between(-1e-9, 1 + 1e-9), "0 to 1", faults)


def _note(
    name: str, column: str, right: "pd.Series[bool]", expected: str, faults: Collector
) -> None:
    for row in np.flatnonzero(~right.to_numpy()):
        fault = f"'{column}' cannot be, expected {expected}"
        faults.add(name, int(row) + 2, fault, AGAIN, kind=f"column '{column}'")


def _check_models(skill: pd.DataFrame, faults: Collector) -> None:
    """Note a skill table without the published forecast or the reference, or with a row twice."""
    for model in (STACK, REFERENCE):
        if model not in set(skill["model"]):
            faults.add("skill.csv", 0, f"the model '{model}' is not among the models", AGAIN)
    for row in np.flatnonzero(skill.duplicated(list(INDEX)).to_numpy()):
        faults.add("skill.csv", int(row) + 2, "a family, month ahead and model stand twice", AGAIN)
