"""Claims held against the record: the table, the tests, the rules, the ledger and its page."""

import csv
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import here
from folders import copy, with_figures

import rumbo
from rumbo.answers.claims import levers, runs
from rumbo.answers.claims.arguments import series, spelled
from rumbo.answers.claims.foreseen import FORM as PIT
from rumbo.answers.claims.foreseen import _weighed
from rumbo.answers.claims.kinds import TESTS
from rumbo.answers.claims.ledger import as_table, ledger
from rumbo.answers.claims.on_record import Making, rounding
from rumbo.answers.claims.read import CLAIMS, COLUMNS, read_claims
from rumbo.files.faults import Faults
from rumbo.report.claims.names import STATISTICS, LedgerReport
from rumbo.report.claims.page import ledger_markdown, ledger_report, ledger_table, write_ledger
from rumbo.report.page.words import LANGUAGES
from rumbo.scenario.figures import known
from rumbo.scores.claims import (
    AS_ASSUMED,
    CONTRADICTED,
    DATA,
    FIGURES,
    LOCAL,
    MIXED,
    NOT_COMPUTABLE,
    OPEN,
    PRIOR,
    SPEAKERS,
    SUPPORTED,
    VERDICTS,
    Finding,
    Foreseen,
    Judged,
    Statistic,
    put_together,
)

ROOT = Path(__file__).parents[1]
BUNDLED = ROOT / "rumbo" / "corridors" / "darien-rio-bravo"

NOTED = {
    "C01": ["above=0.9 | months_above=2 | below=0.5"],
    "C02": ["spreads=3 | rows=2"],
    "C03": [""],
    "C04": ["near=0.05", "at_most=0"],
    "C05": ["rise=0.05", "half=0.5"],
    "C06": ["count=6", "share=0"],
    "C07": ["far=2000 | near=1000"],
    "C08": ["share=0"],
    "C09": ["quantile=0.05"],
    "C10": ["down_to=0.25"],
    "C11": ["beyond=0", "change=0"],
    "C12": ["count=6", "quantile=0.05"],
    "C13": ["within=0.05"],
    "C14": ["speaks=0.5", "spreads=3", "spreads=3", "spreads=3"],
    "C15": ["above=0.9 | months_above=2"] * 3 + ["spreads=3"],
    "C16": ["most=0.2"],
    "C17": ["apart=0.5", "spreads=3"],
    "C18": ["least=0.5"],
    "C19": ["above=0.8"],
    "C20": ["above=0.9 | months_above=2", "share=0.25"],
}
"""Thresholds as the note on these claims fixed them after its first look, and not moved since."""


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(BUNDLED / name, dtype=str, keep_default_na=False)


def test_thresholds_are_those_that_were_fixed() -> None:
    rows = table("claims.csv")
    found = {key: part["thresholds"].tolist() for key, part in rows.groupby("id", sort=False)}
    assert found == NOTED
    tested = rows[rows["test"] != ""]
    assert (tested["fixed"] == "2026-11-29").all()
    assert tested["why_fixed"].str.startswith("after the first look").all()


def test_no_verdict_stands_in_any_table_of_a_corridor() -> None:
    words = re.compile("supported|contradicted|verdict|veredicto|respaldad|contradich", re.I)
    for path in sorted(BUNDLED.glob("*.csv")):
        head, *_ = csv.reader(path.read_text(encoding="utf-8").splitlines()[:1])
        assert not any("verdict" in name for name in head), path.name
    for name in ("claims.csv", "claims_figures.csv"):
        assert not words.search((BUNDLED / name).read_text(encoding="utf-8")), name
    lines = (BUNDLED / CLAIMS).read_text(encoding="utf-8").splitlines()
    cells = {cell for row in csv.reader(lines) for cell in row}
    assert not cells & {*VERDICTS}
    assert "verdict" not in {column.name for column in COLUMNS}


def test_what_makes_a_claim_is_no_source_of_a_value() -> None:
    pages = table("claims_sources.csv")
    opinion = pages[pages["source"].str.startswith("opinion")]["address"]
    assert len(opinion) == 1
    assert not set(opinion) & set(table("sources.csv")["address"])
    assert not table("sources.csv")["source"].str.fullmatch(r"C\d\d").any()


