"""Wald test of one contrast of a fit, on the log2 scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.engines.deseq2.glm import SMALLEST_MEAN, contrast_errors
from dermshift.engines.deseq2.kernels.gram import by_row
from dermshift.engines.deseq2.reference import reference_df
from dermshift.engines.deseq2.threshold import threshold_test

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet

    Floats = NDArray[np.float64]
    Booleans = NDArray[np.bool_]

LOG2 = float(np.log(2))


def wald(dds: RDeseqDataSet, design: Design, options: EngineOptions) -> pd.DataFrame:
    """Test ``contrast @ beta`` of every gene of the fit against no change, or against the threshold of the options.

    Returns
    -------
    Index gene id; ``estimate`` and ``error`` in log2, ``statistic``, ``p`` and ``df`` of its reference curve, and the
    booleans ``outlier`` (p withheld because of Cook's distance) and ``converged``.

    References
    ----------
    R ``DESeq2::results``.
    """
    contrast = aligned_contrast(dds, design)
    estimate, error = estimates(dds, contrast)
    estimate[no_counts(dds, contrast)] = 0.0
    df = reference_df(dds, design, options)
    statistic, p = threshold_test(estimate, error, df, threshold=options.lfc_threshold, alternative=options.alternative)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "error": error,
            "statistic": statistic,
            "p": p,
            "df": df,
            "outlier": dds.cooks_outlier(),
            "converged": dds.var["_LFC_converged"].fillna(value=False).astype(bool),
        },
        index=dds.var_names,
    )


def aligned_contrast(dds: RDeseqDataSet, design: Design) -> Floats:
    """Return the design's weights in the order of the fit's coefficients, matched by name."""
    weights = pd.Series(design.contrast, index=design.matrix.columns)
    return np.asarray(weights.loc[dds.obsm["design_matrix"].columns], dtype=float)


def estimates(dds: RDeseqDataSet, contrast: Floats) -> tuple[Floats, Floats]:
    """Return estimate and standard error of a contrast, log2; NaN for genes without a fit.

    The error rests on means of at least .5, as the fit itself does.
    """
    beta = np.ascontiguousarray(dds.varm["LFC"].to_numpy(float))
    error = contrast_errors(
        beta, dds.var["dispersions"].to_numpy(float), dds.obs["size_factors"].to_numpy(float),
        np.asarray(dds.obsm["design_matrix"], dtype=float), contrast, smallest=SMALLEST_MEAN,
        threads=dds.inference.threads,
    )  # fmt: skip
    return by_row(beta, contrast[:, None])[:, 0] / LOG2, error / LOG2


def no_counts(dds: RDeseqDataSet, contrast: Floats) -> Booleans:
    """Return the genes without a count in any library a difference compares: nothing changed between nothing.

    References
    ----------
    R ``DESeq2:::contrastAllZeroNumeric``.
    """
    if (contrast >= 0).all() or (contrast <= 0).all():
        return np.zeros(dds.n_vars, dtype=bool)
    compared = np.asarray(dds.obsm["design_matrix"], dtype=float) @ (contrast != 0) != 0
    counted = np.asarray(dds.X[compared].sum(axis=0)).ravel() > 0
    return np.asarray(~counted & dds.var["non_zero"])
