"""What people learn of their chance to get through: all of a mind that is a member's own."""

from dataclasses import dataclass

import numpy as np

from rumbo.engine.arrays import Array


@dataclass(frozen=True)
class LearnedSuccess:
    """How many get through of those who try: of late, against the year before.

    Counts fade exponentially, so that the state is four numbers for each member and kind of group:
    crossings and tries of late, and the same of the year. The lengths are assumed.

    Attributes
    ----------
    step
        Days per step.
    recent, year
        Days over which counts fade e-fold.
    few
        Tries on which the recent chance leans towards the year's: so many news from others as
        change a mind by half.
    """

    step: float = 1.0
    recent: float = 30.0
    year: float = 365.0
    few: float = 30.0

    def start(self, members: int, kinds: int) -> Array:
        """Return a state in which nothing was seen yet.

        Parameters
        ----------
        members, kinds
            Numbers of members R and of kinds of groups K.

        Returns
        -------
        numpy.ndarray
            By span (recent, year) and count (crossings, tries); shape (2, 2, R, K).
        """
        return np.zeros((2, 2, members, kinds))

    def after(self, state: Array, crossings: Array, stops: Array) -> Array:
        """Return the state after a step.

        Parameters
        ----------
        state
            Shape (2, 2, R, K).
        crossings, stops
            Persons who got through and who were stopped in the step; shape (R, K).

        Returns
        -------
        numpy.ndarray
            A new state.
        """
        kept = np.exp(-self.step / np.array([self.recent, self.year]))
        return np.asarray(
            state * kept[:, None, None, None] + np.stack([crossings, crossings + stops])
        )

    def ratio(self, state: Array) -> Array:
        """Return the chance of getting through of late, over that of the year.

        Parameters
        ----------
        state
            Shape (2, 2, R, K).

        Returns
        -------
        numpy.ndarray
            Shape (R, K): ``(c + few p) / (t + few) / p`` with crossings c and tries t of late and
            p the year's chance; 1 where nobody ever got through, or tried.
        """
        (crossings, tries), (through, tried) = state
        usual = np.divide(through, tried, out=np.ones_like(tried), where=tried > 0)
        chance = (crossings + self.few * usual) / (tries + self.few)
        return np.asarray(np.divide(chance, usual, out=np.ones_like(usual), where=usual > 0))

    def seen(self, state: Array) -> Array:
        """Return how far the way is seen to be shut: 0 as usual, 1 if nobody comes through.

        Parameters
        ----------
        state
            Shape (2, 2, R, K).

        Returns
        -------
        numpy.ndarray
            Shape (R, K).
        """
        return np.asarray(1.0 - np.minimum(self.ratio(state), 1.0))
