"""Local quadratic regression on one covariate, evaluated where R evaluates it.

Neither ``loess`` nor ``locfit`` fits at every point asked for: both fit at a few vertices and join value and slope
there by cubics. The vertices are part of the answer: DESeq2's prior variance moves by 3 % without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.quadratic import bandwidth, least_squares, one_step, total, tricube

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]
    Curve = Callable[[npt.ArrayLike], Array]

LOCFIT_SHARE, LOCFIT_CUT = 0.7, 0.8
LOESS_CELL, LOESS_MARGIN = 0.2, 0.005
FUZZ = 1e-12
"""Added before the number of neighbours is cut to a whole number, as locfit does."""
MOST_VERTICES = 200
"""Bound on locfit's vertices; R stops with an error at about 19, for extremely skewed covariates."""


def locfit(x: npt.ArrayLike, y: npt.ArrayLike, weights: npt.ArrayLike) -> Curve:
    """Return the curve of R ``locfit(y ~ x, weights = weights)`` with its defaults.

    A quadratic over all points, plus a local quadratic of what it leaves: tricube weights over the nearest 70 % of the
    points, fitted at the ends of the data and in the middle of each interval longer than .8 times the smaller
    bandwidth of its ends.

    Parameters
    ----------
    x, y, weights
        Shape (n,).

    Returns
    -------
    Callable
        Predictions at any points; outside the range of `x` the local part goes on as a straight line.

    References
    ----------
    Loader 1999, Local Regression and Likelihood, doi:10.1007/b98858; R ``locfit::locfit``, ``locfit::rbox``.
    """
    points, values, prior = (np.asarray(column, float) for column in (x, y, weights))
    centre = total(prior * points) / total(prior)
    a, b, c = one_step(points, values, prior, np.ones(len(points)), centre)

    def local(at: float) -> tuple[float, float]:
        kernel = tricube(np.abs(points - at), width(at))
        value, slope, _ = one_step(points, values, prior, kernel, at)
        u = at - centre
        return value - (a + b * u + c * u**2 / 2), slope - (b + c * u)

    def width(at: float) -> float:
        return bandwidth(points, at, max(int(len(points) * LOCFIT_SHARE + FUZZ), 1))

    vertices = _halved(float(points.min()), float(points.max()), width)
    rest = _joined({at: local(at) for at in vertices})

    def curve(asked: npt.ArrayLike) -> Array:
        u = np.asarray(asked, float) - centre
        return np.asarray(a + b * u + c * u**2 / 2 + rest(asked))

    return curve


def loess(x: npt.ArrayLike, y: npt.ArrayLike, span: float = 0.2) -> Curve:
    """Return the curve of R ``loess(y ~ x, span = span)`` with its default interpolating surface.

    Local quadratics with tricube weights over the nearest ``span`` of the points, fitted at the ends of the range
    widened by half a percent, and at the middle point of each cell of more than ``span / 5`` of the points.

    Parameters
    ----------
    x, y
        Shape (n,).
    span
        Share of the points in each local fit, at most 1.

    Returns
    -------
    Callable
        Predictions; NaN outside the range of `x`, as R gives NA.

    References
    ----------
    Cleveland and Grosse 1991, doi:10.1007/BF01890836; R ``stats::loess``, ``stats::loess.control``.
    """
    points, values = np.asarray(x, float), np.asarray(y, float)
    k = min(len(points), int(len(points) * span + 1e-5))

    def local(at: float) -> tuple[float, float]:
        kernel = tricube(np.abs(points - at), bandwidth(points, at, k))
        value, slope, _ = least_squares(points, values, kernel, at)
        return value, slope

    surface = _joined({at: local(at) for at in _cells(np.sort(points), int(len(points) * span * LOESS_CELL))})

    def curve(asked: npt.ArrayLike) -> Array:
        q = np.asarray(asked, float)
        return np.where((q >= points.min()) & (q <= points.max()), surface(q), np.nan)

    return curve


def _halved(low: float, high: float, width: Callable[[float], float]) -> list[float]:
    """Return the vertices of locfit's tree."""
    widths = {low: width(low), high: width(high)}
    waiting = [(low, high)]
    while waiting and len(widths) < MOST_VERTICES:
        low, high = waiting.pop(0)
        smaller = min((w for w in (widths[low], widths[high]) if w > 0), default=np.inf)
        if high - low > LOCFIT_CUT * smaller:
            middle = (low + high) / 2
            widths[middle] = width(middle)
            waiting += [(low, middle), (middle, high)]
    return list(widths)


def _cells(x: Array, most: int) -> list[float]:
    """Return the cuts of loess's k-d tree over sorted `x`, and the ends of its box."""
    margin = LOESS_MARGIN * max(x[-1] - x[0], 1e-10 * np.abs(x[[0, -1]]).max() + 1e-30)
    vertices = [float(x[0] - margin), float(x[-1] + margin)]
    waiting = [(0, len(x) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first + 1 > most:
            middle = _middle(x, first, last)
            if float(x[middle]) not in vertices:
                vertices.append(float(x[middle]))
                waiting += [(first, middle), (middle + 1, last)]
    return vertices


def _middle(x: Array, first: int, last: int) -> int:
    """Return the middle point of a cell, or the nearest one that differs from its right neighbour."""
    middle, offset = (first + last) // 2, 0
    while first <= middle + offset < last:
        if x[middle + offset] != x[middle + offset + 1]:
            return middle + offset
        offset = -offset + (offset <= 0)
    return middle


def _joined(fits: dict[float, tuple[float, float]]) -> Curve:
    """Join values and slopes at the vertices by cubics, and go on in straight lines."""
    from scipy.interpolate import CubicHermiteSpline

    at = np.array(sorted(fits))
    value, slope = np.array([fits[float(vertex)] for vertex in at]).T
    if len(at) == 1:
        return lambda asked: np.full(np.shape(asked), value[0])
    spline = CubicHermiteSpline(at, value, slope)

    def curve(asked: npt.ArrayLike) -> Array:
        q = np.asarray(asked, float)
        inside = np.clip(q, at[0], at[-1])
        return np.asarray(spline(inside) + (q - inside) * np.where(q < at[0], slope[0], slope[-1]))

    return curve
