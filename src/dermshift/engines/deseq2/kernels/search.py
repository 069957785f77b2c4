"""Search for the dispersion of one gene after the other: R's line search, and its grid."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.dispersion import Prior, Work, log_posterior, slope, workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

LOWEST, HIGHEST = -30.0, 10.0
"""Log dispersions a step may not leave; R's limits."""
ARMIJO = 1e-4
STEPS = 100
TOLERANCE = 1e-6


@compiled
def line_search(
    start: float, y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, lowest: float, work: Work
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
    first = log_posterior(a, y, mu, rows, centre, prior, work)
    at, gradient = first, slope(a, y, mu, rows, centre, prior, work)
    length, trials, accepted = 1.0, 0, 0
    while trials < STEPS:
        trials += 1
        if a + length * gradient < LOWEST:
            length = (LOWEST - a) / gradient
        if a + length * gradient > HIGHEST:
            length = (HIGHEST - a) / gradient
        proposed = log_posterior(a + length * gradient, y, mu, rows, centre, prior, work)
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
        gradient = slope(a, y, mu, rows, centre, prior, work)
        length = min(length * 1.1, 1.0)
        if accepted % 5 == 0:
            length /= 2.0
    return a, trials, first, at


@compiled
def on_grid(y: Floats, mu: Floats, rows: Rows, centre: float, prior: Prior, highest: float, work: Work) -> float:
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
            value = log_posterior(a, y, mu, rows, centre, prior, work)
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
    work = workspace(counts.shape[1], len(rows.first))
    for g in range(begin, end):
        out[g], trials[g], first[g], last[g] = line_search(
            start[g], counts[g], mu[g], rows, centre[g], prior, lowest, work
        )


@compiled
def grid_block(
    begin: int, end: int, genes: Integers, counts: Floats, mu: Floats, rows: Rows, centre: Floats, prior: Prior,
    highest: float, out: Floats,
) -> None:  # fmt: skip
    """Run `on_grid` for ``genes[begin:end]``, writing into `out`."""
    work = workspace(counts.shape[1], len(rows.first))
    for k in range(begin, end):
        g = genes[k]
        out[g] = on_grid(counts[g], mu[g], rows, centre[g], prior, highest, work)
