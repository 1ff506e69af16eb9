"""One place: who waits there, who comes and goes, how long, and how many beds are short."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import xarray as xr

from rumbo.report.answer.effects import about_beds, asked_period, held, level, over_asked, told
from rumbo.report.answer.flows import (
    at_place,
    beds_at,
    coming,
    days_there,
    leaving,
    named,
    short_of_beds,
    waiting_at,
)
from rumbo.report.charts.policies import policy_marks, policy_rows
from rumbo.report.charts.rows import Curve, fan, month_table, observed_text, publishers
from rumbo.report.corridor.front.sizes import sizes_fold
from rumbo.report.corridor.levers import source_link
from rumbo.report.page.parts import (
    DASH,
    Answer,
    Cards,
    Figure,
    Heading,
    Legend,
    PageBlock,
    Row,
    Section,
    Statement,
    Table,
    Text,
    led,
    legend,
)
from rumbo.report.page.style import colour
from rumbo.report.page.words import Range, as_number, text
from rumbo.report.read.contrast import Contrast
from rumbo.report.read.names import nationality_name, scenario_title
from rumbo.report.read.ranges import LEVELS, Amount, spread
from rumbo.report.read.record import fails, marked
from rumbo.report.read.run import Run

LATEST = 6
"""Months of the run's end that are printed one by one."""

SHOWN = 8
"""Nationalities that are told apart."""

HARMS = ("stops", "transfers", "asylum_applications", "kidnappings")
"""What happens to people at a place, beside those who wait, where the model counts it."""


def place(run: Run, place: str) -> Section:
    """Return all that a run tells of one place.

    Parameters
    ----------
    run
        A run of the corridor.
    place
        Id of the place.

    Returns
    -------
    Section
        How it is in the first scenario, beds, months, estimates of others, and who is there.
    """
    words, name = run.words, named(run, place)
    blocks: list[PageBlock] = [
        Heading(words("here.levels", place=name, scenario=scenario_title(run.scenarios[0], run))),
        Cards([*_levels(run, place)]),
        Text(words("here.stay.text"), "note"),
        *_beds(run, place),
        _last_months(run, place),
        _figure(run, place),
        *_reported(run, place),
        *_who(run, place),
        _cost(run, place),
    ]
    return Section("place", words("here.part", place=name), blocks)


def effects_there(run: Run, place: str) -> list[PageBlock]:
    """Return what each scenario changes at the place, compared with the first; none of one alone.

    Parameters
    ----------
    run, place
        As in `place`.

    Returns
    -------
    list of PageBlock
        Where beds are asked of, how many are short with those given; then who makes the sizes.
    """
    blocks = list[PageBlock]()
    for asked in held(run):
        changed = [*_changed(run, place)]
        short = _beds_short(run, place, asked)
        one = told(run, asked, changed[:1] if short else changed)
        if short:
            spoken = short[0]._replace(who=one.main.who)
            one = Answer(one.lead, spoken, [*short[1:], one.main])
        blocks += [one, *sizes_fold(run, asked)]
    return blocks


def _changed(run: Run, place: str) -> Iterator[Amount]:
    """Go through the quantities of which differences are told."""
    words, weak = run.words, fails(run, "waiting", place=place)
    wait = marked(run, words("here.waiting"), "waiting", place=place)
    stocks = [Amount(wait, over_asked(run, waiting_at(run, place), "stock"), weak)]
    if has_beds(run, place):
        stocks += [Amount(words("here.short"), over_asked(run, short_of_beds(run, place), "stock"))]
    yield from reversed(stocks) if about_beds(run) else stocks
    flows = {"here.coming": coming(run, place), "here.leaving": leaving(run, place)}
    yield from (Amount(words(key), over_asked(run, each, "flow")) for key, each in flows.items())


def _beds_short(run: Run, place: str, asked: Contrast) -> list[Statement]:
    """Return how many beds are short with those given and those known, where that is asked."""
    sides = (asked.having, asked.lacking) if about_beds(run) else ()
    known = [(n, beds_at(run, place, n).known) for n in sides]
    values = over_asked(run, short_of_beds(run, place), "stock")
    return [
        level(run, run.words("here.short_of", beds=run.words.exact(beds)), values, n)
        for n, beds in known
        if np.isfinite(beds)
    ]


