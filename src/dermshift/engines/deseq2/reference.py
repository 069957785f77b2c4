"""The curve a Wald statistic is held against: how many degrees of freedom each gene's dispersion rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import polygamma

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.engines.deseq2.dataset import RDeseqDataSet

LARGEST_DF = 1e6
"""Beyond this many degrees of freedom a t curve is the normal curve."""


def prior_df(variance: float) -> float:
    """Return the degrees of freedom the dispersion prior is worth.

    The logarithm of a scaled chi-square variance with d degrees of freedom has the variance trigamma(d / 2); the prior
    of the log dispersion with that variance is worth as many further observations of a gene's own dispersion.

    Parameters
    ----------
    variance
        Prior variance of the natural log of the dispersion.

    References
    ----------
    Smyth 2004, section 6.2, doi:10.2202/1544-6115.1027 (R ``limma::fitFDist``), there for log sample variances.
    """
    if variance <= polygamma(1, LARGEST_DF / 2):
        return LARGEST_DF
    return float(2 * brentq(lambda half: polygamma(1, half) - variance, 1e-3, LARGEST_DF / 2))


def reference_df(dds: RDeseqDataSet, design: Design, options: EngineOptions) -> pd.Series[float]:
    """Return the degrees of freedom of each gene's reference curve; infinite for the normal curve.

    Residual degrees of freedom of the design plus those of the dispersion prior. A gene whose own dispersion lies so
    far above the trend that the model leaves it unshrunken has the residual ones alone.
    """
    if options.reference == "normal":
        return pd.Series(np.inf, index=dds.var_names)
    unshrunken = dds.var["_outlier_genes"].to_numpy(bool)
    borrowed = np.where(unshrunken, 0.0, prior_df(float(dds.uns["prior_disp_var"])))
    return pd.Series(design.residual_df + borrowed, index=dds.var_names)
