"""What is said of faults in the table of claims, in the reader's language."""

from rumbo.report.page.words import Words

FAULTS = {
    "none": ("claims.fault.none", "claims.cure.none"),
    "source": ("claims.fault.source", "claims.cure.source"),
    "twice": ("claims.fault.twice", "claims.cure.twice"),
    "words": ("claims.fault.words", "claims.cure.words"),
    "motive": ("claims.fault.motive", "claims.cure.motive"),
    "no_test": ("claims.fault.no_test", "claims.cure.no_test"),
    "unknown_test": ("claims.fault.unknown_test", "claims.cure.no_test"),
    "no_threshold": ("claims.fault.no_threshold", "claims.cure.no_threshold"),
    "not_fixed": ("claims.fault.not_fixed", "claims.cure.not_fixed"),
    "argument": ("claims.fault.argument", "claims.cure.argument"),
    "too_early": ("claims.fault.too_early", "claims.cure.too_early"),
}
"""Words of what is wrong and of how to mend it, by the name of the fault."""


def fault_words(language: str, name: str, /, **values: str) -> tuple[str, str]:
    """Return what is wrong, and how to mend it.

    Parameters
    ----------
    language
        ``en`` or ``es``.
    name
        Name of the fault in `FAULTS`.
    **values
        Values of its words.

    Returns
    -------
    tuple of str
    """
    words = Words(language)
    message, cure = FAULTS[name]
    return words(message, **values), words(cure, **values)
