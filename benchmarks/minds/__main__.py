"""Hold both rules against the dated cases, and write the page. ``make minds`` runs it.

Draws and searches are kept in ``runs/minds`` as they are done, so that it goes on after a stop.
"""

import argparse
from pathlib import Path

from benchmarks.minds.inputs import HERE
from benchmarks.minds.page import searches, write
from benchmarks.minds.runs import Store, prior
from benchmarks.minds.search import find_all
from rumbo.files.atomic import write_text


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.minds", description=__doc__)
    parser.add_argument("--draws", type=int, default=5000, help="draws of the prior")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--kept", type=Path, default=Path("runs") / "minds", help="folder of pieces"
    )
    parser.add_argument("--page", type=Path, default=Path("docs") / "minds-record.md")
    return parser.parse_args()


def main() -> None:
    given = arguments()
    store = Store(given.kept)
    drawn = prior(store, given.draws, given.seed, given.workers)
    print(f"{given.draws:,} draws of the prior", flush=True)
    found = find_all(store, searches(), drawn, given.workers)
    text = (HERE / "page.md").read_text(encoding="utf-8")
    write_text(given.page, write(drawn, found, text))
    print(f"Wrote {given.page}")


if __name__ == "__main__":
    main()
