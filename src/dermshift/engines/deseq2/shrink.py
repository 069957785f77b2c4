"""Shrunken estimates, for ranking and drawing, never for testing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pydeseq2.ds import DeseqStats

from dermshift.engines.deseq2.wald import LOG2, aligned_contrast

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.engines.deseq2.dataset import RDeseqDataSet


NOTHING = 0.01
"""A change (log2) of less than one percent."""


def shrunken(dds: RDeseqDataSet, design: Design, error: pd.Series[float]) -> pd.Series[float]:
    """Return the shrunken log2 estimate of the design's coefficient; NaN where shrinkage failed.

    The library shrinks one coefficient, whatever contrast was tested, and overwrites the estimates of the object it
    works on: so this is called only where the contrast is that coefficient, and on an object of its own.

    Parameters
    ----------
    error
        Standard errors (log2) of that coefficient, index gene id: they decide the width of the prior.

    References
    ----------
    Zhu, Ibrahim and Love 2019 (apeglm), doi:10.1093/bioinformatics/bty895; R ``DESeq2::lfcShrink``.
    """
    throw_away = DeseqStats(dds, contrast=aligned_contrast(dds, design), inference=dds.inference, quiet=True)
    throw_away.SE = error * LOG2
    before = throw_away.LFC[design.coefficient].copy()
    throw_away.lfc_shrink(coeff=design.coefficient)
    after = throw_away.LFC[design.coefficient]
    settled = throw_away._LFC_shrink_converged.fillna(value=False).astype(bool)
    failed = ~settled | (after == before) | ~np.isfinite(after)  # the library leaves the plain estimate there
    return pd.Series(np.where(failed, np.nan, after / LOG2), index=dds.var_names)


def sign_changes(estimate: pd.Series[float], shrunk: pd.Series[float]) -> list[str]:
    """Return the genes whose shrunken estimate points the other way than the estimate: a sign that shrinkage failed.

    Genes that were drawn to nothing do not count, on whichever side of zero they end.
    """
    return [str(gene) for gene in estimate.index[(estimate * shrunk < 0) & (shrunk.abs() > NOTHING)]]
