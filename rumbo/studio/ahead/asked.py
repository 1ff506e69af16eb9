"""Months ahead of a day, as the page asks for them: what is taken, and run."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rumbo.answers.outlook.asked import OutlookAsked, OutlookSize, asked_of
from rumbo.answers.outlook.outlook import outlook
from rumbo.answers.outlook.weights import keep_members
from rumbo.run.workers import Progress
from rumbo.scenario.scenario import Scenario
from rumbo.studio.parts import DAY, WeightsAsked, number_of_beds, weights_in
from rumbo.studio.wording import LANGUAGES, Refused, Text, said

DRAWN = 40
"""Members that are run on along each branch; assumed: few enough to wait for."""

MEMBERS = "members.npz"
"""File beside the tables, of which outcomes can be weighed anew."""


class AheadAsked(NamedTuple):
    """What is asked of the months ahead of a day.

    Attributes
    ----------
    as_of, months, place
        The day, how many, and where.
    language
        Of what is refused.
    beds
        Shelter places there, as whoever asks gives them; None for those known.
    weights
        Of outcomes, as whoever asks gives them.
    """

    as_of: str
    months: int
    place: str
    language: str
    beds: float | None = None
    weights: WeightsAsked = ()

    @property
    def run(self) -> "AheadAsked":
        """What is run: the same in each language, and under all weights."""
        return self._replace(language=LANGUAGES[0], weights=())

    @property
    def folder(self) -> str:
        """Name of the folder of its tables."""
        beds = "" if self.beds is None else f"-{self.beds:g}"
        return f"{self.as_of}-{self.months}-{self.place}{beds}"


FIELDS = {*AheadAsked._fields}


def read_ahead(content: Mapping[str, Any], base: Scenario) -> AheadAsked:
    """Check what is asked of the months ahead, and return it.

    Parameters
    ----------
    content
        What the page sends.
    base
        The corridor.

    Returns
    -------
    AheadAsked

    Raises
    ------
    Refused
        If something is wrong with its form.
    Faults
        If no months ahead can be told of the day or place.
    """
    language, place = content.get("language") or "en", content.get("place") or None
    day, months = content.get("as_of") or None, content.get("months", 3)
    faults: list[Text] = [
        said("scenario.field", name=str(name)[:40]) for name in sorted({*content} - FIELDS)
    ]
    if language not in LANGUAGES:
        faults.append(said("scenario.name"))
    if place is not None and place not in [*base.network.places["id"]]:
        faults.append(said("place", name=str(place)[:40]))
    if day is not None and not (isinstance(day, str) and DAY.fullmatch(day)):
        faults.append(said("day.form", day=str(day)[:40]))
    if not isinstance(months, int) or isinstance(months, bool) or not 1 <= months <= 6:
        faults.append(said("ahead.months"))
    given = content.get("beds")
    beds = None if given in (None, "") else number_of_beds(given, str(place)[:40], faults)
    weights = weights_in(content.get("weights"), base, faults)
    if faults:
        raise Refused(faults)
    own = _checked(base, day, months, place, language)
    return AheadAsked(own.as_of.isoformat(), months, own.place, language, beds, weights)


@lru_cache(maxsize=32)
def _checked(
    base: Scenario, day: str | None, months: int, place: str | None, language: str
) -> OutlookAsked:
    """Return what is asked, checked once: weights are moved many times over the same months."""
    return asked_of(base, day, months, place, language=language)


def looked_ahead(base: Scenario, asked: AheadAsked, folder: Path, progress: Progress) -> str:
    """Run the months ahead, and return the file that says what they are of.

    Parameters
    ----------
    base
        The corridor.
    asked
        What is asked, checked.
    folder
        Where fits and runs are kept, and in a folder of their own tables and members.
    progress
        Told how far it is.
    """
    ahead = outlook(
        replace(base, posterior=None),
        asked.as_of,
        folder,
        months=asked.months,
        place=asked.place,
        size=OutlookSize(drawn=DRAWN),
        progress=progress,
        language=asked.language,
        beds=None if asked.beds is None else {asked.place: asked.beds},
    )
    to = folder / asked.folder
    about = ahead.write(to)
    keep_members(to / MEMBERS, ahead.members)
    return str(about)
