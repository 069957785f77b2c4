"""PyDESeq2's model with R's rules between the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydeseq2.dds import DeseqDataSet
from scipy.sparse import issparse

from dermshift.engines.deseq2 import cooks
from dermshift.engines.deseq2.arrays import by_gene
from dermshift.engines.deseq2.prior import mad_variance, prior_variance
from dermshift.engines.deseq2.sizes import given_or_median_of_ratios
from dermshift.engines.deseq2.trend import fit_trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anndata import AnnData
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.inference import BatchedInference
    from dermshift.engines.deseq2.trend import Trend

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

ABOVE_FLOOR = 100
"""Gene-wise dispersions below this multiple of the smallest say nothing about trend and prior."""
OUTLIER_SD = 2
OWN = ("_MoM_dispersions", "genewise_dispersions", "_genewise_converged")
"""What `fit_genewise_dispersions` finds of each gene, besides the means it used."""


class RDeseqDataSet(DeseqDataSet):  # type: ignore[misc]  # the base class is untyped
    """A ``DeseqDataSet`` that answers as R DESeq2 does.

    It is made and used like its parent, with a `BatchedInference`; each method names the R function it follows. Size
    factors already in ``obs["size_factors"]`` are kept. Arrays by gene are genes x libraries, of the genes with any
    count.
    """

    inference: BatchedInference
    trend: Trend

    def __init__(self, *, adata: AnnData | None = None, counts: pd.DataFrame | None = None, **settings: object) -> None:
        """Take counts as the parent does, sparse ones too."""
        if adata is not None and issparse(adata.X):
            adata = adata.copy()
            adata.X = adata.X.toarray()
        if counts is not None:
            counts = pd.DataFrame(np.asarray(counts), index=counts.index, columns=counts.columns)
        super().__init__(adata=adata, counts=counts, **settings)

    def fit_size_factors(self, fit_type: str | None = None, control_genes: object = None) -> None:
        """Keep the given size factors, or estimate them by the median of ratios. R ``estimateSizeFactors``."""
        ratio = (fit_type or self.size_factors_fit_type) == "ratio" and control_genes is None
        if not ratio and "size_factors" not in self.obs:
            super().fit_size_factors(fit_type, control_genes)
            return
        self.obs["size_factors"] = given_or_median_of_ratios(self.obs.get("size_factors"), self.X)
        self.layers["normed_counts"] = self.X / self.obs["size_factors"].to_numpy()[:, None]
        self.var["_normed_means"] = by_gene(self.layers["normed_counts"]).mean(axis=1)  # one order for any layout

    def fit_genewise_dispersions(self, vst: bool = False) -> None:  # noqa: FBT001, FBT002 -- the parent's signature
        """Estimate each gene's own dispersion. R ``estimateDispersionsGeneEst``."""
        if vst:
            super().fit_genewise_dispersions(vst=True)
            return
        if "size_factors" not in self.obs or "normed_counts" not in self.layers:
            self.fit_size_factors()
        self._note_zeros()
        matrix, factors = self._matrix(), self._factors()
        normalised = (self._y / factors).T
        rough = self.inference.fit_rough_dispersions(normalised, matrix)
        start = np.minimum(rough, self.inference.fit_moments_dispersions(normalised, factors))
        start = np.clip(start, self.min_disp, self.max_disp)
        self._mu = np.maximum(self._first_means(start), self.min_mu)
        found, settled = self.inference.alpha_mle(
            self._y.T, matrix, self._mu.T, start, self.min_disp, float(self.max_disp)
        )
        self._put(_MoM_dispersions=start, genewise_dispersions=found)
        self._put_flags(_genewise_converged=settled)

    def fit_dispersion_trend(self, vst: bool = False) -> None:  # noqa: FBT001, FBT002 -- the parent's signature
        """Fit the dispersion as a function of the mean. R ``estimateDispersionsFit``."""
        if vst:
            super().fit_dispersion_trend(vst=True)
            return
        means, own = self._get("_normed_means"), self._get("genewise_dispersions")
        self.trend = fit_trend(means, own, min_dispersion=self.min_disp)
        self.uns["disp_function_type"] = self.trend.kind
        if self.trend.coefficients is not None:
            self.uns["trend_coeffs"] = pd.Series(self.trend.coefficients, index=["a0", "a1"])
        self._put(fitted_dispersions=self.trend(means))

    def disp_function(self, x: Floats) -> Floats:
        """Return the dispersion the trend gives to genes of these means."""
        return self.trend(np.asarray(x, dtype=float))

    def fit_dispersion_prior(self) -> None:
        """Estimate how far dispersions scatter around the trend. R ``estimateDispersionsPriorVar``."""
        own, fitted = self._get("genewise_dispersions"), self._get("fitted_dispersions")
        residuals = (np.log(own) - np.log(fitted))[own >= ABOVE_FLOOR * self.min_disp]
        scatter = mad_variance(residuals)
        n, p = self._matrix().shape
        self.uns["_squared_logres"] = scatter
        self.uns["prior_disp_var"] = np.float64(prior_variance(residuals, n - p, scatter))

    def fit_MAP_dispersions(self) -> None:  # noqa: N802 -- the parent's name
        """Draw dispersions towards the trend; those far above it stay. R ``estimateDispersionsMAP``."""
        own, fitted = self._get("genewise_dispersions"), self._get("fitted_dispersions")
        found, settled = self.inference.alpha_mle(
            self._y.T, self._matrix(), self._mu.T, fitted, self.min_disp, float(self.max_disp),
            prior_disp_var=float(self.uns["prior_disp_var"]), prior_reg=True,
            start=np.where(own > 0.1 * fitted, own, fitted),
        )  # fmt: skip
        far_above = np.log(own) > np.log(fitted) + OUTLIER_SD * np.sqrt(self.uns["_squared_logres"])
        self._put(MAP_dispersions=found, dispersions=np.where(far_above, own, found))
        self._put_flags(_MAP_converged=settled)
        self.var["_outlier_genes"] = self._spread(far_above, fill=False)

    def fit_LFC(self) -> None:  # noqa: N802 -- the parent's name
        """Fit the coefficients, natural logarithms. R ``nbinomWaldTest``."""
        beta, mu, hat, converged = self.inference.irls(
            self._y.T, self._factors(), self._matrix(), self._get("dispersions"), self.min_mu, self.beta_tol
        )
        columns = self.obsm["design_matrix"].columns
        self.varm["LFC"] = pd.DataFrame(self._spread(beta, fill=np.nan), index=self.var_names, columns=columns)
        self._mu_final, self._hat = mu.T, hat.T
        self._put_flags(_LFC_converged=converged)

    def calculate_cooks(self) -> None:
        """Compute Cook's distances where they can count. R ``calculateCooksDistance``."""
        if cooks.repeated(self._matrix(), 3).any():
            found = cooks.distances(self._y, self._factors(), self._mu_final, self._hat, self._matrix())
            self.layers["cooks"] = self._spread(found, fill=np.nan).T

    def refit(self) -> None:
        """Replace outlying counts where seven libraries share a design row, and fit those genes again."""
        from dermshift.engines.deseq2.refit import refit_without_outliers

        refit_without_outliers(self)

    def of_genes(self, genes: Sequence[str]) -> RDeseqDataSet:
        """Return the fit of those of `genes` that are here, as fitting all of them gives it.

        Size factors, trend and prior come from every gene, and nothing else of one gene depends on another. At least
        one gene is fitted: where none of `genes` is here, the first.
        """
        self.fit_size_factors(self.size_factors_fit_type, self.control_genes)
        self.fit_genewise_dispersions()
        self.fit_dispersion_trend()
        self.fit_dispersion_prior()
        kept = np.asarray(self.var_names.isin(list(genes)))
        kept[0] |= not kept.any()
        part = self._with(self.X[:, kept], self.var_names[kept], refit_cooks=self.refit_cooks)
        part.fit_size_factors()
        part._note_zeros()
        part._mu = self._mu[kept[self.non_zero_idx]]
        for name in OWN:
            part.var[name] = self.var.loc[kept, name]
        part._fit_with_trend_of(self)
        part.calculate_cooks()
        if part.refit_cooks:
            part.refit()
        part.cooks_outlier()
        return part

    def like(self, counts: pd.DataFrame, *, refit_cooks: bool = False) -> RDeseqDataSet:
        """Return the coefficients of other counts of the same libraries, with the size factors, trend and prior here.

        Parameters
        ----------
        counts
            Libraries x genes.
        """
        part = self._with(np.asarray(counts), counts.columns, refit_cooks=refit_cooks)
        part.fit_genewise_dispersions()
        part._fit_with_trend_of(self)
        return part

    def _with(self, counts: NDArray[np.generic], genes: pd.Index, *, refit_cooks: bool) -> RDeseqDataSet:
        """Return the same libraries with other counts (libraries x genes), nothing fitted."""
        return type(self)(
            counts=pd.DataFrame(counts, index=self.obs_names, columns=genes),
            metadata=self.obs[["size_factors"]].copy(), design=pd.DataFrame(self.obsm["design_matrix"]),
            min_mu=self.min_mu, min_disp=self.min_disp, refit_cooks=refit_cooks, beta_tol=self.beta_tol,
            min_replicates=self.min_replicates, inference=self.inference, quiet=True,
        )  # fmt: skip

    def _fit_with_trend_of(self, whole: RDeseqDataSet) -> None:
        """Fit dispersions and coefficients with the trend and prior of another fit."""
        self.trend = whole.trend
        self.var["fitted_dispersions"] = self.disp_function(self.var["_normed_means"].to_numpy())
        self.uns |= {name: whole.uns[name] for name in ("_squared_logres", "prior_disp_var")}
        self.fit_MAP_dispersions()
        self.fit_LFC()

    def cooks_outlier(self) -> Booleans:
        """Return the genes whose p-value is withheld. R ``results``, argument ``cooksCutoff``."""
        if "_pvalue_cooks_outlier" not in self.var:
            found = np.zeros(self.n_vars, dtype=bool)
            if "cooks" in self.layers:
                original, counts = by_gene(self.layers["cooks"]), by_gene(self.X)
                left = by_gene(self.layers["replace_cooks"]) if "replace_cooks" in self.layers else original
                found = cooks.withheld(left, original, counts, self._matrix())
            self.var["_pvalue_cooks_outlier"] = found
        return np.asarray(self.var["_pvalue_cooks_outlier"], dtype=bool)

    def _first_means(self, start: Floats) -> Floats:
        """Return the means the gene-wise dispersions are estimated with, genes x libraries."""
        matrix, factors = self._matrix(), self._factors()
        if len(np.unique(matrix, axis=0)) == matrix.shape[1]:
            return self.inference.lin_reg_mu(self._y.T, factors, matrix, self.min_mu).T
        return self.inference.irls(self._y.T, factors, matrix, start, self.min_mu, self.beta_tol, leverages=False)[1].T

    def _matrix(self) -> Floats:
        return np.asarray(self.obsm["design_matrix"], dtype=float)

    def _factors(self) -> Floats:
        return np.asarray(self.obs["size_factors"], dtype=float)

    def _note_zeros(self) -> None:
        """Set aside the genes without a count, under the names the parent uses."""
        self.var["non_zero"] = ~(self.X == 0).all(axis=0)
        self.non_zero_idx = np.flatnonzero(self.var["non_zero"])
        self.non_zero_genes = self.var_names[self.non_zero_idx]
        self._y = by_gene(self.X[:, self.non_zero_idx])

    def _get(self, column: str) -> Floats:
        return np.asarray(self.var[column], dtype=float)[self.non_zero_idx]

    def _put(self, **columns: Floats) -> None:
        for name, values in columns.items():
            self.var[name] = self._spread(values, fill=np.nan)

    def _put_flags(self, **columns: Booleans) -> None:
        for name, values in columns.items():
            flags = np.asarray(self._spread(values, fill=False))
            self.var[name] = pd.arrays.BooleanArray(flags, ~self.var["non_zero"].to_numpy())

    def _spread(self, values: NDArray[np.generic], *, fill: float) -> NDArray[np.generic]:
        """Return the values of the fitted genes in the places of all genes."""
        out = np.full((self.n_vars, *values.shape[1:]), fill, dtype=values.dtype)
        out[self.non_zero_idx] = values
        return out
