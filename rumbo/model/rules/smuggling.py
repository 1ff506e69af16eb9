"""Guided ways: dearer the more checks there are on them, and open to those who can pay.

A guided way is one long link from a hub to a border city. Its price has a constant elasticity to
the checks passed on it (Gathmann 2008); who can pay is a share of each group. At a hub that share
chooses among all ways, the rest as if the guided one were shut; at other places the share is that
of the cheapest guided way. Being able to pay is thus drawn anew at each hub, not kept by anybody.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr

from rumbo.engine.arrays import Array, Index
from rumbo.engine.rates import times_odds
from rumbo.model.rules.form import Rule, Values, by_group, shared
from rumbo.model.rules.ground import Ground
from rumbo.model.rules.mix import Checks, choices
from rumbo.model.rules.utility import (
    LEAST_FREE,
    opening,
    risk_of,
    travel_days,
    utility,
    waits_before,
)
from rumbo.scenario.network import GUIDED

CHANCE, MODE_FACTOR = "checkpoint.chance", "checkpoint.mode"
"""Parameters that say how many are stopped on a way."""

PRICE = "smuggling.price"

LEAST_CHECKS = 0.01
"""Checks over the usual ones below which the price falls no further: a constant elasticity says
nothing of a way without any."""


class Fares(NamedTuple):
    """What the prices of guided ways follow from, under the values in force.

    Attributes
    ----------
    price
        Price under the usual checks, in USD; shape (G, A).
    elasticity
        Of the price to the checks.
    chance, usual_chance
        Chance of being stopped at each place, now and usually; shape (G, P).
    factor, usual_factor
        What its odds are multiplied by for people guided, now and usually.
    link, place
        Guided way (numbered from 0) and place of each check passed; shape (N,).
    """

    price: Array
    elasticity: float
    chance: Array
    usual_chance: Array
    factor: float
    usual_factor: float
    link: Index
    place: Index

    @property
    def ratio(self) -> Array:
        """Price in force over the usual one; shape (G, A)."""
        return self.ratio_of(self.chance, self.usual_chance)

    def ratio_of(self, chance: Array, usual_chance: Array) -> Array:
        """Return the price over the usual one, given chances of being stopped, usual or not.

        Parameters
        ----------
        chance, usual_chance
            At each place; shape (..., G, P).

        Returns
        -------
        numpy.ndarray
            Shape (..., G, A); 1 where nobody is usually stopped on the way.
        """
        now = self._passed(chance, self.factor)
        before = self._passed(usual_chance, self.usual_factor)
        rise = np.divide(now, before, out=np.ones_like(now), where=before > 0.0)
        return np.asarray(np.maximum(rise, LEAST_CHECKS) ** self.elasticity)

    def _passed(self, chance: Array, factor: float) -> Array:
        """Checks passed, as the sum of -log(1 - q) over them; (..., G, P) to (..., G, A)."""
        free = 1.0 - times_odds(chance[..., self.place], np.asarray(factor))
        passed = -np.log(np.maximum(free, LEAST_FREE))
        total = np.zeros((*chance.shape[:-1], self.price.shape[1]))
        for number, way in enumerate(self.link.tolist()):
            total[..., way] += passed[..., number]
        return total


def usual_name(parameter: str) -> str:
    """Return the name under which the usual values of a parameter go among those in force."""
    return f"usual {parameter}"


def fares_of(values: Values, ground: Ground) -> Fares:
    """Gather what the prices of guided ways follow from.

    Parameters
    ----------
    values
        Parameters in force, with the usual checks.
    ground
        Facts of the network; it has guided links.

    Returns
    -------
    Fares
    """
    groups, mode = len(ground.groups), ground.modes.index(GUIDED)
    link, place, _ = ground.passing
    met = np.isin(link, ground.guided) & np.isin(place, ground.stopping_places)
    return Fares(
        by_group(values[PRICE], groups)[:, ground.guided],
        float(values["smuggling.elasticity"]),
        by_group(values[CHANCE], groups),
        by_group(values[usual_name(CHANCE)], groups),
        float(values[MODE_FACTOR][mode]),
        float(values[usual_name(MODE_FACTOR)][mode]),
        np.searchsorted(ground.guided, link[met]),
        place[met],
    )


def same_fares(one: Sequence[Fares], other: Sequence[Fares]) -> bool:
    """Whether prices follow from the same."""
    pairs = zip(one, other, strict=False)
    return len(one) == len(other) and all(
        np.array_equal(getattr(mine, name), getattr(yours, name))
        for mine, yours in pairs
        for name in Fares._fields
    )


def able_to_pay(price: Array, values: Values) -> Array:
    """Share of each group that can raise a price, from lognormal budgets; (G, A) to (G, A).

    ``able = 1 - Phi(log(price / budget) / sigma)``; nobody where there is no price.
    """
    budget, sigma = (
        shared(values[f"smuggling.{name}"], len(price)) for name in ("budget", "budget_sigma")
    )
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(np.log(budget / price) / sigma))


def dying_on_the_way(values: Values, ground: Ground) -> Array:
    """Recorded chance of dying on each link that leads on; shape (H,).

    On a guided way: the link's own, and the recorded rate of those who stay where it starts over
    the days that it takes, times ``smuggling.harm``.
    """
    dying = values["harm.passage"][ground.heading]
    ways = ground.guided
    days = travel_days(values, ground, ways)
    staying = values["harm.stay"][ground.origin[ways]]
    own = values["smuggling.harm"] * (values["harm.passage"][ways] + days * staying)
    dying[np.searchsorted(ground.heading, ways)] = own
    return dying


def choose(values: Values, ground: Ground, checks: Checks, stopped: Array, dying: Array) -> Array:
    """Choice of way: with guided ways for those who can pay, and without them for the others.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.
    checks
        The checks on the links that lead on.
    stopped, dying
        Chance of being stopped, and of dying if not, on each; shape (G, H).

    Returns
    -------
    numpy.ndarray
        Share of those who go on from a link's start that choose it; shape (G, H).
    """
    worth = utility(values, ground, ground.heading, stopped, dying)
    alive = (1.0 - stopped) * (1.0 - dying)
    if not len(ground.guided):
        return choices(values, ground, worth, checks, alive)
    at = np.searchsorted(ground.heading, ground.guided)
    fares = fares_of(values, ground)
    ratio = fares.ratio
    able = able_to_pay(fares.price * ratio, values)
    paying, others = worth.copy(), worth
    paying[:, at] = guided_utility(values, ground, ratio, risk_of(stopped, dying)[:, at])
    others[:, at] = -np.inf
    share = _share_able(able, ground)
    return np.asarray(
        share * choices(values, ground, paying, checks, alive)
        + (1.0 - share) * choices(values, ground, others, checks, alive)
    )


def guided_utility(values: Values, ground: Ground, ratio: Array, risk: Array) -> Array:
    """Utility of guided ways: the price in place of fares, all else as of other links.

    Parameters
    ----------
    values
        Parameters in force.
    ground
        Facts of the network.
    ratio
        Price over the usual one; shape (G, A).
    risk
        Of being stopped or dying, as `risk_of` gives it; shape (G, A).

    Returns
    -------
    numpy.ndarray
        ``level - weight log(ratio) - time days - risk risk``, less the wait where it starts; minus
        infinite where a way is shut; shape (G, A).
    """
    ways, groups = ground.guided, len(ground.groups)
    with np.errstate(divide="ignore"):
        return np.asarray(
            by_group(values["smuggling.level"], groups)[:, ways]
            - values["smuggling.price_weight"] * np.log(ratio)
            - values["route.time"] * travel_days(values, ground, ways)
            - values["route.risk"] * risk
            - waits_before(values, ground, ways)
            + np.log(opening(values, ground, ways))
        )


def _share_able(able: Array, ground: Ground) -> Array:
    """Lay who can pay (G, A) out by link (G, H): at a hub its own price, else the cheapest."""
    share = np.repeat(able.max(axis=1, keepdims=True), len(ground.heading), axis=1)
    start = ground.origin[ground.heading]
    for way, hub in enumerate(ground.origin[ground.guided].tolist()):
        share[:, start == hub] = able[:, way, None]
    return share


GUIDES = Rule(
    "smuggling",
    neutral={
        PRICE: np.inf,
        "smuggling.elasticity": 0.0,
        "smuggling.budget": 1.0,
        "smuggling.budget_sigma": 1.0,
        "smuggling.level": 0.0,
        "smuggling.price_weight": 0.0,
        "smuggling.harm": 1.0,
    },
)
