"""Shrunken coefficients of every gene, on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.blocks import by_blocks
from dermshift.engines.deseq2.glm import first_guess
from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.heavy_tail import HeavyTail
from dermshift.engines.deseq2.kernels.shrink import covariance_block, shrink_block
from dermshift.engines.deseq2.narrow import narrow_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]


def map_coefficients(
    counts: Floats, offsets: Floats, matrix: Floats, dispersions: Floats, index: int, *, wide: float, scale: float,
    threads: int, covariances: bool = True,
) -> tuple[Floats, Floats, Booleans]:  # fmt: skip
    """Return the posterior mode of every gene's coefficients, their covariances, and which genes converged.

    Parameters
    ----------
    counts
        Genes x libraries.
    offsets
        Natural log of the size factors.
    index
        Column with the Cauchy prior of this `scale`; all others have a normal prior with standard deviation `wide`.
    covariances
        Whether they are wanted: no genes where not.

    Returns
    -------
    Coefficients (genes x columns, natural log), inverse second derivative of the loss (genes x columns x columns).

    References
    ----------
    Zhu, Ibrahim and Love 2019 (R ``apeglm``), doi:10.1093/bioinformatics/bty895.
    """
    size_factors, order = np.exp(offsets), narrow_order(matrix)
    back = np.argsort(order)
    beta = np.ascontiguousarray(first_guess(counts, size_factors, matrix)[:, order])
    n_genes, p = beta.shape
    covariance, converged = np.empty((n_genes * covariances, p, p)), np.zeros(n_genes, dtype=np.bool_)
    fixed = (counts, dispersions, size_factors, design_rows(matrix[:, order]), HeavyTail(int(back[index]), scale, wide))
    by_blocks(shrink_block, n_genes, threads, *fixed, beta, converged)
    by_blocks(covariance_block, len(covariance), threads, *fixed, beta, covariance)
    return beta[:, back], covariance[:, back[:, None], back], converged
