"""How a given total of people is shared out between camps by one who cannot look ahead.

`share_out` puts it together. Formulas, and how well they do: ``docs/learned-shares.md``.
"""

from dataclasses import dataclass

import numpy as np

from rumbo.flee.doubt import Normals, count_sd, extra_doubt, share_sd, tie, wander
from rumbo.scenario.arrays import Array, Flags, Index

# Set by hand before the other numbers were fitted (assumed).
SOFTENING_KM = 10.0
CUT_OFF = 0.1
"""Part of its pull that a camp keeps on a zone that closed borders cut off from it."""
FULL = 0.1
"""Part of its capacity that a full camp still offers."""
DAYS_TO_OPENING = 150.0
"""Mean time until a closed camp opens."""


@dataclass(frozen=True)
class Numbers:
    """Numbers of the model; all but the last two are fitted.

    Attributes
    ----------
    distance_power
        Power of the fall of a camp's pull with distance over the network.
    room_power
        Power of a camp's unused capacity in its pull; 0 does not look at capacities.
    prior_strength
        Weight of shares guessed from the network, in multiples of the present total.
    prior_sd
        Log sd of a share of arrivals that no count has told of, beyond `learned_sd`.
    learned_sd
        Log sd of a share of arrivals that ample counts have told of.
    drift_sd
        Log sd of a camp's count a month after its last row, beyond what arrivals explain.
    revision_chance
        Chance that a register is still to be revised, by a third or so.
    row_sd
        Log sd of a published count that stays unrevised.
    """

    distance_power: float
    room_power: float
    prior_strength: float
    prior_sd: float
    learned_sd: float
    drift_sd: float
    # Assumed, and chosen after all six crises were seen: no five of them tell of revisions like
    # those of the sixth. For the same reason drift_sd is fitted with 0.1 as its least.
    revision_chance: float = 0.2
    row_sd: float = 0.03

    def pretended(self, total: float) -> float:
        """Return how many arrivals the prior is worth beside a total."""
        return self.prior_strength * max(float(total), 1.0)


# Both fitted by scripts/fit_shares.py on six crises: the row "all" of scripts/shares_folds.json.
FITTED = Numbers(1.66, 0.0, 0.358, 0.4, 1.03, 0.176)
FITTED_WITH_CAPACITIES = Numbers(0.5, 0.951, 3.0, 0.4, 0.92, 0.135)


@dataclass(frozen=True, eq=False)
class Counted:
    """What is known on the day of a forecast, its origin: D days to it, Z zones, C camps, K rows.

    Attributes
    ----------
    weights
        People that zones send by day, in any unit; shape (D, Z).
    km
        Distance over links that are open on a day, inf where cut off; shape (D, Z, C).
    free_km
        Distance with every link open; shape (Z, C).
    capacity
        Persons; 0 where not known; shape (C,).
    is_open
        Whether a camp is open on a day; shape (D, C).
    camp, day, persons
        Published counts by camp, then day; shape (K,).
    """

    weights: Array
    km: Array
    free_km: Array
    capacity: Array
    is_open: Flags
    camp: Index
    day: Index
    persons: Array

    @property
    def origin(self) -> int:
        """Day of the forecast."""
        return len(self.is_open) - 1


@dataclass(frozen=True, eq=False)
class Counts:
    """Published counts condensed, by camp; each of shape (C,).

    Attributes
    ----------
    last, day
        Last count and its day; 0 and -1 where there is none.
    intake, growth
        What counts of the camp gained while it was open, and the total over the same days.
    """

    last: Array
    day: Index
    intake: Array
    growth: Array


def total_on(totals: Array, day: Index) -> Array:
    """Total on whole days; nobody before day 0."""
    return np.where(day < 0, 0.0, totals[np.clip(day, 0, len(totals) - 1)])


def pull_of(km: Array, free_km: Array, power: float) -> Array:
    """Return ``(km + 10)^-power``; a tenth of that over the free network where cut off."""
    cut = ~np.isfinite(km)
    reach = np.where(cut, free_km, km) + SOFTENING_KM
    pull: Array = np.where(cut, CUT_OFF, 1.0) * reach**-power
    return pull


