"""Shrunken estimates, for ranking and drawing, never for testing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.engines.deseq2.wald import contrast_stats

if TYPE_CHECKING:
    from pydeseq2.dds import DeseqDataSet
    from pydeseq2.inference import Inference

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions


def shrunken(dds: DeseqDataSet, design: Design, options: EngineOptions, inference: Inference) -> pd.Series[float]:
    """Return the shrunken log2 estimate of the design's coefficient; NaN where shrinkage failed.

    The library shrinks one coefficient, whatever contrast was tested, and overwrites the estimates of the object it
    works on: so this is called only where the contrast is that coefficient, and on an object of its own.

    References
    ----------
    Zhu, Ibrahim and Love 2019 (apeglm), doi:10.1093/bioinformatics/bty895; R ``DESeq2::lfcShrink``.
    """
    throw_away = contrast_stats(dds, design, options, inference)
    before = throw_away.results_df["log2FoldChange"].copy()
    throw_away.lfc_shrink(coeff=design.coefficient)
    after = throw_away.LFC[design.coefficient] / np.log(2)
    failed = (after == before) | ~np.isfinite(after)  # the library leaves the plain estimate where shrinkage fails
    return pd.Series(np.where(failed, np.nan, after), index=dds.var_names)


def sign_changes(estimate: pd.Series[float], shrunk: pd.Series[float]) -> list[str]:
    """Return the genes whose shrunken estimate points the other way than the estimate: a sign that shrinkage failed."""
    return [str(gene) for gene in estimate.index[(estimate * shrunk) < 0]]
