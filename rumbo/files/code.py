"""Which code this is: its version, and digests that change when what it does may change."""

import ast
import hashlib
import importlib.util
from pathlib import Path

__version__ = "0.1.0"

PACKAGE = Path(__file__).parent.parent


def code_digest() -> str:
    """Hash of the package's own code."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(str(path.relative_to(PACKAGE)).encode() + path.read_bytes())
    return digest.hexdigest()


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
    for path in sorted(_needed(type(component).__module__, set())):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _needed(module: str, seen: set[Path]) -> set[Path]:
    """Files of a module and of those of the same package that it imports, one by one."""
    package = module.partition(".")[0]
    spec = importlib.util.find_spec(module)
    path = Path(spec.origin) if spec and spec.origin else None
    if path is None or path in seen:
        return seen
    seen.add(path)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package + "."):
            _needed(str(node.module), seen)
    return seen