def attraction_of(capacity: Array, persons: Array, power: float) -> Array:
    """Return unused capacity over the mean capacity, to a power; shape (C,)."""
    known = capacity[capacity > 0]
    if power == 0 or not len(known):
        return np.ones(len(capacity))
    size = np.where(capacity > 0, capacity, np.median(known))
    room = np.maximum(size - persons, FULL * size)
    attraction: Array = (room / size.mean()) ** power
    return attraction


def prior_shares(weights: Array, pull: Array, attraction: Array) -> Array:
    """Return shares of arrivals before any count, ``sum_z w_z a_c p_zc / sum_c' a_c' p_zc'``.

    They are scaled to sum to 1, and go by attraction alone where no zone sends anybody.

    Parameters
    ----------
    weights, pull, attraction
        Shapes (D, Z), (D, Z, C) and (D, C); attraction is 0 for a closed camp.

    Returns
    -------
    numpy.ndarray
        Shape (D, C).
    """
    wanted = pull * attraction[:, None, :]
    reached = wanted.sum(axis=-1, keepdims=True)
    split = np.divide(wanted, reached, out=np.zeros_like(wanted), where=reached > 0)
    shares = (weights[:, :, None] * split).sum(axis=1)
    shares = np.where(shares.sum(axis=-1, keepdims=True) > 0, shares, attraction)
    sums = shares.sum(axis=-1, keepdims=True)
    normed: Array = np.divide(shares, sums, out=np.zeros_like(shares), where=sums > 0)
    return normed


def condense(known: Counted, totals: Array) -> Counts:
    """Condense published counts; of `totals` only days to the origin are looked at."""
    camps = known.is_open.shape[1]
    last, day = np.zeros(camps), np.full(camps, -1)
    # Of several rows the last stays; rows before the start count as of its eve.
    last[known.camp], day[known.camp] = known.persons, np.maximum(known.day, -1)
    camp, then, now = known.camp[1:], known.day[:-1], known.day[1:]
    was_open = known.is_open[np.clip(now - 1, 0, known.origin), camp]
    use = (camp == known.camp[:-1]) & was_open & (now > 0)
    gain = np.maximum(np.diff(known.persons), 0.0) * use
    growth = np.maximum(total_on(totals, now) - total_on(totals, then), 0.0) * use
    intake, growth = (np.bincount(camp, x, camps).astype(np.float64) for x in (gain, growth))
    return Counts(last, day, intake, growth)


def learned_shares(prior: Array, counts: Counts, pretended: float) -> Array:
    """Return ``(N pi + G) / (N + D)``, not yet scaled to 1: the prior is worth N arrivals."""
    return (pretended * prior + counts.intake * (prior > 0)) / (pretended + counts.growth)


def carry_forward(
    counts: Counts, since: Index, shares: Array, totals: Array, days: Index
) -> tuple[Array, Array]:
    """Return what is left of last counts, and what was gained since, before any tying.

    Parameters
    ----------
    counts, totals
        Published counts, and the total of each day from day 0.
    since
        Day after which each camp shares in the total's growth; shape (R, C).
    shares
        Shares of each day's growth, from day 0; shape (days, C).
    days
        Days asked for; shape (T,).

    Returns
    -------
    remaining : numpy.ndarray
        ``y min(1, T(t) / T(r))``: a fall of the total takes its part; shape (T, C).
    gained : numpy.ndarray
        ``sum_{since < u <= t} (T(u) - T(u - 1)) q(u)``, at least 0; shape (R, T, C).
    """
    daily = np.diff(totals[: len(shares)], prepend=0.0)[:, None] * shares
    taken = np.vstack([np.zeros(shares.shape[1]), np.cumsum(daily, axis=0)])
    start = np.clip(since, -1, len(shares) - 1) + 1
    before = taken[start, np.arange(shares.shape[1])][:, None, :]
    started = days[None, :, None] > since[:, None, :]
    gained = np.where(started, np.maximum(taken[days + 1] - before, 0.0), 0.0)
    then, now = total_on(totals, counts.day), total_on(totals, days)[:, None]
    return counts.last * np.where(then > now, now / np.maximum(then, 1.0), 1.0), gained


