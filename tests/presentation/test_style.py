"""The palette holds on both pages and for colour-blind eyes; labels have room; nothing is printed."""

import io
import warnings
from itertools import combinations, pairwise

import numpy as np
import pytest

from reachbook.presentation import style

# Machado, Oliveira and Fernandes 2009, severity 1.
BLIND = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(first: str, second: str) -> float:
    light = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (first, second))
    return (light[1] + 0.05) / (light[0] + 0.05)


@pytest.mark.parametrize("colour", style.PALETTE)
def test_contrast_on_light_and_dark(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 3
    assert contrast(colour, "#0d1117") >= 3


def lab(rgb: np.ndarray) -> np.ndarray:
    xyz = rgb.clip(0, 1) @ np.array([[0.4124, 0.2126, 0.0193], [0.3576, 0.7152, 0.1192], [0.1805, 0.0722, 0.9505]])
    f = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("kind", BLIND)
def test_first_colours_differ_for_colour_blind_eyes(kind: str) -> None:
    """Less and more are far apart, neighbours among the first six are told apart (CIE76)."""
    seen = [lab(np.array(BLIND[kind]) @ linear(c)) for c in style.PALETTE[:6]]
    assert np.linalg.norm(seen[0] - seen[1]) > 50
    assert min(np.linalg.norm(a - b) for a, b in pairwise(seen)) > 10
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen[:3], 2)) > 10


def test_theme_is_undone() -> None:
    import matplotlib as mpl

    before = mpl.rcParams["axes.labelcolor"]
    with style.theme():
        assert mpl.rcParams["axes.labelcolor"] == style.INK
    assert mpl.rcParams["axes.labelcolor"] == before


@pytest.mark.parametrize("name", ["$5_off_$20", r"a\frac{1}{$2}^_$", r"\$5 or \$6", "$_^$", "a & <b>"])
def test_names_are_never_mathematics(name: str) -> None:
    """Title, axis, ticks, legend and note show what they were given, ticks even where they are made when saved."""
    from html import unescape

    from reachbook.presentation.svg import inline

    with style.theme():
        made, (axis,) = style.figure(3)
        axis.plot([0, 1], [0, 1], label=f"line {name}")
        axis.set(title=f"title {name}", xlabel=f"x {name}", ylabel=f"y {name}")
        axis.annotate(f"note {name}", (0.5, 0.5))
        axis.legend()
        made.legend(loc="upper left")
        made.suptitle(f"whole {name}")
    axis.set_xticks([0, 1], [f"tick {name}", "b"])
    axis.yaxis.set_major_formatter(lambda value, _: f"made {name} {value:g}")
    drawn = unescape(inline(made, "names", "Names."))
    for where in ("line", "title", "x", "y", "note", "whole", "tick", "made"):
        assert f">{where} {name}" in drawn, where


def test_chinese_labels_have_room_and_make_no_noise() -> None:
    from matplotlib.figure import Figure

    assert style.ems("小红书") == 3
    assert style.ems("abc") == pytest.approx(1.8)
    with warnings.catch_warnings(record=True) as said, style.theme():
        style.quiet()
        figure = Figure(figsize=(8, 4))
        axis = figure.subplots()
        axis.set_yticks([0], ["小红书图文收藏用户"])
        style.room_left(figure, ["小红书图文收藏用户"])
        figure.savefig(io.BytesIO(), format="svg")
    assert not said
    assert figure.subplotpars.left * 8 > 9 * 10 / 72
    assert "\n" in style.wrapped("douyin short-video viewers who like", 20)
