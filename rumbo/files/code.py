"""Which code this is: its version, and digests that change when what it does may change."""

import ast
import hashlib
import platform
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__version__ = "0.1.0"

PACKAGE = Path(__file__).parent.parent

NUMBERS = ("files", "engine", "scenario", "model", "run")
"""Rooms whose code makes the numbers of a run; the others only ask for them or tell them."""


LIBRARIES = ("numpy", "numba", "scipy", "pandas", "xarray", "h5netcdf")
"""Libraries whose versions a manifest notes, for when two runs differ."""


def code_digest() -> str:
    """Hash of the code that makes the numbers of a run."""
    digest = hashlib.sha256()
    for path in sorted(path for room in NUMBERS for path in (PACKAGE / room).rglob("*.py")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def versions_now() -> dict[str, str]:
    """Return what may make two runs differ: versions of the package, its code and libraries."""
    return {
        "rumbo": __version__,
        "code": code_digest(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def why_another(manifest: Mapping[str, Any]) -> str:
    """Say why a manifest may be that of another run: of other code, or something else was asked."""
    made = manifest.get("versions", {})
    if made.get("code") == code_digest():
        return "scenarios, data, members or seed differ"
    version, code = made.get("rumbo", "unknown"), made.get("code", "unknown")
    return (
        f"it was made by other code (rumbo {version}, code {code:.8}; this is {__version__}, "
        f"code {code_digest():.8}), from which members are not taken up"
    )


def component_digest(component: object) -> str:
    """Return a digest of a component's settings and of the code that it runs.

    Parameters
    ----------
    component
        The component, or anything else whose ``repr`` says what was asked.

    Returns
    -------
    str
        It differs if its ``repr`` differs, or its module or any module of the package that this
        one needs.
    """
    digest = hashlib.sha256(repr(component).encode())
    for path in sorted(needed(type(component).__module__)):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def needed(module: str) -> set[Path]:
    """Return the files of a module and of all those of the same package that it imports."""
    files: dict[str, Path] = {}
    ahead = [module]
    while ahead:
        name = ahead.pop()
        path = None if name in files else _file(name)
        if path is not None:
            files[name] = path
            ahead += _imported(path.read_bytes(), module.partition(".")[0])
    return set(files.values())


@cache
def _imported(source: bytes, package: str) -> tuple[str, ...]:
    """Return the names of a package that a module imports, be they modules or not."""
    return tuple(name for name in _names(source) if f"{name}.".startswith(f"{package}."))


def _names(source: bytes) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _file(name: str) -> Path | None:
    """Return the file of a module; None for what a module holds, and for what is built in."""
    try:
        spec = find_spec(name)
    except ModuleNotFoundError:  # its parent is a module, not a package
        return None
    return Path(spec.origin) if spec and spec.origin and spec.has_location else None
