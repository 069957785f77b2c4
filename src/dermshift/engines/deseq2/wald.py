"""Wald test of one contrast of a fit, on the log2 scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydeseq2.ds import DeseqStats

if TYPE_CHECKING:
    import numpy.typing as npt
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.inference import Inference

    from dermshift.engines.base import EngineOptions


def contrast_stats(
    dds: DeseqDataSet, contrast: npt.NDArray[np.float64], options: EngineOptions, inference: Inference
) -> DeseqStats:
    """Return PyDESeq2's tested contrast; `contrast` is one weight per column of the design matrix."""
    stats = DeseqStats(
        dds,
        contrast=np.asarray(contrast, dtype=float),  # anything but an array is looked up in a formula there is not
        alpha=options.alpha,
        cooks_filter=True,
        independent_filter=options.independent_filtering,
        inference=inference,
        quiet=True,
    )
    stats.summary()
    return stats


def wald(
    dds: DeseqDataSet, contrast: npt.NDArray[np.float64], options: EngineOptions, inference: Inference
) -> pd.DataFrame:
    """Test ``contrast @ beta = 0`` for every gene of the fit.

    Returns
    -------
    Index gene id; ``estimate`` and ``error`` in log2, ``statistic``, ``p``, and the booleans ``outlier`` (p withheld
    because of Cook's distance), ``converged`` and ``kept`` (passed the independent filter, all true without it).
    """
    stats = contrast_stats(dds, contrast, options, inference)
    results = stats.results_df
    return pd.DataFrame(
        {
            "estimate": results["log2FoldChange"],
            "error": results["lfcSE"],
            "statistic": results["stat"],
            "p": results["pvalue"],
            "outlier": np.asarray(dds.cooks_outlier(), dtype=bool),
            "converged": dds.var["_LFC_converged"].fillna(value=False).astype(bool),
            "kept": results["padj"].notna() | results["pvalue"].isna(),
        },
        index=dds.var_names,
    )
