"""Shrunken coefficients of every gene, on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.blocks import by_blocks
from dermshift.engines.deseq2.glm import first_guess
from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.shrink import HeavyTail, shrink_block

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]


def map_coefficients(
    counts: Floats, offsets: Floats, matrix: Floats, dispersions: Floats, index: int, *, wide: float, scale: float,
    threads: int,
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

    Returns
    -------
    Coefficients (genes x columns, natural log), inverse second derivative of the loss (genes x columns x columns).

    References
    ----------
    Zhu, Ibrahim and Love 2019 (R ``apeglm``), doi:10.1093/bioinformatics/bty895.
    """
    size_factors = np.exp(offsets)
    beta = first_guess(counts, size_factors, matrix)
    n_genes, p = beta.shape
    covariance, converged = np.empty((n_genes, p, p)), np.zeros(n_genes, dtype=np.bool_)
    prior = HeavyTail(index, scale, wide)
    by_blocks(
        shrink_block, n_genes, threads, counts, dispersions, size_factors, design_rows(matrix), prior, beta, covariance,
        converged,
    )  # fmt: skip
    return beta, covariance, converged
