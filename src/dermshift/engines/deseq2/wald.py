"""Wald test of one contrast of a fit, on the log2 scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydeseq2.ds import DeseqStats
from scipy.stats import t

from dermshift.engines.deseq2.reference import reference_df

if TYPE_CHECKING:
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.inference import Inference

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions


def contrast_stats(dds: DeseqDataSet, design: Design, options: EngineOptions, inference: Inference) -> DeseqStats:
    """Return the design's contrast as PyDESeq2 tests it; weights are matched to coefficients by name."""
    weights = pd.Series(design.contrast, index=design.matrix.columns)
    stats = DeseqStats(
        dds,
        # anything but an array of floats is looked up in a formula, and there is none
        contrast=weights.loc[dds.obsm["design_matrix"].columns].to_numpy(float),
        alpha=options.alpha,
        cooks_filter=True,
        independent_filter=options.independent_filtering,
        inference=inference,
        quiet=True,
    )
    stats.summary()
    return stats


def wald(dds: DeseqDataSet, design: Design, options: EngineOptions, inference: Inference) -> pd.DataFrame:
    """Test ``contrast @ beta = 0`` for every gene of the fit.

    Returns
    -------
    Index gene id; ``estimate`` and ``error`` in log2, ``statistic``, ``p`` and ``df`` of its reference curve, and the
    booleans ``outlier`` (p withheld because of Cook's distance), ``converged`` and ``kept`` (passed the independent
    filter, all true without it).
    """
    stats = contrast_stats(dds, design, options, inference)
    results = stats.results_df
    df = reference_df(dds, design, options)
    return pd.DataFrame(
        {
            "estimate": results["log2FoldChange"],
            "error": results["lfcSE"],
            "statistic": results["stat"],
            "p": results["pvalue"].where(results["pvalue"].isna(), 2 * t.sf(results["stat"].abs(), df)),
            "df": df,
            "outlier": np.asarray(dds.cooks_outlier(), dtype=bool),
            "converged": dds.var["_LFC_converged"].fillna(value=False).astype(bool),
            "kept": results["padj"].notna() | results["pvalue"].isna(),
        },
        index=dds.var_names,
    )
