"""The studio as a widget: asked by its page in a cell, and by the cells around it."""

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import anywidget
import pandas as pd
import traitlets

from rumbo.files.faults import Fault, Faults
from rumbo.scenario.scenario import Scenario, load
from rumbo.studio.app import application
from rumbo.studio.guard import Application
from rumbo.studio.notebook.answered import CALL, Answered, NotebookService, result_of
from rumbo.studio.notebook.carried import carry
from rumbo.studio.notebook.module import module_text
from rumbo.studio.notebook.tables import months_table, said_whole, sums_table
from rumbo.studio.pair import pair_asked
from rumbo.studio.question import ScenarioAsked
from rumbo.studio.saved import as_faults, with_own_fit
from rumbo.studio.wording import LANGUAGES, Refused

if TYPE_CHECKING:
    import xarray as xr

OF_ITSELF = ("name", "posterior")
"""What a corridor as it was loaded may say of itself."""


def _as_text(asked: Mapping[str, Any], _widget: object) -> str:
    """Return what is asked as the page writes it, to the letter: else it would be asked again."""
    return json.dumps(asked, ensure_ascii=False, separators=(",", ":"))


def _as_read(text: str, _widget: object) -> dict[str, Any]:
    """Return what the page keeps as what is asked."""
    return dict(json.loads(text))


class DeskWidget(anywidget.AnyWidget):
    """The studio in a cell of a notebook; made by `rumbo.studio.widget`.

    Attributes
    ----------
    asked
        What is asked, as in a saved scenario. Moved by the page, and by `ask`.
    language
        ``en`` or ``es``.
    height
        Pixels of the frame when it is shown.
    """

    _esm = module_text()
    asked = traitlets.Dict().tag(sync=True, to_json=_as_text, from_json=_as_read)
    language = traitlets.Enum(LANGUAGES, LANGUAGES[0]).tag(sync=True)
    height = traitlets.Int(800).tag(sync=True)

    def __init__(self, service: NotebookService, **traits: object) -> None:
        super().__init__(**traits)
        self._service = service
        self.on_msg(self._hear)

    @cached_property
    def _inner(self) -> Application:
        return application(self._service)

    def _hear(self, _widget: object, content: dict[str, Any], _buffers: object) -> None:
        """Answer the page in a thread of its own, so that cells can be run meanwhile."""
        name = content["id"]

        def tell(piece: dict[str, Any]) -> None:
            self.send({"id": name, **piece})

        arguments = (self._inner, content["path"], content.get("body"), tell)
        Thread(target=carry, args=arguments, daemon=True).start()

    def ask(self, asked: Mapping[str, Any]) -> None:
        """Ask something; the page follows.

        Parameters
        ----------
        asked
            What is asked, as in a saved scenario: ``question``, ``levers``, ``beds``, ``place``.

        Raises
        ------
        Faults
            If it cannot be asked of this corridor.
        """
        self.asked = self._checked({"language": self.language, **asked}).as_json()

    def _checked(self, content: Mapping[str, Any]) -> ScenarioAsked:
        try:
            return self._service.asked(dict(content))
        except Refused as problem:
            raise as_faults(CALL, (text[self.language] for text in problem.texts)) from None

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """What is compared, to be run together; the corridor alone where nothing differs."""
        return pair_asked(self._checked(self.asked), self._service.desk.base).scenarios

    @property
    def scenario(self) -> Scenario:
        """The last of `scenarios`: what is asked beside the corridor, or the corridor."""
        return self.scenarios[-1]

    @property
    def table(self) -> pd.DataFrame:
        """Flow and human cost over the months asked about; see `tables.sums_table`."""
        return sums_table(self._answered.answer, self.language)

    @property
    def months(self) -> pd.DataFrame:
        """The same month by month; see `tables.months_table`."""
        return months_table(self._answered.answer, self.language)

    @property
    def sentence(self) -> str:
        """The number asked for with its range, who speaks for it, and what is compared."""
        return said_whole(self._answered.answer, self.language)

    @property
    def result(self) -> "xr.Dataset":
        """The result behind the answer, a member for each draw or simulation."""
        return result_of(self._answered)

    @property
    def _answered(self) -> Answered:
        return self._service.whole(self._checked(self.asked))


def desk_widget(
    corridor: Scenario | str | Path, language: str, height: int, folder: Path
) -> DeskWidget:
    """Return the widget of a corridor; see `rumbo.studio.widget`.

    Raises
    ------
    Faults
        If there is no such language, or the corridor cannot be shown.
    """
    if language not in LANGUAGES:
        message = f"there is no language '{language}', expected one of: {', '.join(LANGUAGES)}"
        raise Faults([Fault(CALL, 0, message, "Give one of them")])
    base = corridor if isinstance(corridor, Scenario) else load(corridor)
    service = NotebookService(_as_loaded(base), folder)
    return DeskWidget(service, language=language, height=height)


def _as_loaded(base: Scenario) -> Scenario:
    """Return a corridor with its fit, once the page can draw it and nothing was changed in it."""
    if base.header.record == "day":
        message, cure = "the corridor is recorded by day", "Give one that is recorded by months"
        raise Faults([Fault(CALL, 0, message, cure)])
    if any(told for name, told in base.describe().items() if name not in OF_ITSELF):
        message = "the scenario differs from its corridor, which the page compares everything with"
        cure = "Give the corridor as it was loaded, and ask for the rest in the widget"
        raise Faults([Fault(CALL, 0, message, cure)])
    return base if base.posterior else with_own_fit(base)
