"""Search for the dispersions of genes that walk side by side: R's line search, and its grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.dispersion import Prior, Work, board, evaluate, workspace
from dermshift.engines.deseq2.kernels.lanes import LANES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]
    Booleans = NDArray[np.bool_]

LOWEST, HIGHEST = -30.0, 10.0
"""Log dispersions a step may not leave; R's limits."""
ARMIJO = 1e-4
STEPS = 100
TOLERANCE = 1e-6


class Walks(NamedTuple):
    """How far the line search of each lane has come.

    Parameters
    ----------
    gene
        Which gene walks in the lane; -1 for none.
    trials, accepted, ends
        Steps tried and taken, and whether there will be no more; no trial before the start was looked at.
    a, first, at, gradient
        Log dispersion, log posterior at the start and there, and its derivative.
    length
        Of the next step, in gradients.
    looks_at
        Where the posterior is asked for next.
    """

    gene: Integers
    trials: Integers
    accepted: Integers
    ends: Booleans
    a: Floats
    first: Floats
    at: Floats
    gradient: Floats
    length: Floats
    looks_at: Floats


@compiled
def walks() -> Walks:
    """Return lanes in which nobody walks."""
    return Walks(
        np.full(LANES, -1), np.zeros(LANES, np.int64), np.zeros(LANES, np.int64), np.zeros(LANES, np.bool_),
        np.zeros(LANES), np.zeros(LANES), np.zeros(LANES), np.zeros(LANES), np.ones(LANES), np.zeros(LANES),
    )  # fmt: skip


@compiled
def set_out(walk: Walks, lane: int, gene: int, start: float) -> None:
    """Let a gene start in a lane."""
    walk.gene[lane], walk.trials[lane], walk.accepted[lane], walk.ends[lane] = gene, 0, 0, False
    walk.a[lane], walk.looks_at[lane], walk.length[lane] = start, start, 1.0


@compiled
def judge(walk: Walks, value: Floats, slope: Floats, lowest: float) -> None:
    """Take or refuse the step to where each lane looked, given what it saw there.

    Steps go along the derivative, shortened until they gain enough (Armijo); a tenth longer after each success, half as
    long after every fifth. A walk ends when a step gains less than 1e-6, when the log dispersion falls below `lowest`,
    or after 100 trials.

    References
    ----------
    R ``DESeq2::estimateDispersionsGeneEst`` and ``estimateDispersionsMAP`` (C++ ``fitDisp``).
    """
    for lane in range(LANES):
        at, gradient, length = walk.at[lane], walk.gradient[lane], walk.length[lane]
        if walk.trials[lane] == 0:
            walk.first[lane] = walk.at[lane] = value[lane]
            walk.gradient[lane] = slope[lane]
        elif not -value[lane] <= -at - length * ARMIJO * (gradient * gradient):
            walk.length[lane] = length / 2.0
            walk.ends[lane] = walk.trials[lane] == STEPS
        else:
            walk.accepted[lane] += 1
            walk.a[lane] = walk.looks_at[lane]
            too_little, too_low = value[lane] - at < TOLERANCE, walk.a[lane] < lowest
            walk.ends[lane] = too_little or too_low or walk.trials[lane] == STEPS
            if too_little or not too_low:
                walk.at[lane], walk.gradient[lane] = value[lane], slope[lane]
            walk.length[lane] = min(length * 1.1, 1.0) / (2.0 if walk.accepted[lane] % 5 == 0 else 1.0)


@compiled
def look_ahead(walk: Walks) -> None:
    """Look at the next step of each lane, which may not leave the limits."""
    for lane in range(LANES):
        walk.trials[lane] += 1
        a, gradient = walk.a[lane], walk.gradient[lane]
        if a + walk.length[lane] * gradient < LOWEST:
            walk.length[lane] = (LOWEST - a) / gradient
        if a + walk.length[lane] * gradient > HIGHEST:
            walk.length[lane] = (HIGHEST - a) / gradient
        walk.looks_at[lane] = a + walk.length[lane] * gradient


@compiled
def search_block(
    begin: int, end: int, counts: Floats, mu: Floats, rows: Rows, start: Floats, centre: Floats, prior: Prior,
    lowest: float, out: Floats, trials: Integers, first: Floats, last: Floats,
) -> None:  # fmt: skip
    """Climb the log posterior of the genes from `begin` to `end`, each from its `start`; a free lane takes the next.

    Counts and means are genes x libraries. Written are the log dispersion into `out`, the number of trials, and the log
    posterior at the start (`first`) and at the end (`last`).
    """
    work, walk, upcoming = workspace(rows), walks(), begin
    while True:
        for lane in range(LANES):
            if walk.gene[lane] < 0 and upcoming < end:
                set_out(walk, lane, upcoming, start[upcoming])
                board(work, lane, counts[upcoming], mu[upcoming], centre[upcoming])
                upcoming += 1
        if walk.gene.max() < 0:
            return
        evaluate(walk.looks_at, rows, prior, work)
        judge(walk, work.value, work.slope, lowest)
        for lane in range(LANES):
            g = walk.gene[lane]
            if g >= 0 and walk.ends[lane]:
                out[g], trials[g], first[g], last[g] = walk.a[lane], walk.trials[lane], walk.first[lane], walk.at[lane]
                walk.gene[lane] = -1
        look_ahead(walk)


@compiled
def on_grid(rows: Rows, prior: Prior, highest: float, work: Work) -> float:
    """Return the best log dispersion of a grid of 20 values, refined once; where the line search did not settle.

    Every lane of `work` holds the same gene.

    References
    ----------
    R ``DESeq2:::fitDispGridWrapper`` (C++ ``fitDispGrid``).
    """
    low, high, looks_at = math.log(1e-8), highest, np.empty(LANES)
    for _ in range(2):
        width = (high - low) / 19
        best, at = low, -np.inf
        for k in range(0, 20, LANES):
            looks_at[:] = low + np.minimum(k + np.arange(LANES), 19) * width
            evaluate(looks_at, rows, prior, work)
            for lane in range(LANES):
                if work.value[lane] > at:
                    best, at = looks_at[lane], work.value[lane]
        low, high = best - width, best + width
    return best


@compiled
def grid_block(
    begin: int, end: int, genes: Integers, counts: Floats, mu: Floats, rows: Rows, centre: Floats, prior: Prior,
    highest: float, out: Floats,
) -> None:  # fmt: skip
    """Run `on_grid` for ``genes[begin:end]``, writing into `out`."""
    work = workspace(rows)
    for k in range(begin, end):
        g = genes[k]
        for lane in range(LANES):
            board(work, lane, counts[g], mu[g], centre[g])
        out[g] = on_grid(rows, prior, highest, work)
