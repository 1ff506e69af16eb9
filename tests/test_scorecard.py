"""The pages of scores and of a forecast: what they say, and what they refuse."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pytest
from test_report import Page
from test_report_browser import WIDTHS, Visit, browser

import rumbo
from rumbo.files.faults import Faults
from rumbo.forecasting.form import Forecast, months_ahead
from rumbo.forecasting.skill import COVERS, SCORES, skill
from rumbo.forecasting.table import to_table
from rumbo.report import write_forecast, write_scorecard
from rumbo.report.page.words import LANGUAGES, Words
from rumbo.report.read.ratios import BLOCK, DRAWS, beside, best_plain, held_share, mean_of
from rumbo.report.read.scorecard import RATIOS, read_scorecard
from rumbo.scenario.figures import Key
from rumbo.scores.members import block_range
from rumbo.scores.quantiles import PROBABILITIES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser"]

ORIGINS = [str(month) for month in np.arange("2023-01", "2025-01", dtype="datetime64[M]")]
AHEAD = (1, 2, 3, 4, 5, 6)
DAY = date(2024, 7, 22)
CORRIDOR = {
    "roles": {"zones": "USBP", "gates": "OFO", "regions": ["darien", "us_border"]},
    "texts": {
        "component.USBP": {"en": "Border Patrol encounters", "es": "Encuentros de la Patrulla"},
        "measure.stops": {"en": "Mexico's encounters", "es": "Eventos registrados por México"},
        "region.darien": {"en": "Darién", "es": "Darién"},
        "region.us_border": {"en": "US border", "es": "frontera de Estados Unidos"},
        "target.mexico-nationalities": {"en": "Mexico, by nationality", "es": "México, por país"},
        "thanks.deaths": {"en": "Deaths: a count of others.", "es": "Muertes: cuenta de otros."},
        "month.2025-01": {"en": "A month dominates.", "es": "Domina un mes."},
        "month.2025-02": {"en": "A month dominates.", "es": "Domina un mes."},
    },
}
"""What a corridor tells of itself."""

TOTAL, MEXICO = Key("encounters", "USBP"), Key("stops")
RATIO = {
    language: rf"\d\.\d{{3}} \(\d\.\d{{3}} {to}\s\d\.\d{{3}}\)"
    for language, to in (("en", "to"), ("es", "a"))
}
SHARE = {"en": r"\d+% \(\d+ to\s\d+\)", "es": r"\d+\s% \(\d+ a\s\d+\)"}
COUNT = r"[<\d][\d,\u202f]*"


class Told(NamedTuple):
    """How a model does in one family: its error beside the reference's, and what it held."""

    factors: tuple[float, ...] = (0.8,)
    held: tuple[float, ...] = (0.5, 0.8, 0.9, 0.95)


PLAIN = Told((1.0,))


def halves(first: float, second: float) -> tuple[float, ...]:
    """Return factors of which resamples of long blocks differ much: one a half of the origins."""
    many = len(ORIGINS) // 2
    return (first,) * many + (second,) * many


def series_of(family: str) -> list[Key]:
    if family.startswith("mexico-"):
        return [MEXICO._replace(nationality=code) for code in ("VEN", "HND")]
    return [MEXICO if family == "mexico" else TOTAL]


def make_scores(told: dict[tuple[str, str], Told]) -> pd.DataFrame:
    """Return scored forecasts of models by family, every number made up."""
    rows = []
    for (family, model), one in told.items():
        for number, key in enumerate(series_of(family)):
            for ahead in AHEAD:
                for at, origin in enumerate(ORIGINS):
                    base = (1.0 + 0.3 * np.sin(at + number)) * ahead
                    factor = one.factors[at % len(one.factors)]
                    share = (at * 7 % len(ORIGINS)) / len(ORIGINS)
                    rows.append(
                        {
                            "model": model, "origin": origin, "family": family, **key._asdict(),
                            "horizon": ahead,
                            "nowcast": int(family.startswith("mexico") and ahead == 1),
                            "month": str(np.datetime64(origin) + ahead),
                            "outcome": 1000.0, **dict.fromkeys(SCORES, base * factor),
                            **{f"held_{cover}": float(share < held_share)
                               for cover, held_share in zip(COVERS, one.held, strict=True)},
                        }
                    )  # fmt: skip
    return pd.DataFrame(rows)


