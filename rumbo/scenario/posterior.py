"""What a fit left behind: values and paths that members hold instead of drawing their own.

A posterior is a number of draws that belong together. Member r of a run holds draw r modulo their
number, so that member 17 is the same however many members are run.
"""

import hashlib
import json
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rumbo.files.atomic import write_arrays
from rumbo.files.faults import Collector, Fault, Faults
from rumbo.scenario.arrays import Array, Index
from rumbo.scenario.settings import Setting
from rumbo.scenario.values.fitted import check_parts
from rumbo.scenario.values.levels import LEVEL, level_of
from rumbo.scenario.values.sets import AS_SET

POSTERIOR = "posterior.npz"
"""Name of the file in a corridor's folder."""

FARTHEST = 10.0
"""Largest value and log factor either way, far beyond what any fit means."""

FORM, OLDER = "rumbo posterior 3", ("rumbo posterior 1", "rumbo posterior 2")
"""Says what a file is, and in which form; older ones have no sets, the first has no levels."""


@dataclass(frozen=True, eq=False, repr=False)
class Posterior:
    """Draws from what a fit found. It never changes.

    Attributes
    ----------
    corridor
        Id of the corridor that was fitted.
    as_of
        Day of the last publication that the fit has seen.
    months
        Months of the paths, ``YYYY-MM``, one after the other; length T. Before the first month its
        factors hold; after the last one, those of the last.
    nationalities
        Nationalities that have paths of their own; length N.
    values
        By (parameter, lever), how far each draw's value lies from the one in force, in standard
        deviations of its range; shape (K,).
    paths
        By family of `FAMILIES`, logs of the factors on its rates; shape (K, T, N). They are kept in
        16 bits, to a thousandth or better.
    about
        How it was made, in short texts.
    levels
        Settings that the fit found, the same in all draws.
    sets
        Set of drawn values that each draw was made under; shape (K,). None: the values as set.

    Raises
    ------
    Faults
        If the parts do not fit together.
    """

    corridor: str
    as_of: date
    months: tuple[str, ...]
    nationalities: tuple[str, ...]
    values: Mapping[tuple[str, str], Array]
    paths: Mapping[str, NDArray[np.floating[Any]]]
    about: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[Setting, ...] = ()
    sets: NDArray[np.integer[Any]] | None = None

    def __post_init__(self) -> None:
        """Check the parts and round them to what a file holds."""
        check_parts(self, FARTHEST)
        values = {name: _held(self.values[name], np.float64) for name in sorted(self.values)}
        paths = {name: _held(self.paths[name], np.float16) for name in sorted(self.paths)}
        sets = None if self.sets is None else _held(self.sets, np.int8)
        parts = {"values": values, "paths": paths, "about": dict(self.about), "sets": sets}
        for name, value in parts.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        """Return what it is of, rather than every number."""
        return f"<Posterior of {self.corridor}, {self.draws} draws, as of {self.as_of}>"

    @property
    def draws(self) -> int:
        """Number of draws K."""
        return len(next(iter([*self.values.values(), *self.paths.values()])))

    @cached_property
    def digest(self) -> str:
        """Hash of all that it says."""
        arrays = self._arrays()
        parts = [arrays[name].tobytes() for name in ("values", "paths", "sets")]
        return hashlib.sha256(self._head().encode() + b"".join(parts)).hexdigest()

    def first(self, draws: int) -> "Posterior":
        """Return the first draws alone, which stand for all."""
        return replace(
            self,
            values={pair: own[:draws] for pair, own in self.values.items()},
            paths={name: own[:draws] for name, own in self.paths.items()},
            sets=None if self.sets is None else self.sets[:draws],
        )

    def value(self, parameter: str, lever: str, members: Index) -> Array | None:
        """Return the members' values of a parameter, shape (R,), or None if it was not fitted."""
        draws = self.values.get((parameter, lever))
        return None if draws is None else draws[members % self.draws]

    def set_of(self, members: Index) -> Index:
        """Return the members' sets of drawn values, `AS_SET` if there are none; shape (R,)."""
        if self.sets is None:
            return np.full(len(members), AS_SET, dtype=np.int64)
        return self.sets[members % self.draws].astype(np.int64)

    def covers(self, family: str, month: str) -> bool:
        """Whether a month's noise of a family was fitted; no later one was."""
        return family in self.paths and month <= self.months[-1]

    def factor(self, family: str, month: str, members: Index, labels: Sequence[str]) -> Array:
        """Return what rates of a family are multiplied by in a month.

        Parameters
        ----------
        family
            One of `FAMILIES`.
        month
            The month, ``YYYY-MM``.
        members
            Numbers of the members; shape (R,).
        labels
            Nationalities asked for.

        Returns
        -------
        numpy.ndarray
            Shape (R, labels); 1 where nothing was fitted.
        """
        factors = np.ones((len(members), len(labels)))
        if family in self.paths:
            at = min(bisect_left(self.months, month), len(self.months) - 1)
            logs = self.paths[family][members % self.draws, at].astype(np.float64)
            for n, label in enumerate(labels):
                if label in self.nationalities:
                    factors[:, n] = np.exp(logs[:, self.nationalities.index(label)])
        return factors

    def summary(self) -> dict[str, Any]:
        """Return what a result says of it, ready for JSON."""
        about = dict(self.about)
        return {"as_of": self.as_of.isoformat(), "digest": self.digest, "about": about}

    def check_for(
        self, corridor: str, nationalities: Collection[str], levers: Collection[str]
    ) -> None:
        """Refuse a corridor that this is not a fit of.

        Parameters
        ----------
        corridor
            Id of the corridor.
        nationalities, levers
            What it knows.

        Raises
        ------
        Faults
            If it is of another corridor, or of an older state of this one.
        """
        faults, cure = Collector(), "Fit this corridor, or take the posterior of one"
        if self.corridor != corridor:
            message = f"it is of the corridor '{self.corridor}', expected '{corridor}'"
            raise Faults([Fault("posterior", 0, message, cure)])
        for name in sorted({*self.nationalities} - {*nationalities}):
            faults.add("posterior", 0, f"the corridor has no nationality '{name}'", cure)
        for name in sorted({lever for _, lever in self.values} - {"", *levers}):
            faults.add("posterior", 0, f"the corridor has no lever '{name}'", cure)
        faults.check()

    def write(self, path: str | Path) -> Path:
        """Write it as one file, the same bytes whenever it says the same.

        Parameters
        ----------
        path
            The file; an older one is replaced once the new one is whole.

        Returns
        -------
        pathlib.Path
            The file.

        Raises
        ------
        OSError
            If the disk refuses.
        """
        arrays = {"head": np.array(self._head()), **self._arrays()}
        write_arrays(Path(path), arrays, compressed=True)
        return Path(path)

    @classmethod
    def read(cls, path: str | Path) -> "Posterior":
        """Read what `write` wrote.

        Parameters
        ----------
        path
            The file.

        Returns
        -------
        Posterior

        Raises
        ------
        Faults
            If there is no such file, or it is damaged or of another kind.
        """
        cure = "Give the file of a posterior, or make it again"
        if Path(path).exists() and not Path(path).is_file():
            raise Faults([Fault(str(path), 0, "this is no plain file", cure)])
        try:
            with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                return cls(**_parts(json.loads(str(file["head"])), file))
        except FileNotFoundError:
            raise Faults([Fault(str(path), 0, "there is no such file", cure)]) from None
        except Faults as faults:
            raise Faults([Fault(str(path), 0, f.message, cure) for f in faults.faults]) from None
        except _UNREADABLE:
            message = "the file is damaged or no posterior, expected one that a fit wrote"
            raise Faults([Fault(str(path), 0, message, cure)]) from None

    def _head(self) -> str:
        head = {
            "form": FORM,
            "corridor": self.corridor,
            "as_of": self.as_of.isoformat(),
            "months": self.months,
            "nationalities": self.nationalities,
            "values": list(self.values),
            "paths": list(self.paths),
            "about": self.about,
            "levels": [_plain(one) for one in self.levels],
        }
        return json.dumps(head, ensure_ascii=False, sort_keys=True)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        """Values, shape (values, K), paths, shape (families, K, T, N), and sets, (K,) or empty."""
        shape = (self.draws, len(self.months), len(self.nationalities))
        values = np.array(list(self.values.values()), dtype="<f8").reshape(-1, self.draws)
        paths = np.array(list(self.paths.values()), dtype="<f2").reshape(-1, *shape)
        sets = np.array([] if self.sets is None else self.sets, dtype="<i1")
        return {"values": values, "paths": paths, "sets": sets}


