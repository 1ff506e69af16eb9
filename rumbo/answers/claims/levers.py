"""Test ``attribute``: what each lever did, and whether the figures or the assumptions say so."""

from rumbo.answers.claims.arguments import Arguments, Form, months, names, number
from rumbo.answers.claims.on_record import OnRecord
from rumbo.answers.claims.runs import attributed
from rumbo.fitting.attribution import ASSUMED, FEWER, RECORD
from rumbo.scores.claims import (
    FIGURES,
    MIXED,
    OPEN,
    PRIOR,
    SUPPORTED,
    Finding,
    Statistic,
)

FORM = Form(
    needed={"levers": names, "months": months},
    allowed={},
    thresholds={"speaks": number, "apart": number},
)
"""``speaks``: posterior over prior spread under which the figures may be said to speak, of the
first lever; ``apart``: the same of every lever, whose ranges must then lie apart."""


def attribute_levers(record: OnRecord, asked: Arguments) -> Finding:
    """Hold the shares of levers in what happened against 0, or against one another.

    Parameters
    ----------
    record
        The corridor with its fit.
    asked
        Arguments and thresholds, see `FORM`.

    Returns
    -------
    Finding
        Supported only where the first lever lowered encounters for certain and the figures speak.
    """
    stretch = (str(asked["months"][0]), str(asked["months"][1]))
    shares = attributed(record, asked["levers"], stretch)
    # A lever of other months changes nothing in these, and has no width.
    acting = [row for row in shares.itertuples() if row.low != 0.0 or row.high != 0.0]
    statistics = [
        Statistic("lever", row.lever, row.middle, row.low, row.high, "log") for row in acting
    ]
    statistics += [
        Statistic("narrowed", row.lever, row.ratio, row.ratio, row.ratio, "ratio") for row in acting
    ]
    asking = shares.iloc[:1] if "speaks" in asked else shares
    limit = asked.get("speaks", asked.get("apart"))
    told = bool((asking["ratio"] < limit).all() and (asking["speaks"] == RECORD).all())
    if "speaks" in asked:
        first = shares.iloc[0]
        sure = bool(first["high"] < 0.0 and first["direction"] == FEWER)
        outcome = SUPPORTED if sure and told else OPEN
    else:
        low, high = shares["low"].max(), shares["high"].min()
        outcome = SUPPORTED if told and low > high else MIXED
    speaks = FIGURES if told and not (asking["speaks"] == ASSUMED).any() else PRIOR
    return Finding("", "attribute", outcome, speaks, statistics)
