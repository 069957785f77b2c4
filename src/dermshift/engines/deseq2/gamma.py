"""Gamma regression with identity link, iterated and stopped as R's ``glm.fit`` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

TOLERANCE, MOST_STEPS, MOST_HALVINGS = 1e-8, 25, 25
RANK_TOLERANCE = 1e-11
"""R's ``min(1e-7, epsilon / 1000)``."""


@dataclass(frozen=True)
class GammaFit:
    """Coefficients, shape (p,), and whether the deviance settled."""

    coefficients: Array
    converged: bool


def gamma_identity(y: npt.ArrayLike, X: npt.ArrayLike, start: npt.ArrayLike) -> GammaFit | None:
    """Return the fit of ``glm(y ~ X - 1, Gamma("identity"), start = start)``, None where R stops with an error.

    Also None when the columns are not independent: R then gives a missing coefficient.

    Parameters
    ----------
    y
        Shape (n,), positive.
    X
        Shape (n, p).
    start
        Shape (p,).

    References
    ----------
    R ``stats::glm.fit``, ``stats::Gamma``.
    """
    y, X, old = (np.asarray(array, float) for array in (y, X, start))
    if len(y) < len(old) or not valid(X @ old):
        return None
    before = deviance(y, X @ old)
    for _ in range(MOST_STEPS):
        new = weighted_step(y, X, X @ old)
        new = None if new is None else halved(y, X, new, old)
        if new is None:
            return None
        now = deviance(y, X @ new)
        if abs(now - before) / (abs(now) + 0.1) < TOLERANCE:
            return GammaFit(new, converged=True)
        old, before = new, now
    return GammaFit(old, converged=False)


def weighted_step(y: Array, X: Array, mean: Array) -> Array | None:
    """Return the weighted least-squares coefficients, weights 1 / mean^2; None for dependent columns."""
    Q, R = np.linalg.qr(X / mean[:, None])
    diagonal = np.abs(np.diag(R))
    size = np.sqrt(np.sum(R**2, axis=0))
    if (diagonal < RANK_TOLERANCE * size).any():
        return None
    return np.asarray(np.linalg.solve(R, Q.T @ (y / mean)), float)


def halved(y: Array, X: Array, new: Array, old: Array) -> Array | None:
    """Return `new` moved half way back to `old` until deviance and means are valid; None when that takes too long."""
    for test in (lambda beta: np.isfinite(deviance(y, X @ beta)), lambda beta: valid(X @ beta)):
        for _ in range(MOST_HALVINGS):
            if test(new):
                break
            new = (new + old) / 2
        if not test(new):
            return None
    return new


def valid(mean: Array) -> bool:
    """Tell whether a gamma distribution can have these means."""
    return bool(np.isfinite(mean).all() and (mean > 0).all())


def deviance(y: Array, mean: Array) -> float:
    """Return the gamma deviance; NaN or infinite for means that are not positive."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(-2 * np.sum(np.log(y / mean) - (y - mean) / mean))
