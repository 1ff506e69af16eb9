"""Write the bundled corridor's files from the folder of gathered sources.

``python scripts/transcribe.py SHARED_DIR`` writes the files; with ``--check`` it names the files
that differ and exits with code 1 if there are any.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd
from transcription.bibliography import sources
from transcription.caravans import caravans, way
from transcription.claims import claims_figures, claims_sources
from transcription.common import Shared, rows
from transcription.derived_border import border_settings
from transcription.derived_harm import harm_settings
from transcription.derived_mexico import mexico_settings
from transcription.geography import copies, groups, places
from transcription.guided import with_guided
from transcription.inflows import inflows
from transcription.levers import levers
from transcription.observed import figures
from transcription.revisions import publication
from transcription.setting import COLUMNS

CORRIDOR = Path(__file__).parents[1] / "rumbo" / "corridors" / "darien-rio-bravo"


def files(shared: Shared) -> dict[str, bytes]:
    """Return the content of every file that is transcribed."""
    tables = {
        "caravans.csv": way(),
        "claims_figures.csv": claims_figures(shared),
        "claims_sources.csv": claims_sources(shared),
        "events.csv": caravans(shared),
        "groups.csv": groups(),
        "inflows.csv": inflows(shared),
        "figures.csv": figures(shared),
        "levers.csv": levers(shared),
        "publication.csv": publication(shared),
        "settings_derived.csv": derived(shared),
        "sources.csv": sources(shared),
    }
    network = copies(shared) | {"places.csv": places(shared)}
    network["links.csv"] = with_guided(network["links.csv"], network["places.csv"])
    return network | {name: encoded(table) for name, table in tables.items()}


def derived(shared: Shared) -> pd.DataFrame:
    """Return the settings that follow from figures."""
    every = (border_settings, harm_settings, mexico_settings)
    return rows([row for each in every for row in each(shared)], COLUMNS)


def encoded(table: pd.DataFrame) -> bytes:
    """Return a table as CSV."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def write(content: dict[str, bytes], folder: Path) -> None:
    """Write files into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        (folder / name).write_bytes(data)


def differing(content: dict[str, bytes], folder: Path) -> list[str]:
    """Return the names of files that are missing or not as they should be."""
    return [name for name, data in content.items() if _differs(folder / name, data)]


def _differs(path: Path, data: bytes) -> bool:
    return not path.exists() or path.read_bytes() != data


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shared", type=Path, help="folder of gathered sources")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    options = parser.parse_args()
    content = files(Shared(options.shared))
    if not options.check:
        write(content, CORRIDOR)
    elif changed := differing(content, CORRIDOR):
        sys.exit(f"differ from the sources: {', '.join(changed)}; run without --check")


if __name__ == "__main__":
    main()
