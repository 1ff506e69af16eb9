"""Wide tables: one row for each scenario, location and month, the ends of ranges side by side."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from rumbo.exporting.differences import DifferenceBlock, SizeSpeaker, less_texts
from rumbo.exporting.names import LANGUAGES
from rumbo.exporting.series import COLUMNS, ENDS, ExportTarget, QuantileBlock, ResultFacts

MOST_ROWS = 3_000
"""Rows beyond which a table is cut by scenario, so that no file is larger than a megabyte."""


class WideColumn(NamedTuple):
    """A column of the wide tables: name, type and what it holds."""

    name: str
    type: str
    about: str


_COLUMNS = (
    WideColumn(
        "scenario_id", "string", "Identifier of the scenario; see compared_with for differences"
    ),
    WideColumn("scenario_en", "string", "Title of the scenario, in English"),
    WideColumn("scenario_es", "string", "Title of the scenario, in Spanish"),
    WideColumn(
        "compared_with",
        "string",
        "Identifier of the scenario that is taken away: values are scenario_id less compared_with",
    ),
    WideColumn("less_en", "string", "Which scenario less which, in English"),
    WideColumn("less_es", "string", "Which scenario less which, in Spanish"),
    WideColumn("target", "string", "Name of the quantity; see targets.csv"),
    WideColumn("unit", "string", "Unit of the values"),
    WideColumn(
        "location", "string", "Place, area, region, nationality or group of people, or 'all'"
    ),
    WideColumn("name_en", "string", "Name of the location, in English"),
    WideColumn("name_es", "string", "Name of the location, in Spanish"),
    WideColumn("date", "date", "Last day of the month, or of the run"),
    *(
        WideColumn(name, "number", f"Quantile {level:g} over members; empty where suppressed")
        for name, level in ENDS.items()
    ),
    WideColumn(
        "suppressed", "boolean", "Whether a value is too small to be published, and so empty"
    ),
    WideColumn("observed", "number", "What was counted, published last"),
    WideColumn("observed_low", "number", "Low end of what was estimated"),
    WideColumn("observed_high", "number", "High end of what was estimated"),
    WideColumn("share_more", "number", "Share of members with more than in the other scenario"),
    WideColumn("share_fewer", "number", "Share of members with fewer"),
    WideColumn("who_speaks", "string", "For its size: assumed, undecided, or record"),
    WideColumn("sizes_en", "string", "On what the size rests, in English"),
    WideColumn("sizes_es", "string", "On what the size rests, in Spanish"),
    WideColumn("title_en", "string", "What the quantity is, in English"),
    WideColumn("title_es", "string", "What the quantity is, in Spanish"),
    WideColumn(
        "what", "string", "flow: sum over the month; stock: mean over its days; price: at its end"
    ),
    WideColumn("kind", "string", "Kind of location"),
    WideColumn("country", "string", "Country of a place, ISO 3166-1 alpha-2"),
    WideColumn("measure", "string", "What was counted"),
    WideColumn("component", "string", "What is counted apart of it"),
    WideColumn("area", "string", "Zone, office, state or place; all for the whole"),
    WideColumn("nationality", "string", "Nationality; all for everybody"),
    WideColumn("month", "string", "Month, by its first day"),
    WideColumn("month_end", "string", "Last month of a sum over several"),
    WideColumn("value", "number", "What was counted"),
    WideColumn("low", "number", "Low end of an estimate"),
    WideColumn("high", "number", "High end of an estimate"),
    WideColumn("publisher", "string", "Who published it"),
    WideColumn("published", "date", "Day of the edition"),
    WideColumn("quality", "string", "official, reported, estimate, derived or assumed"),
    WideColumn("source", "string", "Key of the source; see sources of datapackage.json"),
)
ABOUT = {column.name: column for column in _COLUMNS}
"""Every column of the tables, by name."""


def value_table(block: QuantileBlock, facts: ResultFacts, observed: pd.DataFrame) -> pd.DataFrame:
    """Return the ranges of a quantity, with what was observed beside them.

    Parameters
    ----------
    block
        The quantity.
    facts
        What all quantities share.
    observed
        What `rumbo.exporting.observed.beside` returned.

    Returns
    -------
    pandas.DataFrame
        One row for each scenario, location and month.
    """
    values = block.values[..., COLUMNS]
    scenario, location, month = _axes(values)
    table = pd.DataFrame(
        {
            **_scenarios(facts, scenario),
            **_places(block.target, block.locations, location),
            "date": np.array([day.isoformat() for day in facts.ends])[month],
            **_ends(values),
            "suppressed": block.suppressed[..., COLUMNS].any(axis=-1).ravel(),
        }
    )
    own = observed[observed["target"] == block.target.name].drop(columns="target")
    return table.merge(own, how="left", on=["location", "date"])


def difference_table(
    block: DifferenceBlock, facts: ResultFacts, speakers: Sequence[SizeSpeaker], *, whole: bool
) -> pd.DataFrame:
    """Return the paired differences of a quantity, month by month or over the whole run.

    Parameters
    ----------
    block
        The differences.
    facts
        What all quantities share.
    speakers
        Who speaks for each scenario's sizes.
    whole
        Whether those over the whole run are wanted, rather than those of months.

    Returns
    -------
    pandas.DataFrame
        One row for each scenario, location and, unless ``whole``, month.
    """
    kept = slice(-1, None) if whole else slice(None, -1)
    values = block.values[:, :, kept]
    scenario, location, month = _axes(values)
    having, lacking = (np.array([one[i] for one in block.compared])[scenario] for i in (1, 2))
    last = np.array([day.isoformat() for day in facts.ends])
    table = pd.DataFrame(
        {
            **_scenarios(facts, having),
            "compared_with": np.array(facts.ids)[lacking],
            **_places(block.target, block.locations, location),
            "date": last[month],
            **_ends(values),
            "suppressed": block.suppressed[:, :, kept].any(axis=-1).ravel(),
            "share_more": np.round(block.more[:, :, kept].ravel(), 3),
            "share_fewer": np.round(block.fewer[:, :, kept].ravel(), 3),
            "who_speaks": np.array([one.who for one in speakers])[scenario],
        }
    )
    if not whole:
        return table
    told = {"less": less_texts(facts, block.compared), "sizes": [one.text for one in speakers]}
    texts = {
        f"{name}_{language}": np.array([text[i] for text in own])[scenario]
        for name, own in told.items()
        for i, language in enumerate(LANGUAGES)
    }
    return table.drop(columns="date").assign(**texts)


def _axes(values: Any) -> tuple[Any, ...]:
    return tuple(axis.ravel() for axis in np.indices(values.shape[:-1]))


def _scenarios(facts: ResultFacts, number: Any) -> dict[str, Any]:
    titles = [facts.names.scenario(name) for name in facts.scenarios]
    return {
        "scenario_id": np.array(facts.ids)[number],
        "scenario_en": np.array([title.en for title in titles])[number],
        "scenario_es": np.array([title.es for title in titles])[number],
    }


def _places(target: ExportTarget, locations: Sequence[Any], number: Any) -> dict[str, Any]:
    return {
        "target": target.name,
        "unit": target.unit,
        "location": np.array([one.id for one in locations])[number],
        "name_en": np.array([one.name.en for one in locations])[number],
        "name_es": np.array([one.name.es for one in locations])[number],
    }


def _ends(values: Any) -> dict[str, Any]:
    return {name: values[..., i].ravel() for i, name in enumerate(ENDS)}


def parts(table: pd.DataFrame, stem: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Cut a long table by scenario, or of differences by which scenario less which.

    Parameters
    ----------
    table
        A wide table.
    stem
        Name of its file, without ending.

    Yields
    ------
    tuple of str and pandas.DataFrame
        Name of a file, and the rows in it.
    """
    if len(table) <= MOST_ROWS:
        yield f"{stem}.csv", table
        return
    by = [name for name in ("scenario_id", "compared_with") if name in table]
    for ids, rows in table.groupby(by, sort=False):
        yield f"{stem}-{'-less-'.join(map(str, ids))}.csv", rows


def targets_table(targets: Sequence[ExportTarget]) -> pd.DataFrame:
    """Return what each quantity is."""
    rows = [(t.name, t.title.en, t.title.es, t.unit, t.what, t.kind) for t in targets]
    columns = ["target", "title_en", "title_es", "unit", "what", "kind"]
    return pd.DataFrame(rows, columns=columns)


def locations_table(blocks: Sequence[QuantileBlock]) -> pd.DataFrame:
    """Return what each location is."""
    seen = dict.fromkeys(place for block in blocks for place in block.locations)
    rows = [(one.kind, one.id, one.name.en, one.name.es, one.country) for one in seen]
    return pd.DataFrame(rows, columns=["kind", "location", "name_en", "name_es", "country"])
