"""One local quadratic: value and slope at a point, solved as R's loess and as R's locfit solve it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

OFF_DIAGONAL, SWEEPS, SMALLEST = 1e-15, 20, 1e-10
"""Where locfit's rotations stop: squared off-diagonal share, number of sweeps, share of the largest eigenvalue."""


def tricube(distance: Array, width: float) -> Array:
    """Return (1 - (distance / width)^3)^3 inside the width and zero outside."""
    share = np.minimum(distance / width, 1) if width > 0 else (distance > 0).astype(float)
    rest = 1 - share * share * share
    return np.asarray(rest * rest * rest, float)


def bandwidth(x: Array, at: float, k: int) -> float:
    """Return the distance from `at` to the k-th nearest point."""
    return float(np.partition(np.abs(x - at), k - 1)[k - 1])


def total(terms: Array) -> float:
    """Return the sum from left to right, as a C loop makes it: `one_step` magnifies the last digits."""
    return float(np.cumsum(terms)[-1])


def least_squares(x: Array, y: Array, weights: Array, at: float) -> Array:
    """Return value, slope and second derivative at `at`, by an orthogonal decomposition (R ``stats::loess``)."""
    root = np.sqrt(weights)
    scale = float(np.abs(x - at)[weights > 0].max(initial=0)) or 1.0  # keeps the columns of one size
    u = (x - at) / scale
    X = np.column_stack([np.ones_like(u), u, u * u / 2]) * root[:, None]
    return np.asarray(np.linalg.lstsq(X, y * root, rcond=None)[0] / [1, scale, scale**2], float)


def one_step(x: Array, y: Array, prior: Array, kernel: Array, at: float) -> Array:
    """Return the same three coefficients after one Newton step with rotations stopped early (R ``locfit``).

    An exact solution differs from R by about 1e-8, because locfit neither rotates to the end nor takes a second step.
    The order of the operations is locfit's: what its rotations leave over depends on rounding.
    """
    x, y, prior, kernel = (column[kernel > 0] for column in (x, y, prior, kernel))
    u = x - at
    X = (np.ones_like(u), u, u * u / 2)
    both = kernel * prior
    start = total(kernel * (prior * y)) / total(both)
    gram = np.array([[total(both * a * b) for b in X] for a in X])
    gradient = np.array([total(kernel * (prior * (y - start)) * a) for a in X])
    scale = np.array([1 / np.sqrt(d) if d > 0 else 0.0 for d in np.diag(gram)])
    values, vectors = _rotate(gram * (scale[:, None] * scale))
    step = (vectors * (gradient * scale)[:, None]).sum(axis=0)
    kept = values > SMALLEST * values.max()
    step[kept] /= values[kept]
    coefficients = (vectors * step).sum(axis=1) * scale
    coefficients[0] += start
    return np.asarray(coefficients, float)


def _rotate(matrix: Array) -> tuple[Array, Array]:
    """Return eigenvalues and eigenvectors by Jacobi rotations, as far as locfit goes."""
    vectors = np.eye(len(matrix))
    for _ in range(SWEEPS):
        done = True
        for i, j in ((0, 1), (0, 2), (1, 2)):
            if matrix[i, j] * matrix[i, j] > OFF_DIAGONAL * abs(matrix[i, i] * matrix[j, j]):
                cosine, sine = _angle(matrix, i, j)
                for rows in (matrix, matrix.T, vectors.T):
                    _turn(rows, i, j, cosine, sine)
                done = False
        if done:
            break
    return np.diag(matrix).copy(), vectors


def _angle(matrix: Array, i: int, j: int) -> tuple[float, float]:
    """Return cosine and sine of the rotation that empties cell i, j."""
    half, off = (matrix[j, j] - matrix[i, i]) / 2, -matrix[i, j]
    double = half / np.sqrt(half * half + off * off)
    return float(np.sqrt((1 + double) / 2)), float(np.copysign(np.sqrt((1 - double) / 2), off))


def _turn(rows: Array, i: int, j: int, cosine: float, sine: float) -> None:
    u, v = rows[i].copy(), rows[j].copy()
    rows[i], rows[j] = u * cosine + v * sine, v * cosine - u * sine
