"""Dispersion of one gene at a time: Cox-Reid adjusted profile likelihood, with or without a prior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.engines.deseq2.kernels.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import Rows, cholesky, cross_product, leverage, log_determinant
from dermshift.engines.deseq2.kernels.special import digamma, log_gamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LOWEST, HIGHEST = -30.0, 10.0
"""Log dispersions a step may not leave; R's limits."""
ARMIJO = 1e-4
STEPS = 100
TOLERANCE = 1e-6


class Prior(NamedTuple):
    """Normal prior of the log dispersion; `used` is false for the gene-wise estimate."""

    used: bool
    variance: float
    cox_reid: bool


@compiled
def log_posterior(log_alpha: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, A: Floats) -> float:
    """Return the log posterior of a log dispersion; A (p x p) is left holding the Cholesky factor of ``X' W X``.

    The terms are added in the order of R ``DESeq2`` (C++ ``log_posterior``). NaN where ``X' W X`` is singular.
    """
    alpha = math.exp(log_alpha)
    size = 1.0 / alpha
    at_size = log_gamma(size)
    likelihood = 0.0
    for j in range(len(y)):
        term = 0.0
        if y[j] > 0.0:  # a zero count adds exactly nothing here, and is common
            term = log_gamma(y[j] + size) - at_size - y[j] * math.log(mu[j] + size)
        likelihood += term - size * math.log(1.0 + mu[j] * alpha)
    centred = log_alpha - centre
    penalty = -0.5 * centred * centred / prior.variance if prior.used else 0.0
    if not prior.cox_reid:
        return likelihood + penalty
    cross_product(1.0 / (1.0 / mu + alpha), rows, A)
    if not cholesky(A, rows.first):
        return np.nan
    return likelihood + penalty - 0.5 * log_determinant(A)


@compiled
def slope(
    log_alpha: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, L: Floats, scratch: Floats
) -> float:
    """Return the derivative of `log_posterior` in the log dispersion, given the Cholesky factor it left behind.

    The derivative of the log determinant is ``-sum w^2 x' (X' W X)^-1 x`` over the libraries.
    """
    alpha = math.exp(log_alpha)
    size = 1.0 / alpha
    at_size = digamma(size)
    likelihood = 0.0
    for j in range(len(y)):
        scaled = mu[j] * alpha
        at_count = digamma(y[j] + size) if y[j] > 0.0 else at_size
        term = at_size + math.log(1.0 + scaled) - scaled * (1.0 / (1.0 + scaled)) - at_count
        likelihood += term + y[j] * (1.0 / (mu[j] + size))
    adjustment = 0.0
    if prior.cox_reid:
        for j in range(len(y)):
            weight = 1.0 / (1.0 / mu[j] + alpha)
            adjustment += 0.5 * weight * weight * leverage(L, rows, j, scratch)
    penalty = -(log_alpha - centre) / prior.variance if prior.used else 0.0
    return (size * size * likelihood + adjustment) * alpha + penalty


@compiled
def line_search(
    start: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, lowest: float, A: Floats, v: Floats
) -> tuple[float, int, float, float]:
    """Climb the log posterior from `start`.

    Steps along the derivative, shortened until they gain enough (Armijo); a tenth longer after each success, half as
    long after every fifth. Ends when a step gains less than 1e-6, when the log dispersion falls below `lowest`, or
    after 100 trials.

    Returns
    -------
    Log dispersion, number of trials, log posterior at the start and at the end.

    References
    ----------
    R ``DESeq2::estimateDispersionsGeneEst`` and ``estimateDispersionsMAP`` (C++ ``fitDisp``).
    """
    a = start
    first = log_posterior(a, y, mu, rows, centre, prior, A)
    at, gradient = first, slope(a, y, mu, rows, centre, prior, A, v)
    length, trials, accepted = 1.0, 0, 0
    while trials < STEPS:
        trials += 1
        if a + length * gradient < LOWEST:
            length = (LOWEST - a) / gradient
        if a + length * gradient > HIGHEST:
            length = (HIGHEST - a) / gradient
        proposed = log_posterior(a + length * gradient, y, mu, rows, centre, prior, A)
        if not -proposed <= -at - length * ARMIJO * (gradient * gradient):
            length /= 2.0
            continue
        accepted += 1
        a = a + length * gradient
        gain = proposed - at
        if gain < TOLERANCE:
            at = proposed
            break
        if a < lowest:
            break
        at = proposed
        gradient = slope(a, y, mu, rows, centre, prior, A, v)
        length = min(length * 1.1, 1.0)
        if accepted % 5 == 0:
            length /= 2.0
    return a, trials, first, at


@compiled
def on_grid(y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, highest: float, A: Floats) -> float:
    """Return the best log dispersion of a grid of 20 values, refined once; where the line search did not settle.

    References
    ----------
    R ``DESeq2:::fitDispGridWrapper`` (C++ ``fitDispGrid``).
    """
    low, high = math.log(1e-8), highest
    for _ in range(2):
        width = (high - low) / 19
        best, at = low, -np.inf
        for k in range(20):
            a = low + k * width
            value = log_posterior(a, y, mu, rows, centre, prior, A)
            if value > at:
                best, at = a, value
        low, high = best - width, best + width
    return best


@compiled
def search_block(
    begin: int, end: int, counts: Floats, mu: Floats, rows: Rows, start: Floats, centre: Floats, prior: Prior,
    lowest: float, out: Floats, trials: Integers, first: Floats, last: Floats,
) -> None:  # fmt: skip
    """Run `line_search` for the genes from `begin` to `end` (genes x libraries arrays), writing into `out` and on."""
    p = len(rows.first)
    A, v = np.empty((p, p)), np.empty(p)
    for g in range(begin, end):
        out[g], trials[g], first[g], last[g] = line_search(
            start[g], counts[g], mu[g], rows, centre[g], prior, lowest, A, v
        )


@compiled
def grid_block(
    begin: int, end: int, genes: Integers, counts: Floats, mu: Floats, rows: Rows, centre: Floats, prior: Prior,
    highest: float, out: Floats,
) -> None:  # fmt: skip
    """Run `on_grid` for ``genes[begin:end]``, writing into `out`."""
    A = np.empty((len(rows.first), len(rows.first)))
    for k in range(begin, end):
        g = genes[k]
        out[g] = on_grid(counts[g], mu[g], rows, centre[g], prior, highest, A)