def make_weights(families: list[str]) -> pd.DataFrame:
    rows = [
        {"origin": origin, "family": family, "horizon": ahead, "member": member,
         "weight": 0.25 if member == "mechanistic" else 0.75, "spread": 1.1, "past": 9}
        for origin in ORIGINS for family in families for ahead in AHEAD
        for member in ("mechanistic", "damped-ets")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def evaluation(
    folder: Path, told: dict[str, Told] | None = None, other: str = "damped-ets"
) -> Path:
    """Write an evaluation of the published forecast, the reference and one more model."""
    wanted = told or {"border-patrol": Told(), "mexico-nationalities": Told((0.8, 1.25))}
    models = {
        (family, model): one
        for family, mine in wanted.items()
        for model, one in (("stack", mine), ("persistence", PLAIN), (other, PLAIN))
    }
    scores = make_scores(models)
    folder.mkdir(parents=True, exist_ok=True)
    scores.to_csv(folder / "scores.csv", index=False)
    skill(scores, "persistence").to_csv(folder / "skill.csv", index=False)
    make_weights(list(wanted)).to_csv(folder / "weights.csv", index=False)
    return folder


def forecast_file(
    folder: Path, change: Callable[[pd.DataFrame], pd.DataFrame] | None = None
) -> Path:
    """Write a forecast of two totals, two nationalities and a sector."""
    keys = (TOTAL, MEXICO, *(TOTAL._replace(nationality=n) for n in ("VEN", "HTI")),
            TOTAL._replace(area="Rio Grande Valley"))  # fmt: skip
    months = np.array([months_ahead(np.datetime64("2024-06"), 6) for _ in keys])
    middle = np.log1p(np.array([80_000.0, 60_000.0, 9_000.0, 12.0, 4_000.0]))
    spread = 0.2 * np.sqrt(np.arange(1, 7))
    away = np.log(PROBABILITIES / (1.0 - PROBABILITIES)) / 2.0
    quantiles = middle[:, None, None] + spread[None, :, None] * away
    # Mexico's figures come out a month later.
    months[1] -= 1
    table = to_table(Forecast(keys, months, quantiles), "stack", DAY)
    path = folder / f"{DAY}-stack.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    (change(table) if change else table).to_parquet(path)
    return path


def make_figures(publisher: str = "CBP") -> pd.DataFrame:
    """Return what had been published by the day: 30 months of totals, and deaths."""
    months = pd.date_range("2022-01-01", "2024-06-01", freq="MS")
    wanted = [("encounters", "USBP", "", 100_000.0), ("stops", "", "", 50_000.0),
              ("deaths", "", "us_border", 31.0), ("deaths", "", "darien", 0.5)]  # fmt: skip
    rows = [
        {"measure": measure, "component": component, "area": area, "nationality": "",
         "month": month, "value": value + n * (value > 1), "low": np.nan, "high": np.nan,
         "published": pd.Timestamp("2024-07-03"), "publisher": publisher}
        for measure, component, area, value in wanted
        for n, month in enumerate(months)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def text_of(path: Path) -> str:
    return Page(path.read_text("utf-8")).text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return evaluation(tmp_path_factory.mktemp("evaluation"))


@pytest.fixture(scope="module")
def pages(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    to = tmp_path_factory.mktemp("pages")
    forecast, figures = forecast_file(to), make_figures()
    made = {}
    for each in LANGUAGES:
        made["scorecard", each] = write_scorecard(
            folder, to / f"s-{each}.html", each, corridor=CORRIDOR
        )
        made["forecast", each] = write_forecast(
            forecast, figures, to / f"o-{each}.html", each, evaluation=folder, corridor=CORRIDOR
        )
    return made


KINDS = [(kind, each) for kind in ("scorecard", "forecast") for each in LANGUAGES]


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_pages_ask_nothing_of_the_network(
    pages: dict[tuple[str, str], Path], kind: str, language: str
) -> None:
    page = Page(pages[kind, language].read_text("utf-8"))
    assert page.fetched == []
    assert all(link.startswith(("#", "https://")) for link in page.links)
    assert f'<html lang="{language}">' in pages[kind, language].read_text("utf-8")


@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_pages_are_complete_in_their_language(
    pages: dict[tuple[str, str], Path], kind: str, language: str
) -> None:
    page, words = Page(pages[kind, language].read_text("utf-8")), Words(language)
    other = Words("es" if language == "en" else "en")
    for part in ("kind", "footer", "title", "cite.again"):
        assert words(f"{kind}.{part}") in page.text
        assert other(f"{kind}.{part}") not in page.text
    assert page.labels
    assert all(len(label) > 40 for label in page.labels)
    assert "{" not in page.text
    for limit in ("scorecard.limit.delays", "scorecard.limit.ahead", "scorecard.cost"):
        assert words(limit) in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_score_stands_without_its_range(
    pages: dict[tuple[str, str], Path], language: str
) -> None:
    text = text_of(pages["scorecard", language])
    assert len(re.findall(RATIO[language], text)) > 60
    assert len(re.findall(SHARE[language], text)) > 60
    left = re.sub(SHARE[language], "", re.sub(RATIO[language], "", text))
    left = re.sub(r"\d[\d.,\u202f]* \([\d.,\u202f]+ (to|a)\s[\d.,\u202f]+\)", "", left)
    # The software's version, its licence and an example are no scores.
    for other in (rumbo.__version__, "2.0", "0.95"):
        left = left.replace(other, "")
    assert re.findall(r"\d\.\d+", left) == []
    named = r"(?:50|80|90|95|5)\s?%"
    assert re.findall(r"\d+\s?%", re.sub(named, "", left)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_forecast_stands_without_its_range(
    pages: dict[tuple[str, str], Path], language: str
) -> None:
    page = Page(pages["forecast", language].read_text("utf-8"))
    to = Words(language)("to")
    ranges = [cell for cell in page.cells if re.match(rf"{COUNT} {to}\s{COUNT}", cell)]
    assert len(ranges) > 6 * 3 * 5
    parts = rf"{COUNT} {to}\s{COUNT} \({COUNT}\)"
    assert sum(bool(re.fullmatch(parts, cell)) for cell in page.cells) == 3 * 3


def statement(text: str, title: str) -> str:
    """Return what the card of a family says."""
    return text[text.index(title) : text.index(title) + 260]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("factors", "verdict", "explained"),
    [
        ((0.8,), "scorecard.better", None),
        ((1.2,), "scorecard.worse", "scorecard.not_worse"),
        (halves(0.7, 1.2), "scorecard.unclear", "scorecard.not_clear"),
    ],
)
def test_sentences_flip_with_the_figures(
    tmp_path: Path, language: str, factors: tuple[float, ...], verdict: str, explained: str | None
) -> None:
    words = Words(language)
    made = evaluation(tmp_path, {"border-patrol": Told(factors)})
    text = text_of(write_scorecard(made, tmp_path / "page.html", language))
    months = words("scorecard.ahead", months=words.listed(["1", "3", "6"]))
    keys = ("scorecard.better", "scorecard.worse", "scorecard.unclear")
    said = [key for key in keys if words(key, months=months).lower() in text.lower()]
    assert said == [verdict]
    told = {key: words(key, ahead="|", ratios="|").split("|")[1] for key in
            ("scorecard.not_worse", "scorecard.not_clear")}  # fmt: skip
    assert [key for key, part in told.items() if part in text] == ([explained] if explained else [])
    assert (words("scorecard.everywhere") in text) == (explained is None)


def test_an_error_that_is_not_smaller_is_called_so(tmp_path: Path) -> None:
    words = Words("en")
    lines = {}
    for name, factors in (("less", halves(0.7, 1.2)), ("more", halves(0.9, 1.3))):
        made = evaluation(tmp_path / name, {"mexico": Told(factors)})
        lines[name] = text_of(write_scorecard(made, tmp_path / "page.html"))
    told = words("scorecard.not_even", ahead="").strip()
    assert told not in lines["less"]
    assert told in lines["more"]


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.2, "Too narrow 1, 3 and 6 months ahead."),
        (0.44, "Perhaps too narrow 1, 3 and 6 months ahead."),
        (0.5, "As wide as it should be 1, 3 and 6 months ahead."),
        (0.55, "Perhaps too wide 1, 3 and 6 months ahead."),
        (0.95, "Too wide 1, 3 and 6 months ahead."),
    ],
)
def test_ranges_are_called_too_narrow_or_too_wide(tmp_path: Path, share: float, said: str) -> None:
    told = Told(held=(share, 0.8, 0.9, 0.95))
    made = evaluation(tmp_path, {"border-patrol": told})
    text = text_of(write_scorecard(made, tmp_path / "page.html"))
    sentence = text[text.index("The 50% range held") :]
    assert sentence[: sentence.index("The 90% range")].strip().endswith(said)