_UNREADABLE = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    EOFError,
    AttributeError,
    MemoryError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What reading a file raises that is not one of a posterior, or no longer."""


def given_or_own(posterior: Posterior | str | Path | None, folder: str | Path) -> Posterior:
    """Return a posterior, read if need be; if None the one in the corridor's folder."""
    if isinstance(posterior, Posterior):
        return posterior
    own = Path(folder) / POSTERIOR
    if posterior is None and not own.exists():
        cure = "Give the file of one, or run the corridor as it is"
        raise Faults([Fault(str(own), 0, "the corridor has no posterior of its own", cure)])
    return Posterior.read(posterior or own)


def own_digest(folder: str | Path) -> str:
    """Return the digest of the posterior in a corridor's folder; empty if it has none."""
    return given_or_own(None, folder).digest if (Path(folder) / POSTERIOR).exists() else ""


def _parts(head: Mapping[str, Any], file: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return the parts of a posterior from those of a file."""
    if head["form"] not in (FORM, *OLDER):
        raise ValueError(head["form"])
    values, paths = file["values"], file["paths"]
    sets = file["sets"] if head["form"] == FORM else ()
    return {
        "corridor": str(head["corridor"]),
        "as_of": date.fromisoformat(head["as_of"]),
        "months": tuple(head["months"]),
        "nationalities": tuple(head["nationalities"]),
        "values": {(p, lever): row for (p, lever), row in zip(head["values"], values, strict=True)},
        "paths": dict(zip(head["paths"], paths, strict=True)),
        "about": dict(head["about"]),
        "levels": tuple(level_of(*row) for row in head.get("levels", ())),
        "sets": sets if len(sets) else None,
    }


def _plain(level: Setting) -> list[str | float | None]:
    """Return a level as plain values, ready for JSON."""
    values = (getattr(level, name) for name in LEVEL)
    days = (pd.Timestamp, type(pd.NaT))
    return [
        (None if pd.isna(one) else f"{one:%Y-%m-%d}") if isinstance(one, days) else one
        for one in values
    ]


def _held(values: NDArray[Any], kind: type[np.number[Any]]) -> NDArray[Any]:
    held = np.array(values, dtype=kind)
    held.setflags(write=False)
    return held
