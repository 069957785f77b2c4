"""Dispersion of one gene at a time: Cox-Reid adjusted profile likelihood, with or without a prior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.gram import Rows, cholesky, cross_product, log_determinant, trace_of_ratio
from dermshift.engines.deseq2.kernels.special import digamma, log_gamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class Prior(NamedTuple):
    """Normal prior of the log dispersion; `used` is false for the gene-wise estimate."""

    used: bool
    variance: float
    cox_reid: bool


class Work(NamedTuple):
    """What `log_posterior` leaves for `slope`, and scratch.

    Parameters
    ----------
    factor
        Cholesky factor of ``X' W X``, p x p.
    tails
        ``log(1 + mu alpha)`` by library.
    logs
        ``log(y + 1 / alpha)`` by library.
    weights
        Of the libraries.
    change
        Of ``X' W X``; scratch of `slope`, p x p.
    """

    factor: Floats
    tails: Floats
    logs: Floats
    weights: Floats
    change: Floats


@compiled
def workspace(libraries: int, columns: int) -> Work:
    """Return arrays for one gene after the other."""
    square = (columns, columns)
    return Work(np.empty(square), np.empty(libraries), np.empty(libraries), np.empty(libraries), np.empty(square))


@compiled
def log_posterior(
    log_alpha: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, work: Work
) -> float:
    """Return the log posterior of a log dispersion.

    The terms are added in the order of R ``DESeq2`` (C++ ``log_posterior``). NaN where ``X' W X`` is singular.
    """
    alpha = math.exp(log_alpha)
    size = 1.0 / alpha
    log_size = math.log(size)
    at_size = log_gamma(size, log_size)
    likelihood = 0.0
    for j in range(len(y)):
        work.tails[j] = math.log(1.0 + mu[j] * alpha)
        term = 0.0
        if y[j] > 0.0:  # a zero count adds exactly nothing here, and is common
            work.logs[j] = math.log(y[j] + size)
            term = log_gamma(y[j] + size, work.logs[j]) - at_size - y[j] * math.log(mu[j] + size)
        likelihood += term - size * work.tails[j]
    centred = log_alpha - centre
    penalty = -0.5 * centred * centred / prior.variance if prior.used else 0.0
    if not prior.cox_reid:
        return likelihood + penalty
    for j in range(len(y)):
        work.weights[j] = 1.0 / (1.0 / mu[j] + alpha)
    cross_product(work.weights, rows, work.factor)
    if not cholesky(work.factor, rows.first):
        return np.nan
    return likelihood + penalty - 0.5 * log_determinant(work.factor)


@compiled
def slope(log_alpha: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, work: Work) -> float:
    """Return the derivative of `log_posterior` in the log dispersion, given what that left behind at the same place.

    The derivative of the log determinant is minus the trace of ``(X' W X)^-1 X' W^2 X``.
    """
    alpha = math.exp(log_alpha)
    size = 1.0 / alpha
    at_size = digamma(size, math.log(size))
    likelihood = 0.0
    for j in range(len(y)):
        scaled = mu[j] * alpha
        at_count = digamma(y[j] + size, work.logs[j]) if y[j] > 0.0 else at_size
        term = at_size + work.tails[j] - scaled * (1.0 / (1.0 + scaled)) - at_count
        likelihood += term + y[j] * (1.0 / (mu[j] + size))
    adjustment = 0.0
    if prior.cox_reid:
        for j in range(len(y)):
            work.weights[j] *= work.weights[j]
        cross_product(work.weights, rows, work.change)
        adjustment = 0.5 * trace_of_ratio(work.factor, rows.first, work.change)
    penalty = -(log_alpha - centre) / prior.variance if prior.used else 0.0
    return (size * size * likelihood + adjustment) * alpha + penalty
