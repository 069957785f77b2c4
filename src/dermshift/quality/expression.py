"""Library sizes, size factors and expression on a log2 scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from dermshift.study import Study


def size_factors(counts: pd.DataFrame) -> pd.Series[float]:
    """Return one size factor per sample: the median ratio to the geometric mean of each gene.

    Median of ratios of Anders and Huber (doi:10.1186/gb-2010-11-10-r106; R ``DESeq2::estimateSizeFactorsForMatrix``).
    Only genes counted in every sample enter; where there is none, library sizes relative to their geometric mean are
    used instead.

    Parameters
    ----------
    counts
        Samples x genes, counts >= 0.

    Returns
    -------
    pandas.Series
        Unitless, index as in `counts`; 1 for a sample without any count.
    """
    everywhere = (counts > 0).all(axis=0)
    if not everywhere.any():
        total = counts.sum(axis=1).astype(float)
        usual = np.exp(np.log(total[total > 0]).mean()) if (total > 0).any() else 1.0
        return (total / usual).where(total > 0, 1.0).rename("size_factor")
    logs = np.log(counts.loc[:, everywhere].astype(float))
    factors: pd.Series[float] = np.exp((logs - logs.mean(axis=0)).median(axis=1)).rename("size_factor")
    return factors


def effective_library_sizes(counts: pd.DataFrame) -> pd.Series[float]:
    """Return size factors on the scale of counts: their geometric mean is that of the library sizes."""
    factors = size_factors(counts)
    total = counts.sum(axis=1).astype(float)
    seen = total > 0
    scale = np.exp(np.log(total[seen] / factors[seen]).mean()) if seen.any() else 1.0
    return (factors * scale).rename("effective_library_size")


def log2_expression(study: Study) -> pd.DataFrame:
    """Return samples x genes on a log2 scale.

    Counts become log2((count + 0.5) / (effective library size + 1) x 10^6), log2 CPM as in voom
    (doi:10.1186/gb-2014-15-2-r29); values of a log2 study pass through.
    """
    values = study.values.astype(float)
    return values if study.scale == "log2" else log2_cpm(values)


def log2_cpm(counts: pd.DataFrame) -> pd.DataFrame:
    """Return log2((count + 0.5) / (effective library size + 1) x 10^6), samples x genes."""
    values = counts.astype(float)
    effective = effective_library_sizes(values)
    million: pd.DataFrame = (values + 0.5).div(effective + 1.0, axis=0) * 1e6
    return million.apply(np.log2)


def library_sizes(study: Study) -> pd.DataFrame:
    """Return the size of every library, index sample.

    Columns of a counts study: ``total`` (counts), ``detected`` (genes with at least one count), ``size_factor``.
    Columns of a log2 study: ``lower_quartile``, ``median``, ``upper_quartile`` (log2).
    """
    values = study.values
    if study.scale == "log2":
        names = {"lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75}
        frame = pd.DataFrame({name: values.quantile(share, axis=1) for name, share in names.items()})
    else:
        frame = pd.DataFrame(
            {"total": values.sum(axis=1), "detected": (values > 0).sum(axis=1), "size_factor": size_factors(values)}
        )
    return frame.rename_axis("sample")
