"""Selectors of settings: what a text such as ``country:XA`` or ``VEN`` means."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from rumbo.files.faults import choose
from rumbo.scenario.arrays import Index
from rumbo.scenario.network import Network
from rumbo.scenario.parameters import Parameter

AT_RANK = {"": 0, "country": 1, "admin1": 2, "kind": 3, "role": 4, "mode": 5, "id": 6}
"""How specific a kind of selector is; the more specific one wins."""

GROUP_RANK = {"": 0, "household": 1, "nationality": 2, "id": 3}
"""How specific a kind of group selector is."""

_FORMS = {
    "everywhere": (),
    "place": ("country", "admin1", "kind", "role"),
    "link": ("mode",),
    "mode": ("mode",),
}


class UnknownSelector(Exception):
    """A selector that means nothing here, with its cure."""

    def __init__(self, message: str, cure: str) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure


@dataclass(frozen=True, eq=False)
class Selectors:
    """What selectors mean in a corridor.

    Attributes
    ----------
    network
        Places and links.
    groups
        Groups with ``id``, ``nationality`` and ``household``.
    """

    network: Network
    groups: pd.DataFrame

    def at(self, parameter: Parameter, text: str) -> Index:
        """Return the cells that a selector means for a parameter.

        Parameters
        ----------
        parameter
            The parameter; it says whether places, links or modes are meant.
        text
            The selector.

        Returns
        -------
        numpy.ndarray
            Numbers of the places, links or modes; a single 0 for parameters without a place.

        Raises
        ------
        UnknownSelector
            If the selector means nothing, or does not fit the parameter.
        """
        table = self._tables[parameter.over]
        index = table.get(text)
        if index is not None:
            return index
        raise UnknownSelector(*self._unknown(parameter, text))

    def group(self, parameter: Parameter, text: str) -> Index:
        """Return the groups that a selector means for a parameter.

        Parameters
        ----------
        parameter
            The parameter.
        text
            Empty for all, or a nationality, a household or the id of a group.

        Returns
        -------
        numpy.ndarray
            Numbers of the groups.

        Raises
        ------
        UnknownSelector
            If there is no such group, or the parameter does not differ between groups.
        """
        if text and not parameter.by_group:
            raise UnknownSelector(
                f"group is '{text}', but {parameter.name} is the same for all groups",
                "Leave the group empty",
            )
        return self.people(text)

    def people(self, text: str) -> Index:
        """Return the groups that a selector means.

        Parameters
        ----------
        text
            Empty for all, or a nationality, a household or the id of a group.

        Returns
        -------
        numpy.ndarray
            Numbers of the groups.

        Raises
        ------
        UnknownSelector
            If there is no such group.
        """
        if text not in self._groups:
            raise UnknownSelector(
                f"group is '{text}', an unknown group", choose(text, [g for g in self._groups if g])
            )
        return self._groups[text]

    def cells(self, parameter: Parameter, at: str, group: str) -> tuple[Index, Index]:
        """Return the cells that a pair of selectors means: rows, and columns of groups."""
        return self.at(parameter, at)[:, None], self.group(parameter, group)

    def rank(self, at: str, group: str) -> tuple[int, int]:
        """Return how specific a pair of selectors is, for sorting."""
        head = at.partition(":")[0]
        form = "" if not at else head if ":" in at and head in AT_RANK else "id"
        return AT_RANK[form], GROUP_RANK[self._group_form(group)]

    def size(self, parameter: Parameter) -> int:
        """Return how many cells a parameter has, groups aside."""
        network = self.network
        return {
            "everywhere": 1,
            "place": len(network.places),
            "link": len(network.links),
            "mode": len(network.modes),
        }[parameter.over]

    def _group_form(self, text: str) -> str:
        if not text:
            return ""
        for column in ("id", "nationality"):
            if text in self._named_groups[column]:
                return column
        return "household"

    @cached_property
    def _named_groups(self) -> dict[str, frozenset[str]]:
        return {c: frozenset(self.groups[c]) for c in ("id", "nationality", "household")}

    @cached_property
    def _groups(self) -> dict[str, Index]:
        table = {"": np.arange(len(self.groups), dtype=np.int64)}
        for column in ("household", "nationality", "id"):
            table |= _rows_by(self.groups[column])
        return table

    @property
    def _tables(self) -> dict[str, dict[str, Index]]:
        return _tables_of(self.network)

    def _unknown(self, parameter: Parameter, text: str) -> tuple[str, str]:
        head, colon, _ = text.partition(":")
        fits = _FORMS[parameter.over]
        if not colon or ">" in text:
            return self._unknown_id(parameter, text)
        if head not in fits:
            allowed = ", ".join(f"{form}:..." for form in fits) or "an empty cell"
            return (
                f"at is '{text}', but {parameter.name} is set by {parameter.over}",
                f"Write {allowed}" + (f" or the id of a {parameter.over}" if fits else ""),
            )
        known = [name for name in self._tables[parameter.over] if name.startswith(head + ":")]
        return f"at is '{text}', an unknown {head}", choose(text, known)

    def _unknown_id(self, parameter: Parameter, text: str) -> tuple[str, str]:
        elsewhere = [over for over, table in self._tables.items() if text in table]
        if parameter.over == "everywhere" or elsewhere:
            cure = f"Write the id of a {parameter.over} or leave it empty"
            if parameter.over == "everywhere":
                cure = "Leave the place empty"
            return f"at is '{text}', but {parameter.name} is set by {parameter.over}", cure
        what = "mode" if parameter.over == "mode" else parameter.over
        # A place is no role: what stands for several is not meant by the name of one.
        known = [n for n in self._tables[parameter.over] if n and (":" not in n or ">" in n)]
        return f"at is '{text}', an unknown {what}", choose(text, known or self._named(parameter))

    def _named(self, parameter: Parameter) -> list[str]:
        return [name for name in self._tables[parameter.over] if name]


def _rows_by(values: pd.Series, prefix: str = "") -> dict[str, Index]:
    rows: dict[str, list[int]] = {}
    for i, value in enumerate(values):
        if value:
            rows.setdefault(prefix + value, []).append(i)
    return {name: np.array(numbers, dtype=np.int64) for name, numbers in rows.items()}


@lru_cache(maxsize=8)
def _tables_of(network: Network) -> dict[str, dict[str, Index]]:
    """Return cells by selector, by what a parameter is set by; scenarios share their network."""
    return {
        "everywhere": {"": np.zeros(1, dtype=np.int64)},
        "place": _places(network),
        "link": _links(network),
        "mode": _modes(network),
    }


def _places(network: Network) -> dict[str, Index]:
    places = network.places
    roles = {role for text in places["roles"] for role in text.split(";") if role}
    roles |= set(places["kind"])
    return {
        "": np.arange(len(places), dtype=np.int64),
        **_rows_by(places["country"], "country:"),
        **_rows_by(places["admin1"], "admin1:"),
        **_rows_by(places["kind"], "kind:"),
        **{f"role:{r}": np.flatnonzero(network.having(r)) for r in sorted(roles)},
        **_rows_by(places["id"]),
    }


def _links(network: Network) -> dict[str, Index]:
    links = network.links
    return {
        "": np.arange(len(links), dtype=np.int64),
        **_rows_by(links["mode"], "mode:"),
        **_rows_by(links["id"]),
    }


def _modes(network: Network) -> dict[str, Index]:
    modes = network.modes
    each = {f"mode:{mode}": np.array([i], dtype=np.int64) for i, mode in enumerate(modes)}
    return {"": np.arange(len(modes), dtype=np.int64), **each}
