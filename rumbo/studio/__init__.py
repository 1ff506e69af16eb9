"""The studio: a page on one's own machine, or in a notebook, where the corridor answers."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rumbo.files.faults import Fault, Faults

if TYPE_CHECKING:
    from rumbo.scenario.scenario import Scenario
    from rumbo.studio.notebook.widget import DeskWidget

INSTALL = Fault(
    "rumbo.studio.widget",
    0,
    "it needs packages that are not installed",
    "Install them with: pip install 'rumbo[notebook]'",
)
"""What is said where the extra is missing."""


def widget(
    corridor: "Scenario | str | Path",
    asked: Mapping[str, Any] | None = None,
    *,
    language: str = "en",
    height: int = 800,
    folder: str | Path = "runs/studio",
) -> "DeskWidget":
    """Return the studio as a widget, to be shown in a cell of a notebook.

    Parameters
    ----------
    corridor
        A corridor as `rumbo.load` returns it, with a fit or without; or what is given to
        `rumbo.load`. Without a fit it takes the one in its folder, if there is one.
    asked
        What is asked first, as in a saved scenario, such as ``{"question": {"id": "deal"}}``; the
        corridor as it was if None.
    language
        ``en`` or ``es``.
    height
        Pixels of the cell's frame.
    folder
        Where runs are kept.

    Returns
    -------
    DeskWidget
        Shown by the last line of a cell; the next cells read what it was asked and answered.

    Raises
    ------
    Faults
        If the packages that it needs are not installed, the corridor has faults, is recorded by
        day or was changed before, or if what is asked cannot be.
    """
    try:
        from rumbo.studio.notebook.widget import desk_widget
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("rumbo"):
            raise
        raise Faults([INSTALL]) from None
    made = desk_widget(corridor, language, height, Path(folder))
    if asked is not None:
        made.ask(asked)
    return made
