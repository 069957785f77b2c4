"""Coefficients of negative binomial regressions with log link, sixteen genes at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import invert, leverage
from dermshift.engines.deseq2.kernels.irls import LARGE, likelihood_constant, weighted_factor
from dermshift.engines.deseq2.kernels.lanes import (
    LANES,
    choleskies,
    cross_products,
    log_of_one_plus,
    predict,
    solve,
    triangle,
)
from dermshift.engines.deseq2.kernels.special import exp, log

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class Work(NamedTuple):
    """Genes under way, one in each lane.

    Parameters
    ----------
    gene, iterations
        Which gene is in the lane (-1 for none), and its iterations so far.
    alpha, constant, before, deviance, largest
        Dispersion, the part of its log likelihood that the means do not change, deviance before and after the
        iteration, largest coefficient.
    y, fitted, mu, eta
        Counts, means, means of at least the smallest one, logarithms of these over the size factors; libraries x lanes.
    weights, tails
        Of the libraries; ``log(1 + alpha mu)``; libraries x lanes.
    beta
        Columns x lanes.
    factor
        Cholesky factor of ``X' W X + ridge``, packed x lanes.
    """

    gene: Integers
    iterations: Integers
    alpha: Floats
    constant: Floats
    before: Floats
    deviance: Floats
    largest: Floats
    y: Floats
    fitted: Floats
    mu: Floats
    eta: Floats
    weights: Floats
    tails: Floats
    beta: Floats
    factor: Floats


@compiled
def workspace(rows: Rows) -> Work:
    """Return empty lanes."""
    libraries, columns = (len(rows.starts) - 1, LANES), (len(rows.first), LANES)
    return Work(
        np.full(LANES, -1), np.zeros(LANES, np.int64), np.ones(LANES), np.zeros(LANES), np.zeros(LANES),
        np.zeros(LANES), np.zeros(LANES), np.ones(libraries), np.ones(libraries), np.ones(libraries),
        np.zeros(libraries), np.ones(libraries), np.ones(libraries), np.zeros(columns), triangle(rows),
    )  # fmt: skip


@compiled
def board(
    work: Work, lane: int, gene: int, y: Floats, alpha: float, beta: Floats, rows: Rows, size_factors: Floats,
    smallest: float,
) -> None:  # fmt: skip
    """Put a gene and its first guess into a lane."""
    work.gene[lane], work.iterations[lane] = gene, 0
    work.alpha[lane], work.constant[lane], work.before[lane] = alpha, likelihood_constant(y, alpha), 0.0
    work.beta[:, lane] = beta
    work.y[:, lane] = y
    for j in range(len(y)):
        eta = 0.0
        for a in range(rows.starts[j], rows.starts[j + 1]):
            eta += rows.values[a] * beta[rows.columns[a]]
        mu = size_factors[j] * exp(eta)
        work.mu[j, lane] = max(mu, smallest)
        work.eta[j, lane] = log(smallest) - log(size_factors[j]) if mu < smallest else eta


@compiled
def iterate(work: Work, rows: Rows, size_factors: Floats, logs: Floats, ridge: Floats, smallest: float) -> None:
    """Do one step of reweighted least squares in every lane; where there is none the coefficients become NaN.

    References
    ----------
    R ``DESeq2:::fitNbinomGLMs`` (C++ ``fitBeta``).
    """
    for j in range(len(work.y)):
        for lane in range(LANES):
            work.weights[j, lane] = work.mu[j, lane] / (1.0 + work.alpha[lane] * work.mu[j, lane])
    cross_products(work.weights, rows, work.factor)
    for i in range(len(ridge)):
        for lane in range(LANES):
            work.factor[rows.begin[i] + i, lane] += ridge[i]
    choleskies(work.factor, rows)
    working_response(work, rows)
    solve(work.factor, rows, work.beta)
    look_at_sizes(work)
    means(work, rows, size_factors, logs, smallest)
    deviances(work, logs)


@compiled
def look_at_sizes(work: Work) -> None:
    """Write the largest coefficient of each lane; where one is missing, all are."""
    work.largest[:] = 0.0
    for i in range(len(work.beta)):
        for lane in range(LANES):
            size, largest = abs(work.beta[i, lane]), work.largest[lane]
            work.largest[lane] = largest if size <= largest or np.isnan(largest) else size
    for i in range(len(work.beta)):
        for lane in range(LANES):
            work.beta[i, lane] = np.nan if np.isnan(work.largest[lane]) else work.beta[i, lane]


@compiled
def working_response(work: Work, rows: Rows) -> None:
    """Write ``X' W z`` over the coefficients, z the working response."""
    work.beta[:] = 0.0
    for j in range(len(work.y)):
        for lane in range(LANES):
            off = (work.y[j, lane] - work.mu[j, lane]) / work.mu[j, lane]
            work.weights[j, lane] *= work.eta[j, lane] + off
        for a in range(rows.starts[j], rows.starts[j + 1]):
            column, value = rows.columns[a], rows.values[a]
            for lane in range(LANES):
                work.beta[column, lane] += value * work.weights[j, lane]