def _levels(run: Run, place: str) -> Iterator[Statement]:
    """Go through how it was in the first scenario, over the months asked about."""
    words, weak = run.words, fails(run, "waiting", place=place)
    wait = marked(run, words("here.waiting"), "waiting", place=place)
    yield level(run, wait, over_asked(run, waiting_at(run, place), "stock"), 0, weak=weak)
    if has_beds(run, place):
        short = over_asked(run, short_of_beds(run, place), "stock")
        yield level(run, words("here.short"), short, 0)
    for key, values in (("here.coming", coming), ("here.leaving", leaving)):
        yield level(run, words(key), over_asked(run, values(run, place), "flow"), 0)
    yield _stay(run, place)


def _stay(run: Run, place: str) -> Statement:
    """Return how long people are there: a length in days is no count, and has its own form."""
    words = run.words
    days = over_asked(run, days_there(run, place), "stock").isel(scenario=0)
    if bool(np.isnan(days.values).all()):
        return Statement(words("here.stay"), DASH, words("here.stay.nobody"), colour(0))
    ends = Range(*map(float, np.nanquantile(days.values, LEVELS)))
    form = {name: words.value(float(f"{end:.2g}")) for name, end in ends._asdict().items()}
    short = words("here.days", low=form["low"], high=form["high"])
    told = words("here.range", period=asked_period(run), **form)
    return Statement(words("here.stay"), short, told, colour(0))


def has_beds(run: Run, place: str) -> bool:
    """Whether shelter places are known at a place."""
    return bool(np.isfinite(beds_at(run, place).known))


def _beds(run: Run, place: str) -> Iterator[PageBlock]:
    """Say how many shelter places are known, who says so, and which way the number short errs."""
    words, beds, name = run.words, beds_at(run, place), named(run, place)
    yield Heading(words("here.beds"))
    if not has_beds(run, place):
        yield Text(words("here.beds.none", place=name))
        return
    ranged = ""
    if np.isfinite(beds.low) and np.isfinite(beds.high):
        ranged = words("here.beds.range", low=words.exact(beds.low), high=words.exact(beds.high))
    told = words("here.beds.known", place=name, beds=words.exact(beds.known))
    yield Text(" ".join(filter(None, (told, ranged))))
    yield Text(led(words("head.source"), source_link(run, beds.source)))
    yield Text(words("here.beds.way"), "warning")
    yield from _seek(run, place)


def _seek(run: Run, place: str) -> Iterator[PageBlock]:
    """Say which share of people seeks a shelter, and on what that rests."""
    words, fits = run.words, [row for row in run.records("settings") if _of_seeking(row, place)]
    if not fits:
        yield Text(words("here.seek.all"))
        return
    row = max(fits, key=lambda one: bool(text(one.get("at"))))
    numbers = (as_number(row.get(name)) for name in ("value", "low", "high"))
    parts = (DASH if one is None else words.percent(one).lstrip("+") for one in numbers)
    value, low, high = parts
    yield Text(words("here.seek", value=value, low=low, high=high))
    yield Text(led(words("head.source"), source_link(run, row.get("source"))))


def _of_seeking(row: Row, place: str) -> bool:
    return row["parameter"] == "shelter.seek" and text(row.get("at")) in ("", place)


def _last_months(run: Run, place: str) -> Table:
    """Return the last months of the run: people present and beds short, both ranges of each."""
    words = run.words
    heads = words.heads("month", "here.present", "here.present_half")
    rows = [
        [words.month(at, short=True), *_both_ranges(run, ends)]
        for at, ends in _latest(waiting_at(run, place))
    ]
    if has_beds(run, place):
        heads += words.heads("here.lacking", "here.lacking_half")
        for row, (_, ends) in zip(rows, _latest(short_of_beds(run, place)), strict=True):
            row += _both_ranges(run, ends)
    return Table(heads, rows, words("here.latest", place=named(run, place)))


def _latest(values: xr.DataArray) -> list[tuple[pd.Timestamp, Range]]:
    """Return the last months of a series in the first scenario."""
    return Curve("", values.isel(scenario=0)).ranges[-LATEST:]


def _both_ranges(run: Run, ends: Range) -> list[str]:
    span = run.words.span
    return [span(ends.low, ends.high), span(ends.low_half, ends.high_half)]


