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

ROOMS = (
    {"files", "scores", "engine"},
    {"scenario", "report", "exporting"},
    {"model"},
    {"run"},
    {"fitting", "flee"},
    {"forecasting"},
    {"answers"},
    {"updating"},
    {"studio"},
    {"cli"},
    {"__main__"},
)
"""Rooms from the bottom up; a module imports only from its own room and from those below."""

REPORT = (
    "page", "read", "charts", "corridor", "answer", "crisis", "forecasts", "outlook", "claims",
)  # fmt: skip
"""Rooms of the report, each of which imports only those before it."""

MOST_FILES = 20
"""Most modules in one folder."""

LONGEST = 340
"""Most lines of a file: about 300, and a little room."""

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
    """Return the modules of the project that import a package of others."""
    return {module for module in MODULES if package in outside(module)}


def level(module: str) -> int:
    return next(i for i, rooms in enumerate(ROOMS) if top(module) in rooms)


def test_every_module_has_its_room() -> None:
    named = [name for rooms in ROOMS for name in rooms]
    assert len(named) == len(set(named))
    assert {top(module) for module in MODULES} == set(named)


def test_only_the_face_and_the_command_lie_at_the_top() -> None:
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "__main__.py"}


@pytest.mark.parametrize("module", MODULES)
def test_modules_import_only_downwards(module: str) -> None:
    for other in inside(module):
        assert top(other) == top(module) or level(other) < level(module), f"{module}: {other}"


@pytest.mark.parametrize("module", MODULES)
def test_nobody_imports_the_face(module: str) -> None:
    assert "rumbo" not in imports(module)


@pytest.mark.parametrize("module", [one for one in MODULES if top(one) == "report"])
def test_the_report_imports_only_its_earlier_rooms(module: str) -> None:
    if module != "report":
        mine = REPORT.index(module.split(".")[1])
        for other in inside(module):
            if top(other) == "report":
                assert REPORT.index(other.split(".")[1]) <= mine, f"{module}: {other}"


@pytest.mark.parametrize("module", MODULES)
def test_no_module_imports_itself_in_a_circle(module: str) -> None:
    seen: set[str] = set()
    ahead = set(inside(module))
    while ahead:
        seen |= ahead
        ahead = set().union(*map(inside, ahead)) - seen
    assert module not in seen


def test_the_engine_knows_only_arrays() -> None:
    for module in (one for one in MODULES if top(one) == "engine"):
        assert {top(one) for one in inside(module)} <= {"engine"}, module
        assert outside(module) <= {"numpy", "numba", "scipy"}, module


def test_the_report_needs_only_a_saved_result() -> None:
    for package in ("report", "exporting"):
        for module in (one for one in MODULES if top(one) == package):
            assert {top(one) for one in inside(module)} <= {package, "files", "scores"}, module


def test_pydantic_is_met_only_where_a_corridor_is_read() -> None:
    assert importing("pydantic") == {"scenario.header"}


def test_labels_come_only_where_results_are_made_or_read() -> None:
    labelled = {"run", "report", "exporting", "scores", "flee", "fitting"}
    assert {top(module) for module in importing("xarray")} <= labelled


def test_rules_know_nothing_of_files() -> None:
    for module in (one for one in MODULES if one.startswith("model.rules")):
        for other in inside(module):
            below = top(other) == "engine" or other in (
                "scenario.network",
                "scenario.roles",
                "files.faults",
            )
            assert below or other.startswith("model.rules"), f"{module}: {other}"


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


def test_a_class_name_stands_once() -> None:
    names = [
        node.name
        for module in MODULES
        for node in ast.walk(tree(module))
        if isinstance(node, ast.ClassDef)
    ]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


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


def test_folders_stay_small() -> None:
    full = {
        str(folder.relative_to(PACKAGE)): many
        for folder in {path.parent for path in PACKAGE.rglob("*.py")}
        if (many := len(list(folder.glob("*.py")))) > MOST_FILES
    }
    assert full == {}


MOST_ARGUMENTS, USUAL_ARGUMENTS = 12, 5
"""Arguments of any function, and of 95 in 100."""

UNFORMATTED = 40
"""Most places that are laid out by hand: tables that are read better so."""


def test_functions_take_few_arguments() -> None:
    counts = [
        len([*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs])
        + len([each for each in (one.args.vararg, one.args.kwarg) if each])
        for module in MODULES
        for one in ast.walk(tree(module))
        if isinstance(one, ast.FunctionDef)
    ]
    assert max(counts) <= MOST_ARGUMENTS
    assert sorted(counts)[int(0.95 * len(counts))] <= USUAL_ARGUMENTS


def test_the_formatter_lays_out_nearly_everything() -> None:
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    assert sum(text.count("# fmt: skip") for text in texts) <= UNFORMATTED
