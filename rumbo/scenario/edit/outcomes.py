"""Results of tests as tables, put into a corridor's folder in place of earlier ones."""

from pathlib import Path

import pandas as pd

from rumbo.files.atomic import write_text
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.tables import read_table
from rumbo.scenario.schema import SENSITIVITY, TESTED

TABLES_OF_TESTS = {"sensitivity.csv": SENSITIVITY, "tested.csv": TESTED}
"""Tables that may be added, by their names."""


def add_tests(folder: Path, table: Path) -> Path:
    """Put a table of results into a corridor's folder.

    Parameters
    ----------
    folder
        The corridor's folder.
    table
        A ``sensitivity.csv``, which takes the place of an earlier one, or a ``tested.csv``, whose
        tests take the place of earlier ones of the same names.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    Faults
        If the table has another name or form; nothing is written then.
    """
    if table.name not in TABLES_OF_TESTS:
        names = " or ".join(TABLES_OF_TESTS)
        raise Faults(
            [Fault(str(table), 0, f"this is no table of tests, expected {names}", "Name it so")]
        )
    faults = Collector()
    read_table(table, TABLES_OF_TESTS[table.name], faults)
    faults.check()
    added, target = _texts(table), folder / table.name
    if target.exists() and table.name == "tested.csv":
        earlier = _texts(target)
        added = pd.concat([earlier[~earlier["test"].isin(added["test"])], added]).fillna("")
    write_text(target, added.to_csv(index=False, lineterminator="\n"))
    return target


def rows_of_test(found: pd.DataFrame, test: str, command: str) -> pd.DataFrame:
    """Return what a test found as rows of ``tested.csv``.

    Parameters
    ----------
    found
        ``series``, ``figure``, ``value`` and, where there are any, ``low``, ``high`` and ``n``.
    test
        Its name.
    command
        What shows it.

    Returns
    -------
    pandas.DataFrame
    """
    columns = [column.name for column in TESTED]
    return found.assign(test=test, command=command).reindex(columns=columns)


def _texts(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)
