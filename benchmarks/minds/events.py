"""The dated cases: what happens on their days, and the ratios that come out."""

from typing import NamedTuple

import numpy as np

from benchmarks.minds import record
from benchmarks.minds.inputs import Inputs
from benchmarks.minds.outlook import (
    RULES,
    Days,
    Outlook,
    Window,
    days,
    growing,
    unlearned,
)
from benchmarks.minds.world import (
    COMING,
    CROSS,
    HOME,
    MOST_STOPPED,
    Coming,
    Side,
    crossings,
    journey,
    mind_of,
    queue,
    settled,
    side,
)
from rumbo.engine.arrays import Array, Index
from rumbo.model.minds.dates import blurred_date

DAYS_A_MONTH = 30.4

DAYS_IN_OCTOBER = 31

DAYS_WITHOUT_MONEY = 20
"""1 to 20 December 2023."""


class Way(NamedTuple):
    """How a set of draws is run.

    Attributes
    ----------
    rule
        Name in `RULES`.
    by_event
        Whether the blur of the believed date differs by event.
    rising
        Whether belief goes on growing after a vote instead of jumping.
    """

    rule: str
    by_event: bool = False
    rising: bool = False


def blur_of(x: Inputs, way: Way, event: str) -> Array:
    return x[f"sig{event}"] if way.by_event else x["sig"]


def election(
    x: Inputs, way: Way, span: Days, vote: str, inauguration: str, year: str
) -> tuple[Window, ...]:
    """Before a vote, which some take for the closing, and from there to the inauguration."""
    blur, ahead = blur_of(x, way, year), np.arange(len(span.dates))
    soon = np.maximum(x["om"], 0.0)
    there, then = (blurred_date(span.at(day), blur, ahead) for day in (inauguration, vote))
    first = growing(span.to(vote), x[f"b{year}a"], x["att"])
    to_go = span.to(inauguration)
    later = growing(to_go, x[f"b{year}b"], x["att"] if way.rising else np.inf)
    second = np.where(span.to(vote) <= 0, later, 0.0)
    everybody = np.ones_like(soon)
    return (
        Window(soon * then + (1.0 - soon) * there, first, everybody),
        Window(there, second, 1.0 - soon),
    )


def come(
    x: Inputs, span: Days, vote: str, inauguration: str, year: str, half: Array | float
) -> Array:
    """How far people hold that the way has closed, between vote and inauguration and after it."""
    between = (span.to(vote) <= 0) & (span.to(inauguration) > 0)
    early = np.where(between, np.maximum(x["om"], 0.0) * x[f"b{year}b"], 0.0)
    return np.asarray(early + unlearned(span.to(inauguration), x[f"b{year}b"], half))


def unmoved(outlook: Outlook) -> Outlook:
    """The outlook of people who have no stake before the date: they are only surprised by it."""
    return Outlook((), outlook.come)


def paces(x: Inputs, way: Way, one: Side, outlook: Outlook) -> Array:
    return np.ascontiguousarray(RULES[way.rule](x, one, outlook))


def from_home(one: Side, pace: Array) -> Array:
    """Expected crossings a day of people who come from home; (T, G)."""
    return through(one, pace, one.chain.rate[None], np.zeros(len(pace), dtype=np.int64))


def through(one: Side, pace: Array, rates: Array, segment: Index) -> Array:
    """The same, where rates change: those of each segment, (S, G, M), and its number, (T,)."""
    coming = Coming(settled(one.chain, HOME), HOME, np.ones(len(segment)))
    return crossings(one.chain, rates, segment, pace, coming, CROSS)


class Counted(NamedTuple):
    """People of a kind as they are counted: so many in a base month, with a season."""

    who: str
    base: str
    season: str

    def by_day(self, x: Inputs, span: Days, daily: Array) -> Array:
        """People met on each day, (T, G), for modelled crossings a day."""
        usual = record.season(self.season)[span.dates.month - 1]
        met = daily * usual[:, None] ** x["s"]
        base = span.dates.strftime("%Y-%m") == self.base
        return np.asarray(met * (record.met()[self.who][self.base] / met[base].sum(axis=0)))


