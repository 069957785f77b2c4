"""Variance components of many genes at once: gamma regression on two columns with identity link.

R ``statmod::glmgam.fit`` (Levenberg-Marquardt damping of Fisher's scoring), step for step, one row per gene. Each gene
has its own damping and stops by itself; sums run along a row, so no gene depends on another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Booleans = npt.NDArray[np.bool_]

TINY = 1e-15
STEEPEST = 1e3
"""The smallest working variance, as a share of the largest."""
MOST_DAMPED = 1e15
"""Damping beyond this multiple of the information ends a search."""


@dataclass
class Rows:
    """Genes on the way: response, coefficients, means, deviance and damping, a row (an element) per gene."""

    y: Floats
    beta: Floats
    mu: Floats
    deviance: Floats
    damping: Floats

    def take(self, rows: npt.NDArray[np.intp]) -> Rows:
        """Return these rows as copies."""
        return Rows(self.y[rows], self.beta[rows], self.mu[rows], self.deviance[rows], self.damping[rows])

    def put(self, rows: npt.NDArray[np.intp], other: Rows) -> None:
        """Write what was found for these rows."""
        self.beta[rows], self.mu[rows] = other.beta, other.mu
        self.deviance[rows], self.damping[rows] = other.deviance, other.damping


def gamma_components(y: Floats, d: Floats, start: Floats, *, tolerance: float = 1e-6, iterations: int = 20) -> Floats:
    """Return the two coefficients of each gene; NaN where R's search stops with an error.

    Parameters
    ----------
    y
        Genes x n, not negative.
    d
        Shape (n,); the model is ``E(y) = beta_0 + beta_1 d`` with variance proportional to the squared mean.
    start
        Genes x 2, with fitted values of 0 or more.
    tolerance
        A search ends when the product of score and step is below it.
    iterations
        As R's ``maxit``, which lets one more pass.

    References
    ----------
    R ``statmod::glmgam.fit`` 1.5.0.
    """
    mu = means(start, d)
    rows = Rows(y, start.copy(), mu, deviance(y, mu), np.zeros(len(y)))
    silent = ~(y.max(axis=1) > 0)
    rows.beta[silent] = 0
    going = np.flatnonzero(~silent)
    for iteration in range(iterations + 1):
        if not len(going):
            break
        part = rows.take(going)
        finished = advance(part, d, tolerance, first=iteration == 0)
        rows.put(going, part)
        going = going[~finished]
    return rows.beta


def means(beta: Floats, d: Floats) -> Floats:
    """Return the fitted values, genes x n."""
    return beta[:, :1] + beta[:, 1:] * d


def deviance(y: Floats, mu: Floats) -> Floats:
    """Return the gamma deviance of each row; infinite where a mean is negative, without the pairs of zeros."""
    counted = ~((y < TINY) & (mu < TINY))
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(counted, (y - mu) / mu - np.log(y / mu), 0.0)
    return np.where((mu < 0).any(axis=1), np.inf, 2 * terms.sum(axis=1))


def advance(rows: Rows, d: Floats, tolerance: float, *, first: bool) -> Booleans:
    """Take one damped step per gene, in place; return the genes that are done. Failed ones become NaN."""
    v = rows.mu**2
    v = np.maximum(v, v.max(axis=1, keepdims=True) / STEEPEST)
    left = (rows.y - rows.mu) / v
    score = np.column_stack([left.sum(axis=1), (left * d).sum(axis=1)])
    info = np.column_stack([(1 / v).sum(axis=1), (d / v).sum(axis=1), (d**2 / v).sum(axis=1)])
    largest = np.maximum(info[:, 0], info[:, 2])
    if first:
        rows.damping = (info[:, 0] + info[:, 2]) / 4  # mean of two, over two coefficients
    step, at_once, failed = search(rows, d, score, info, largest)
    stuck = rows.damping / largest > MOST_DAMPED
    rows.damping = np.where(at_once & ~stuck, rows.damping / 10, rows.damping)
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = rows.deviance / rows.mu.max(axis=1) < TINY
    rows.beta[failed] = np.nan
    return np.asarray(failed | stuck | ((score * step).sum(axis=1) < tolerance) | exact)


def search(rows: Rows, d: Floats, score: Floats, info: Floats, largest: Floats) -> tuple[Floats, Booleans, Booleans]:
    """Raise the damping of each gene until its deviance does not grow; update the rows in place.

    Returns
    -------
    The step of each gene, whether the first one was taken, and whether the search failed.
    """
    step, at_once, failed = np.zeros_like(score), np.ones(len(score), bool), np.zeros(len(score), bool)
    before, deviance_before = rows.beta.copy(), rows.deviance.copy()
    trying = np.arange(len(score))
    while len(trying):
        step[trying], singular = damped_step(info[trying], rows.damping[trying], score[trying])
        rows.beta[trying] = before[trying] + step[trying]
        rows.mu[trying] = means(rows.beta[trying], d)
        rows.deviance[trying] = deviance(rows.y[trying], rows.mu[trying])
        now = rows.deviance[trying]
        with np.errstate(divide="ignore", invalid="ignore"):
            accepted = (now <= deviance_before[trying]) | (now / rows.mu[trying].max(axis=1) < TINY)
        broken = singular | np.isnan(now) | np.isnan(deviance_before[trying])
        failed[trying[broken]] = True
        given_up = ~accepted & (rows.damping[trying] / largest[trying] > MOST_DAMPED)
        rows.beta[trying[given_up]] = before[trying[given_up]]
        trying = trying[~(accepted | broken | given_up)]
        at_once[trying] = False
        rows.damping[trying] *= 2
    return step, at_once, failed


def damped_step(info: Floats, damping: Floats, score: Floats) -> tuple[Floats, Booleans]:
    """Solve ``(information + damping I) step = score`` by Cholesky; say where there is no factor."""
    with np.errstate(divide="ignore", invalid="ignore"):
        a = np.sqrt(info[:, 0] + damping)
        b = info[:, 1] / a
        c = np.sqrt(info[:, 2] + damping - b**2)
        first = score[:, 0] / a
        second = (score[:, 1] - b * first) / c
        slope = second / c
        step = np.column_stack([(first - b * slope) / a, slope])
    return step, ~((a > 0) & (c > 0))
