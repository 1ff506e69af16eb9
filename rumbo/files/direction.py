"""Signs that turn the direction of the text around them, as a name may hold them."""

import re

OPEN, CLOSE = "\u2068", "\u2069"
"""Begin and end of a text that leaves what stands around it alone."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATING = "\u2066\u2067\u2068"
_SHOWN = {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def turning(text: str) -> bool:
    """Whether a text holds signs that turn text."""
    return _TURNING.search(text) is not None


def isolated(text: str) -> str:
    """Return a text that turns nothing but itself.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    str
        The text as it is if nothing in it reaches beyond it, else between signs that keep it apart.
    """
    if not turning(text):
        return text
    depth, reaches, kept = 0, False, []
    for sign in text:
        if sign == CLOSE and not depth:  # it would end what keeps the text apart
            reaches = True
            continue
        depth += (sign in _ISOLATING) - (sign == CLOSE)
        reaches |= not depth and "\u202a" <= sign <= "\u202e"
        kept.append(sign)
    whole = "".join(kept) + CLOSE * depth
    return f"{OPEN}{whole}{CLOSE}" if reaches or depth else text


def shown(text: str) -> str:
    """Return a text in which such signs are spelt out, for a terminal."""
    return text.translate(_SHOWN)
