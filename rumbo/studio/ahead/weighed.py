"""Outcomes to come, as the page is told of them: their weights, who set these, what was moved."""

from collections.abc import Iterator, Mapping

from rumbo.answers.outlook.weights import Weights
from rumbo.scores.branches import own_weights
from rumbo.scores.speaking import ASSUMED, RECORD, quality_of
from rumbo.studio.telling.differing import joined
from rumbo.studio.told import Told
from rumbo.studio.wording import LANGUAGES, Text, said

YOU = "you"
"""Who set weights that were moved by hand, beside `ASSUMED` and `RECORD`."""

Row = dict[str, str]


def tree_of(about: Told, weights: Weights) -> list[Told]:
    """Return the events to come, each with its outcomes, their weights and who set them.

    Parameters
    ----------
    about
        What an outlook says of itself.
    weights
        Those moved by hand, of events ahead.
    """
    known = _outcomes(about)
    return [
        {
            "id": event,
            "name": _named(next(iter(known[event].values())), "event_"),
            "who": (who := _who(known[event], moved=event in weights)),
            "about": said(_BY[who], members=about["members"]),
            "outcomes": [
                {"id": key, "name": _named(known[event][key]), "weight": share}
                for key, share in ({**dict.fromkeys(own, 0.0), **weights.get(event, own)}).items()
            ],
        }
        for event, own in own_weights(about["branches"]).items()
    ]


_BY = {ASSUMED: "tree.assumed", RECORD: "tree.record", YOU: "tree.you"}


def moved_by_hand(about: Told, weights: Weights) -> Iterator[Text]:
    """Go through the events whose weights were moved by hand: to what, and what they were."""
    known, before = _outcomes(about), own_weights(about["branches"])
    for event, own in weights.items():
        shares = (_listed(known[event], one) for one in (own, before[event]))
        yield said("ahead.yours", **dict(zip(("own", "before"), shares, strict=True)))


def _outcomes(about: Told) -> dict[str, dict[str, Row]]:
    """Return what is told of each outcome, by event and outcome."""
    known: dict[str, dict[str, Row]] = {}
    for branch in about["branches"]:
        for one in branch["outcomes"]:
            known.setdefault(one["event"], {})[one["outcome"]] = one
    return known


def _named(row: Row, stem: str = "") -> Text:
    return {language: row[f"{stem}{language}"] for language in LANGUAGES}


def _who(rows: Mapping[str, Row], *, moved: bool) -> str:
    """Return who set the weights of an event: you, assumptions where any is one, or the record."""
    if moved:
        return YOU
    return ASSUMED if ASSUMED in map(quality_of, rows.values()) else RECORD


def _listed(rows: Mapping[str, Row], shares: Mapping[str, float]) -> Text:
    return joined(
        [
            said("ahead.share", name=_named(rows[key]), share=f"{100 * share:.3g}")
            for key, share in shares.items()
        ]
    )
