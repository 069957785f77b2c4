"""Coefficients and likelihoods of every gene, on threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dermshift.engines.deseq2.blocks import by_blocks
from dermshift.engines.deseq2.fallback import LARGE, maximise
from dermshift.engines.deseq2.kernels.gram import by_row, design_rows
from dermshift.engines.deseq2.kernels.irls import likelihood_block
from dermshift.engines.deseq2.kernels.regression import irls_block
from dermshift.engines.deseq2.kernels.wald import error_block
from dermshift.engines.deseq2.narrow import narrow_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

PRIOR_PRECISION = 1e-6
"""Inverse variance of the wide normal prior of every coefficient (log2) that keeps the equations solvable."""
RIDGE = PRIOR_PRECISION / np.log(2) ** 2
"""The same for natural logarithms."""
ITERATIONS = 100
SMALLEST_MEAN = 0.5
"""Means below this count as this in the weights, as in R."""


class Fitted(NamedTuple):
    """Coefficients (genes x columns, natural log), means and leverages (genes x libraries), and which converged."""

    beta: Floats
    mu: Floats
    hat: Floats
    converged: Booleans


def fit_coefficients(
    counts: Floats, size_factors: Floats, matrix: Floats, dispersions: Floats, *, smallest: float, tolerance: float,
    most: int, threads: int, leverages: bool = True,
) -> Fitted:  # fmt: skip
    """Fit a negative binomial regression with log link to every gene.

    Genes on which reweighted least squares fails are given to a general optimiser; `converged` is false where that
    fails too.

    Parameters
    ----------
    counts
        Genes x libraries.
    smallest
        Means below this count as this in the weights.
    tolerance, most
        Relative change of the deviance at which the iterations end, and their largest number.
    leverages
        Whether they are wanted: genes x 0 where not.

    References
    ----------
    R ``DESeq2:::fitNbinomGLMs``.
    """
    if matrix.shape[1] == 1 and (matrix == 1).all():
        return _intercept_only(counts, size_factors, dispersions)
    n_genes, p = counts.shape[0], matrix.shape[1]
    start, order = first_guess(counts, size_factors, matrix), narrow_order(matrix)
    beta, mu, hat = start[:, order], np.empty_like(counts), np.empty((n_genes, counts.shape[1] * leverages))
    iterations = np.zeros(n_genes, dtype=np.int64)
    rows, ridge = design_rows(matrix[:, order]), np.full(p, RIDGE)
    by_blocks(
        irls_block, n_genes, threads, counts, dispersions, size_factors, rows, ridge, smallest, tolerance, most,
        beta, mu, hat, iterations,
    )  # fmt: skip
    beta = beta[:, np.argsort(order)]
    stable = np.asarray(np.isfinite(np.hstack([beta, hat])).all(axis=1))
    converged = (iterations < most) & stable
    for gene in np.flatnonzero(~converged):
        log2 = beta[gene] / np.log(2)
        guess = log2 if stable[gene] and (np.abs(log2) < LARGE).all() else start[gene]
        found, converged[gene] = maximise(
            counts[gene], matrix, size_factors, float(dispersions[gene]), guess, PRIOR_PRECISION
        )
        beta[gene] = found * np.log(2)
        mu[gene] = size_factors * np.exp(matrix @ beta[gene])
    return Fitted(beta, mu, hat, converged)


def _intercept_only(counts: Floats, size_factors: Floats, dispersions: Floats) -> Fitted:
    """Return the mean normalised count as the only coefficient, which R takes without iterating."""
    mean = (counts / size_factors).mean(axis=1, keepdims=True)
    mu = mean * size_factors
    weights = mu / (1 + dispersions[:, None] * mu)
    return Fitted(np.log(mean), mu, weights / weights.sum(axis=1, keepdims=True), np.ones(len(mean), dtype=bool))


def first_guess(counts: Floats, size_factors: Floats, matrix: Floats) -> Floats:
    """Return least-squares coefficients of the logarithms of normalised counts, genes x columns."""
    q, r = np.linalg.qr(matrix)
    return by_row(np.log(counts / size_factors + 0.1), q @ np.linalg.inv(r).T)


def log_likelihoods(counts: Floats, mu: Floats, dispersions: Floats, *, threads: int) -> Floats:
    """Return the log likelihood of every gene (counts and means are genes x libraries)."""
    out = np.empty(counts.shape[0])
    by_blocks(likelihood_block, len(out), threads, counts, mu, dispersions, out)
    return out


def contrast_errors(
    beta: Floats, dispersions: Floats, size_factors: Floats, matrix: Floats, contrast: Floats, *, smallest: float,
    threads: int, ridge: float | Floats = RIDGE,
) -> Floats:  # fmt: skip
    """Return the standard error (natural log) of ``beta @ contrast`` of every gene; NaN where it has none.

    References
    ----------
    R ``DESeq2:::getContrast``.
    """
    out, order = np.empty(len(beta)), narrow_order(matrix)
    by_blocks(
        error_block, len(beta), threads, beta[:, order], dispersions, size_factors, design_rows(matrix[:, order]),
        np.broadcast_to(ridge, len(order))[order], smallest, contrast[order], out,
    )  # fmt: skip
    return out