def test_figures_are_those_of_the_tables(folder: Path, pages: dict[tuple[str, str], Path]) -> None:
    card = read_scorecard(folder)
    row = card.row("mexico-nationalities", 3, "stack")
    assert row is not None
    low, high = (row[f"relative_wis_log_{end}"] for end in ("low", "high"))
    told = f"{row['relative_wis_log']:.3f} ({low:.3f} to\u00a0{high:.3f})"
    assert told.replace("\u00a0", " ") in text_of(pages["scorecard", "en"]).replace("\u00a0", " ")


def test_ranges_come_of_blocks_of_origins(folder: Path) -> None:
    rows = read_scorecard(folder).cells("border-patrol", 6, "stack")
    low, high = block_range(rows["wis_log"].to_numpy(), BLOCK, DRAWS)
    assert mean_of(rows, "wis_log")[1:] == pytest.approx((low, high))


@pytest.mark.parametrize("all_held", [True, False])
def test_ranges_that_always_or_never_held_are_not_certain(folder: Path, all_held: bool) -> None:
    rows = read_scorecard(folder).cells("border-patrol", 1, "stack").assign(held_90=int(all_held))
    found = held_share(rows, 90)
    assert found.value == float(all_held)
    assert 0.2 < found.high - found.low < 0.8


