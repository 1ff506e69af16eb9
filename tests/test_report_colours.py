"""Whether the colours of a page are told apart by those who see no red or no green."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from rumbo.report.charts.map import AIR, CROWD, LAND
from rumbo.report.page.style import COLOURS, INK, SOFT

SEEN = {
    "all": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
"""What is seen of linear red, green and blue: Machado, Oliveira and Fernandes 2009, A
physiologically-based model for simulation of color vision deficiency, IEEE Transactions on
Visualization and Computer Graphics 15(6), table 1, severity 1."""

TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
"""Linear sRGB to CIE XYZ (IEC 61966-2-1)."""

WHITE = TO_XYZ.sum(axis=1)

APART, PAIR = 12.0, 25.0
"""Least distance in CIELAB of any two scenarios, whose lines differ in dashes too, and of what
differs by colour alone."""


def linear(colour: str) -> NDArray[np.float64]:
    """Return red, green and blue of a colour as light."""
    rgb = np.array([int(colour[n : n + 2], 16) for n in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour: str, seen: str) -> NDArray[np.float64]:
    """Return where a colour lies in CIELAB as it is seen."""
    xyz = TO_XYZ @ np.clip(SEEN[seen] @ linear(colour), 0.0, 1.0) / WHITE
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, seen: str) -> float:
    return float(np.linalg.norm(lab(one, seen) - lab(other, seen)))


def contrast(colour: str, ground: str) -> float:
    """Return the ratio of luminances of WCAG 2.2, section 1.4.3."""
    light, dark = sorted(float(TO_XYZ[1] @ linear(each)) for each in (colour, ground))[::-1]
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_knows_black_and_white() -> None:
    assert lab("#ffffff", "all") == pytest.approx([100, 0, 0], abs=0.01)
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert (
        distance("#ff0000", "#00a000", "deuteranopia") < distance("#ff0000", "#00a000", "all") / 3
    )


@pytest.mark.parametrize("seen", SEEN)
def test_scenarios_are_told_apart(seen: str) -> None:
    near = {(a, b): distance(a, b, seen) for a, b in combinations(COLOURS, 2)}
    assert min(near.values()) > APART, min(near, key=lambda pair: near[pair])
    assert distance(*COLOURS[:2], seen) > PAIR


@pytest.mark.parametrize("seen", SEEN)
def test_what_moves_is_told_from_who_waits(seen: str) -> None:
    assert distance(LAND, CROWD, seen) > PAIR
    assert distance(LAND, AIR, seen) > APART


@pytest.mark.parametrize("colour", [INK, SOFT, "#7a4a00", "#005a8c"])
@pytest.mark.parametrize("ground", ["#ffffff", "#f7f6f2", "#fff4d6"])
def test_type_stands_out_from_its_ground(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5
