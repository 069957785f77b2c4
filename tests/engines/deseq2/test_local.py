"""Local regressions against R's, at their vertices, between them and outside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.interpolate import CubicHermiteSpline

from dermshift.engines.deseq2 import local
from dermshift.engines.deseq2.local import locfit, loess
from dermshift.engines.deseq2.quadratic import bandwidth, least_squares, tricube

CURVES = Path(__file__).resolve().parents[2] / "reference" / "curves"
TOLERANCE = 1e-9
"""Absolute; the values are of the order of one, and R's own solver leaves 1e-8 of itself unsolved."""


def table(name: str, case: str) -> pd.DataFrame:
    rows = pd.read_csv(CURVES / f"{name}.csv.gz", float_precision="round_trip")
    return rows[rows["case"] == case]


def distance(curve, expected: pd.DataFrame) -> float:
    predicted = curve(expected["x"])
    np.testing.assert_array_equal(np.isnan(predicted), expected["y"].isna())
    return float(np.nanmax(np.abs(predicted - expected["y"])))


def direct(points: pd.DataFrame, share: float):
    """Return a local quadratic fitted at each point asked for."""
    x, y, w = points["x"].to_numpy(), points["y"].to_numpy(), points["weight"].to_numpy()
    k = int(len(x) * share + 1e-5)

    def value(at: float) -> float:
        return least_squares(x, y, w * tricube(np.abs(x - at), bandwidth(x, at, k)), at)[0]

    return lambda q: np.array([value(at) if x.min() <= at <= x.max() else np.nan for at in q])


@pytest.mark.parametrize("case", ["uniform", "heavy", "skewed", "few"])
def test_locfit_predicts_as_r_inside_and_outside(case):
    points, expected = table("locfit_points", case), table("locfit", case)
    assert expected["x"].min() < points["x"].min()
    assert expected["x"].max() > points["x"].max()
    assert distance(locfit(points["x"], points["y"], points["weight"]), expected) < TOLERANCE


@pytest.mark.parametrize("case", ["uniform", "heavy", "skewed"])
def test_locfit_without_its_vertices_is_another_curve(case):
    points, expected = table("locfit_points", case), table("locfit", case)
    inside = expected[expected["x"].between(points["x"].min(), points["x"].max())]
    assert distance(direct(points, 0.7), inside) > 1e4 * TOLERANCE


@pytest.mark.parametrize("case", ["uniform", "heavy", "skewed"])
def test_locfit_without_its_overall_quadratic_is_another_curve(case, monkeypatch):
    points, expected = table("locfit_points", case), table("locfit", case)
    monkeypatch.setattr(local, "one_step", without_overall(local.one_step))
    assert distance(locfit(points["x"], points["y"], points["weight"]), expected) > 1e4 * TOLERANCE


def without_overall(one_step):
    def wrong(x, y, prior, kernel, at):
        return np.zeros(3) if (kernel == 1).all() else one_step(x, y, prior, kernel, at)

    return wrong


def test_locfit_repeats_a_quadratic():
    x = np.linspace(-3, 5, 40)
    curve = locfit(x, 2 - x + 0.5 * x**2, np.exp(x))
    q = np.linspace(-6, 8, 15)
    np.testing.assert_allclose(curve(q), 2 - q + 0.5 * q**2, rtol=1e-6, atol=1e-6)


def test_locfit_of_one_place_is_its_weighted_mean():
    curve = locfit(np.full(4, 2.0), [1.0, 2, 3, 10], [1.0, 1, 1, 3])
    np.testing.assert_allclose(curve([2.0]), [6.0], rtol=1e-12)


@pytest.mark.parametrize("case", ["grid", "uneven", "ties"])
def test_loess_predicts_as_r(case):
    points, expected = table("loess_points", case), table("loess", case)
    assert distance(loess(points["x"], points["y"], points["weight"].iloc[0]), expected) < 1e-12


@pytest.mark.parametrize("case", ["grid", "uneven", "ties"])
def test_direct_loess_is_another_curve(case):
    points, expected = table("loess_points", case), table("loess", case)
    assert distance(direct(points.assign(weight=1.0), points["weight"].iloc[0]), expected) > 1e-6


def test_loess_is_smooth_across_its_vertices():
    points = table("loess_points", "grid")
    curve = loess(points["x"], points["y"], 0.2)
    vertices = np.array(local._cells(np.sort(points["x"].to_numpy()), 8)[2:])
    np.testing.assert_allclose(curve(vertices - 1e-9), curve(vertices + 1e-9), atol=1e-6)


def test_joined_pieces_are_hermite_cubics_and_straight_outside():
    fits = {0.0: (1.0, 2.0), 2.0: (0.0, -1.0), 1.0: (3.0, 0.0)}
    spline = CubicHermiteSpline([0, 1, 2], [1, 3, 0], [2, 0, -1])
    curve = local._joined(fits)
    np.testing.assert_allclose(curve([0.3, 1.7]), spline([0.3, 1.7]), rtol=1e-14)
    np.testing.assert_allclose(curve([-2.0, 5.0]), [-3.0, -3.0], rtol=1e-14)
