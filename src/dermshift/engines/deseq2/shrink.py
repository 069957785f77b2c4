"""Shrunken estimates, for ranking and drawing, never for testing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydeseq2.ds import DeseqStats

from dermshift.engines.deseq2.arrays import by_gene
from dermshift.engines.deseq2.shrinkage import map_coefficients
from dermshift.engines.deseq2.wald import LOG2, aligned_contrast

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.engines.deseq2.dataset import RDeseqDataSet


WIDE = 15.0
"""Standard deviation of the prior of all other coefficients (natural log), as in R."""
NOTHING = 0.01
"""A change (log2) of less than one percent."""


def shrunken(dds: RDeseqDataSet, design: Design, error: pd.Series[float]) -> pd.Series[float]:
    """Return the shrunken log2 estimate of the design's coefficient; NaN where shrinkage failed.

    One coefficient is shrunk, whatever contrast was tested: so this is called only where the contrast is that
    coefficient. The library chooses the width of its prior; its own `lfc_shrink` would ask for the covariances of all
    coefficients, to take one number from each.

    Parameters
    ----------
    error
        Standard errors (log2) of that coefficient, index gene id: they decide the width of the prior.

    References
    ----------
    Zhu, Ibrahim and Love 2019 (apeglm), doi:10.1093/bioinformatics/bty895; R ``DESeq2::lfcShrink``.
    """
    column = dds.varm["LFC"].columns.get_loc(design.coefficient)
    library = DeseqStats(dds, contrast=aligned_contrast(dds, design), inference=dds.inference, quiet=True)
    library.SE = error * LOG2
    width = min(float(np.sqrt(library._fit_prior_var(coeff_idx=column))), 1.0)
    fitted = dds.non_zero_idx
    beta, _, settled = map_coefficients(
        by_gene(dds.X[:, fitted]), np.log(dds.obs["size_factors"].to_numpy(float)),
        np.asarray(dds.obsm["design_matrix"], dtype=float), dds.var["dispersions"].to_numpy(float)[fitted], column,
        wide=WIDE, scale=width, threads=dds.inference.threads, covariances=False,
    )  # fmt: skip
    effect = beta[:, column]
    found = np.full(dds.n_vars, np.nan)
    found[fitted] = np.where(settled & np.isfinite(effect), effect / LOG2, np.nan)
    return pd.Series(found, index=dds.var_names)


def sign_changes(estimate: pd.Series[float], shrunk: pd.Series[float]) -> list[str]:
    """Return the genes whose shrunken estimate points the other way than the estimate: a sign that shrinkage failed.

    Genes that were drawn to nothing do not count, on whichever side of zero they end.
    """
    return [str(gene) for gene in estimate.index[(estimate * shrunk < 0) & (shrunk.abs() > NOTHING)]]
