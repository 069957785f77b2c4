"""The correlation that libraries of one patient share, estimated once from all genes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.limma.gamma import gamma_components, means
from dermshift.engines.limma.gate import beyond, block_columns

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

TRIM = 0.15
"""Share of the genes left out at either end of the mean."""
MARGIN = 0.01
"""Distance of a correlation from the values at which its matrix is singular."""
SAME = 1e-15
"""Spread of the strata below which there is nothing to refine (R ``statmod::mixedModel2Fit``)."""


@dataclass(frozen=True)
class Correlation:
    """The consensus of all genes, and Fisher's z of each gene's own correlation (NaN where it has none)."""

    consensus: float
    atanh: Floats


def duplicate_correlation(
    values: Floats, matrix: Floats, block: tuple[str, ...], weights: Floats | None = None
) -> Correlation:
    """Estimate the correlation within blocks: REML per gene, then a trimmed mean on Fisher's z.

    The matrix is the same for all genes, so it is decomposed once and the genes are refined together.

    Parameters
    ----------
    values
        Genes x libraries, log2, none missing.
    matrix
        Libraries x coefficients, full rank.
    block
        One label per library; see `gate.need_informative_block`.
    weights
        One positive weight per library.

    References
    ----------
    Smyth, Michaud and Scott 2005, doi:10.1093/bioinformatics/bti270; R ``limma::duplicateCorrelation`` and
    ``statmod::mixedModel2Fit``, which leaves the block columns unweighted.
    """
    scale = np.ones(len(matrix)) if weights is None else np.sqrt(weights)
    blocks = block_columns(block)
    d, squares = strata(values * scale, matrix * scale[:, None], blocks)
    components = variance_components(d, squares)
    with np.errstate(divide="ignore", invalid="ignore"):
        rho = components[:, 1] / components.sum(axis=1)
    largest = int(blocks.sum(axis=0).max())
    z = np.arctanh(np.clip(rho, 1 / (1 - largest) + MARGIN, 1 - MARGIN))
    return Correlation(float(np.tanh(trimmed_mean(z[np.isfinite(z)]))), z)


def strata(values: Floats, matrix: Floats, blocks: Floats) -> tuple[Floats, Floats]:
    """Turn residuals so that they are independent: what the block adds to the variance of each, and their squares.

    Returns
    -------
    Shape (residual df,) and genes x residual df; the mean of a square is ``residual variance + d block variance``.
    """
    residual = beyond(matrix)
    u, s, _ = np.linalg.svd(residual.T @ blocks)
    d = np.zeros(residual.shape[1])
    d[: len(s)] = s**2
    return d, (values @ (residual @ u)) ** 2


def variance_components(d: Floats, squares: Floats) -> Floats:
    """Return residual and block variance of each gene (genes x 2); NaN where they cannot be found."""
    centred = d - d.mean()
    slope = (squares * centred).sum(axis=1) / (centred**2).sum()
    least = np.column_stack([squares.mean(axis=1) - slope * d.mean(), slope])
    if len(d) <= 2 or (np.abs(d) > SAME).sum() <= 1 or d.var(ddof=1) <= SAME:
        return least
    flat = np.column_stack([squares.mean(axis=1), np.zeros(len(squares))])
    valid = (means(least, d) >= 0).all(axis=1, keepdims=True)
    return gamma_components(squares, d, np.where(valid, least, flat))


def trimmed_mean(x: Floats) -> float:
    """Return the mean without the `TRIM` of the values at either end; NaN for no values."""
    cut = int(TRIM * len(x))
    return float(np.sort(x)[cut : len(x) - cut].mean()) if len(x) else float("nan")
