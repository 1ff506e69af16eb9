"""docs/api.md: every public name of the package, from its docstring."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import rumbo

HEAD = """\
# The public names of `rumbo`

Made from the docstrings by `make docs`; what stands here is also what `help(rumbo.simulate)` says
in Python. Only these names are promised to stay. First steps: [tutorial.md](tutorial.md). What a
result holds: [result.md](result.md). Sessions, fits and forecasts by example:
[python.md](python.md). Words: [glossary.md](glossary.md).
"""

WIDE = 100
"""Most characters of a signature in one line."""

LOOKED_UP = (property, cached_property)
"""What is looked up, not called."""

SECTION = re.compile(r"^([A-Z][a-z]+)\n-+$", flags=re.M)


def page() -> str:
    """Return the whole page."""
    names = sorted(rumbo.__all__, key=lambda name: (name[0].isupper(), name))
    listed = " · ".join(f"[{name}](#{_anchor(name)})" for name in names)
    return "\n".join([HEAD, listed, "", *(entry(name) for name in names)]).rstrip() + "\n"


def entry(name: str) -> str:
    """Return what is said of one public name: of a class, of its methods too."""
    thing = getattr(rumbo, name)
    if inspect.isclass(thing):
        return "\n".join([f"## rumbo.{name}\n", _text(thing), *_members(name, thing)])
    return f"## rumbo.{name}\n\n{_code(thing)}\n{_text(thing)}"


def public(kind: type) -> Iterator[tuple[str, Any]]:
    """Go through the public methods and properties that the package gives a class, by name."""
    for name, found in inspect.getmembers(kind):
        told = _read_by(found)
        mine = getattr(told, "__module__", "") or ""
        if not name.startswith("_") and callable(told) and mine.startswith("rumbo"):
            yield name, found


def _read_by(found: object) -> object:
    """Return the function that gives what is looked up; anything else as it is."""
    if isinstance(found, cached_property):
        return found.func
    return found.fget if isinstance(found, property) else found


def _members(owner: str, kind: type) -> Iterator[str]:
    for name, found in public(kind):
        if not isinstance(found, LOOKED_UP):
            yield f"### {owner}.{name}\n\n{_code(found)}\n{_text(found)}"
    looked_up = [(name, one) for name, one in public(kind) if isinstance(one, LOOKED_UP)]
    if looked_up:
        yield f"### What a {owner} says of itself\n"
        yield "\n".join(f"- `{name}`: {_line(one)}" for name, one in looked_up) + "\n"


def _line(thing: object) -> str:
    """Return a docstring before its first section, in one line."""
    return _plain(" ".join(SECTION.split(inspect.getdoc(thing) or "")[0].split()))


def _anchor(name: str) -> str:
    return f"rumbo{name}".lower()


def _code(function: Callable[..., Any]) -> str:
    """Return the signature as it stands in the source."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(node, ast.FunctionDef)
    node.body, node.decorator_list = [ast.Pass()], []
    line = ast.unparse(node).partition("\n")[0].removeprefix("def ").removesuffix(":")
    line = re.sub(r"'([A-Z]\w*|\w+\.\w+)'", r"\1", line)  # a type that is imported for types alone
    line = re.sub(r"\(self(, )?", "(", line)
    line = re.sub(r"(: [^=:]+?)=", r"\1 = ", line)
    return f"```text\n{_wrapped(line, node)}\n```\n"


def _wrapped(line: str, node: ast.FunctionDef) -> str:
    if len(line) <= WIDE:
        return line
    inside = re.sub(r"^\w+\(", "", line).rpartition(")")[0]
    depth, parts, start = 0, [], 0
    for i, letter in enumerate(inside):
        depth += (letter in "([{") - (letter in ")]}")
        if letter == "," and not depth:
            parts.append(inside[start:i].strip())
            start = i + 1
    rows = [*parts, inside[start:].strip()]
    return (
        f"{node.name}(\n" + "".join(f"    {row},\n" for row in rows) + f"){line.rpartition(')')[2]}"
    )


def _text(thing: object) -> str:
    """Return a docstring as Markdown."""
    found = SECTION.split(inspect.getdoc(thing) or "")
    parts = [_plain(found[0].strip())]
    for title, content in zip(found[1::2], found[2::2], strict=True):
        told = _example if title == "Examples" else _entries
        parts.append(f"**{title}**\n\n{told(content.strip())}")
    return "\n\n".join(parts) + "\n"


def _plain(text: str) -> str:
    """Write code as Markdown does."""
    return text.replace("``", "`")


def _example(content: str) -> str:
    code = re.sub(r" *# doctest:.*$", "", content, flags=re.M)
    return f"```pycon\n{code}\n```"


def _entries(content: str) -> str:
    """Return a section of names with what they mean as a list; one without meanings as it is."""
    lines, rows = content.splitlines(), list[tuple[str, list[str]]]()
    for line in lines:
        if line and not line[0].isspace():
            rows.append((line.strip(), []))
        elif line.strip():
            rows[-1][1].append(line.strip())
    if not any(told for _, told in rows) and any(" " in name for name, _ in rows):
        return _plain("\n".join(name for name, _ in rows))
    return "\n".join(
        f"- `{name}`" + (f": {_plain(' '.join(told))}" if told else "") for name, told in rows
    )
