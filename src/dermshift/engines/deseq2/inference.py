"""The kernels behind PyDESeq2's own seam: an ``Inference`` that computes all genes in compiled loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydeseq2.inference import Inference

from dermshift.engines.deseq2 import dispersions, glm
from dermshift.engines.deseq2.arrays import by_gene, need_arrays
from dermshift.engines.deseq2.gamma import gamma_identity
from dermshift.engines.deseq2.kernels.gram import by_row
from dermshift.engines.deseq2.shrinkage import map_coefficients
from dermshift.engines.deseq2.threshold import threshold_test
from dermshift.engines.deseq2.trend import START
from dermshift.threads import available_threads

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from dermshift.engines.base import Alternative

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

Optimizer = Literal["BFGS", "L-BFGS-B"]


class BatchedInference(Inference):  # type: ignore[misc]  # the base class is untyped
    """Every step of the model over all genes at once.

    Arrays arrive libraries x genes, as PyDESeq2 passes them. A plain ``DeseqDataSet`` works with these kernels; one
    ``RDeseqDataSet`` also follows R in what happens between them.

    Parameters
    ----------
    threads
        Threads inside the kernels; 0 uses every core. The results do not depend on it.

    Raises
    ------
    FormatError
        Every method: arrays of different shapes, missing or infinite values, size factors that are not positive.
    DesignError
        Every method: the matrix has missing values, is not of full rank, or has as many columns as libraries.
    """

    def __init__(self, threads: int = 1) -> None:
        self.threads = threads or available_threads()

    def lin_reg_mu(self, counts: Floats, size_factors: Floats, design_matrix: Floats, min_mu: float) -> Floats:
        """Return the means of a linear model of the normalised counts. R ``DESeq2:::linearModelMuNormalized``."""
        need_arrays("linear means", design_matrix, counts=counts, size_factors=size_factors)
        fitted = dispersions.linear_means(by_gene(counts) / size_factors, design_matrix)
        return np.maximum(fitted * size_factors, min_mu).T

    def irls(
        self, counts: Floats, size_factors: Floats, design_matrix: Floats, disp: Floats, min_mu: float, beta_tol: float,
        min_beta: float = -30, max_beta: float = 30, optimizer: Optimizer = "L-BFGS-B", maxiter: int = glm.ITERATIONS,
        *, leverages: bool = True,
    ) -> tuple[Floats, Floats, Floats, Booleans]:  # fmt: skip
        """Return coefficients (genes x columns), means and leverages (libraries x genes), and which genes converged.

        Leverages that are not wanted are not computed: 0 x genes.

        The limits of the coefficients are R's: 30 for natural logarithms in the iterations, 30 for log2 in the
        fallback. R ``DESeq2:::fitNbinomGLMs``.
        """
        need_arrays("coefficients", design_matrix, counts=counts, size_factors=size_factors, dispersions=disp)
        found = glm.fit_coefficients(
            by_gene(counts), np.asarray(size_factors, float), np.asarray(design_matrix, float), np.asarray(disp, float),
            smallest=min_mu, tolerance=beta_tol, most=maxiter, threads=self.threads,
            leverages=leverages,
        )  # fmt: skip
        return found.beta, found.mu.T, found.hat.T, found.converged

    def alpha_mle(
        self, counts: Floats, design_matrix: Floats, mu: Floats, alpha_hat: Floats, min_disp: float, max_disp: float,
        prior_disp_var: float | None = None, cr_reg: bool = True, prior_reg: bool = False,  # noqa: FBT001, FBT002
        optimizer: Optimizer = "L-BFGS-B", start: Floats | None = None,
    ) -> tuple[Floats, Booleans]:  # fmt: skip
        """Return the dispersion of each gene and whether its search settled; the others come from a grid.

        Without a prior `alpha_hat` is the first guess; with one it is the centre of the prior, and `start` the first
        guess. R ``DESeq2::estimateDispersionsGeneEst``, ``estimateDispersionsMAP``.
        """
        begin = np.asarray(alpha_hat if start is None else start, float)
        variance = 1.0 if prior_disp_var is None else prior_disp_var
        need_arrays(
            "dispersions", design_matrix, counts=counts, means=mu, dispersions=alpha_hat, start=begin,
            prior_variance=variance,
        )  # fmt: skip
        y, means, centre = by_gene(counts), by_gene(mu), np.asarray(alpha_hat, float)
        matrix = np.asarray(design_matrix, float)
        if prior_reg and prior_disp_var is not None:
            return dispersions.shrunken_dispersions(
                y, means, matrix, begin, centre, float(variance), lowest=min_disp, highest=float(max_disp),
                cox_reid=cr_reg, threads=self.threads,
            )  # fmt: skip
        return dispersions.genewise_dispersions(
            y, means, matrix, np.clip(begin, min_disp, max_disp), lowest=min_disp, highest=float(max_disp),
            cox_reid=cr_reg, threads=self.threads,
        )  # fmt: skip

    def wald_test(
        self, design_matrix: Floats, disp: Floats, lfc: Floats, mu: Floats, ridge_factor: Floats, contrast: Floats,
        lfc_null: float, alt_hypothesis: Alternative | None = None,
    ) -> tuple[Floats, Floats, Floats]:  # fmt: skip
        """Return p-values, statistics and standard errors of the contrast, natural logarithms.

        The threshold applies to the contrast itself. Genes without a dispersion get NaN. R ``DESeq2::results``.
        """
        matrix, beta = np.asarray(design_matrix, float), np.ascontiguousarray(lfc, dtype=float)
        alpha, weights = np.asarray(disp, float), np.asarray(contrast, float)
        need_arrays(
            "Wald test", matrix, unfitted=True, coefficients=beta, means=mu, dispersions=alpha, contrast=weights,
            ridge=ridge_factor,
        )  # fmt: skip
        offsets = self._size_factors(mu, beta, matrix)
        error = glm.contrast_errors(
            beta, alpha, offsets, matrix, weights, smallest=glm.SMALLEST_MEAN, threads=self.threads,
            ridge=np.diag(np.asarray(ridge_factor, float)),
        )  # fmt: skip
        statistic, p = threshold_test(
            by_row(beta, weights[:, None])[:, 0],
            error,
            threshold=float(lfc_null),
            alternative=alt_hypothesis or "greaterAbs",
        )
        return p, statistic, error

    @staticmethod
    def _size_factors(mu: Floats, beta: Floats, matrix: Floats) -> Floats:
        """Return the size factors the means were made with: the interface passes means alone."""
        known = np.flatnonzero(np.isfinite(beta).all(axis=1) & np.isfinite(mu).all(axis=0))
        gene = known[np.argmin(np.abs(beta[known]).sum(axis=1))] if len(known) else 0
        return np.asarray(mu[:, gene] / np.exp(matrix @ beta[gene]), float)

    def fit_rough_dispersions(self, normed_counts: Floats, design_matrix: Floats) -> Floats:
        """Return dispersions from a linear model. R ``DESeq2:::roughDispEstimate``."""
        need_arrays("rough dispersions", design_matrix, counts=normed_counts)
        return dispersions.rough_dispersions(by_gene(normed_counts), np.asarray(design_matrix, float))

    def fit_moments_dispersions(self, normed_counts: Floats, size_factors: Floats) -> Floats:
        """Return dispersions from the moments. R ``DESeq2:::momentsDispEstimate``."""
        need_arrays("moments dispersions", None, counts=normed_counts, size_factors=size_factors)
        return dispersions.moments_dispersions(by_gene(normed_counts), np.asarray(size_factors, float))

    def dispersion_trend_gamma_glm(
        self, covariates: pd.Series[float], targets: pd.Series[float]
    ) -> tuple[Floats, Floats, bool]:
        """Return coefficients and predictions of one gamma regression with identity link. R ``glm``."""
        need_arrays("trend", None, inverse_means=covariates, dispersions=targets)
        X = np.column_stack([np.ones(len(covariates)), covariates.to_numpy(float)])
        fit = gamma_identity(targets.to_numpy(float), X, np.array(START))
        if fit is None:
            return np.full(2, np.nan), np.full(len(X), np.nan), False
        return fit.coefficients, X @ fit.coefficients, fit.converged

    def lfc_shrink_nbinom_glm(
        self, design_matrix: Floats, counts: Floats, size: Floats, offset: Floats, prior_no_shrink_scale: float,
        prior_scale: float, optimizer: str, shrink_index: int,
    ) -> tuple[Floats, Floats, Booleans]:  # fmt: skip
        """Return coefficients with a heavy-tailed prior on one of them, their covariances, and which converged."""
        with np.errstate(over="ignore", divide="ignore"):
            factors, alpha = np.exp(np.asarray(offset, float)), 1 / np.asarray(size, float)
        need_arrays(
            "shrinkage", design_matrix, column=shrink_index, counts=counts, size_factors=factors, dispersions=alpha,
            prior_scale=prior_scale, prior_width=prior_no_shrink_scale,
        )  # fmt: skip
        return map_coefficients(
            by_gene(counts), np.asarray(offset, float), np.asarray(design_matrix, float), alpha,
            shrink_index, wide=float(prior_no_shrink_scale), scale=float(prior_scale), threads=self.threads,
        )  # fmt: skip
