"""Dispersion of every gene: first guess, gene-wise estimate, and the estimate drawn towards the trend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.blocks import by_blocks
from dermshift.engines.deseq2.kernels.dispersion import Prior
from dermshift.engines.deseq2.kernels.gram import by_row, design_rows
from dermshift.engines.deseq2.kernels.search import STEPS, grid_block, search_block
from dermshift.engines.deseq2.narrow import narrow_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]
    Integers = NDArray[np.int64]


def rough_dispersions(normalised: Floats, matrix: Floats) -> Floats:
    """Return dispersions from the residuals of a linear model of the normalised counts (genes x libraries).

    References
    ----------
    R ``DESeq2:::roughDispEstimate``.
    """
    n, p = matrix.shape
    mu = np.maximum(linear_means(normalised, matrix), 1.0)
    return np.asarray(np.maximum((((normalised - mu) ** 2 - mu) / mu**2).sum(axis=1) / (n - p), 0.0))


def moments_dispersions(normalised: Floats, size_factors: Floats) -> Floats:
    """Return dispersions from mean and variance of the normalised counts (genes x libraries).

    References
    ----------
    R ``DESeq2:::momentsDispEstimate``.
    """
    mean, variance = normalised.mean(axis=1), normalised.var(axis=1, ddof=1)
    return np.asarray((variance - (1 / size_factors).mean() * mean) / mean**2)


def linear_means(normalised: Floats, matrix: Floats) -> Floats:
    """Return the fitted values of a linear model, genes x libraries.

    References
    ----------
    R ``DESeq2:::linearModelMu``.
    """
    q, _ = np.linalg.qr(matrix)
    return by_row(by_row(normalised, q), np.ascontiguousarray(q.T))


def genewise_dispersions(
    counts: Floats, mu: Floats, matrix: Floats, start: Floats, *, lowest: float, highest: float, cox_reid: bool,
    threads: int,
) -> tuple[Floats, Booleans]:  # fmt: skip
    """Return the dispersion that maximises each gene's own adjusted likelihood, and whether the search settled.

    A gene whose likelihood gains less than a millionth keeps its start. A search that ends at once or not at all is
    repeated on a grid.

    Parameters
    ----------
    counts, mu
        Counts and their means, genes x libraries.
    start
        First guess of each gene, between `lowest` and `highest`.

    References
    ----------
    R ``DESeq2::estimateDispersionsGeneEst``.
    """
    rows, prior, none = _rows(matrix), Prior(used=False, variance=1.0, cox_reid=cox_reid), np.zeros(len(counts))
    logs, trials, first, last = _search(counts, mu, rows, np.log(start), none, prior, lowest, threads)
    found = np.minimum(np.exp(logs), highest)
    no_gain = last < first + np.abs(first) / 1e6
    found[no_gain] = start[no_gain]
    settled = (trials < STEPS) & (trials != 1)
    again = np.flatnonzero(~settled & (found > lowest * 10))
    found[again] = _grid(again, counts, mu, rows, none, prior, highest, threads)
    return np.clip(found, lowest, highest), settled


def shrunken_dispersions(
    counts: Floats, mu: Floats, matrix: Floats, start: Floats, centre: Floats, variance: float, *, lowest: float,
    highest: float, cox_reid: bool, threads: int,
) -> tuple[Floats, Booleans]:  # fmt: skip
    """Return the dispersion of each gene with a log-normal prior around `centre`, and whether the search settled.

    References
    ----------
    R ``DESeq2::estimateDispersionsMAP``.
    """
    rows, prior, middle = _rows(matrix), Prior(used=True, variance=variance, cox_reid=cox_reid), np.log(centre)
    logs, trials, _, _ = _search(counts, mu, rows, np.log(start), middle, prior, lowest, threads)
    found, settled = np.exp(logs), trials < STEPS
    again = np.flatnonzero(~settled)
    found[again] = _grid(again, counts, mu, rows, middle, prior, highest, threads)
    return np.clip(found, lowest, highest), settled


def _rows(matrix: Floats) -> Rows:
    """Return the rows of the design in an order of columns that is quick to factor: a determinant knows none."""
    return design_rows(matrix[:, narrow_order(matrix)])


def _search(
    counts: Floats, mu: Floats, rows: Rows, start: Floats, centre: Floats, prior: Prior, lowest: float, threads: int
) -> tuple[Floats, Integers, Floats, Floats]:
    n = len(counts)
    out, first, last, trials = np.empty(n), np.empty(n), np.empty(n), np.zeros(n, dtype=np.int64)
    by_blocks(
        search_block, n, threads, counts, mu, rows, start, centre, prior, float(np.log(lowest / 10)), out, trials,
        first, last,
    )  # fmt: skip
    return out, trials, first, last


def _grid(
    genes: Integers, counts: Floats, mu: Floats, rows: Rows, centre: Floats, prior: Prior, highest: float, threads: int
) -> Floats:
    out = np.empty(len(counts))
    if len(genes):
        by_blocks(grid_block, len(genes), threads, genes, counts, mu, rows, centre, prior, float(np.log(highest)), out)
    return np.asarray(np.exp(out[genes]))