def share_out(
    known: Counted, totals: Array, days: Index, normals: Normals, numbers: Numbers
) -> Array:
    """Draw every camp's count on some days, as seen from the origin.

    Parameters
    ----------
    known, normals, numbers
        What is known at the origin, random numbers of R members, numbers of the model.
    totals
        Given total of each day from day 0 to the last day asked for.
    days
        Days asked for, in order, none before the origin; shape (T,).

    Returns
    -------
    numpy.ndarray
        Persons, summing to the total on each day; shape (R, T, C).
    """
    counts, pretended = condense(known, totals), numbers.pretended(totals[known.origin])
    sd = share_sd(counts.growth, pretended, numbers.prior_sd, numbers.learned_sd)
    shares = daily_shares(known, counts, pretended, sd, int(days[-1]) + 1, numbers)
    began = np.maximum(counts.day, _last_closed(known.is_open))
    doubt = _doubt(known, counts, began, shares, totals, sd, numbers)
    # A closed camp may open on any coming day.
    opens = known.origin + 1 + (DAYS_TO_OPENING * normals.opening).astype(np.int64)
    since = np.where(known.is_open[-1], began, opens)
    remaining, gained = carry_forward(counts, since, shares, totals, days)
    gained = gained * np.exp(sd * normals.share[:, None, :])
    age = np.maximum(days[:, None] - counts.day, 0)
    walk, own = wander(normals, doubt, numbers.drift_sd, numbers.revision_chance, age)
    parts = np.concatenate([remaining * np.exp(walk), gained], axis=-1)
    variance = np.concatenate([own, np.broadcast_to(sd**2, gained.shape)], axis=-1)
    both = tie(parts, variance, totals[days])
    shared: Array = both[..., : len(sd)] + both[..., len(sd) :]
    return shared


def daily_shares(
    known: Counted, counts: Counts, pretended: float, sd: Array, until: int, numbers: Numbers
) -> Array:
    """Return learned shares of each day's arrivals, from day 0; shape (until, C).

    Days to come look like the origin. A camp that is closed then has on coming days the share that
    it would take by the prior if it opened.
    """
    pull = pull_of(known.km, known.free_km, numbers.distance_power)
    attraction = attraction_of(known.capacity, counts.last, numbers.room_power)
    prior = prior_shares(known.weights, pull, attraction * known.is_open)
    shares = learned_shares(prior, counts, pretended)
    shares = tie(shares, np.broadcast_to(sd**2, shares.shape), np.ones(len(shares)))
    if_open = prior_shares(known.weights[-1:], pull[-1:], attraction[None])[0]
    coming = np.where(known.is_open[-1], shares[-1], if_open)
    days_to_come = np.broadcast_to(coming, (until - len(shares), len(coming)))
    return np.concatenate([shares, days_to_come])


def _doubt(
    known: Counted,
    counts: Counts,
    began: Index,
    shares: Array,
    totals: Array,
    sd: Array,
    numbers: Numbers,
) -> float:
    """Return the variance of log counts on their day, with what the total at the origin adds."""
    now, today = float(totals[known.origin]), np.array([known.origin])
    remaining, gained = carry_forward(counts, began[None], shares, totals, today)
    age = np.maximum(known.origin - counts.day, 0).astype(np.float64)
    remaining_sd = count_sd(numbers.row_sd, numbers.drift_sd, numbers.revision_chance, age)
    gained_now = gained[0, 0] * known.is_open[-1]
    return numbers.row_sd**2 + extra_doubt(remaining[0], gained_now, remaining_sd, sd, now)


def _last_closed(is_open: Flags) -> Index:
    """Return the last day on which each camp was closed, -1 if never; shape (C,)."""
    day = np.arange(len(is_open))[:, None]
    last: Index = np.where(is_open, -1, day).max(axis=0)
    return last
