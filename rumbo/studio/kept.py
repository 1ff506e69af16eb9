"""Sessions kept beside the corridor as it was: of one draw of the fit, and of several."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from rumbo.run.program import compile_beside
from rumbo.run.session import Closed, Session
from rumbo.run.sets import Pairs, drawn, held
from rumbo.scenario.scenario import Scenario
from rumbo.scenario.values.sets import AS_SET
from rumbo.studio.draws import SEVERAL, central_draw, only, spread_draws
from rumbo.studio.pair import pair_asked
from rumbo.studio.question import ScenarioAsked

RECORD = "record"
"""Name of the corridor as it was, beside which others are run."""

SEED = 7
"""Names the luck of the simulations."""


class Kept(NamedTuple):
    """A session beside the corridor as it was, under draws of its own.

    Attributes
    ----------
    base
        The corridor under these draws.
    session
        The session, whose base is called `RECORD`.
    pairs, number
        What is put into scenarios before they are run: drawn values, and of which set.
    """

    base: Scenario
    session: Session
    pairs: Pairs = ()
    number: int = AS_SET

    def months(self, asked: ScenarioAsked) -> Iterator[Closed]:
        """Run what is asked, and stop as each month closes: of the record, then of the rest."""
        pair = pair_asked(asked, self.base)
        rest = pair.scenarios[1:] if pair.stands(self.base) else pair.scenarios
        return self.session.months(*(held(one, self.pairs, self.number) for one in rest))


def central(base: Scenario) -> Kept:
    """Return the central draw of a corridor's fit; without a fit, its values as set.

    Parameters
    ----------
    base
        The corridor.
    """
    fit = base.posterior
    if fit is None:
        return Kept(base, Session(base.named(RECORD)))
    draw = np.array([central_draw(fit)])
    number = int(fit.set_of(draw)[0])
    base = base.fitted(replace(only(fit, draw), sets=None))
    # The set is put in here: a session would compile what is asked as set as well.
    pairs = () if number == AS_SET else tuple(drawn(compile_beside(base)))
    return Kept(base, Session(held(base, pairs, number).named(RECORD)), pairs, number)


def several(base: Scenario) -> Kept:
    """Return draws across a corridor's fit; without a fit, a few simulations with chance.

    Parameters
    ----------
    base
        The corridor.
    """
    fit = base.posterior
    if fit is None:
        few = Session(base.named(RECORD), members=SEVERAL, seed=SEED, mode="stochastic")
        return Kept(base, few)
    draws = only(fit, spread_draws(fit))
    base = base.fitted(draws)
    return Kept(base, Session(base.named(RECORD), members=draws.draws))