@compiled
def means(work: Work, rows: Rows, size_factors: Floats, logs: Floats, smallest: float) -> None:
    """Write the means of the coefficients, and the logarithms of the means over the size factors."""
    predict(work.beta, rows, work.eta)
    work.fitted[:] = work.eta
    fitted = work.fitted.ravel()
    for i in range(len(fitted)):
        fitted[i] = exp(fitted[i])
    log_smallest = log(smallest)
    for j in range(len(work.y)):
        for lane in range(LANES):
            mean = size_factors[j] * work.fitted[j, lane]
            work.fitted[j, lane] = mean
            work.eta[j, lane] = log_smallest - logs[j] if mean < smallest else work.eta[j, lane]
            work.mu[j, lane] = smallest if mean < smallest else mean


@compiled
def deviances(work: Work, logs: Floats) -> None:
    """Write minus twice the log likelihood of every lane."""
    for j in range(len(work.y)):
        for lane in range(LANES):
            work.tails[j, lane] = work.alpha[lane] * work.mu[j, lane]
    log_of_one_plus(work.tails)
    work.deviance[:] = 0.0
    for j in range(len(work.y)):
        for lane in range(LANES):
            tail, log_mu = work.tails[j, lane], work.eta[j, lane] + logs[j]
            work.deviance[lane] += work.y[j, lane] * (log_mu - tail) - tail / work.alpha[lane]
    for lane in range(LANES):
        work.deviance[lane] = -2.0 * (work.constant[lane] + work.deviance[lane])


@compiled
def arrives(work: Work, lane: int, tolerance: float, most: int) -> bool:
    """Count an iteration; return whether it was the last one, and call it number `most` where it failed.

    The last one is that which changes the deviance by less than `tolerance` of itself.
    """
    work.iterations[lane] += 1
    deviance = work.deviance[lane]
    change = abs(deviance - work.before[lane]) / (abs(deviance) + 0.1)
    work.before[lane] = deviance
    if not work.largest[lane] <= LARGE or np.isnan(change):
        work.iterations[lane] = most
    return bool(work.iterations[lane] >= most or (work.iterations[lane] > 1 and change < tolerance))


@compiled
def irls_block(
    begin: int, end: int, counts: Floats, alpha: Floats, size_factors: Floats, rows: Rows, ridge: Floats,
    smallest: float, tolerance: float, most: int, beta: Floats, mu: Floats, hat: Floats, iterations: Integers,
) -> None:  # fmt: skip
    """Fit the genes from `begin` to `end`, each from its `beta`, in place; a free lane takes the next gene.

    Written are coefficients, fitted means without the floor, leverages with it (none where `hat` has no columns), and
    the number of iterations, `most` for a failure.
    """
    work, logs, upcoming = workspace(rows), np.log(size_factors), begin
    while True:
        for lane in range(LANES):
            if work.gene[lane] < 0 and upcoming < end:
                g, upcoming = upcoming, upcoming + 1
                board(work, lane, g, counts[g], alpha[g], beta[g], rows, size_factors, smallest)
        if work.gene.max() < 0:
            return
        iterate(work, rows, size_factors, logs, ridge, smallest)
        for lane in range(LANES):
            g = work.gene[lane]
            if g >= 0 and arrives(work, lane, tolerance, most):
                iterations[g], beta[g], mu[g] = work.iterations[lane], work.beta[:, lane], work.fitted[:, lane]
                work.gene[lane] = -1
                if hat.shape[1]:
                    leverages(work.mu[:, lane].copy(), alpha[g], rows, ridge, hat[g])


@compiled
def leverages(mu: Floats, alpha: float, rows: Rows, ridge: Floats, out: Floats) -> None:
    """Write the leverage of every library of one gene; NaN where there is none."""
    p = len(ridge)
    weights, A, inverse = np.empty(len(mu)), np.empty((p, p)), np.empty((p, p))
    out[:] = np.nan
    if weighted_factor(mu, alpha, rows, ridge, weights, A):
        invert(A, rows.first, inverse)
        for j in range(len(mu)):
            out[j] = weights[j] * leverage(inverse, rows, j)
