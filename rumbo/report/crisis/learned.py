"""Everything the page of learned shares prints: people in camps, and what was known when."""

import json
from dataclasses import replace

import pandas as pd

from rumbo.report.charts.rows import range_text
from rumbo.report.charts.series import day_specifications
from rumbo.report.corridor import sources
from rumbo.report.corridor import statements as headline
from rumbo.report.corridor.page import drawing
from rumbo.report.corridor.statements import Statement, short_range
from rumbo.report.crisis import page as crisis
from rumbo.report.crisis.camps import camp_figure, fit_sentences, fit_table, fits
from rumbo.report.crisis.statements import crisis_warnings
from rumbo.report.page.parts import Figure, Row, Table
from rumbo.report.page.style import colour
from rumbo.report.read.camps import camps, present
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run

PARTS = {
    "statements": "part.statements",
    "known": "learned.part.known",
    "camps": "learned.part.camps",
    "levers": "crisis.part.levers",
    "parameters": "learned.part.numbers",
    "limits": "part.limits",
    "cite": "part.cite",
}
"""Parts of the page in their order, and their titles."""

NUMBERS = {
    "distance_power": "learned.distance_power",
    "room_power": "learned.room_power",
    "prior_strength": "learned.prior_strength",
    "prior_sd": "learned.prior_sd",
    "learned_sd": "learned.learned_sd",
    "drift_sd": "learned.drift_sd",
    "revision_chance": "learned.revision_chance",
    "row_sd": "learned.row_sd",
}
"""Numbers of the model, and the meaning of each."""


def content(run: Run) -> Row:
    """Return the values of the template's names."""
    charts, calendar = camp_figure(run), _calendar(run)
    drawn = [charts, *([calendar] if calendar else [])]
    return {
        "camp_charts": charts,
        "calendar": calendar,
        **_texts(run),
        **_tables(run),
        "drawing": drawing(run.words, drawn, day_specifications(run.words)),
        "sections": [(part, run.words(title)) for part, title in PARTS.items()],
    }


def _calendar(run: Run) -> Figure | None:
    """Return the timeline of closures without the scenarios they are in: there is but one."""
    figure = crisis.calendar_figure(run)
    if figure is None:
        return None
    words, table = run.words, figure.table
    kept = [n for n, head in enumerate(table.heads) if head != words("head.in")]
    rows = [[row[n] for n in kept] for row in table.rows]
    own = replace(table, heads=[table.heads[n] for n in kept], rows=rows)
    return replace(figure, text=words("learned.text.calendar"), table=own)


def _texts(run: Run) -> Row:
    corridor, attrs, words = run.background["corridor"], run.data.attrs, run.words
    return {
        "title": words.pick(corridor.get("title"), str(attrs.get("title", ""))),
        "about": words("learned.about"),
        "licence": words.pick(corridor.get("licence")),
        "period": headline.period(run),
        "facts": headline.facts(run),
        "statements": statements(run),
        "warnings": _warnings(run),
        "known": known(run),
        "notes": [],
        "citation": headline.citation(run, "learned.cite"),
        "version": str(attrs.get("version", "")),
        "ranged": words.ranged,
    }


def _tables(run: Run) -> Row:
    found = fits(run)
    return {
        "fit": fit_table(run, found),
        "fit_sentences": fit_sentences(run, found),
        "numbers": number_table(run),
        "sources": sources.source_table(run),
    }


def statements(run: Run) -> list[Statement]:
    """Return the statements at the head of the page: the given total, the least certain camp."""
    return [_total(run), *_least_certain(run)]


def _total(run: Run) -> Statement:
    """Return how many are in camps, which is given: it has no range because it has none."""
    words = run.words
    people = present(run, camps(run)).isel(scenario=0, day=-1)
    total = words.exact(round(float(people.median())))
    told = words("learned.total.told", day=_last(run), total=total)
    short = words("learned.total.short", total=total)
    return Statement(words("crisis.in_camps_last"), short, told, colour(0))


def _least_certain(run: Run) -> list[Statement]:
    """Return the camp with the widest range on the last day; without ranges the largest."""
    words, names = run.words, camps(run)
    if not names:
        return []
    ends = {name: spread(present(run, [name]).isel(scenario=0, day=-1)) for name in names}
    wide = {name: each.high - each.low if words.ranged else each.middle
            for name, each in ends.items()}  # fmt: skip
    found = max(names, key=lambda name: wide[name])
    told = words(
        "learned.widest.told" if words.ranged else "learned.largest.told",
        camp=place_name(run.places[found], words),
        day=_last(run),
        origin=_day(run, run.data["origin"].values[-1]),
        range=range_text(ends[found], words),
    )
    key = "learned.widest" if words.ranged else "learned.largest"
    topic = words(key, camp=place_name(run.places[found], words))
    return [Statement(topic, short_range(ends[found], words), told, colour(0))]


def _last(run: Run) -> str:
    return _day(run, run.times[-1])


def _day(run: Run, at: object) -> str:
    return run.words.day(pd.Timestamp(at).isoformat(), short=False)


def _warnings(run: Run) -> list[str]:
    ahead = int(run.data.attrs.get("capacities", 0)) > 0
    return crisis_warnings(run) + ([run.words("learned.capacities")] if ahead else [])


def known(run: Run) -> str:
    """Return from which days is forecast, and what is known on them."""
    words, every = run.words, int(run.data.attrs["every"])
    made = words(
        {0: "learned.origin", 1: "learned.daily"}.get(every, "learned.origins"),
        first=_day(run, run.data["origin"].values[0]),
        every=words.digits(every),
    )
    lag = words.digits(int(run.data.attrs["lag"]))
    return f"{made} {words('learned.known', lag=lag)}"


def number_table(run: Run) -> Table:
    """Return the numbers of the model that the run was made with."""
    words = run.words
    given = json.loads(str(run.data.attrs.get("numbers", "{}")))
    rows = [
        [words(key), words.value(given[name]), words("range_unknown")]
        for name, key in NUMBERS.items()
        if name in given
    ]
    heads = [words(key) for key in ("learned.number", "head.value", "head.range")]
    return Table(heads, rows, words("learned.part.numbers"), wrap=True)
