"""The cut of the package: who may import whom, and what every public name carries."""

import ast
import importlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import rumbo

PACKAGE = Path(rumbo.__file__).parent

LAYERS = (
    {"files", "parameters", "draws", "scores"},
    {"space", "posterior"},
    {"schema", "rates"},
    {"network", "moves"},
    {"engine"},
    {"selectors", "measures", "noise", "header", "rules"},
    {"settings", "record"},
    {"checks", "changes", "history"},
    {"folder"},
    {"corridor"},
    {"writing"},
    {"scenario"},
    {"calendar", "background", "figures"},
    {"series"},
    {"forecast"},
    {"flee"},
    {"models"},
    {"wiring"},
    {"program"},
    {"results"},
    {"chunks"},
    {"simulate", "runs", "report", "export", "score"},
    {"fit"},
    {"again", "asking", "listing", "ahead"},
    {"terminal"},
    {"crises", "judging"},
    {"cli"},
    {"__main__"},
)
"""Modules and packages from the bottom up; a module imports only from layers below its own."""

LONGEST = 340
"""Most lines of a file: about 300, and a little room."""

ENGINE = ("draws", "space", "rates", "moves", "engine")

MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
    if path != PACKAGE / "__init__.py"
)


@cache
def tree(module: str) -> ast.Module:
    path = PACKAGE.joinpath(*module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(path.read_text(encoding="utf-8"))


def running(node: ast.AST) -> Iterator[ast.AST]:
    """Go through the nodes that run, leaving out imports made for types alone."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from running(child)


@cache
def imports(module: str) -> set[str]:
    """Return the full names of modules that a module imports."""
    found: set[str] = set()
    for node in running(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            own = {name for name in full if name.removeprefix("rumbo.") in MODULES}
            found |= own or {str(node.module)}
    return found


@cache
def inside(module: str) -> set[str]:
    """Return the modules of the package that a module imports."""
    names = {name.removeprefix("rumbo.") for name in imports(module) if name.startswith("rumbo.")}
    return names & set(MODULES)


def outside(module: str) -> set[str]:
    """Return the packages of others that a module imports."""
    tops = {name.partition(".")[0] for name in imports(module)}
    return tops - set(sys.stdlib_module_names) - {"rumbo"}


def top(module: str) -> str:
    return module.partition(".")[0]


def importing(package: str) -> set[str]:
    """Return the modules and packages of the project that import a package of others."""
    return {top(module) for module in MODULES if package in outside(module)}


def test_every_module_has_its_layer() -> None:
    named = [name for layer in LAYERS for name in layer]
    assert len(named) == len(set(named))
    assert {top(module) for module in MODULES} <= set(named)


@pytest.mark.parametrize("module", MODULES)
def test_modules_import_only_downwards(module: str) -> None:
    level = {name: i for i, layer in enumerate(LAYERS) for name in layer}
    for other in inside(module):
        if top(other) != top(module):
            assert level[top(other)] < level[top(module)], f"{module} imports {other}"


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_itself_in_a_circle(module: str) -> None:
    seen: set[str] = set()
    ahead = set(inside(module))
    while ahead:
        seen |= ahead
        ahead = set().union(*map(inside, ahead)) - seen
    assert module not in seen


def test_the_engine_knows_only_arrays() -> None:
    for module in ENGINE:
        assert inside(module) <= set(ENGINE), module
        assert outside(module) <= {"numpy", "numba", "scipy"}, module


def test_the_report_needs_only_a_saved_result() -> None:
    for package in ("report", "export"):
        for module in (one for one in MODULES if top(one) == package):
            assert {top(one) for one in inside(module)} <= {package, "files", "scores"}, module


def test_pydantic_is_met_only_where_a_corridor_is_read() -> None:
    assert importing("pydantic") == {"header"}


def test_labels_come_only_where_results_are_made_or_read() -> None:
    labelled = {"simulate", "results", "runs", "again", "report", "export", "score", "flee", "fit"}
    assert importing("xarray") <= labelled


def test_rules_know_nothing_of_files() -> None:
    below = {"rules", "rates", "space", "draws", "network", "files"}
    for module in (one for one in MODULES if top(one) == "rules"):
        assert {top(one) for one in inside(module)} <= below, module


def test_public_names() -> None:
    assert len(rumbo.__all__) <= 15
    assert rumbo.__all__ == sorted(rumbo.__all__)
    for name in rumbo.__all__:
        assert getattr(rumbo, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = rumbo.nothing


@pytest.mark.parametrize("module", MODULES)
def test_every_module_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(tree(module)), module
    if module != "__main__":
        importlib.import_module(f"rumbo.{module}")


def public(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    """Go through the public functions and classes of a module, and the methods of these."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield child
            if isinstance(child, ast.ClassDef):
                yield from public(child)


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_is_described(module: str) -> None:
    bare = [one.name for one in public(tree(module)) if not ast.get_docstring(one)]
    assert bare == []


@pytest.mark.parametrize("module", MODULES)
def test_every_function_is_annotated(module: str) -> None:
    bare = [
        one.name
        for one in ast.walk(tree(module))
        if isinstance(one, ast.FunctionDef) and not annotated(one)
    ]
    assert bare == []


def annotated(function: ast.FunctionDef) -> bool:
    """Whether a function states the types of what it takes and returns."""
    asked = function.args
    named = [*asked.posonlyargs, *asked.args, *asked.kwonlyargs, asked.vararg, asked.kwarg]
    typed = (
        one.annotation is not None or (i == 0 and one.arg in ("self", "cls"))
        for i, one in enumerate(one for one in named if one is not None)
    )
    return function.returns is not None and all(typed)


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(PACKAGE)): lines
        for path in PACKAGE.rglob("*.py")
        if (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    }
    assert long == {}
