"""What is suggested instead of an unknown name: only a slip of the same kind, with its meaning."""

import pytest
from command_line import here

import rumbo
from rumbo.files.faults import choose, misspelt
from rumbo.scenario.parameters import PARAMETERS, RULE_NAMES
from rumbo.scenario.values.meanings import RULES

SLIPS = {
    "bus-closur": ("bus-closure", "rail-closure"),
    "Tapachula": ("tapachula", "tonala"),
    "Ciudad Juárez": ("ciudad_juarez", "ciudad_acuna"),
    "transfer.seat": ("transfer.seats", "transfer.share"),
    "mode:buss": ("mode:bus", "mode:boat"),
    "cmp": ("camp", "country"),
    "deal": ("december-2023-deal", "title-42"),
}
"""Unknown names, and what is meant before what is not."""


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_mended(name: str) -> None:
    assert misspelt(name, SLIPS[name][::-1]) == SLIPS[name][0]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("trenes", "trains"),  # the rule opens all trains
        ("trains-stop", "trains"),
        ("trains.open", "link.open"),  # closes every link
        ("country:MX", "country:TN"),
        ("mode:bus", "mode:boat"),
        ("north_sector", "role:us_sector"),
        ("levers", "flee"),
        ("", "harbour"),
    ],
)
def test_what_is_merely_alike_is_not_suggested(name: str, known: str) -> None:
    assert misspelt(name, [known]) == ""
    assert not choose(name, [known]).startswith("Write '")


def test_a_word_that_two_names_hold_is_not_decided() -> None:
    assert misspelt("deal", ["june-deal", "may-deal"]) == ""


def test_a_suggestion_says_what_it_means() -> None:
    assert choose("harbor", ["harbour"], {"harbour": "place: a port"}) == (
        "Write 'harbour' (place: a port)"
    )


REFUSED = {
    "trenes": "neither a lever nor a rule here. Levers:",
    "trains-stop": "neither a lever nor a rule here. Levers:",
    "trians": r"Write 'trains' \(rule: without it every mode is open on every day\)",
    "deal": r"Write 'december-2023-deal' \(lever: December 2023 deal",
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_left_out_is_not_turned_round(name: str) -> None:
    with pytest.raises(rumbo.Faults, match=REFUSED[name]):
        rumbo.load("darien-rio-bravo").without(name)


def test_an_unknown_parameter_is_not_widened() -> None:
    done = here("show", "darien-rio-bravo", "--set", "trains.open=0")
    assert done.returncode == 2
    assert "link.open" not in done.stderr
    assert "rumbo list parameters" in done.stderr
    near = here("show", "darien-rio-bravo", "--set", "transfer.seat=0")
    assert f"Write 'transfer.seats' ({PARAMETERS['transfer.seats'].meaning_en})" in near.stderr


def test_every_rule_says_how_it_is_without_it() -> None:
    assert {*RULES} == {rule for rules in RULE_NAMES.values() for rule in rules}
    for words in RULES.values():
        assert all(words.values())