def test_dominant_months_are_told_of_only_where_they_were_scored(tmp_path: Path) -> None:
    told, made = "A month dominates.", evaluation(tmp_path)

    def text() -> str:
        return text_of(write_scorecard(made, tmp_path / "page.html", corridor=CORRIDOR))

    assert text().count(told) == 1
    scores = pd.read_csv(made / "scores.csv")
    scores[scores["month"] < "2025-01"].to_csv(made / "scores.csv", index=False)
    assert told not in text()


def test_names_from_files_are_escaped(tmp_path: Path) -> None:
    made = evaluation(tmp_path, {"<b>family</b>": Told()}, other="<script>alert(1)</script>")
    raw = write_scorecard(made, tmp_path / "page.html").read_text("utf-8")
    assert "<b>family" not in raw
    assert "<script>alert(1)" not in raw
    assert "&lt;b&gt;family&lt;/b&gt;" in raw
    figures = make_figures("<img src=x>")
    raw = write_forecast(forecast_file(tmp_path), figures, tmp_path / "o.html").read_text("utf-8")
    assert "<img src=x>" not in raw
    assert "&lt;img src=x&gt;" in raw


@pytest.mark.parametrize("kind", ["scorecard", "forecast"])
def test_same_tables_give_the_same_bytes(
    folder: Path, pages: dict[tuple[str, str], Path], tmp_path: Path, kind: str
) -> None:
    again = tmp_path / "again.html"
    if kind == "scorecard":
        write_scorecard(folder, again, corridor=CORRIDOR)
    else:
        forecast, figures = forecast_file(tmp_path), make_figures()
        write_forecast(forecast, figures, again, evaluation=folder, corridor=CORRIDOR)
    assert again.read_bytes() == pages[kind, "en"].read_bytes()


