"""Dispersions of sixteen genes at a time: Cox-Reid adjusted likelihood and its slope, with or without a prior."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.lanes import (
    LANES,
    choleskies,
    cross_products,
    log_determinants,
    traces_of_ratios,
    triangle,
)
from dermshift.engines.deseq2.kernels.special import ASYMPTOTIC, digamma_of_large, lifts, log, log_gamma_of_large

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]


class Prior(NamedTuple):
    """Normal prior of the log dispersion; `used` is false for the gene-wise estimate."""

    used: bool
    variance: float
    cox_reid: bool


class Work(NamedTuple):
    """Genes under way, one in each lane, and what is made of them.

    Parameters
    ----------
    y, mu, inverse_mu
        Counts, their means, and one over those; libraries x lanes.
    centre
        Log dispersion the prior is centred on, by lane.
    value, slope
        Log posterior and its derivative in the log dispersion, by lane: what `evaluate` leaves.
    tails, sums, weights
        ``log(1 + mu alpha)``, ``log(mu + size)`` and the weights of the libraries; libraries x lanes.
    logs, gammas, digammas
        Logarithm, log gamma and digamma of ``y + size``, and of the size itself in the last row; the logarithm of what
        was lifted is that of the argument it was lifted to.
    lifted, gamma_lifts, digamma_lifts
        Which of these rows have small arguments, and what lifting those added.
    at_size
        Alpha, and its inverse, the size; 2 x lanes.
    scratch
        2 x lanes.
    factor, change
        Cholesky factor of ``X' W X``, and the derivative of that; packed x lanes.
    """

    y: Floats
    mu: Floats
    inverse_mu: Floats
    centre: Floats
    value: Floats
    slope: Floats
    tails: Floats
    sums: Floats
    weights: Floats
    logs: Floats
    gammas: Floats
    digammas: Floats
    lifted: Booleans
    gamma_lifts: Floats
    digamma_lifts: Floats
    at_size: Floats
    scratch: Floats
    factor: Floats
    change: Floats


@compiled
def workspace(rows: Rows) -> Work:
    """Return empty lanes."""
    libraries, with_size = (len(rows.starts) - 1, LANES), (len(rows.starts), LANES)
    return Work(
        np.zeros(libraries), np.ones(libraries), np.ones(libraries), np.zeros(LANES), np.zeros(LANES), np.zeros(LANES),
        np.zeros(libraries), np.zeros(libraries), np.zeros(libraries), np.zeros(with_size), np.zeros(with_size),
        np.zeros(with_size), np.zeros(len(rows.starts), np.bool_), np.zeros(with_size), np.zeros(with_size),
        np.zeros((2, LANES)), np.zeros((2, LANES)), triangle(rows), triangle(rows),
    )  # fmt: skip


@compiled
def board(work: Work, lane: int, y: Floats, mu: Floats, centre: float) -> None:
    """Put a gene into a lane."""
    work.y[:, lane] = y
    work.mu[:, lane] = mu
    work.inverse_mu[:, lane] = 1.0 / mu
    work.centre[lane] = centre


@compiled
def evaluate(log_alpha: Floats, rows: Rows, prior: Prior, work: Work) -> None:
    """Leave the log posterior of each lane at its log dispersion in ``work.value``, the derivative in ``work.slope``.

    The terms are added in the order of R ``DESeq2`` (C++ ``log_posterior``, ``dlog_posterior``). NaN where ``X' W X``
    is singular.
    """
    special_functions(log_alpha, work)
    likelihoods(work)
    alpha, size = work.at_size[0], work.at_size[1]
    for lane in range(LANES):
        work.slope[lane] *= size[lane] * size[lane]
    if prior.cox_reid:
        adjust(rows, work)
    for lane in range(LANES):
        work.slope[lane] *= alpha[lane]
        if prior.used:
            centred = log_alpha[lane] - work.centre[lane]
            work.value[lane] -= 0.5 * centred * centred / prior.variance
            work.slope[lane] -= centred / prior.variance


@compiled
def special_functions(log_alpha: Floats, work: Work) -> None:
    """Write logarithms, log gammas and digammas of every count plus the size."""
    alpha, size, n = work.at_size[0], work.at_size[1], len(work.y)
    for lane in range(LANES):
        alpha[lane] = math.exp(log_alpha[lane])
        size[lane] = 1.0 / alpha[lane]
        work.gammas[n, lane] = size[lane]
    for j in range(n):
        for lane in range(LANES):
            work.gammas[j, lane] = work.y[j, lane] + size[lane]
            work.tails[j, lane] = 1.0 + work.mu[j, lane] * alpha[lane]
            work.sums[j, lane] = work.mu[j, lane] + size[lane]
    lift(work)
    work.digammas[:] = work.gammas
    logarithms(work.tails.ravel())
    logarithms(work.sums.ravel())
    large_arguments(work.gammas.ravel(), work.digammas.ravel(), work.logs.ravel())
    for j in range(n + 1):
        if work.lifted[j]:
            take_away(work.gammas[j], work.gamma_lifts[j])
            take_away(work.digammas[j], work.digamma_lifts[j])


@compiled
def take_away(values: Floats, others: Floats) -> None:
    """Take others away from values."""
    for lane in range(LANES):
        values[lane] -= others[lane]


@compiled
def lift(work: Work) -> None:
    """Move small arguments up to where the series for large ones hold, and write what that adds to their functions."""
    for j in range(len(work.gammas)):
        lifted = False
        for lane in range(LANES):
            lifted |= work.gammas[j, lane] <= ASYMPTOTIC
        work.lifted[j] = lifted
        if lifted:
            lift_row(work.gammas[j], work.gamma_lifts[j], work.digamma_lifts[j])


@compiled
def lift_row(x: Floats, gamma_lifts: Floats, digamma_lifts: Floats) -> None:
    """Add ten to arguments of at most ten."""
    for lane in range(LANES):
        small, (gamma, psi) = x[lane] <= ASYMPTOTIC, lifts(x[lane])
        gamma_lifts[lane] = gamma if small else 0.0
        digamma_lifts[lane] = psi if small else 0.0
        x[lane] += ASYMPTOTIC if small else 0.0


@compiled
def logarithms(values: Floats) -> None:
    """Replace values by their logarithms."""
    for i in range(len(values)):
        values[i] = log(values[i])


@compiled
def large_arguments(gammas: Floats, digammas: Floats, logs: Floats) -> None:
    """Replace arguments by their log gammas and by their digammas, and write their logarithms."""
    for i in range(len(gammas)):  # loops of few arrays: a compiler does not compare the places of many
        logs[i] = log(gammas[i])
    for i in range(len(gammas)):
        gammas[i] = log_gamma_of_large(gammas[i], logs[i])
    for i in range(len(gammas)):
        digammas[i] = digamma_of_large(digammas[i], logs[i])


@compiled
def likelihoods(work: Work) -> None:
    """Sum the log likelihood, and what is left of its derivative in alpha without the square of the size."""
    alpha, size = work.at_size[0], work.at_size[1]
    gamma, psi = work.gammas[len(work.y)], work.digammas[len(work.y)]
    work.value[:] = 0.0
    work.slope[:] = 0.0
    for j in range(len(work.y)):
        for lane in range(LANES):
            y, mu, tail = work.y[j, lane], work.mu[j, lane], work.tails[j, lane]
            term = work.gammas[j, lane] - gamma[lane] - y * work.sums[j, lane]
            work.value[lane] += term - size[lane] * tail
            scaled = mu * alpha[lane]
            term = psi[lane] + tail - scaled * (1.0 / (1.0 + scaled)) - work.digammas[j, lane]
            work.slope[lane] += term + y * (1.0 / (mu + size[lane]))


@compiled
def adjust(rows: Rows, work: Work) -> None:
    """Take half the log determinant of ``X' W X`` from the value, and its derivative in alpha from the slope.

    The derivative of the log determinant is minus the trace of ``(X' W X)^-1 X' W^2 X``.
    """
    alpha, found = work.at_size[0], work.scratch[1]
    for j in range(len(work.y)):
        for lane in range(LANES):
            work.weights[j, lane] = work.inverse_mu[j, lane] + alpha[lane]
    weights = work.weights.ravel()
    for i in range(len(weights)):
        weights[i] = 1.0 / weights[i]
    cross_products(work.weights, rows, work.factor)
    choleskies(work.factor, rows)
    log_determinants(work.factor, rows, work.scratch[0], found)
    for lane in range(LANES):
        work.value[lane] -= 0.5 * found[lane]
    for i in range(len(weights)):
        weights[i] *= weights[i]
    cross_products(work.weights, rows, work.change)
    traces_of_ratios(work.factor, rows, work.change, found)
    for lane in range(LANES):
        work.slope[lane] += 0.5 * found[lane]
