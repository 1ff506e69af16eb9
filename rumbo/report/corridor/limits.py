"""The last chapters of a page: limits and what it refuses, how to cite it, and licences."""

from collections import Counter
from collections.abc import Sequence
from math import exp
from statistics import median

from rumbo.report.corridor.statements import citation
from rumbo.report.page.parts import (
    DASH,
    Bullets,
    Fold,
    Heading,
    PageBlock,
    Section,
    Table,
    Text,
    cited,
)
from rumbo.report.page.words import Words, text
from rumbo.report.read.names import publisher_name
from rumbo.report.read.run import Run

NAMED = {"osm": "ODbL", "geonames": "GeoNames", "natural_earth": "Natural Earth"}
"""Sources that ask to be named, and by what a corridor's tables name them."""


def limits(run: Run) -> Section:
    """Return the limits of a run of the corridor."""
    own = [key for key in run.words.own if key.startswith("limit.own.")]
    return limits_section(run.words, [*LIMITS, *own], unseen(run))


def unseen(run: Run) -> list[str]:
    """Return how far off a simulation was in what its fit did not see, if that was tested."""
    rows = [row for row in run.records("tested") if row["test"] == "left_out"]
    logs = [float(row["value"]) for row in rows if row["figure"] == "log_error"]
    if not logs:
        return []
    typical, worst = (run.words.digits(exp(log), 1) for log in (median(logs), max(logs)))
    return [run.words("unseen.limit", typical=typical, worst=worst, n=len(logs))]


LIMITS = (
    "limit.chance",
    "limit.ways",
    "limit.parameters",
    "limit.beliefs",
    "limit.group",
    "limit.observed",
    "limit.shelter",
    "limit.deaths",
    "limit.coarse",
)
"""Limits of every run of a corridor, by the keys of their words."""


def limits_section(words: Words, keys: Sequence[str], more: Sequence[str] = ()) -> Section:
    """Return limits by the keys of their words, others, and what every report refuses."""
    refused = ("person", "search", "success", "interval", "small")
    blocks = [
        Bullets([*(words(key) for key in keys), *more]),
        Heading(words("refusals.title")),
        Bullets([words(f"refusal.{key}") for key in refused]),
    ]
    return Section("limits", words("part.limits"), blocks)


def cite(run: Run) -> Section:
    """Return how to cite a run of the corridor, and the licences of what it rests on."""
    words = run.words
    licences = [*_named(run), *words.starting("thanks."), words("licence.rumbo")]
    return run_citation(run, "cite.text", "licence.corridor", licences)


def _named(run: Run) -> list[str]:
    """Return the licences of sources that the corridor's tables or its base map name."""
    columns = {"places": "source", "links": "licence", "sources": "publisher"}
    cells = [text(row.get(c)) for table, c in columns.items() for row in run.records(table)]
    basemap = run.background.get("basemap") or {}
    cells += [text(value) for name, value in basemap.items() if name != "features"]
    return [
        run.words(f"licence.{source}")
        for source, name in NAMED.items()
        if any(name in cell for cell in cells)
    ]


def run_citation(run: Run, text_key: str, own_key: str, licences: Sequence[str]) -> Section:
    """Return how to cite a run, by the key of its words, and licences.

    The licence of the corridor's own folder has a key of its own.
    """
    words = run.words
    own = words.pick(run.background["corridor"].get("licence"))
    sources = _source_table(run)
    blocks = [
        *([Text(words(own_key, licence=_licence(own, words)))] if own else []),
        Bullets(licences),
        *([Fold(words("table.sources"), [sources], data=True)] if sources.rows else []),
    ]
    return cite_section(words, citation(run, text_key), words("cite.again"), blocks)


def cite_section(words: Words, quoted: str, again: str, licences: Sequence[PageBlock]) -> Section:
    """Return how to cite a page, how to make it again, and licences."""
    title = Heading(words("licences.title"))
    blocks = [Text(quoted, "cite"), Text(again), title, *licences]
    return Section("cite", words("part.cite"), blocks)


def _source_table(run: Run) -> Table:
    """Return the publishers of the data with their licences and number of sources."""
    words = run.words
    pairs = Counter(
        (text(each.get("publisher")), text(each.get("licence"))) for each in run.records("sources")
    )
    rows = [
        [cited(publisher_name(publisher, words)) or DASH, words.digits(n), _licence(licence, words)]
        for (publisher, licence), n in sorted(pairs.items())
    ]
    heads = words.heads("publisher", "sources", "licence")
    return Table(heads, rows, words("table.sources"), wrap=True)


def _licence(licence: str, words: Words) -> str:
    return words.maybe(f"licence.{licence}", licence) if licence else words("licence.unknown")