def test_claims_move_neither_a_fit_nor_a_run(tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    shutil.copytree(BUNDLED, bare)
    for path in bare.glob("claims*.csv"):
        path.unlink()
    with_them, without = (rumbo.load(one) for one in (BUNDLED, bare))
    assert with_them.digest() == without.digest()
    for day in ("2025-06-30", "2024-08-10"):
        assert known(with_them, day).digest == known(without, day).digest


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    """The ledger of the bundled corridor without forecasts and runs."""
    return ledger(rumbo.load(BUNDLED), making=Making(Path("nowhere"), forecasts=False))


def test_the_bundled_ledger_says_what_it_can(judged: list[Judged]) -> None:
    assert [one.id for one in judged] == [f"C{n:02}" for n in range(1, 21)]
    lacking = {one.id: one.why for one in judged if not one.computed}
    forecast = dict.fromkeys(("C01", "C15", "C20"), "not_forecast")
    model = dict.fromkeys(("C08", "C14"), "not_run")
    assert lacking == forecast | model | {"C03": "motive", "C17": "lever"}
    assert all((one.speaks == DATA) == one.computed for one in judged)
    assert all(one.speaks in SPEAKERS and one.verdict in VERDICTS for one in judged)


def test_every_number_has_its_range(judged: list[Judged]) -> None:
    statistics = [s for one in judged for f in one.findings for s in f.statistics]
    assert len(statistics) > 40
    assert all(s.low <= s.value <= s.high for s in statistics)
    assert all(s.name in STATISTICS for s in statistics)
    for one in judged:
        if one.computed:
            assert any(f.statistics for f in one.findings), one.id


def by_hand(judged: list[Judged], claim: str, name: str) -> list[float]:
    (one,) = (each for each in judged if each.id == claim)
    return [s.value for f in one.findings for s in f.statistics if s.name == name]


def test_numbers_are_those_that_were_worked_out_before(judged: list[Judged]) -> None:
    """Figures of the note on these claims."""
    rail = by_hand(judged, "C09", "difference")
    assert rail == pytest.approx([-1.38 + 0.185, -0.15 + 0.185], abs=0.02)
    nations = by_hand(judged, "C12", "difference")
    assert nations == pytest.approx([-5.2 + 0.1, 0.8 + 0.1, -4.5 + 0.1, 0.0 + 0.1], abs=0.2)
    assert by_hand(judged, "C13", "change") == pytest.approx([0.0, -0.011], abs=0.001)
    assert by_hand(judged, "C14", "unseasonal")[0] == pytest.approx(-0.70 + 0.14, abs=0.01)
    assert by_hand(judged, "C10", "left") == pytest.approx([200 / 1500])
    assert by_hand(judged, "C11", "before") == pytest.approx([0.039], abs=0.001)


def test_the_printed_ledger_is_that_of_the_figures(judged: list[Judged]) -> None:
    """Claims that need no forecast or run have in the documentation the verdict they have here."""
    page = (ROOT / "docs" / "claims-record.md").read_text("utf-8")
    report = told_in(judged, "en")
    for one in judged:
        if one.computed:
            part = page.split(f"## {one.id} ")[1].split("\n## ")[0]
            assert f"{report.verdict(one).capitalize()}. " in part, one.id


def test_what_a_share_and_a_change_are_of_is_said(judged: list[Judged]) -> None:
    report = told_in(judged, "en")
    told = {
        one.id: [report.statistic(s) for found in one.findings for s in found.statistics]
        for one in judged
    }
    assert told["C02"][0].startswith("Change beyond that of the same months of other years, Dec")
    assert told["C18"][0].startswith("Share known to have ended thus (taken into custody, ")
    cuba = next(line for line in told["C12"] if "−99%" in line)
    assert "90% range −99% to −99%" in cuba


def told_in(judged: list[Judged], language: str) -> LedgerReport:
    told = {"id": "a-corridor", "day": "", "names": {}, "roles": {}, "texts": {}}
    return ledger_report(judged, told, language)


# --- a corridor of three places ---------------------------------------------------------------


def claim(**cells: str) -> dict[str, str]:
    """Return a row of claims, whole but for what is given."""
    return {
        "id": "A", "part": "", "kind": "fact", "claim_en": "Said", "claim_es": "Dicho",
        "rule": "first", "test": "step", "arguments": "", "thresholds": "",
        "fixed": "2024-01-01", "why_fixed": "", "source": "", "about": "",
    } | cells  # fmt: skip


def written(folder: Path, *rows: dict[str, str]) -> Path:
    with (folder / CLAIMS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return with_figures(tmp_path / "corridor")


FIGURE_HEAD = (
    "measure,component,area,nationality,month,month_end,day,value,low,high,n,unit,published,"
    "published_basis,publisher,source,quality\n"
)


def with_own(folder: Path, *rows: str) -> Path:
    """Write figures that stand with the claims: measure, area, month, value, low, high, n."""
    lines = []
    for row in rows:
        measure, area, month, value, low, high, n = row.split(",")
        ends = f"{value},{low},{high},{n}"
        rest = "persons,2024-07-01,assumed,made up,assumed,assumed"
        lines.append(f"{measure},,{area},all,{month},,,{ends},{rest}\n")
    (folder / "claims_figures.csv").write_text(FIGURE_HEAD + "".join(lines), encoding="utf-8")
    return folder


def judge(folder: Path, as_of: str | None = None) -> list[Judged]:
    return ledger(rumbo.load(folder), as_of, making=Making(folder, forecasts=False))


def one(folder: Path, **cells: str) -> Judged:
    (found,) = judge(written(folder, claim(**cells)))
    return found


CAMP = "series=waiting@camp | before=2024-01 | after=2024-02 | days=60"


def test_a_planted_figure_changes_the_ledger(folder: Path) -> None:
    asked = {"test": "ratio_change", "arguments": CAMP, "thresholds": "down_to=0.25"}
    ledgers = []
    for left in ("200", "201", "900"):
        with_own(folder, "waiting,camp,2024-01,1500,,,", f"waiting,camp,2024-02,{left},,,")
        written(folder, claim(**asked))
        ledgers.append(as_table(judge(folder)).to_csv())
    assert len(set(ledgers)) == 3
    assert [row.count(f",{SUPPORTED},") for row in ledgers] == [2, 2, 0]
    assert f",{CONTRADICTED}," in ledgers[2]


def test_a_planted_figure_of_the_corridor_changes_it_too(folder: Path) -> None:
    asked = "over=stops | under=encounters.USBP | before=2024-01..2024-02 | after=2024-05..2024-06"
    cells = {"test": "ratio_change", "arguments": asked, "thresholds": "change=0"}
    before = one(folder, **cells)
    assert before.verdict == SUPPORTED  # (750 + 800) / (1150 + 1200) against 1150 / 1950
    figures = pd.read_csv(folder / "figures.csv", dtype=str, keep_default_na=False)
    planted = (figures["measure"] == "stops") & (figures["month"] == "2024-06")
    figures.loc[planted, "value"] = "10"
    figures.to_csv(folder / "figures.csv", index=False)
    assert one(folder, **cells).verdict == CONTRADICTED


def test_nothing_published_later_counts(folder: Path) -> None:
    cells = {
        "test": "ratio_change",
        "arguments": "over=stops | under=encounters.USBP | before=2024-01..2024-02"
        " | after=2024-03..2024-04",
        "thresholds": "change=0",
    }
    written(folder, claim(**cells))
    (then,), (now,) = judge(folder, "2024-05-19"), judge(folder, "2024-05-20")
    assert (then.verdict, then.why) == (NOT_COMPUTABLE, "figures")
    assert now.verdict == SUPPORTED
    with pytest.raises(Faults, match="nothing of the corridor had been published by 2020-01-01"):
        judge(folder, "2020-01-01")


def test_a_share_has_its_unknown_counted_both_ways(folder: Path) -> None:
    head = "day,precision,place,low,high,furthest,end,outcome,source,quality,note\n"
    outcomes = ["arrived"] * 1 + ["stopped"] * 7 + [""] * 2
    rows = [f"2024-01-{n + 1:02},day,middle_town,100,200,,,{o},assumed,assumed," for n, o in
            enumerate(outcomes)]  # fmt: skip
    (folder / "events.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    found = one(
        folder,
        test="share_with_bounds",
        arguments="events=arrived | since=2024-01-01",
        thresholds="most=0.2",
    )
    share, of, unknown = found.findings[0].statistics
    assert (share.value, of.value, unknown.value) == (0.1, 10, 2)
    # Wilson's ends at 90 % of 1 in 10 and of 3 in 10, worked by hand.
    assert (share.low, share.high) == pytest.approx((0.0226, 0.5583), abs=1e-3)
    assert found.verdict == OPEN


def test_a_difference_stands_beside_its_placebos(folder: Path) -> None:
    rows = []
    for m in range(1, 7):
        fallen = 1000 if m < 5 else 100
        rows += [f"seen,{area},2024-0{m},{1000 + 7 * m},,," for area in ("b", "c")]
        rows.append(f"seen,a,2024-0{m},{fallen + 7 * m},,,")
    with_own(folder, *rows)
    asked = (
        "treated=seen@a | controls=seen@b,seen@c | before=2024-03..2024-04"
        " | after=2024-05..2024-06 | placebos=2024-02..2024-06"
    )
    cells = {"test": "did_with_placebos", "arguments": asked, "thresholds": "quantile=0.05"}
    found = one(folder, **cells)
    assert found.verdict == SUPPORTED
    (fall,) = found.findings[0].statistics
    means = np.log1p([1024.5, 138.5]), np.log1p([1024.5, 1038.5])
    assert fall.value == pytest.approx(np.diff(means[0])[0] - np.diff(means[1])[0])
    turned = asked.replace("treated=seen@a", "treated=seen@a,seen@b")
    assert one(folder, **{**cells, "arguments": turned}).verdict == MIXED


def test_a_distance_is_that_of_the_shortest_way(folder: Path) -> None:
    found = one(
        folder,
        test="distance",
        arguments="from=north_crossing | to=transfer.to | modes=bus",
        thresholds="far=2000 | near=1000",
    )
    assert found.findings[0].statistics[0].value == pytest.approx(900 / 1.609344)
    assert found.verdict == CONTRADICTED


def test_levels_near_a_claim_and_causes(folder: Path) -> None:
    with_own(
        folder,
        "troops,,2024-01,34000,34000,34500,",
        "troops,,2024-03,32690,,,",
    )
    level = {"test": "ratio_change", "arguments": "series=troops | claimed=32500"
             " | before=2024-01..2024-03", "thresholds": "near=0.05"}  # fmt: skip
    assert one(folder, **level).verdict == SUPPORTED
    assert one(folder, **{**level, "thresholds": "near=0.001"}).verdict == CONTRADICTED
    cause = {
        "test": "ratio_change",
        "arguments": "series=troops | beside=stops | before=2024-01 | after=2024-03",
        "thresholds": "at_most=0",
    }
    found = one(folder, **cause)
    assert found.verdict == CONTRADICTED
    own, beside = found.findings[0].statistics
    assert (own.low, own.high) == pytest.approx((np.log(32690 / 34500), np.log(32690 / 34000)), 0.1)
    assert beside.value == pytest.approx(np.log(650 / 550))


def test_surveys_of_others_do_not_support(folder: Path) -> None:
    with_own(folder, "asked,,2024-01,0.9,,,243")
    found = one(
        folder,
        test="share_with_bounds",
        arguments="surveys=asked | population=walking",
        thresholds="above=0.8",
    )
    (survey,) = found.findings[0].statistics
    assert found.verdict == MIXED
    assert survey.low == pytest.approx(0.864, abs=0.003)
    assert survey.high == pytest.approx(0.927, abs=0.003)


def test_a_model_needs_a_fit(folder: Path) -> None:
    cells = {"test": "attribute", "arguments": "levers=bus-closure | months=2024-01..2024-03",
             "thresholds": "speaks=0.5"}  # fmt: skip
    found = one(folder, **cells)
    assert (found.verdict, found.why, found.speaks) == (NOT_COMPUTABLE, "no_fit", "nobody")


def test_a_model_that_says_what_it_was_told_supports_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, _ = TESTS["attribute"]
    statistic = Statistic("lever", "bus-closure", -0.5, -0.9, -0.1, "log")
    for speaks, verdict in ((PRIOR, AS_ASSUMED), (FIGURES, SUPPORTED)):
        told = Finding("", "attribute", SUPPORTED, speaks, [statistic])
        monkeypatch.setitem(TESTS, "attribute", (form, lambda *_, told=told: told))
        found = one(
            folder,
            test="attribute",
            arguments="levers=bus-closure | months=2024-01..2024-03",
            thresholds="speaks=0.5",
        )
        assert (found.verdict, found.speaks) == (verdict, speaks)


# --- forecasts, rules, arguments ------------------------------------------------------------


def ranks(*each: float, series: str = "encounters.USBP") -> list[Foreseen]:
    ends = (10.0, 20.0, 30.0, 40.0, 50.0)
    return [
        Foreseen("2024-10-22", series, f"2024-1{n}", ends, 30.0, rank)
        for n, rank in enumerate(each)
    ]


@pytest.mark.parametrize(
    ("places", "verdict"),
    [((0.95, 0.2, 0.91), SUPPORTED), ((0.95, 0.2, 0.3), OPEN), ((0.9, 0.2, 0.3), CONTRADICTED)],
)
def test_a_rush_is_two_of_three_months(places: tuple[float, ...], verdict: str) -> None:
    asked = {"series": (series("encounters.USBP"),), "above": 0.9, "months_above": 2}
    outcome, (above, *came) = _weighed(asked, ranks(*places))
    assert outcome == verdict
    assert above.value == sum(place > 0.9 for place in places)
    assert [(s.low, s.value, s.high) for s in came] == [(10.0, 30.0, 50.0)] * 3


def test_a_placebo_that_rises_as_well_takes_the_support_away() -> None:
    keys = tuple(map(series, ("encounters.USBP/GTM", "encounters.USBP/HND")))
    placebo = series("encounters.USBP/MEX")
    asked = {"series": keys, "placebo": (placebo,), "together": "middle", "above": 0.9,
             "months_above": 2, "below": 0.5}  # fmt: skip
    groups = [one for key in keys for one in ranks(0.95, 0.95, 0.1, series=spelled(key))]
    calm, rising = (ranks(*each, series=spelled(placebo)) for each in ([0.5] * 3, [0.95] * 3))
    assert _weighed(asked, [*groups, *calm])[0] == SUPPORTED
    assert _weighed(asked, [*groups, *rising])[0] == OPEN
    low = [one for key in keys for one in ranks(0.5, 0.4, 0.8, series=spelled(key))]
    assert _weighed(asked, [*low, *calm])[0] == CONTRADICTED
    assert {"above", "months_above", "below"} == {*PIT.thresholds}


@pytest.mark.parametrize(
    ("rule", "outcomes", "verdict"),
    [
        ("every", (SUPPORTED, CONTRADICTED), CONTRADICTED),
        ("every", (OPEN, MIXED), MIXED),
        ("every", (SUPPORTED, AS_ASSUMED), AS_ASSUMED),
        ("every", (SUPPORTED, NOT_COMPUTABLE), OPEN),
        ("all", (CONTRADICTED, NOT_COMPUTABLE), OPEN),
        ("all", (CONTRADICTED, CONTRADICTED), CONTRADICTED),
        ("weigh", (SUPPORTED, CONTRADICTED), MIXED),
        ("weigh", (SUPPORTED, OPEN), SUPPORTED),
        ("weigh", (OPEN, OPEN), OPEN),
        ("first", (OPEN, CONTRADICTED), OPEN),
        ("first", (NOT_COMPUTABLE, SUPPORTED), NOT_COMPUTABLE),
        ("part", (CONTRADICTED, SUPPORTED), LOCAL),
        ("part", (SUPPORTED, CONTRADICTED), SUPPORTED),
        ("every", (NOT_COMPUTABLE,), NOT_COMPUTABLE),
    ],
)
def test_rules_put_tests_together(rule: str, outcomes: tuple[str, ...], verdict: str) -> None:
    assert put_together(rule, [Finding("", "step", each) for each in outcomes]) == verdict


def test_round_numbers_are_read_as_round() -> None:
    halves = {1500: 50.0, 200: 50.0, 34000: 500.0, 32690: 5.0, 30817: 0.5, 0: 0.0}
    assert {value: rounding(value) for value in halves} == halves


def test_a_series_is_read_as_it_is_spelled() -> None:
    for text in ("stops", "encounters.USBP@Del Rio/VEN", "stops@Tabasco", "waiting.camp@a"):
        assert spelled(series(text)) == text


# --- what is refused, in the reader's language -----------------------------------------------

FINE = {
    "arguments": "series=stops | from=2024-01 | to=2024-02 | way=up",
    "thresholds": "spreads=3",
}

WRONG = {
    "no test": ({"test": ""}, "claim A has no test", "la afirmación A no tiene prueba"),
    "unknown test": (
        {"test": "stepp", "thresholds": "spreads=3"},
        "names the test 'stepp', which is unknown. Write 'step'",
        "nombra la prueba «stepp», que no se conoce",
    ),
    "no threshold": (
        {"arguments": "series=stops"},
        "has a test step without a threshold. Write one of spreads, rows, beyond",
        "tiene una prueba step sin umbral",
    ),
    "not fixed": (
        {"fixed": "", "thresholds": "spreads=3"},
        "does not say on which day its thresholds were fixed",
        "no dice qué día se fijaron sus umbrales",
    ),
    "missing argument": (
        {"thresholds": "spreads=3"}, "test step: series is '', expected series=...", "series es",
    ),
    "bad month": (
        {"arguments": "series=stops | from=2024-13 | to=2024-02 | way=up",
         "thresholds": "spreads=3"},
        "from is '2024-13', expected a month such as 2023-12",
        "from es «2024-13»",
    ),
    "unknown argument": (
        {"arguments": "sereis=stops", "thresholds": "spreads=3"}, "sereis is 'stops'",
        "sereis es «stops»",
    ),
    "motive": (
        {"kind": "motive", "test": "step"},
        "is about a motive, and a motive has no test",
        "un motivo no tiene prueba",
    ),
    "words": (
        {"claim_es": "", **FINE}, "says nothing in column claim_es", "no dice nada en la columna",
    ),
    "source": (
        {"source": "nobody", **FINE}, "'nobody' is no known source", "«nobody» no es una fuente",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_claim_that_cannot_be_tested_is_one_clear_line(
    folder: Path, name: str, language: str
) -> None:
    cells, *told = WRONG[name]
    written(folder, claim(**cells))
    base = rumbo.load(folder)
    with pytest.raises(Faults) as found:
        read_claims(folder, base.sources, language)
    (fault, *others) = found.value.faults
    assert told[LANGUAGES.index(language)] in str(fault)
    assert str(fault).startswith("claims.csv, row 2: ")
    assert others == []


def test_a_corridor_without_claims_says_how_to_add_them(tmp_path: Path) -> None:
    place = copy(tmp_path)
    with pytest.raises(Faults, match=r"has no claims.csv. Add the table of claims; docs/claims.md"):
        judge(place)
    asked = here("claims", place, "--quick", "--out", tmp_path / "out", "--language", "es")
    assert asked.returncode == 2
    assert "el corredor no tiene claims.csv" in asked.stderr


def test_check_reads_the_claims(folder: Path) -> None:
    written(folder, claim(test=""))
    asked = here("check", folder)
    assert asked.returncode == 2
    assert "claim A has no test" in asked.stderr
    written(folder, claim(kind="motive", test="", rule=""))
    assert here("check", folder).returncode == 0


# --- the page and the command ----------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_who_speaks_beside_every_verdict(
    judged: list[Judged], language: str, tmp_path: Path
) -> None:
    rush = replace(
        next(each for each in judged if each.id == "C15"),
        verdict=CONTRADICTED,
        speaks=DATA,
        why="",
        findings=[Finding("total", "pit", CONTRADICTED, foreseen=ranks(0.3, 0.4, 0.1))],
        thresholds=[("total", "above=0.9", "2024-01-01", "")],
    )
    report = told_in([*judged, rush], language)
    path = write_ledger(report, tmp_path / "page.html")
    text = path.read_text("utf-8").split("<main")[1].split("</main>")[0]
    for each in report.judged:
        verdict, speaks = report.verdict(each), report.speaks(each)
        said = (
            f"<strong>{verdict[0].upper()}{verdict[1:]}.</strong> {speaks[0].upper()}{speaks[1:]}"
        )
        assert said in text, each.id
    assert not re.search(r"claims\.\w+\.\w+|\{\w*\}", text)
    assert text.count('class="drawing"') == 1
    assert 'id="part-forecasts"' in text
    rows = ledger_table(report)
    assert rows["verdict"].tolist() == [report.verdict(each) for each in report.judged]
    assert ledger_markdown(report).count("\n## ") >= 20


def test_what_was_left_out_is_told_as_untried_and_not_as_beyond_anybody(
    judged: list[Judged],
) -> None:
    cell = {"verdict": NOT_COMPUTABLE, "speaks": "nobody", "values": {}, "findings": []}
    left, motive = (replace(judged[0], why=why, **cell) for why in ("not_forecast", "motive"))
    report = told_in([left, motive], "en")
    assert [report.verdict(one) for one in report.judged] == [
        "not tested in this run",
        "not computable",
    ]
    assert report.speaks(left) == "what could say so was left out of it"
    assert report.speaks(motive) == "nobody can say so from figures"
    assert report.speaks_in_short(left) == "left out"


def test_the_command_writes_pages_and_tables(folder: Path, tmp_path: Path) -> None:
    with_own(folder, "waiting,camp,2024-01,1500,,,", "waiting,camp,2024-02,200,,,")
    test = {"test": "ratio_change", "arguments": CAMP, "thresholds": "down_to=0.25"}
    written(folder, claim(**test), claim(id="B", kind="motive", test="", rule=""))
    out, page = tmp_path / "out", tmp_path / "ledger.md"
    asked = here("claims", folder, "--quick", "--out", out, "--page", page, "--json")
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout.splitlines()[-1])
    assert [(each["id"], each["verdict"]) for each in told] == [
        ("A", SUPPORTED),
        ("B", NOT_COMPUTABLE),
    ]
    assert "Of 2 claims, 1 have a verdict" in asked.stdout
    names = {f"claims-{one}.{end}" for one in LANGUAGES for end in ("html", "csv")}
    assert {path.name for path in out.iterdir()} == names | {"statistics.csv"}
    assert "13.3%" in page.read_text("utf-8")
    statistics = pd.read_csv(out / "statistics.csv")
    assert statistics["value"].iloc[0] == pytest.approx(200 / 1500)


def test_the_documentations_example_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "claims.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    monkeypatch.chdir(ROOT)
    exec(code, {})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(CONTRADICTED)
    assert "0.714" in first
    assert second == f"{NOT_COMPUTABLE} figures"


def test_the_documentation_names_every_test_and_threshold() -> None:
    page = (ROOT / "docs" / "claims.md").read_text("utf-8")
    for name, (form, _) in TESTS.items():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
        for argument in (*form.needed, *form.allowed, *form.thresholds):
            assert f"`{argument}`" in row, (name, argument)


# --- what runs of the model say --------------------------------------------------------------


def shares(*rows: tuple[str, float, float, float, float, str, str]) -> pd.DataFrame:
    columns = ["lever", "low", "middle", "high", "ratio", "direction", "speaks"]
    return pd.DataFrame(rows, columns=columns)


ASSUMED_DEAL = ("deal", -0.9, -0.5, -0.1, 0.9, "fewer", "assumed")
TOLD_DEAL = ("deal", -0.9, -0.5, -0.4, 0.4, "fewer", "record")
TOLD_RULE = ("rule", -0.3, -0.2, -0.1, 0.3, "fewer", "record")


@pytest.mark.parametrize(
    ("limit", "rows", "outcome", "speaks"),
    [
        ("speaks", (ASSUMED_DEAL,), OPEN, PRIOR),
        ("speaks", (TOLD_DEAL, ASSUMED_DEAL), SUPPORTED, FIGURES),
        ("speaks", (("deal", -0.9, -0.5, 0.1, 0.4, "undecided", "undecided"),), OPEN, PRIOR),
        ("apart", (TOLD_DEAL, TOLD_RULE), SUPPORTED, FIGURES),
        ("apart", (TOLD_DEAL, TOLD_DEAL), MIXED, FIGURES),
        ("apart", (TOLD_RULE, ASSUMED_DEAL), MIXED, PRIOR),
    ],
)
def test_levers_support_a_claim_only_where_the_figures_speak(
    monkeypatch: pytest.MonkeyPatch, limit: str, rows: tuple, outcome: str, speaks: str
) -> None:
    monkeypatch.setattr(levers, "attributed", lambda *_: shares(*rows))
    months = (np.datetime64("2024-01"), np.datetime64("2024-03"))
    asked = {"levers": ("deal",), "months": months, limit: 0.5}
    found = levers.attribute_levers(None, asked)
    assert (found.outcome, found.speaks) == (outcome, speaks)


def test_a_lever_of_other_months_has_no_size(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = ("later", 0.0, 0.0, 0.0, 0.0, "prior", "undecided")
    monkeypatch.setattr(levers, "attributed", lambda *_: shares(TOLD_DEAL, idle))
    months = (np.datetime64("2024-01"), np.datetime64("2024-03"))
    asked = {"levers": ("deal", "later"), "months": months, "speaks": 0.5}
    found = levers.attribute_levers(None, asked)
    assert [(one.name, one.of) for one in found.statistics] == [
        ("lever", "deal"), ("narrowed", "deal"),
    ]  # fmt: skip


def modelled(folder: Path, *, model: bool = True, **cells: str) -> Judged:
    written(folder, claim(test="ratio_change", **cells))
    making = Making(folder / "kept", forecasts=False, model=model, members=5)
    (found,) = ledger(rumbo.load(folder), making=making)
    return found


def test_runs_are_made_when_asked_for_and_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "check_fit", lambda _: None)
    asked = {"arguments": "model=moved | lever=bus-closure", "thresholds": "share=0"}
    assert modelled(folder, model=False, **asked).why == "not_run"
    made = modelled(folder, **asked)
    assert made.verdict in (AS_ASSUMED, OPEN)
    assert made.speaks == PRIOR
    assert [s.name for s in made.findings[0].statistics] == ["moved", "again"]
    kept = modelled(folder, model=False, **asked)
    assert kept.findings == made.findings


def test_who_went_on_is_a_share_only_of_a_fall_that_came(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "check_fit", lambda _: None)
    told = []
    for before, after in (("2024-01", "2024-03"), ("2024-03", "2024-01")):
        months = f"before={before} | after={after}"
        asked = {"arguments": f"model=north | lever=bus-closure | {months}"}
        found = modelled(folder, **asked, thresholds="share=0.25").findings[0]
        named = {one.name: one for one in found.statistics}
        assert {*named} - {"north_share"} == {"fall", "north", "settled", "returned_home"}
        told.append(named)
    rose, fell = sorted(told, key=len)
    assert rose["fall"].high < 0.0 < fell["fall"].low
    assert "north_share" not in rose
    share = fell["north_share"]
    assert 0.0 < share.low <= share.value <= share.high


def test_a_stay_is_stock_over_exits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "check_fit", lambda _: None)
    asked = {"arguments": "model=stay | at=north_crossing", "thresholds": "share=0"}
    found = modelled(folder, **asked)
    assert (found.speaks, found.verdict) in ((PRIOR, OPEN), (PRIOR, AS_ASSUMED))
    with_it, without = found.findings[0].statistics
    assert (with_it.name, without.name) == ("with", "without")
    assert with_it.value > 0.0
