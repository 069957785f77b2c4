"""The posterior of coefficients with a heavy-tailed prior on one of them, and Newton's step on it, in every lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
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
    Booleans = NDArray[np.bool_]

LOWEST_LOG = -690.0
"""Of a mean over its size factor."""


class HeavyTail(NamedTuple):
    """Cauchy prior of the coefficient in `column` with this `scale`; the others are normal with sd `wide`."""

    column: int
    scale: float
    wide: float


class Work(NamedTuple):
    """Walks under way, one in each lane.

    Parameters
    ----------
    walk, steps, halvings
        Which walk is in the lane (-1 for none), the steps it took (-1 before its start was looked at), and how often
        the next one was halved.
    ends, settled
        Whether the walk ends here, and at a mode.
    alpha, at, loss, length, largest, bend
        Dispersion, loss where the walk stands and where it looks, length of the step in Newton steps, its largest
        entry, and curvature of the prior; by lane.
    y, mu, eta, weights, tails
        Counts, means where the walk looks, logarithms of the means over the size factors, weights, and
        ``log(1 + alpha mu)``; libraries x lanes.
    beta, tried, step, upcoming
        Where the walk stands and looks, Newton's step from there, and from the place it looks at; columns x lanes.
    factor
        Cholesky factor of the second derivative; packed x lanes.
    """

    walk: Integers
    steps: Integers
    halvings: Integers
    ends: Booleans
    settled: Booleans
    alpha: Floats
    at: Floats
    loss: Floats
    length: Floats
    largest: Floats
    bend: Floats
    y: Floats
    mu: Floats
    eta: Floats
    weights: Floats
    tails: Floats
    beta: Floats
    tried: Floats
    step: Floats
    upcoming: Floats
    factor: Floats


@compiled
def workspace(rows: Rows) -> Work:
    """Return empty lanes."""
    lanes, libraries, columns = LANES, (len(rows.starts) - 1, LANES), (len(rows.first), LANES)
    return Work(
        np.full(lanes, -1), np.zeros(lanes, np.int64), np.zeros(lanes, np.int64), np.zeros(lanes, np.bool_),
        np.zeros(lanes, np.bool_), np.ones(lanes), np.zeros(lanes), np.zeros(lanes), np.ones(lanes), np.zeros(lanes),
        np.zeros(lanes), np.ones(libraries), np.ones(libraries), np.zeros(libraries), np.ones(libraries),
        np.ones(libraries), np.zeros(columns), np.zeros(columns), np.zeros(columns), np.zeros(columns), triangle(rows),
    )  # fmt: skip


@compiled
def board(work: Work, lane: int, walk: int, y: Floats, alpha: float, beta: Floats) -> None:
    """Let a walk start in a lane."""
    work.walk[lane], work.steps[lane], work.halvings[lane], work.ends[lane] = walk, -1, 0, False
    work.alpha[lane], work.length[lane] = alpha, 1.0
    work.y[:, lane] = y
    work.beta[:, lane] = beta
    work.tried[:, lane] = beta
    work.step[:, lane] = 0.0


@compiled
def look(work: Work, rows: Rows, size_factors: Floats, logs: Floats, prior: HeavyTail) -> None:
    """Write means, negative log posterior up to a constant, and Newton's step at the places looked at."""
    means(work, rows, size_factors)
    losses(work, logs, prior)
    gradients(work, rows, prior)
    curvatures(work, rows, prior)
    solve(work.factor, rows, work.upcoming)


@compiled
def means(work: Work, rows: Rows, size_factors: Floats) -> None:
    """Write the means, their logarithms over the size factors, and ``log(1 + alpha mu)``."""
    predict(work.tried, rows, work.eta)
    mu, eta = work.mu.ravel(), work.eta.ravel()
    for i in range(len(eta)):
        eta[i] = max(eta[i], LOWEST_LOG)
    for i in range(len(eta)):
        mu[i] = exp(eta[i])
    for j in range(len(work.y)):
        for lane in range(LANES):
            work.mu[j, lane] *= size_factors[j]
            work.tails[j, lane] = work.alpha[lane] * work.mu[j, lane]
    log_of_one_plus(work.tails)


@compiled
def losses(work: Work, logs: Floats, prior: HeavyTail) -> None:
    """Write the negative log posterior of each lane."""
    work.loss[:] = 0.0
    for j in range(len(work.y)):
        for lane in range(LANES):
            tail = work.tails[j, lane]
            work.loss[lane] += tail / work.alpha[lane] - work.y[j, lane] * (work.eta[j, lane] + logs[j] - tail)
    for i in range(len(work.tried)):
        for lane in range(LANES):
            wide = work.tried[i, lane] / prior.wide
            work.loss[lane] += 0.0 if i == prior.column else 0.5 * wide * wide
    for lane in range(LANES):
        narrow = work.tried[prior.column, lane] / prior.scale
        work.loss[lane] += log(1.0 + narrow * narrow)


@compiled
def gradients(work: Work, rows: Rows, prior: HeavyTail) -> None:
    """Write the slope of the log posterior into ``work.upcoming``, and the weights of the likelihood's curvature."""
    for i in range(len(work.tried)):
        for lane in range(LANES):
            work.upcoming[i, lane] = -work.tried[i, lane] / (prior.wide * prior.wide)
    for lane in range(LANES):
        effect = work.tried[prior.column, lane]
        work.upcoming[prior.column, lane] = -2.0 * effect / (prior.scale * prior.scale + effect * effect)
    for j in range(len(work.y)):
        for lane in range(LANES):
            spread = 1.0 + work.alpha[lane] * work.mu[j, lane]
            work.weights[j, lane] = work.mu[j, lane] * (1.0 + work.alpha[lane] * work.y[j, lane]) / (spread * spread)
            work.tails[j, lane] = (work.y[j, lane] - work.mu[j, lane]) / spread  # the residual; tails were summed
        for a in range(rows.starts[j], rows.starts[j + 1]):
            column, value = rows.columns[a], rows.values[a]
            for lane in range(LANES):
                work.upcoming[column, lane] += value * work.tails[j, lane]


@compiled
def curvatures(work: Work, rows: Rows, prior: HeavyTail) -> None:
    """Write the Cholesky factor of the second derivative of the loss.

    Where the prior bends the other way so strongly that there is none, the prior's curvature is replaced by that of the
    parabola that touches it from above, which always gives a step downhill.
    """
    diagonal = rows.begin[prior.column] + prior.column
    for exact in (True, False):
        cross_products(work.weights, rows, work.factor)
        for i in range(len(work.tried)):
            for lane in range(LANES):
                work.factor[rows.begin[i] + i, lane] += 0.0 if i == prior.column else 1.0 / (prior.wide * prior.wide)
        for lane in range(LANES):
            square = work.tried[prior.column, lane] * work.tried[prior.column, lane]
            width = prior.scale * prior.scale + square
            above, bend = 2.0 / width, 2.0 * (prior.scale * prior.scale - square) / (width * width)
            work.bend[lane] = bend if exact or not np.isnan(work.bend[lane]) else above
            work.factor[diagonal, lane] += work.bend[lane]
        choleskies(work.factor, rows)
        work.bend[:] = 0.0
        for i in range(len(work.tried)):
            for lane in range(LANES):
                work.bend[lane] += work.factor[rows.begin[i] + i, lane]  # missing where one entry is
        if not np.isnan(work.bend).any():
            return
