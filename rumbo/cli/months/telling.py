"""What a file of new months changes, on the screen."""

import math
from collections.abc import Sequence

from rumbo.cli.listing import print_table
from rumbo.cli.terminal import say
from rumbo.cli.words import language, said
from rumbo.updating.add import Added
from rumbo.updating.checks import ASSUMED
from rumbo.updating.forms import AgencyForm
from rumbo.updating.known import Revision

MOST_ROWS = 12
"""Revisions that are shown; the others are counted."""


def tell_forms(forms: Sequence[AgencyForm]) -> None:
    """List forms of files.

    Parameters
    ----------
    forms
        The forms.
    """
    tried = {True: said("yes"), False: said("no: made-up files only")}
    rows = [(one.id, one.names[language()], one.measure, tried[one.tried]) for one in forms]
    print_table(("form", "what it is", "measure", "tried on a real file"), rows)


def tell_added(added: Added, *, dry_run: bool) -> None:
    """Say what a file is, what it changes, and where it is kept.

    Parameters
    ----------
    added
        What it adds.
    dry_run
        Whether nothing was written.
    """
    _tell_file(added)
    if added.new:
        say("New months:")
        rows = [
            (one.series, said(one.by), f"{one.first} – {one.last}", f"{one.figures:,}")
            for one in added.new
        ]
        print_table(("series", "by", "months", "figures"), rows)
    _tell_revised(added.revised)
    _tell_labels(added)
    _tell_together(added)
    _tell_fed(added)
    _tell_kept(added, dry_run=dry_run)


def _tell_file(added: Added) -> None:
    form, file = added.edition.form, added.edition.file
    if form is None:
        say(f"{file}: a filled-in template")
    else:
        say(f"{file}: {form.names[language()]} ({form.id})")
        if not form.tried:
            say(
                "No real file of this form was tried, only made-up ones: "
                "hold what follows against the file.",
                error=True,
            )
    first, last = (f"{one:%Y-%m}" for one in added.edition.figures["month"].agg(["min", "max"]))
    if added.basis == ASSUMED and not added.again:
        say(
            f"Months {first} to {last}, published {added.published} (assumed: the usual delay; "
            "--published gives the day)"
        )
    else:
        say(f"Months {first} to {last}, published {added.published}")
    for note in added.edition.notes:
        say(note)


def _tell_revised(revised: Sequence[Revision]) -> None:
    if not revised:
        say("No figure that was known changes.")
        return
    unusual = sum(one.unusual for one in revised)
    say(f"Figures that change: {len(revised):,}, of which far more than usual: {unusual:,}")
    rows = [
        (
            one.series,
            one.month,
            f"{one.old:,.0f}",
            f"{one.new:,.0f}",
            _share(one.share),
            _usual(one.usual),
            said("far more than usual") if one.unusual else "",
        )
        for one in revised[:MOST_ROWS]
    ]
    print_table(("series", "month", "known", "now", "change", "usual", ""), rows)
    if len(revised) > MOST_ROWS:
        say(f"and {len(revised) - MOST_ROWS:,} smaller ones")


def _share(share: float) -> str:
    return f"{share:+.2%}" if math.isfinite(share) else ""


def _usual(usual: float) -> str:
    return "" if math.isnan(usual) else f"±{usual:.2%}"


def _tell_labels(added: Added) -> None:
    if added.labels:
        say(f"Labels that the edition before lacks: {'; '.join(added.labels)}")
    if added.gone:
        say(f"Labels that are gone since the edition before: {'; '.join(added.gone)}")


def _tell_together(added: Added) -> None:
    beside = added.together
    if beside is None:
        return
    say(
        f"The total of all components equals the sum of those known in {beside.same} of "
        f"{beside.months} months"
    )
    if beside.same < beside.months:
        say(
            f"It differs most in {beside.worst}: {beside.together:,.0f} here, "
            f"{beside.parts:,.0f} in sum"
        )


def _tell_fed(added: Added) -> None:
    if added.fed:
        say(f"A fit as of {added.published} would read anew:")
        rows = [
            (
                one.family,
                one.before or said("nothing"),
                one.after,
                f"{one.new:,}",
                f"{one.revised:,}",
            )
            for one in added.fed
        ]
        print_table(("family", "until before", "until now", "new", "revised"), rows)
    elif added.rows:
        say(
            "No family of series that is fitted or forecast reads these figures: runs are held "
            "against them in the record."
        )


def _tell_kept(added: Added, *, dry_run: bool) -> None:
    if added.again and not added.rows:
        say(f"This file was added before, and adds nothing: {added.path}")
    elif dry_run:
        say(f"Nothing was written. Figures that would be appended: {added.rows:,}")
    else:
        say(f"Figures appended: {added.rows:,}. The file is kept as {added.path}")