def _figure(run: Run, place: str) -> Figure:
    """Return the months: who is there, who comes and goes, who finds no bed, and differences."""
    words, curves, changes = run.words, [*_curves(run, place)], [*_changes(run, place)]
    marks, shown = policy_rows(run), legend(words, "wide", "half", "middle", "reported").marks
    charts = [
        fan(one, words, size="wide" if n == 0 else "half", marks=marks)
        for n, one in enumerate(curves)
    ]
    charts += [
        fan(one, words, size="half", colour=colour(1), signed=True, marks=marks) for one in changes
    ]
    return Figure(
        "place-months",
        words("here.months", place=named(run, place)),
        words("here.months.text"),
        charts,
        month_table([*curves, *changes], words),
        [Legend([*shown, *policy_marks(run)])],
        source=publishers(curves, words),
    )


def _curves(run: Run, place: str) -> Iterator[Curve]:
    words, weak = run.words, fails(run, "waiting", place=place)
    title = marked(run, words("here.waiting"), "waiting", place=place)
    seen = run.observed("waiting", area=place)
    yield Curve(title, waiting_at(run, place).isel(scenario=0), seen, weak)
    if has_beds(run, place):
        yield Curve(words("here.short"), short_of_beds(run, place).isel(scenario=0))
    yield Curve(words("here.coming"), coming(run, place).isel(scenario=0))
    yield Curve(words("here.leaving"), leaving(run, place).isel(scenario=0))


def _changes(run: Run, place: str) -> Iterator[Curve]:
    """Go through the paired differences of people waiting, month by month."""
    for asked in held(run):
        sides = (asked.having, asked.lacking)
        having, lacking = (scenario_title(run.scenarios[n], run) for n in sides)
        title = run.words("here.difference", with_=having, without=lacking)
        yield Curve(title, asked.of(waiting_at(run, place)))


def _reported(run: Run, place: str) -> Iterator[PageBlock]:
    """Return what others estimated of people there, beside what is simulated."""
    words, seen = run.words, run.observed("waiting", area=place)
    values = waiting_at(run, place).isel(scenario=0)
    rows = []
    for row in seen.itertuples():
        ends = spread(values.sel(month=row.month))
        cells = [words.month(row.month, short=True), observed_text(row, words)]
        cells += [words.span(ends.low, ends.high), row.publisher or DASH]
        rows.append([*cells, words.maybe(f"quality.{row.quality}", row.quality)])
    yield Heading(words("reported.title"))
    if not rows:
        yield Text(words("here.unreported", place=named(run, place)))
        return
    heads = words.heads("month", "reported", "simulated", "who", "quality")
    yield Text(words("reported.text"))
    yield Table(heads, rows, words("table.reported"), wrap=True)


def _who(run: Run, place: str) -> Iterator[PageBlock]:
    """Return which nationalities wait there, the largest first."""
    words = run.words
    found = [
        (nationality_name(code, words), run.series("waiting", place=place, nationality=code))
        for code in run.nationalities
    ]
    sizes_of = [(name, over_asked(run, each, "stock").isel(scenario=0)) for name, each in found]
    largest = sorted(sizes_of, key=lambda pair: -float(pair[1].median()))[:SHOWN]
    rows = [
        [name, *words.range_cells(spread(each))]
        for name, each in largest
        if words.printed(float(each.median()))
    ]
    if rows:
        heads = words.heads("here.nationality", *words.ends)
        yield Table(heads, rows, words("here.who", period=asked_period(run)))


def _cost(run: Run, place: str) -> Table:
    """Return what happens to people there, in each scenario."""
    words = run.words
    titles = {key: words(f"measure.{key}") for key in HARMS if key in run.data}
    rows = []
    for key, title in titles.items():
        values = over_asked(run, at_place(run, key, place), "flow")
        spans = [spread(values.isel(scenario=n)) for n in range(len(run.scenarios))]
        rows.append([title, *(words.span(ends.low, ends.high) for ends in spans)])
    heads = [words("head.series"), *(scenario_title(name, run) for name in run.scenarios)]
    caption = words("here.cost", place=named(run, place), period=asked_period(run))
    return Table(heads, rows, caption, wrap=True)
