"""Beds as they are written on the command line, or in a file with a row for each place."""

from collections.abc import Sequence
from pathlib import Path

from rumbo.cli.asking.voice import Voice
from rumbo.files.cells import Column
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.files.tables import read_table

OPTION = "--beds"

COLUMNS = (Column("place", filled=True), Column("beds", "number", filled=True, low=0))
"""Columns of a file of beds."""


def beds_of(texts: Sequence[str], says: Voice) -> dict[str, float]:
    """Read beds such as ``harbour=1500``, or files with a row for each place; these give way.

    Parameters
    ----------
    texts
        As they are written.
    says
        The reader's language.

    Returns
    -------
    dict of str to float
        Shelter places by place.

    Raises
    ------
    Faults
        All that cannot be read, or that is written twice.
    """
    found: dict[str, float] = {}
    in_files: dict[str, float] = {}
    wrong: list[Fault] = []
    for text in texts:
        try:
            own = _read(text, says)
        except Faults as faults:
            wrong += faults.faults
            continue
        if "=" not in text:
            in_files |= own
            continue
        wrong += [_fault(says, "beds.twice", text, name) for name in own if name in found]
        found |= own
    if wrong:
        raise Faults(wrong)
    return in_files | found


def _read(text: str, says: Voice) -> dict[str, float]:
    place, equals, number = (part.strip() for part in text.partition("="))
    if not equals:
        return _in_file(text, says)
    try:
        amount = float(number)
    except ValueError:
        amount = -1.0
    if not place or not 0 <= amount < float("inf"):
        key = "beds.place" if not place else "beds.number" if number else "beds.no_number"
        raise Faults([_fault(says, key, text, place, number)])
    return {place: _whole(says, text, place, amount)}


def _whole(says: Voice, text: str, place: str, amount: float) -> float:
    """Return a number of beds; a fraction is a thousand with a dot, as it is written in places."""
    if amount != round(amount):
        told = {"text": text, "name": place, "number": f"{amount:g}"}
        raise Faults([says.fault(OPTION, "beds.whole", "beds.whole_cure", **told)])
    return amount


def _in_file(text: str, says: Voice) -> dict[str, float]:
    path = Path(text)
    if path.is_file():
        table = read_table(path, COLUMNS, faults := Collector())
        faults.check()
        rows = [] if table is None else table.frame.to_dict("records")
        found: dict[str, float] = {}
        for place, beds in ((str(row["place"]).strip(), float(row["beds"])) for row in rows):
            if place in found:
                told = {"text": text, "name": place}
                raise Faults([says.fault(OPTION, "beds.row_twice", "beds.row_cure", **told)])
            found[place] = _whole(says, text, place, beds)
        return found
    if path.is_dir():
        raise Faults([_fault(says, "beds.folder", text)])
    if text.replace(",", "").replace(".", "").isdigit():
        raise Faults([_fault(says, "beds.form", text)])
    # A name with a dot or a stroke was meant for a file; any other may be a place.
    if path.suffix or len(path.parts) != 1:
        raise Faults([_fault(says, "beds.file", text)])
    raise Faults([_fault(says, "beds.form", text, text)])


def _fault(says: Voice, key: str, text: str, name: str = "", number: str = "") -> Fault:
    cure = "beds.file_cure" if key in ("beds.file", "beds.folder") else "beds.form_cure"
    place = name.strip() or ("LUGAR" if says.language == "es" else "PLACE")
    return says.fault(OPTION, key, cure, text=text, name=place, number=number)
