"""Checks of ``questions.csv``."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rumbo.files.faults import Collector, choose, choose_or_add
from rumbo.scenario.deals.terms import deals_of
from rumbo.scenario.folder import Content
from rumbo.scenario.parameters import PARAMETERS
from rumbo.scenario.questions.question import LANGUAGES, NEEDED, TABLE
from rumbo.scenario.selectors import Selectors, UnknownSelector
from rumbo.scenario.tree.outcomes import choose_outcome, outcomes_of

Wrong = Iterator[tuple[str, str]]
"""What is wrong, and the cure."""


def check_questions(content: Content, faults: Collector) -> None:
    """Note questions that cannot be asked.

    Parameters
    ----------
    content
        Tables of a corridor; the index of its questions is their row in the file.
    faults
        Where faults are noted.
    """
    rows = content.questions
    for number, row in zip(rows.index, rows.itertuples(index=False), strict=True):
        for message, cure in _row_faults(row, content):
            faults.add(TABLE, int(str(number)), message, cure)
    for _, own in rows.groupby("question", sort=False):
        for message, cure in _word_faults(own.iloc[0]):
            faults.add(TABLE, int(str(own.index[0])), message, cure)
        for number in own.index[1:]:
            for message, cure in _day_faults(own.loc[number], own.iloc[0]):
                faults.add(TABLE, int(str(number)), message, cure)


def askable(content: Content) -> pd.DataFrame:
    """Return the questions that these tables hold all that is asked of, such as as of a day."""
    rows = content.questions
    lacking = {row.question for row in rows.itertuples() if next(_row_faults(row, content), None)}
    return rows[~rows["question"].isin(lacking)]


def _row_faults(row: Any, content: Content) -> Wrong:
    """Go through what is wrong with a row."""
    if row.until <= row.since:
        message = f"until {row.until:%Y-%m-%d} is not after since {row.since:%Y-%m-%d}"
        yield message, "Swap the two dates; until is the first day after"
    if row.does == "set":
        yield from _value_faults(row, content)
    elif row.does in ("move", "lever"):
        yield from _lever_faults(row, content)
    elif row.does == "deal":
        yield from _deal_faults(row, content)
    elif row.does == "outcome":
        yield from _outcome_faults(row, content)
    elif row.does == "beds":
        yield from _parameter_faults(row)


def _parameter_faults(row: Any) -> Wrong:
    if row.what not in PARAMETERS:
        yield f"what is '{row.what}', an unknown parameter", choose(row.what, [*PARAMETERS])


def _value_faults(row: Any, content: Content) -> Wrong:
    yield from _parameter_faults(row)
    if row.what not in PARAMETERS:
        return
    parameter, selectors = PARAMETERS[row.what], Selectors(content.network, content.groups)
    if np.isnan(row.value) or not parameter.accepts(row.value):
        message = f"value is {row.value:g}, not one that {row.what} may have"
        yield message, f"Write a number in {parameter.unit} that rumbo list parameters allows"
    for find, text in ((selectors.at, row.at), (selectors.group, row.group)):
        try:
            find(parameter, text)
        except UnknownSelector as unknown:
            yield unknown.message, unknown.cure


def _lever_faults(row: Any, content: Content) -> Wrong:
    own = content.settings
    known = sorted({*own["lever"]} - {"", *deals_of(content.deals)})
    if row.what not in known:
        cure = choose_or_add(row.what, known, "levers.csv")
        yield f"what is '{row.what}', no lever with settings", cure
        return
    parameters = sorted({*own.loc[own["lever"] == row.what, "parameter"]})
    for name in filter(None, map(str.strip, row.only.split(";"))):
        if name not in parameters:
            yield (
                f"only names '{name}', of which '{row.what}' has no setting",
                choose(name, parameters),
            )
    if row.does == "move" and pd.isna(row.since):
        yield "since is empty, but a lever is moved", "Write the day to which it moves"


def _deal_faults(row: Any, content: Content) -> Wrong:
    deals = deals_of(content.deals)
    if row.what not in deals:
        yield f"what is '{row.what}', no deal", choose_or_add(row.what, [*deals], "deals.csv")
    elif pd.isna(row.since) and not deals[row.what].in_force:
        yield f"since is empty, but '{row.what}' waits to be placed", "Write its first day"


def _outcome_faults(row: Any, content: Content) -> Wrong:
    known = list(dict.fromkeys(one.key for one in outcomes_of(content.outcomes)))
    for name, key in (("what", row.what), ("against", row.against)):
        if key not in known:
            yield f"{name} is '{key}', no outcome", _outcome_cure(key, known)
    if row.what == row.against or row.what.split("=")[0] != row.against.split("=")[0]:
        message = f"against is '{row.against}', not another outcome of the same event"
        yield message, "Write two outcomes of one event"


def _outcome_cure(key: str, known: Sequence[str]) -> str:
    return choose_outcome(key, known) if known else "Add it to outcomes.csv"


def _word_faults(row: Any) -> Wrong:
    """Go through words that the first row of a question lacks."""
    for name in (f"{word}_{language}" for word in NEEDED for language in LANGUAGES):
        if not str(row[name]).strip():
            yield f"{name} is empty in the first row of '{row['question']}'", "Write it"


def _day_faults(row: Any, first: Any) -> Wrong:
    """Go through days of a later row of a question: those of its first hold for all of it."""
    for name in ("since", "until"):
        if not pd.isna(row[name]) and row[name] != first[name]:
            message = (
                f"{name} is {row[name]:%Y-%m-%d}, but a question's days stand in its first row"
            )
            yield message, "Leave the cell empty, or ask two questions"
