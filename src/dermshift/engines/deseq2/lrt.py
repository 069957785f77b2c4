"""Likelihood-ratio test: what the model loses when columns of its matrix are taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.linalg import null_space
from scipy.stats import chi2

from dermshift.engines.deseq2.arrays import by_gene
from dermshift.engines.deseq2.glm import ITERATIONS, fit_coefficients, log_likelihoods
from dermshift.engines.deseq2.threshold import upper_tail
from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.dataset import RDeseqDataSet

    Floats = NDArray[np.float64]


def by_likelihood(tested: pd.DataFrame, dds: RDeseqDataSet, contrast: Floats) -> pd.DataFrame:
    """Return the tested genes with the likelihood-ratio statistic and p-value of the contrast in place of Wald's.

    Parameters
    ----------
    tested
        As `wald.wald` returns them; estimate, error and curve stay.

    Notes
    -----
    The statistic is the root of the likelihood ratio with the sign of the estimate. Against the normal curve its
    p-value is that of the ratio against chi-square with one degree of freedom, which is R's; the t curve allows for
    the dispersion being estimated, as in the Wald test.
    """
    matrix = np.asarray(dds.obsm["design_matrix"], dtype=float)
    ratio = likelihood_ratio(dds, without_contrast(matrix, contrast))["statistic"]
    root = np.sqrt(ratio.clip(lower=0)) * np.sign(tested["estimate"])
    p = 2 * upper_tail(root.abs().to_numpy(float), tested["df"])
    return tested.assign(statistic=root, p=p)


def without_contrast(matrix: Floats, contrasts: Floats) -> Floats:
    """Return a matrix that fits everything the full one does except the contrasts: what is left when each is zero.

    Parameters
    ----------
    matrix
        Libraries x columns.
    contrasts
        One contrast, shape (columns,), or several that are tested together, shape (contrasts, columns).
    """
    rows = np.atleast_2d(contrasts)
    used = (rows != 0).any(axis=0)
    kept = np.eye(matrix.shape[1])[:, ~used]
    mixed = np.zeros((matrix.shape[1], 0))
    if used.any():
        basis = null_space(rows[:, used])
        mixed = np.zeros((matrix.shape[1], basis.shape[1]))
        mixed[used] = basis
    return np.asarray(matrix @ np.hstack([kept, mixed]))


def likelihood_ratio(dds: RDeseqDataSet, reduced: Floats) -> pd.DataFrame:
    """Test the fitted matrix against a reduced one, with the dispersions of the full model.

    Parameters
    ----------
    reduced
        Libraries x fewer columns, within the space of the full matrix.

    Returns
    -------
    Index gene id; ``statistic`` (twice the difference of the log likelihoods), ``df`` and ``p``; NaN for genes
    without a count.

    Raises
    ------
    DesignError
        The reduced matrix is not of lower rank, or not within the full one.

    References
    ----------
    R ``DESeq2::nbinomLRT``.
    """
    full = np.asarray(dds.obsm["design_matrix"], dtype=float)
    df = _need_nested(full, reduced)
    tried = np.flatnonzero(dds.var["non_zero"] & ~dds.var_names.isin(dds.new_all_zeroes_genes))
    counts = by_gene(dds.layers.get("replace_counts", dds.X)[:, tried])
    dispersions = dds.var["dispersions"].to_numpy(float)[tried]
    more, fewer = (_likelihoods(dds, counts, dispersions, matrix) for matrix in (full, reduced))
    statistic = pd.Series(np.nan, index=dds.var_names)
    statistic[dds.new_all_zeroes_genes] = 0.0
    statistic[dds.var_names[tried]] = 2 * (more - fewer)
    return pd.DataFrame({"statistic": statistic, "df": df, "p": chi2.sf(statistic, df)}, index=dds.var_names)


def _likelihoods(dds: RDeseqDataSet, counts: Floats, dispersions: Floats, matrix: Floats) -> Floats:
    threads = dds.inference.threads
    fitted = fit_coefficients(
        counts, dds.obs["size_factors"].to_numpy(float), matrix, dispersions, smallest=dds.min_mu,
        tolerance=dds.beta_tol, most=ITERATIONS, threads=threads, leverages=False,
    )  # fmt: skip
    return log_likelihoods(counts, fitted.mu, dispersions, threads=threads)


def _need_nested(full: Floats, reduced: Floats) -> int:
    """Return how many degrees of freedom the reduced matrix gives up."""
    sound = reduced.ndim == 2 and reduced.shape[0] == full.shape[0] and bool(np.isfinite(reduced).all())
    rank = int(np.linalg.matrix_rank(reduced)) if sound and reduced.size else 0
    together = int(np.linalg.matrix_rank(np.hstack([full, reduced]))) if sound else 0
    if 0 < rank == reduced.shape[1] < full.shape[1] == together:
        return int(full.shape[1] - rank)
    raise DesignError(
        Problem(
            where="engine 'deseq2', likelihood-ratio test",
            found=f"a reduced matrix of shape {reduced.shape} and rank {rank} against {full.shape}",
            expected="the same libraries and fewer columns of full rank, each a combination of the full matrix's",
            action="Take columns away from the full matrix; a matrix that adds any is a different model.",
        )
    )
