"""Coefficients of one gene with a heavy-tailed prior on one of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import Rows, backward, cholesky, cross_product, forward
from dermshift.engines.deseq2.kernels.irls import likelihood_of_means, means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

NEWTON_STEPS = 200
HALVINGS = 30
SMALLEST_STEP = 1e-10
LARGEST_REST = 1e-4
"""A step this small that no longer lowers the loss is lost in rounding: the walk has arrived."""


class HeavyTail(NamedTuple):
    """Cauchy prior of the coefficient in `column` with this `scale`; the others are normal with sd `wide`."""

    column: int
    scale: float
    wide: float


@compiled
def loss(
    beta: Floats, y: Floats, alpha: float, size_factors: Floats, rows: Rows, prior: HeavyTail, mu: Floats
) -> float:
    """Return the negative log posterior up to a constant, and leave the means in `mu`."""
    means(beta, rows, size_factors, 1e-300, mu)
    total = -likelihood_of_means(y, mu, alpha)
    for i in range(len(beta)):
        if i == prior.column:
            total += math.log1p((beta[i] / prior.scale) ** 2)
        else:
            total += 0.5 * (beta[i] / prior.wide) ** 2
    return total


@compiled
def curvature(beta: Floats, y: Floats, alpha: float, mu: Floats, rows: Rows, prior: HeavyTail, A: Floats) -> bool:
    """Write the Cholesky factor of the second derivative into A; return whether the curvature is the exact one.

    Where the prior bends the other way so strongly that there is no factor, the prior's curvature is replaced by that
    of the parabola that touches it from above, which always gives a step downhill.
    """
    weights = np.empty(len(y))
    for j in range(len(y)):
        weights[j] = mu[j] * (1.0 + alpha * y[j]) / (1.0 + alpha * mu[j]) ** 2
    width = prior.scale**2 + beta[prior.column] ** 2
    for exact in (True, False):
        cross_product(weights, rows, A)
        for i in range(len(beta)):
            A[i, i] += 1.0 / prior.wide**2
        bend = 2.0 * (prior.scale**2 - beta[prior.column] ** 2) / width**2 if exact else 2.0 / width
        A[prior.column, prior.column] += bend - 1.0 / prior.wide**2
        if cholesky(A, rows.first):
            return exact
    return False


@compiled
def downhill(
    beta: Floats, y: Floats, alpha: float, mu: Floats, rows: Rows, prior: HeavyTail, A: Floats, step: Floats
) -> None:
    """Write the Newton step at `beta` into `step`."""
    curvature(beta, y, alpha, mu, rows, prior, A)
    for i in range(len(beta)):
        step[i] = -beta[i] / prior.wide**2
    step[prior.column] = -2.0 * beta[prior.column] / (prior.scale**2 + beta[prior.column] ** 2)
    for j in range(len(y)):
        residual = (y[j] - mu[j]) / (1.0 + alpha * mu[j])
        for a in range(rows.starts[j], rows.starts[j + 1]):
            step[rows.columns[a]] += rows.values[a] * residual
    forward(A, rows.first, step)
    backward(A, rows.first, step)


@compiled
def newton(
    beta: Floats, y: Floats, alpha: float, size_factors: Floats, rows: Rows, prior: HeavyTail, mu: Floats, A: Floats
) -> tuple[float, bool]:
    """Walk `beta` downhill in place; return the loss there and whether the last step was small enough."""
    at = loss(beta, y, alpha, size_factors, rows, prior, mu)
    step, tried = np.empty(len(beta)), np.empty(len(beta))
    for _ in range(NEWTON_STEPS):
        downhill(beta, y, alpha, mu, rows, prior, A, step)
        length, proposed = 1.0, np.inf
        for _ in range(HALVINGS):
            tried[:] = beta + length * step
            proposed = loss(tried, y, alpha, size_factors, rows, prior, mu)
            if proposed <= at:
                break
            length /= 2.0
        if not proposed <= at:
            return at, bool(np.abs(step).max() < LARGEST_REST)
        beta[:] = tried
        at = proposed
        if length * np.abs(step).max() < SMALLEST_STEP:
            return at, True
    return at, False


@compiled
def shrink_block(
    begin: int, end: int, counts: Floats, alpha: Floats, size_factors: Floats, rows: Rows, prior: HeavyTail,
    beta: Floats, covariance: Floats, converged: Booleans,
) -> None:  # fmt: skip
    """Shrink the genes from `begin` to `end`, from `beta` and from `beta` without the effect; the better one stays."""
    n, p = counts.shape[1], len(rows.first)
    mu, A, other = np.empty(n), np.empty((p, p)), np.empty(p)
    for g in range(begin, end):
        other[:] = beta[g]
        other[prior.column] = 0.0
        at, converged[g] = newton(beta[g], counts[g], alpha[g], size_factors, rows, prior, mu, A)
        from_zero, settled = newton(other, counts[g], alpha[g], size_factors, rows, prior, mu, A)
        if from_zero < at:
            beta[g] = other
            converged[g] = settled
        loss(beta[g], counts[g], alpha[g], size_factors, rows, prior, mu)
        curvature(beta[g], counts[g], alpha[g], mu, rows, prior, A)
        for i in range(p):
            covariance[g, i] = 0.0
            covariance[g, i, i] = 1.0
            forward(A, rows.first, covariance[g, i])
            backward(A, rows.first, covariance[g, i])
