"""Text of YAML read into plain values, with what keeps it from being read noted."""

import re

from yaml12 import parse_yaml

from rumbo.files.faults import Collector

_NAMED = r"(?:^|[ \t\r\n\[{,:])%s([^ \t\r\n,\[\]{}]+)"
"""After a quoted key a colon may stand before it; of spaces YAML knows these alone."""

_ANCHOR, _ALIAS = (re.compile(_NAMED % sign) for sign in ("&", r"\*"))


def read_yaml(file: str, text: str, cure: str, faults: Collector) -> object | None:
    """Turn YAML into plain values.

    Parameters
    ----------
    file
        Name of the file.
    text
        Its text.
    cure
        How to mend what is not YAML.
    faults
        Where faults are noted.

    Returns
    -------
    object or None
        What the text says, an empty dict if nothing; None after a fault.
    """
    if _refers(file, text, faults):
        return None
    try:
        content: object = parse_yaml(text)
    except (ValueError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        message = f"the text is not YAML ({error})"
        faults.add(file, int(line[1]) if line else 0, message, cure)
        return None
    return {} if content is None else content


def line_of(text: str, *keys: str) -> int:
    """Return the line of the innermost of some nested keys that is found; 0 if none is.

    Parameters
    ----------
    text
        Text of YAML.
    *keys
        A key, one under it, and so on.

    Returns
    -------
    int
        Counted from 1.
    """
    lines = text.splitlines()
    line = 0
    for key in keys:
        for i in range(line, len(lines)):
            if lines[i].strip().startswith(f"{key}:") or f"{key}:" in lines[i].split("#")[0]:
                line = i + 1
                break
    return line


def _refers(file: str, text: str, faults: Collector) -> bool:
    """Note a part that stands for another: a few hundred letters of them fill all memory."""
    named = set(_ANCHOR.findall(text))
    alias = next((one for one in _ALIAS.finditer(text) if one[1] in named), None)
    if alias:
        row = text.count("\n", 0, alias.start(1)) + 1
        cure = f"Write in place of '*{alias[1]}' what it stands for"
        faults.add(file, row, "aliases are not allowed", cure)
    return alias is not None