def journeys(x: Inputs, stopped: Array, worth: Array | float) -> Side:
    """Those from home, before a closing and after it."""
    open_ = np.broadcast_to(worth, stopped.shape)
    closed = journey(x, stopped, open_ * x["u"])
    return side(journey(x, stopped, open_), closed, mind_of(x))


def sums(span: Days, daily: Array) -> dict[str, Array]:
    """Sum of each month's days; by month, shape (G,)."""
    month = span.dates.strftime("%Y-%m")
    return {name: daily[month == name].sum(axis=0) for name in dict.fromkeys(month)}


def of_2016(x: Inputs, way: Way) -> dict[str, Array]:
    span = days("2016-05-01", "2017-03-31")
    dates = ("2016-11-08", "2017-01-20", "16")
    outlook = Outlook(election(x, way, span, *dates), come(x, span, *dates, x["half"]))
    one = journeys(x, x["q"], 1.0)
    total = np.zeros_like(outlook.come)
    for who, seen in (("foreign", outlook), ("MEX", unmoved(outlook))):
        total += Counted(who, "2016-08", who).by_day(
            x, span, from_home(one, paces(x, way, one, seen))
        )
    trend = (1.0 + x["grow"]) ** ((np.arange(len(total)) / DAYS_A_MONTH)[:, None])
    met = sums(span, total * trend)
    november = met["2016-11"]
    return {
        "a1": november / met["2016-08"],
        "a2": met["2017-02"] / november,
        "a3": met["2017-01"] / november,
    }


def of_2024(x: Inputs, way: Way) -> dict[str, Array]:
    span = days("2024-04-01", "2025-02-28")
    dates = ("2024-11-05", "2025-01-20", "24")
    outlook = Outlook(election(x, way, span, *dates), come(x, span, *dates, np.inf))
    one = journeys(x, np.minimum(x["q"] * x["q24"], MOST_STOPPED), x["v24"])
    base, mine = "2024-10", {}
    moved, still = (paces(x, way, one, seen) for seen in (outlook, unmoved(outlook)))
    for who, pace, season in (("others", moved, "foreign"), ("MEX", still, "MEX")):
        mine[who] = Counted(who, base, season).by_day(x, span, from_home(one, pace))
    for who, waiting in (("VEN", x["nV"]), ("CUB", x["nC"])):
        queued = from_queue(x, way, span, outlook, who, waiting)
        fresh = newly_come(span, one, moved, who)
        flat = Counted(who, base, "none")
        mine[who] = (1.0 - x["e"]) * flat.by_day(x, span, queued)
        mine[who] += x["e"] * flat.by_day(x, span, fresh)
    met = {who: sums(span, daily) for who, daily in mine.items()}
    month = {name: sum(one[name] for one in met.values()) for name in met["MEX"]}
    october, november, december = "2024-10", "2024-11", "2024-12"
    foreign = {name: month[name] - met["MEX"][name] for name in month}
    return {
        "b1": month[december] / month[november],
        "b2": met["MEX"][december] / met["MEX"][november],
        "b3": foreign[december] / foreign[november],
        "v1": met["VEN"][december] / met["VEN"][october],
        "v2": met["CUB"][december] / met["CUB"][october],
        "v3": met["VEN"][november] / met["VEN"][october],
        "f1": month["2025-02"] / month[november],
    }


def from_queue(
    x: Inputs, way: Way, span: Days, outlook: Outlook, who: str, waiting: Array
) -> Array:
    """Crossings a day of who has asked for an appointment; appointments end with the closing."""
    met = (1.0 - x["e"]) * record.met()[who]["2024-10"] / DAYS_IN_OCTOBER
    rate = met / waiting
    turn = record.given()["slots"] / record.given()["asking"]
    usual = queue(x, rate, turn, x["v24"])
    closed = queue(x, rate, 0.0, x["u"] * x["v24"])
    one = side(usual, closed, mind_of(x))
    segment = (span.to("2025-01-20")[:, 0] <= 0).astype(np.int64)
    coming = Coming(settled(usual, 0), 0, np.ones(len(segment)))
    rates = np.stack([usual.rate, closed.rate])
    return crossings(usual, rates, segment, paces(x, way, one, outlook), coming, 0)


