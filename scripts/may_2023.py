"""The end of Title 42 on 11 May 2023 in the bundled corridor, with and without people who await it.

    python scripts/may_2023.py

A dated event is added to a copy of the corridor: what is believed of it, and what a crossing is
worth after it, are assumed. Levels are those of January to May 2023, nothing is fitted. Printed are
encounters between ports in May and June over those of April, as medians and 90 % ranges over
members, beside what was counted.
"""

import csv
import re
import sys
import tempfile
from pathlib import Path

import numpy as np

import rumbo
from rumbo.scenario.figures import HINDSIGHT, Key, known

CORRIDOR, START, END = "darien-rio-bravo", "2023-01-01", "2023-06-30"
MONTHS = ("2023-04", "2023-05", "2023-06")
MEMBERS = 40

EVENT = {
    "event": "title-42-end", "outcome": "rule", "on": "2023-01-30", "takes_effect": "2023-05-12",
    "probability": 0.9, "levers": "circumvention-rule-2023-05", "name_en": "Title 42 ends",
    "name_es": "Termina el Título 42", "source": "assumed", "quality": "assumed",
}  # fmt: skip
"""The day was set on 30 January 2023; what would come after it was open until the day before."""

ELSE = EVENT | {
    "outcome": "as-is", "probability": 0.1, "levers": "", "name_en": "The rules in force go on",
    "name_es": "Siguen las reglas vigentes",
}  # fmt: skip
BELIEF = {
    "event": "title-42-end", "outcome": "rule", "belief": 0.65, "low": 0.3, "high": 1,
    "blur_days": 2, "lag_days": 3, "attention_days": 30, "source": "assumed",
    "note": "range of the dated case of May 2023",
}  # fmt: skip
WORTH = {
    "parameter": "worth.crossing", "since": "2023-05-12", "operation": "multiply", "value": 0.4,
    "low": 0.2, "high": 0.7, "unit": "worth", "lever": "circumvention-rule-2023-05",
    "source": "assumed", "quality": "assumed",
    "note": "a crossing after which most may not ask for asylum",
}  # fmt: skip


def main() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        corridor = rumbo.load(CORRIDOR).write(Path(folder) / "corridor")
        header = corridor / "corridor.yaml"
        dated = re.sub(r"^start: .*$", f"start: {START}", header.read_text(), flags=re.M)
        header.write_text(re.sub(r"^end: .*$", f"end: {END}", dated, flags=re.M))
        (corridor / "outcomes.csv").write_text(f"{','.join(EVENT)}\n")
        (corridor / "beliefs.csv").write_text(f"{','.join(BELIEF)}\n")
        for name, row in (
            ("outcomes", EVENT), ("outcomes", ELSE), ("beliefs", BELIEF), ("settings", WORTH),
        ):  # fmt: skip
            append(corridor / f"{name}.csv", row)
        awaiting = rumbo.load(corridor)
        runs = rumbo.simulate([awaiting, awaiting.without("minds")], members=MEMBERS, seed=7)
    usbp = runs["encounters"].sel(component="USBP").sum(["area", "group"])
    months = np.array(MONTHS, dtype="datetime64[M]")
    counted = (
        known(rumbo.load(CORRIDOR), HINDSIGHT).series(Key("encounters", "USBP")).since(months[0])
    )
    for month, figure in zip(months[1:], counted.values[1:3] / counted.values[0], strict=True):
        ratio = usbp.sel(month=str(month)).values / usbp.sel(month=MONTHS[0]).values
        told = [told_range(one) for one in ratio.reshape(2, MEMBERS)]
        words = f"counted {figure:.2f}; with people who await it {told[0]}; without {told[1]}"
        sys.stdout.write(f"{month} over {MONTHS[0]}: {words}\n")


def told_range(values: np.ndarray) -> str:
    """Say the middle and the 90 % range."""
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def append(path: Path, row: dict[str, object]) -> None:
    """Add a row to a table."""
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(row)


if __name__ == "__main__":
    main()
