"""What is refused in Spanish is refused in Spanish: bad input over all commands, word by word."""

import re
from collections.abc import Iterator
from pathlib import Path

import folders
import pytest
from command_line import here
from questions_asked import folder

ENGLISH = frozenset(
    """
    an and any are be been before between but by can cannot expected for give has have if is it
    leave must not nothing number of one only or other outside than that the there these this those
    unknown was were which whole with without write you your after choose empty folder more most
    least
    """.split()
)
"""Words that no Spanish sentence has; those that are columns or options are told as typed."""

QUESTION = "closed"

BAD: tuple[tuple[str, ...], ...] = (
    ("run", "nowhere"),
    ("run", "{file}"),
    ("run", "{there}", "--start", "2024-13-01"),
    ("run", "{there}", "--end", "2031-01-01"),
    ("run", "{there}", "--start", "2024-05-01", "--end", "2024-02-01"),
    ("run", "{there}", "--without", "no-such"),
    ("run", "{there}", "--set", "stay.days"),
    ("run", "{there}", "--set", "stay.dais=3"),
    ("run", "{there}", "--set", "stay.days=many"),
    ("run", "{there}", "--set", "stay.days=-1"),
    ("run", "{there}", "--set", "stay.days=inf"),
    ("run", "{there}", "--set", "stay.days@moon=1"),
    ("run", "{there}", "--set", "stay.days@kind:moon=1"),
    ("run", "{there}", "--set", "stay.days@mode:bus=1"),
    ("run", "{there}", "--set", "stay.days/Martians=1"),
    ("run", "{there}", "--set", "stay.days:2024-05-01..2024-02-01=1"),
    ("run", "{there}", "--set", "mode.open@middle_town=1"),
    ("run", "{there}", "--deal", "no-such"),
    ("run", "{there}", "--deal", "no-such,ramp=x"),
    ("run", "{there}", "--deal", "no-such,speed=3"),
    ("run", "{there}", "--event", "no-such"),
    ("run", "{there}", "--with-rule", "no-such"),
    ("run", "{there}", "--posterior", "nowhere.npz"),
    ("run", "{there}", "--fitted"),
    ("run", "{there}", "--out", "{file}"),
    ("run", "{there}", "--out", "{file}/x"),
    ("run", "{there}", "--members", "0"),
    ("run", "{there}", "--members", "many"),
    ("run", "{there}", "--seed", "-1"),
    ("run", "{there}", "--mode", "magic"),
    ("run", "{there}", "--language", "fr"),
    ("run", "{there}", "--no-such"),
    ("run",),
    ("sail",),
    ("compare", "{there}"),
    ("compare", "{there}", "--without", "buss-closure"),
    ("show", "{there}", "--end", "soon"),
    ("check", "nowhere"),
    ("check", "{file}"),
    ("check", "{broken}"),
    ("list", "planets"),
    ("list", "levers", "nowhere"),
    ("report", "nowhere"),
    ("report", "{there}"),
    ("report", "{there}", "--to", "{file}/x"),
    ("record", "{there}"),
    ("record", "{there}", "--out", "{file}/x"),
    ("export", "{there}"),
    ("export", "{there}", "--to", "{file}"),
    ("rerun", "{there}"),
    ("place", "{there}", "middle_town"),
    ("score", "nowhere"),
    ("fit", "{there}", "--as-of", "soon", "--out", "{to}"),
    ("forecast", "{there}", "--as-of", "soon"),
    ("forecast", "{there}", "--as-of", "2024-05-01", "--horizon", "9"),
    ("attribute", "{there}", "--lever", "no-such", "--from", "2024-01", "--to", "2024-02"),
    ("ask", "{there}", "no-such"),
    ("ask", "{there}", QUESTION, "--from", "soon"),
    ("ask", "{there}", QUESTION, "--from", "2031-01-01"),
    ("ask", "{there}", QUESTION, "--from", "2024-05-01", "--until", "2024-02-01"),
    ("ask", "{there}", QUESTION, "--place", "moon"),
    ("ask", "{there}", QUESTION, "--beds", "moon"),
    ("ask", "{there}", QUESTION, "--beds", "middle_town=-1"),
    ("ask", "{there}", "--file", "{broken}/settings.csv"),
    ("ask", "{there}", "vote", "--from", "2024-02-01"),
    ("outlook", "{there}", "--as-of", "soon"),
    ("outlook", "{there}", "--as-of", "2031-01-01"),
    ("outlook", "{there}", "--months", "12"),
    ("outlook", "{there}", "--place", "moon"),
    ("outlook", "{there}", "--out", "{file}/x"),
    ("claims", "{there}"),
    ("claims", "darien-rio-bravo", "--as-of", "soon", "--quick"),
    ("claims", "darien-rio-bravo", "--as-of", "1990-01-01", "--quick"),
    ("new", "{there}"),
    ("new", "{file}/x"),
    ("rename", "{there}", "no-such", "other"),
    ("rename", "{there}", "middle_town", "south_town"),
    ("upgrade", "nowhere"),
    ("flee", "nowhere"),
    ("flee", "{there}"),
    ("sensitivity", "{there}", "--lever", "no-such"),
    ("tested", "nowhere"),
)
"""Command lines that are refused; names in braces stand for paths."""