def newly_come(span: Days, one: Side, pace: Array, who: str) -> Array:
    """Crossings a day of people counted on entering Honduras, half-way to the southern pool."""
    month = span.dates.strftime("%Y-%m")
    daily = record.entered()[who][month].to_numpy() / span.dates.days_in_month.to_numpy()
    coming = Coming(daily[0] * settled(one.chain, COMING + 1), COMING + 1, daily)
    segment = np.zeros(len(daily), dtype=np.int64)
    return crossings(one.chain, one.chain.rate[None], segment, pace, coming, CROSS)


def of_may_2023(x: Inputs, way: Way) -> dict[str, Array]:
    """The way closes in the night to 12 May."""
    span = days("2023-01-01", "2023-06-30")
    to_go = span.to("2023-05-12")
    share = blurred_date(span.at("2023-05-12"), blur_of(x, way, "23"), np.arange(len(to_go)))
    ahead = Window(share, growing(to_go, x["b23"], x["att"]), np.ones_like(x["b23"]))
    outlook = Outlook((ahead,), unlearned(to_go, x["b23"], x["half"]))
    one = journeys(x, x["q"], 1.0)
    total = np.zeros_like(outlook.come)
    for who, seen in (("foreign", outlook), ("MEX", unmoved(outlook))):
        total += Counted(who, "2023-04", who).by_day(
            x, span, from_home(one, paces(x, way, one, seen))
        )

    def mean(first: str, last: str) -> Array:
        return np.asarray(total[span.at(first) : span.at(last) + 1].mean(axis=0))

    april, rush = mean("2023-04-01", "2023-04-30"), mean("2023-05-08", "2023-05-11")
    return {
        "c1": rush / april,
        "c2": mean("2023-05-16", "2023-05-19") / rush,
        "c3": mean("2023-06-01", "2023-06-30") / april,
    }


def of_december_2023(x: Inputs, way: Way) -> dict[str, Array]:
    """No money for transfers from 1 to 20 December, then more stops; a closing was in the air."""
    span = days("2023-09-01", "2024-01-31")
    begin = span.at("2023-12-01")
    day = np.arange(len(span.dates))[:, None] - begin
    within = (day >= 0) & (day <= x["Td"])
    share = within / within.sum(axis=0)
    ahead = Window(share, np.where(within, x["b23d"], 0.0), np.ones_like(x["b23d"]))
    outlook = Outlook((ahead,), np.zeros(share.shape))
    one = journeys(x, x["q"], 1.0)
    stops = (x["q"], x["q"] * x["z"], np.minimum(x["q"] * x["qup"], MOST_STOPPED))
    rates = np.stack([journey(x, stopped, x["u"]).rate for stopped in stops])
    segment = np.where(day[:, 0] < 0, 0, np.where(day[:, 0] < DAYS_WITHOUT_MONEY, 1, 2))
    total = Counted("foreign", "2023-11", "foreign").by_day(
        x, span, through(one, paces(x, way, one, outlook), rates, segment)
    )
    total += Counted("MEX", "2023-11", "MEX").by_day(x, span, np.ones_like(total))
    met = sums(span, total)
    december = met["2023-12"]
    return {"d1": december / met["2023-11"], "d2": met["2024-01"] / december}


EVENTS = {
    "2016": of_2016,
    "2024": of_2024,
    "May 2023": of_may_2023,
    "December 2023": of_december_2023,
}


def ratios(x: Inputs, way: Way, events: tuple[str, ...] = tuple(EVENTS)) -> dict[str, Array]:
    """All ratios of some events for each draw."""
    return {name: one for event in events for name, one in EVENTS[event](x, way).items()}
