"""The page of learned shares: people in camps, and what was known when."""

import json

import pandas as pd

from rumbo.report.corridor.limits import limits_section, run_citation
from rumbo.report.corridor.statements import first_section, run_page
from rumbo.report.crisis.calendar import levers
from rumbo.report.crisis.camps import camps
from rumbo.report.crisis.statements import crisis_warnings
from rumbo.report.page.parts import Page, Section, Statement, Table, Text, filled
from rumbo.report.page.style import colour
from rumbo.report.read.camps import camp_ids, present
from rumbo.report.read.names import place_name
from rumbo.report.read.ranges import spread
from rumbo.report.read.run import Run

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


LIMITS = (
    "learned.limit.total",
    "learned.limit.policy",
    "learned.limit.early",
    "learned.limit.ranges",
    "learned.limit.cost",
    "crisis.limit.counts",
    "crisis.limit.coarse",
)


def statements(run: Run) -> Section:
    """Return the first chapter: the given total, the least certain camp."""
    words = run.words
    after = [words("learned.how_to_read"), words("learned.ranges")] if words.ranged else []
    cards = [_total(run), *_least_certain(run)]
    return first_section(words, _warnings(run), cards, after)


def _total(run: Run) -> Statement:
    """Return how many are in camps, which is given: it has no range because it has none."""
    words = run.words
    people = present(run, camp_ids(run)).isel(scenario=0, day=-1)
    total = words.exact(round(float(people.median())))
    sentence = words("learned.total.told", day=_last(run), total=total)
    short = words("learned.total.short", total=total)
    return Statement(words("crisis.in_camps_last"), short, sentence, colour(0))


def _least_certain(run: Run) -> list[Statement]:
    """Return the camp with the widest range on the last day; without ranges the largest."""
    words, names = run.words, camp_ids(run)
    if not names:
        return []
    ends = {name: spread(present(run, [name]).isel(scenario=0, day=-1)) for name in names}
    key = "learned.widest" if words.ranged else "learned.largest"
    size = {n: one.high - one.low if words.ranged else one.middle for n, one in ends.items()}
    camp = max(names, key=lambda name: size[name])
    name = place_name(run.places[camp], words)
    sentence = words(
        "learned.widest.told" if words.ranged else "learned.largest.told",
        camp=name,
        day=_last(run),
        origin=_day(run, run.data["origin"].values[-1]),
        range=words.range_text(ends[camp]),
    )
    short = words.short_range(ends[camp])
    return [Statement(words(key, camp=name), short, sentence, colour(0))]


def _last(run: Run) -> str:
    return _day(run, run.times[-1])


def _day(run: Run, at: object) -> str:
    return run.words.day(pd.Timestamp(at).isoformat(), short=False)


def _warnings(run: Run) -> list[str]:
    ahead = int(run.data.attrs.get("capacities", 0)) > 0
    return crisis_warnings(run) + ([run.words("learned.capacities")] if ahead else [])


def known(run: Run) -> Section:
    """Return from which days is forecast, and what is known on them."""
    words, every = run.words, int(run.data.attrs["every"])
    made = words(
        {0: "learned.origin", 1: "learned.daily"}.get(every, "learned.origins"),
        first=_day(run, run.data["origin"].values[0]),
        every=words.digits(every),
    )
    lag = words("learned.known", lag=words.digits(int(run.data.attrs["lag"])))
    sentences = [f"{made} {lag}", words("learned.given"), words("learned.no_journeys")]
    return Section("known", words("learned.part.known"), [*map(Text, sentences)])


def numbers(run: Run) -> Section:
    """Return the numbers of the model that the run was made with."""
    words = run.words
    given = json.loads(str(run.data.attrs.get("numbers", "{}")))
    rows = [
        [words(key), words.value(given[name]), words("range_unknown")]
        for name, key in NUMBERS.items()
        if name in given
    ]
    title, heads = words("learned.part.numbers"), words.heads("learned.number", "value", "range")
    blocks = [Text(words("learned.numbers")), *filled(Table(heads, rows, title, wrap=True))]
    return Section("parameters", title, blocks)


def limits(run: Run) -> Section:
    """Return the limits of learned shares."""
    return limits_section(run.words, LIMITS)


def cite(run: Run) -> Section:
    """Return how to cite learned shares, and their licences."""
    return run_citation(run, "learned.cite", "crisis.licence", [run.words("licence.rumbo")])


CHAPTERS = (statements, known, camps, levers, numbers, limits, cite)
"""Chapters of the page, in their order."""


def learned_page(run: Run) -> Page:
    """Return the page of learned shares."""
    return run_page(run, run.words("learned.about"), CHAPTERS)
