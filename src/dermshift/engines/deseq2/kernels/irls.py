"""Coefficients of a negative binomial regression with log link, one gene at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import Rows, backward, cholesky, cross_product, forward, invert, leverage
from dermshift.engines.deseq2.kernels.special import log_gamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LARGE = 30.0
"""A coefficient (natural log) beyond this ends the iterations, as in R."""


@compiled
def means(beta: Floats, rows: Rows, size_factors: Floats, smallest: float, out: Floats) -> None:
    """Write the mean count of each library, at least `smallest`, into `out`."""
    for j in range(len(out)):
        eta = 0.0
        for a in range(rows.starts[j], rows.starts[j + 1]):
            eta += rows.values[a] * beta[rows.columns[a]]
        out[j] = max(size_factors[j] * math.exp(eta), smallest)


@compiled
def likelihood_constant(y: Floats, alpha: float) -> float:
    """Return the part of the log likelihood that the means do not change."""
    size = 1.0 / alpha
    at_size, log_alpha, total = log_gamma(size, math.log(size)), math.log(alpha), 0.0
    for j in range(len(y)):
        if y[j] > 0.0:
            total += log_gamma(y[j] + size, math.log(y[j] + size)) - at_size + y[j] * log_alpha
            total -= log_gamma(y[j] + 1.0, math.log(y[j] + 1.0))
    return total


@compiled
def likelihood_of_means(y: Floats, mu: Floats, alpha: float) -> float:
    """Return the part of the log likelihood that the means change: with the constant, the negative binomial's own."""
    total = 0.0
    for j in range(len(y)):
        fitted = math.log1p(alpha * mu[j])
        total -= fitted / alpha
        if y[j] > 0.0:
            total += y[j] * (math.log(mu[j]) - fitted)
    return total


@compiled
def means_with_logs(
    beta: Floats, rows: Rows, size_factors: Floats, logs: Floats, smallest: float, mu: Floats, eta: Floats
) -> None:
    """Write the means, and the logarithms of the means over the size factors, given the `logs` of those."""
    for j in range(len(mu)):
        eta[j] = 0.0
        for a in range(rows.starts[j], rows.starts[j + 1]):
            eta[j] += rows.values[a] * beta[rows.columns[a]]
        mu[j] = size_factors[j] * math.exp(eta[j])
        if mu[j] < smallest:
            mu[j] = smallest
            eta[j] = math.log(smallest) - logs[j]


@compiled
def likelihood_of_logs(y: Floats, mu: Floats, log_mu: Floats, alpha: float) -> float:
    """Return what `likelihood_of_means` does, given the logarithms of the means."""
    total = 0.0
    for j in range(len(y)):
        fitted = math.log1p(alpha * mu[j])
        total += y[j] * (log_mu[j] - fitted) - fitted / alpha
    return total


@compiled
def weighted_factor(mu: Floats, alpha: float, rows: Rows, ridge: Floats, weights: Floats, A: Floats) -> bool:
    """Write the weights and the Cholesky factor of ``X' W X + ridge``; return whether it is positive definite."""
    for j in range(len(mu)):
        weights[j] = mu[j] / (1.0 + alpha * mu[j])
    cross_product(weights, rows, A)
    for i in range(len(ridge)):
        A[i, i] += ridge[i]
    return cholesky(A, rows.first)


@compiled
def working_solution(y: Floats, mu: Floats, eta: Floats, rows: Rows, weights: Floats, L: Floats, beta: Floats) -> bool:
    """Write the weighted least-squares coefficients of the working response; return whether all are small enough."""
    beta[:] = 0.0
    for j in range(len(y)):
        response = weights[j] * (eta[j] + (y[j] - mu[j]) / mu[j])
        for a in range(rows.starts[j], rows.starts[j + 1]):
            beta[rows.columns[a]] += rows.values[a] * response
    forward(L, rows.first, beta)
    backward(L, rows.first, beta)
    return bool(np.all(np.abs(beta) <= LARGE))


@compiled
def irls(
    y: Floats, alpha: float, size_factors: Floats, rows: Rows, ridge: Floats, smallest: float, tolerance: float,
    most: int, beta: Floats, mu: Floats, weights: Floats, A: Floats,
) -> int:  # fmt: skip
    """Iterate reweighted least squares from `beta`, in place; return the number of iterations, `most` for a failure.

    Ends when the deviance changes by less than `tolerance` of itself. Means are kept at `smallest` or more.

    References
    ----------
    R ``DESeq2:::fitNbinomGLMs`` (C++ ``fitBeta``).
    """
    constant, before, n = likelihood_constant(y, alpha), 0.0, 0
    logs, eta = np.log(size_factors), np.empty(len(y))
    means_with_logs(beta, rows, size_factors, logs, smallest, mu, eta)
    while n < most:
        n += 1
        if not weighted_factor(mu, alpha, rows, ridge, weights, A):
            beta[:] = np.nan
            return most
        if not working_solution(y, mu, eta, rows, weights, A, beta):
            return most
        means_with_logs(beta, rows, size_factors, logs, smallest, mu, eta)
        deviance = -2.0 * (constant + likelihood_of_logs(y, mu, eta + logs, alpha))
        change = abs(deviance - before) / (abs(deviance) + 0.1)
        if math.isnan(change):
            return most
        if n > 1 and change < tolerance:
            break
        before = deviance
    return n


@compiled
def irls_block(
    begin: int, end: int, counts: Floats, alpha: Floats, size_factors: Floats, rows: Rows, ridge: Floats,
    smallest: float, tolerance: float, most: int, beta: Floats, mu: Floats, hat: Floats, iterations: Integers,
) -> None:  # fmt: skip
    """Fit the genes from `begin` to `end`: `beta`, fitted means without the floor, leverages with it, iterations.

    No leverages where `hat` has no columns.
    """
    n, p = counts.shape[1], len(rows.first)
    weights, A, inverse = np.empty(n), np.empty((p, p)), np.empty((p, p))
    for g in range(begin, end):
        iterations[g] = irls(
            counts[g], alpha[g], size_factors, rows, ridge, smallest, tolerance, most, beta[g], mu[g], weights, A
        )
        hat[g] = np.nan
        if hat.shape[1] and weighted_factor(mu[g], alpha[g], rows, ridge, weights, A):
            invert(A, rows.first, inverse)
            for j in range(n):
                hat[g, j] = weights[j] * leverage(inverse, rows, j)
        means(beta[g], rows, size_factors, 0.0, mu[g])


@compiled
def likelihood_block(begin: int, end: int, counts: Floats, mu: Floats, alpha: Floats, out: Floats) -> None:
    """Write the log likelihood of the genes from `begin` to `end`."""
    for g in range(begin, end):
        out[g] = likelihood_constant(counts[g], alpha[g]) + likelihood_of_means(counts[g], mu[g], alpha[g])
