"""The seven kinds of test by name: what each may be given, and what makes it."""

from collections.abc import Callable

from rumbo.answers.claims import differences, distances, foreseen, levers, ratios, shares, step
from rumbo.answers.claims.arguments import Arguments, Form
from rumbo.answers.claims.on_record import OnRecord
from rumbo.scores.claims import Finding

TESTS: dict[str, tuple[Form, Callable[[OnRecord, Arguments], Finding]]] = {
    "step": (step.FORM, step.step),
    "did_with_placebos": (differences.FORM, differences.did_with_placebos),
    "pit": (foreseen.FORM, foreseen.pit),
    "share_with_bounds": (shares.FORM, shares.share_with_bounds),
    "attribute": (levers.FORM, levers.attribute_levers),
    "ratio_change": (ratios.FORM, ratios.ratio_change),
    "distance": (distances.FORM, distances.distance),
}

FORMS = {name: form for name, (form, _) in TESTS.items()}
"""What each kind of test may be given."""