def rewrite(table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        changed = change(pd.read_csv(folder / table, dtype=object))
        changed.to_csv(folder / table, index=False)

    return do


def put(column: str, value: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a change of a table's third row."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[2, column] = value
        return table

    return change


DAMAGE = {
    "missing": (lambda f: (f / "weights.csv").unlink(), "is not there"),
    "empty": (lambda f: (f / "skill.csv").write_text(""), "cannot be read"),
    "bytes": (lambda f: (f / "skill.csv").write_bytes(b"\xff\xfe\x00a,b"), "cannot be read"),
    "no rows": (rewrite("scores.csv", lambda t: t.iloc[:0]), "no rows"),
    "no column": (rewrite("skill.csv", lambda t: t.drop(columns="cells")), "missing: cells"),
    "no number": (rewrite("skill.csv", put(RATIOS[0], "much")), "row 4: 'relative_wis_log' is"),
    "infinite": (rewrite("scores.csv", put("wis_log", "inf")), "expected a number"),
    "no month": (rewrite("scores.csv", put("origin", "2023-13")), "expected a month"),
    "no name": (rewrite("weights.csv", put("member", "")), "expected a name"),
    "below 0": (rewrite("scores.csv", put("crps_log", "-1")), "a score from 0 on"),
    "held": (rewrite("scores.csv", put("held_90", "2")), "expected 0 or 1"),
    "weight": (rewrite("weights.csv", put("weight", "1.5")), "expected 0 to 1"),
    "range": (rewrite("skill.csv", put(f"{RATIOS[1]}_low", "9")), "a range from 0 on"),
    "no stack": (rewrite("skill.csv", lambda t: t[t["model"] != "stack"]), "'stack' is not"),
    "twice": (rewrite("skill.csv", lambda t: pd.concat([t, t.iloc[:1]])), "stand twice"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_tables_are_faults_with_a_cure(tmp_path: Path, name: str) -> None:
    made, to = evaluation(tmp_path / "made"), tmp_path / "page.html"
    to.write_text("old")
    damage, told = DAMAGE[name]
    damage(made)
    with pytest.raises(Faults, match=re.escape(told)) as caught:
        write_scorecard(made, to)
    assert all(fault.cure and fault.file.endswith(".csv") for fault in caught.value.faults)
    assert to.read_text() == "old"


def test_an_unknown_language_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="choose one of en, es"):
        write_scorecard(folder, tmp_path / "page.html", "fr")


def test_forecast_tells_ranges_deaths_and_how_ranges_held(
    pages: dict[tuple[str, str], Path],
) -> None:
    text = text_of(pages["forecast", "en"]).replace("\u00a0", " ")
    assert "July 2024: between 59,600 and 107,000 (90% range)" in text
    assert "Last month published: June 2024." in text
    # 12 months of 31, 32, ...: those of the last year are numbers 18 to 29.
    assert f"US border: at least {sum(31 + n for n in range(18, 30))} from July 2023" in text
    assert "Darién: <10 from July 2023 to June 2024 (published 3 July 2024)" in text
    assert Words("en")("forecast.deaths.under") in text
    assert "The 90% range held" in text
    assert "Mexico's encounters by nationality" not in text


def test_forecast_says_where_nothing_is_known(tmp_path: Path) -> None:
    figures = make_figures()
    alone = figures[figures["measure"] != "deaths"]
    text = text_of(write_forecast(forecast_file(tmp_path), alone, tmp_path / "page.html"))
    assert Words("en")("forecast.deaths.none") in text
    assert Words("en")("forecast.not_scored") in text
    assert "The 90% range held" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_that_was_over_is_called_a_nowcast(
    pages: dict[tuple[str, str], Path], language: str
) -> None:
    words, text = Words(language), text_of(pages["forecast", language])
    june, july = (words.month(pd.Timestamp(2024, month, 1)) for month in (6, 7))
    assert words("forecast.nowcast", told=june) in text
    assert words("forecast.nowcast", told=july) not in text
    assert text.count(words("forecast.nowcast.text")) == 1
    told = words("scorecard.nowcasts", months=words("scorecard.ahead_one"))
    assert text_of(pages["scorecard", language]).count(told) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_that_were_too_old_are_told_of(tmp_path: Path, language: str) -> None:
    said = Words(language)("forecast.stale", month=Words(language).month(pd.Timestamp(2024, 1, 1)))
    for month in ("2024-01", ""):
        path = forecast_file(tmp_path, lambda table, m=month: table.assign(stale_driver=m))
        page = write_forecast(path, make_figures(), tmp_path / "page.html", language)
        assert (said in text_of(page)) == bool(month)


def test_the_best_plain_reference_stands_beside_the_forecast(tmp_path: Path) -> None:
    better = {"border-patrol": Told((0.9,))}
    folder = evaluation(tmp_path, better, other="persistence-96")
    scores = pd.read_csv(folder / "scores.csv")
    harder = scores["model"] == "persistence-96"
    scores.loc[harder, "wis_log"] *= 0.75
    scores.to_csv(folder / "scores.csv", index=False)
    skill(scores, "persistence").to_csv(folder / "skill.csv", index=False)
    card = read_scorecard(folder)
    assert best_plain(card, "border-patrol", 6) == "persistence-96"
    ratio = beside(card, "border-patrol", 6, "stack", "persistence-96")
    assert ratio is not None
    assert ratio == pytest.approx((1.2, 1.2, 1.2))
    assert beside(card, "border-patrol", 6, "stack", "theta") is None
    text = text_of(write_scorecard(folder, tmp_path / "page.html"))
    assert "Same as last month, spread of 96 months" in text
    assert "1.200 (1.200 to" in text.replace("\u00a0", " ")


def test_forecast_draws_the_last_published_months(tmp_path: Path) -> None:
    figures = make_figures()
    first = figures[figures["measure"] == "encounters"].assign(
        value=1.0, published=pd.Timestamp("2024-07-01")
    )
    raw = write_forecast(
        forecast_file(tmp_path), pd.concat([figures, first]), tmp_path / "page.html"
    ).read_text("utf-8")
    page = Page(raw)
    assert [label for label in page.labels if "published months (24)" in label]
    assert [label for label in page.labels if "published months (6)" in label]
    # The later edition of each month is the one that is shown.
    assert "100,029" in page.text
    assert "100,005" not in page.text


def falling(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(value=table["value"].to_numpy()[::-1])


def two_models(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table, table.assign(model_id="other")])


def no_ends(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["output_type_id"] != 0.95]


BAD_FORECASTS = {
    "falling": (falling, "expected rising ones"),
    "two models": (two_models, "more than one model"),
    "no ends": (no_ends, "lacks a quantile"),
    "no column": (lambda t: t.drop(columns="horizon"), "missing: horizon"),
    "no rows": (lambda t: t.iloc[:0], "no rows"),
    "no day": (lambda t: t.assign(target_end_date="soon"), "is no day"),
    "no number": (lambda t: t.assign(value=np.nan), "'value' is not a number"),
    "samples": (lambda t: t.assign(output_type="sample"), "is not 'quantile'"),
}


@pytest.mark.parametrize("name", BAD_FORECASTS)
def test_damaged_forecasts_are_faults_with_a_cure(tmp_path: Path, name: str) -> None:
    change, told = BAD_FORECASTS[name]
    path, to = forecast_file(tmp_path, change), tmp_path / "page.html"
    with pytest.raises(Faults, match=re.escape(told)):
        write_forecast(path, make_figures(), to)
    assert not to.exists()


def test_a_forecast_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Faults, match="is not there"):
        write_forecast(tmp_path / "none.parquet", make_figures(), tmp_path / "page.html")
    (tmp_path / "bad.parquet").write_text("not a table")
    with pytest.raises(Faults, match="cannot be read"):
        write_forecast(tmp_path / "bad.parquet", make_figures(), tmp_path / "page.html")


def test_figures_published_after_the_forecast_are_refused(tmp_path: Path) -> None:
    late = make_figures().assign(published=pd.Timestamp("2024-07-23"))
    path, to = forecast_file(tmp_path), tmp_path / "page.html"
    with pytest.raises(Faults, match="published after 2024-07-22"):
        write_forecast(path, late, to)
    with pytest.raises(Faults, match="missing: publisher"):
        write_forecast(path, late.drop(columns="publisher"), to)
    assert not to.exists()


def test_a_forecast_may_be_a_csv(tmp_path: Path) -> None:
    path = forecast_file(tmp_path)
    pd.read_parquet(path).to_csv(tmp_path / "table.csv", index=False)
    made = [write_forecast(each, make_figures(), tmp_path / f"{n}.html")
            for n, each in enumerate((path, tmp_path / "table.csv"))]  # fmt: skip
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("kind", "language"), KINDS)
def test_pages_open_offline(
    browser: "Browser",
    pages: dict[tuple[str, str], Path],
    kind: str,
    language: str,
    width: str,
) -> None:
    visit = Visit(browser, pages[kind, language], WIDTHS[width])
    page = visit.page
    assert visit.requests == [pages[kind, language].as_uri()]
    assert visit.complaints == []
    boxes = page.locator(".drawing")
    assert boxes.count() >= 4
    assert page.locator(".drawing svg").count() == boxes.count()
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]
    marks = page.evaluate(
        "[...document.querySelectorAll('.drawing')].map("
        "box => box.querySelectorAll('svg path[d], svg line').length)"
    )
    assert min(marks) > 3
