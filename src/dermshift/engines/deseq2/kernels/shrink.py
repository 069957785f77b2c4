"""Coefficients with a heavy-tailed prior on one of them, eight walks at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.heavy_tail import (
    HeavyTail,
    Work,
    board,
    curvatures,
    gradients,
    look,
    means,
    workspace,
)
from dermshift.engines.deseq2.kernels.lanes import LANES, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

NEWTON_STEPS = 200
HALVINGS = 30
LAST_STEP = 1e-6
"""Newton's step this near the mode leaves its square: it is taken unseen, as its gain is lost in rounding."""
ROUNDING = 1e-14
"""A loss that rises by no more of itself has not risen: it is a sum over libraries."""
LARGEST_REST = 1e-4
"""A step this small that no longer lowers the loss is lost in rounding: the walk has arrived."""


@compiled
def judge(work: Work) -> None:
    """Take or refuse the step to where each lane looked, and set out the next one."""
    for lane in range(LANES):
        if work.steps[lane] < 0 or work.loss[lane] <= work.at[lane] + ROUNDING * abs(work.at[lane]):
            work.steps[lane] += 1
            work.at[lane], work.length[lane], work.halvings[lane] = work.loss[lane], 1.0, 0
            work.beta[:, lane] = work.tried[:, lane]
            work.step[:, lane] = work.upcoming[:, lane]
            work.largest[lane] = np.abs(work.step[:, lane]).max()
            work.settled[lane] = work.largest[lane] < LAST_STEP
            work.ends[lane] = work.settled[lane] or work.steps[lane] == NEWTON_STEPS
        else:
            work.length[lane] /= 2.0
            work.halvings[lane] += 1
            work.settled[lane] = work.largest[lane] < LARGEST_REST
            work.ends[lane] = work.halvings[lane] == HALVINGS
        work.tried[:, lane] = work.beta[:, lane] + work.length[lane] * work.step[:, lane]


@compiled
def shrink_block(
    begin: int, end: int, counts: Floats, alpha: Floats, size_factors: Floats, rows: Rows, prior: HeavyTail,
    beta: Floats, converged: Booleans,
) -> None:  # fmt: skip
    """Shrink the genes from `begin` to `end`, from `beta` and from `beta` without the effect; the better one stays."""
    work, logs, n = workspace(rows), np.log(size_factors), end - begin
    found, loss, settled = np.empty((2 * n, len(rows.first))), np.empty(2 * n), np.zeros(2 * n, np.bool_)
    upcoming = 0
    while True:
        for lane in range(LANES):
            if work.walk[lane] < 0 and upcoming < 2 * n:
                g = begin + upcoming // 2
                board(work, lane, upcoming, counts[g], alpha[g], beta[g])
                work.tried[prior.column, lane] *= 1.0 - upcoming % 2
                upcoming += 1
        if work.walk.max() < 0:
            break
        look(work, rows, size_factors, logs, prior)
        judge(work)
        for lane in range(LANES):
            walk = work.walk[lane]
            if walk >= 0 and work.ends[lane]:
                last = work.tried[:, lane] if work.settled[lane] and work.halvings[lane] == 0 else work.beta[:, lane]
                found[walk], loss[walk], settled[walk] = last, work.at[lane], work.settled[lane]
                work.walk[lane] = -1
    for g in range(begin, end):
        guessed, from_zero = 2 * (g - begin), 2 * (g - begin) + 1
        better = from_zero if loss[from_zero] < loss[guessed] else guessed
        beta[g], converged[g] = found[better], settled[better]


@compiled
def covariance_block(
    begin: int, end: int, counts: Floats, alpha: Floats, size_factors: Floats, rows: Rows, prior: HeavyTail,
    beta: Floats, covariance: Floats,
) -> None:  # fmt: skip
    """Write the inverse of the second derivative of the loss at `beta` of the genes from `begin` to `end`."""
    work = workspace(rows)
    for first in range(begin, end, LANES):
        for lane in range(LANES):
            g = min(first + lane, end - 1)
            board(work, lane, g, counts[g], alpha[g], beta[g])
        means(work, rows, size_factors)
        gradients(work, rows, prior)
        curvatures(work, rows, prior)
        for i in range(len(rows.first)):
            work.upcoming[:] = 0.0
            work.upcoming[i] = 1.0
            solve(work.factor, rows, work.upcoming)
            for lane in range(min(LANES, end - first)):
                covariance[first + lane, i] = work.upcoming[:, lane]