WRONG = (
    "stay.dais,,,,,set,1,,,days,,assumed,,",
    "stay.days,,,,,set,many,,,days,,assumed,,",
    "stay.days,,,,,set,-1,,,days,,assumed,,",
    "stay.days,moon,,,,set,1,,,days,,assumed,,",
    "stay.days,,,,,grow,1,,,days,,assumed,,",
    "stay.days,,,2024-13-01,,set,1,,,days,,assumed,,",
    "stay.days,,,2024-05-01,2024-02-01,set,1,,,days,,assumed,,",
    "stay.days,,,,,set,1,5,2,days,,assumed,,",
    "stay.days,,,,,set,1,,,miles,,assumed,,",
    "stay.days,,,,,set,1,,,days,no-such,assumed,,",
    "stay.days,,,,,set,1,,,days,,nobody,,",
    "stay.days,,,,,set,1,,,days,,assumed,grand,",
    ",,,,,set,1,,,days,,assumed,,",
    "stay.days,,,,,set,,,,days,,assumed,,",
)
"""Rows of settings, each with one fault."""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    top = tmp_path_factory.mktemp("spanish")
    (top / "a.txt").write_text("text\n", encoding="utf-8")
    (top / "broken").mkdir()
    broken = folders.copy(top / "broken")
    for row in WRONG:
        folders.add(broken, "settings.csv", row)
    return {"there": folder(top), "file": top / "a.txt", "broken": broken, "to": top / "to"}


def english_in(line: str) -> Iterator[str]:
    """Find English words of a line; what stands between quotes or in names is the reader's own."""
    line = re.sub(r"[.:](?=\s|$)", " ", line)
    plain = re.sub(r"'[^']*'|«[^»]*»|\([^()]*\)|[\w./-]*[./_=\[\]-][\w./=\[\]-]*", " ", line)
    for word in re.findall(r"[a-záéíóúñ]+", plain):
        if word in ENGLISH:
            yield word


@pytest.mark.parametrize("asked", BAD, ids=" ".join)
def test_a_refusal_in_spanish_has_no_english_word(
    asked: tuple[str, ...], paths: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    done = here(*(word.format(**paths) for word in asked), cwd=tmp_path)
    assert done.returncode == 2, done.stderr + done.stdout
    assert done.stderr.strip()
    told = [line for line in done.stderr.splitlines() if not line.startswith(("Uso:", "Usage:"))]
    assert {line: [*english_in(line)] for line in told if [*english_in(line)]} == {}


def test_the_words_looked_for_are_found() -> None:
    assert [*english_in("settings.csv, fila 3: value es 'the', which is unknown.")] == [
        "which",
        "is",
        "unknown",
    ]
