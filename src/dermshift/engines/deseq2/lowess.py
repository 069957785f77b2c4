"""Robust local straight lines over a few points, as R's ``lowess`` draws them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

NEAR, FAR = 0.001, 0.999
"""Shares of the bandwidth up to which a weight is one, and from which it is zero."""

TOO_SMALL = 1e-7
"""Residuals below this share of their mean stop the robust steps."""


def lowess(x: npt.ArrayLike, y: npt.ArrayLike, f: float, steps: int = 3) -> Array:
    """Return the smoothed `y` of R ``lowess(x, y, f, iter = steps)``.

    Sums run from left to right as in R: where the points lie on a flat line, the last digit decides which are above.

    Parameters
    ----------
    x
        Shape (n,), ascending, neighbours more than 1 % of the range apart (closer ones R would interpolate).
    y
        Shape (n,).
    f
        Share of the points in each local line.
    steps
        Robust steps after the first.

    References
    ----------
    Cleveland 1979, doi:10.1080/01621459.1979.10481038; R ``stats::lowess``.
    """
    points, values = np.asarray(x, float), np.asarray(y, float)
    k = max(2, min(len(points), int(f * len(points) + 1e-7)))
    robust = np.ones(len(points))
    for step in range(steps + 1):
        fitted = _lines(points, values, robust, k)
        residuals = np.abs(values - fitted)
        scale = 6 * float(np.median(residuals))
        if step == steps or scale < TOO_SMALL * residuals.mean():
            break
        robust = _bisquare(residuals, scale)
    return fitted


def _lines(x: Array, y: Array, robust: Array, k: int) -> Array:
    """Return the local line at each point, over the k points nearest to it."""
    fitted, left = np.empty(len(x)), 0
    for i, at in enumerate(x):
        while left + k < len(x) and at - x[left] > x[left + k] - at:
            left += 1
        fitted[i] = _line(x, y, robust, i, left, left + k - 1)
    return fitted


def _line(x: Array, y: Array, robust: Array, i: int, left: int, right: int) -> float:
    """Return the value of one local line, or the point itself when no neighbour has weight."""
    at = x[i]
    width = max(at - x[left], x[right] - at)
    u, v = x[left:], y[left:]  # points beyond `right` count too when they tie with it
    distance = np.abs(u - at)
    share = distance / width if width > 0 else distance
    rest = 1 - share * share * share
    weights = np.where(distance <= NEAR * width, 1.0, rest * rest * rest) * robust[left:]
    weights[distance > FAR * width] = 0
    if _total(weights) <= 0:
        return float(y[i])
    weights = weights / _total(weights)
    centre = _total(weights * u)
    spread = _total(weights * ((u - centre) * (u - centre)))
    if width > 0 and np.sqrt(spread) > NEAR * (x[-1] - x[0]):
        weights = weights * ((at - centre) / spread * (u - centre) + 1)
    return _total(weights * v)


def _bisquare(residuals: Array, scale: float) -> Array:
    share = residuals / scale
    rest = 1 - share * share
    weights = np.where(residuals <= NEAR * scale, 1.0, rest * rest)
    return np.where(residuals <= FAR * scale, weights, 0)


def _total(terms: Array) -> float:
    return float(np.cumsum(terms)[-1])
