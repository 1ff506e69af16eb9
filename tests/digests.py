"""Whether a change of the code left every result, page and export as it was, to the byte.

    python tests/digests.py write before    # at the commit to compare with
    python tests/digests.py compare before  # after the change: names what moved
    python tests/digests.py compare before three five  # the same for some of the results

What differs in any case is left aside: the run's id, the version, and blanks between tags. Beside
the digests lie the texts they were made from, so that ``diff`` shows what moved.
"""

import hashlib
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from test_scorecard import evaluation, forecast_file, make_figures

import rumbo
from rumbo.exporting import export
from rumbo.report import write_forecast, write_scorecard

ROOT = Path(__file__).parent.parent
LANGUAGES = ("en", "es")
OWN = ("run_id", "version", "library_versions")
"""Attributes of a result that name the run or the code."""


def runners() -> dict[str, Callable[[], xr.Dataset]]:
    """Return what runs each result: the smallest two corridors, and the bundled one, fitted too."""
    three = rumbo.load(ROOT / "examples" / "three_places")
    five = rumbo.read_flee(ROOT / "examples" / "five_places")
    bundled = rumbo.load("darien-rio-bravo")
    fitted = bundled.fitted()
    deal = "december-2023-deal"
    run = rumbo.simulate
    return {
        "three": lambda: run([three, three.without("bus-closure")], members=5, seed=7),
        "three-expected": lambda: run(three, mode="expected"),
        "five": lambda: run(five, members=6, seed=1),
        "five-expected": lambda: run(five, mode="expected"),
        "five-learned": lambda: rumbo.learn_shares(five.folder, members=20, seed=1),
        "bundled": lambda: run([bundled, bundled.without(deal)], members=4, seed=7),
        "bundled-expected": lambda: run(bundled, mode="expected"),
        "fitted": lambda: run([fitted, fitted.without(deal)], members=4, seed=7),
        "fitted-expected": lambda: run(fitted, members=4, mode="expected"),
    }


def of_result(runs: xr.Dataset) -> Iterator[tuple[str, bytes]]:
    """Go through the variables, coordinates and attributes of a result."""
    for name, values in runs.variables.items():
        data = values.to_numpy()
        data = data.astype(str) if data.dtype.kind in "OTU" else data
        head = f"{values.dims} {data.shape} {data.dtype.kind} {sorted(values.attrs.items())}"
        yield f"values/{name}", head.encode() + np.ascontiguousarray(data).tobytes()
    attributes = {name: str(value) for name, value in runs.attrs.items() if name not in OWN}
    about = attributes.pop("background")
    yield "values/attributes", json.dumps(attributes, sort_keys=True).encode()
    yield "values/background", about.encode()


def pages(runs: dict[str, xr.Dataset], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Write every kind of page in both languages."""
    scores = evaluation(folder / "scores")
    forecast = forecast_file(folder)
    for language in LANGUAGES:
        for name, one in runs.items():
            to = folder / f"{name}-{language}.html"
            yield from of_page(rumbo.write_report(one, to, language=language))
        to = folder / f"scorecard-{language}.html"
        yield from of_page(write_scorecard(scores, to, language))
        for name, beside in (("forecast", None), ("forecast-scored", scores)):
            to = folder / f"{name}-{language}.html"
            yield from of_page(
                write_forecast(forecast, make_figures(), to, language, evaluation=beside)
            )


def of_page(path: Path) -> Iterator[tuple[str, bytes]]:
    """Return what is seen of a page, and what its charts are made of, apart."""
    page = path.read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>.*?</script>", page, re.DOTALL)
    seen = re.sub(r"<script[^>]*>.*?</script>|<style>.*?</style>", "", page, flags=re.DOTALL)
    yield f"pages/{path.stem}.html", tidy(seen)
    drawn = [one for one in scripts if 'type="application/json"' in one[:200]]
    yield f"pages/{path.stem}.json", "\n".join(map(charts, drawn)).encode()


def charts(script: str) -> str:
    """Return each chart with its specification, in whatever order the page holds these."""
    about = json.loads(re.sub(r"^<script[^>]*>|</script>$", "", script))
    specs = about.pop("specs", {})
    drawn = [{**one, "spec": specs[one["spec"]]} for one in about.pop("charts", [])]
    return json.dumps([about, drawn], sort_keys=True, ensure_ascii=False)


def tidy(text: str) -> bytes:
    """Return a text without run id, version and blanks beside tags, a line for each tag."""
    text = re.sub(r"\b[0-9a-f]{16}\b", "RUN", text).replace(rumbo.__version__, "VERSION")
    text = re.sub(r'"bytes": \d+|sha256:[0-9a-f]{64}', "SIZE", text)  # of files that name the run
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"\s*(<[^>]*>)\s*", r"\n\1\n", text).encode()


def exports(runs: xr.Dataset, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Export a result in every form, and go through the files."""
    export(runs, folder)
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        name = f"export/{path.relative_to(folder).as_posix()}"
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                parts = [one for one in book.namelist() if one != "docProps/core.xml"]
                yield name, b"".join(tidy(book.read(one).decode()) for one in parts)
        elif path.suffix == ".gpkg":
            with sqlite3.connect(path) as layers:
                lines = [line for line in layers.iterdump() if "gpkg_contents" not in line]
            yield name, tidy("\n".join(lines))
        elif path.suffix == ".parquet":
            yield name, path.read_bytes()
        else:
            yield name, tidy(path.read_text(encoding="utf-8"))


def everything(wanted: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Go through all that is held of some results: names, and what they are digests of."""
    runs = {name: run() for name, run in runners().items() if name in wanted or not wanted}
    for name, one in runs.items():
        yield from ((f"{name}/{part}", content) for part, content in of_result(one))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        yield from pages(runs, folder)
        for name in {"three", "fitted"} & runs.keys():  # an export is of months, so not of a crisis
            files = exports(runs[name], folder / f"export-{name}")
            yield from ((f"{name}/{part}", content) for part, content in files)


def write(folder: Path, wanted: Sequence[str]) -> dict[str, str]:
    """Write all texts into a folder, and return the digests."""
    shutil.rmtree(folder, ignore_errors=True)
    found = {}
    for name, content in everything(wanted):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        found[name] = hashlib.sha256(content).hexdigest()
    (folder / "digests.json").write_text(json.dumps(found, indent=0, sort_keys=True))
    return found


def main() -> None:
    """Write, or compare with what was written."""
    task, folder, wanted = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    if task == "write":
        print(f"{len(write(folder, wanted))} digests in {folder}")
        return
    before = json.loads((folder / "digests.json").read_text())
    after = write(folder.with_name(f"{folder.name}-now"), wanted)
    names = after.keys() if wanted else before.keys() | after.keys()
    moved = sorted(name for name in names if before.get(name) != after.get(name))
    print(f"{len(names)} digests, {len(moved)} moved")
    print("\n".join(moved))
    sys.exit(bool(moved))


if __name__ == "__main__":
    main()
