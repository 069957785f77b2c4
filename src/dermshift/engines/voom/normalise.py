"""Normalisation factors: the trimmed mean of M-values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

RATIO_TRIM, LEVEL_TRIM = 0.3, 0.05
"""Shares of the genes left out at either end of the log ratios, and of the levels."""
NO_COUNTS = 1e-20
"""Upper quartiles below this say nothing of a library."""
EQUAL = 1e-6
"""Libraries whose log2 ratios are all below this are the same library."""


def normalisation_factors(counts: Floats) -> Floats:
    """Return one factor per library, geometric mean 1; library size times factor is the effective size.

    Parameters
    ----------
    counts
        Genes x libraries, 0 or more, with a count in every library.

    References
    ----------
    Robinson and Oshlack 2010, doi:10.1186/gb-2010-11-3-r25; R ``edgeR::calcNormFactors(method = "TMM")`` 3.40.2.
    """
    sizes = counts.sum(axis=0)
    kept = counts[(counts > 0).any(axis=1)]
    reference = reference_library(kept, sizes)
    factors = [trimmed_ratio(kept[:, i], kept[:, reference], sizes[i], sizes[reference]) for i in range(kept.shape[1])]
    return np.asarray(factors / np.exp(np.mean(np.log(factors))))


def reference_library(counts: Floats, sizes: Floats) -> int:
    """Return the library whose upper quartile per read is nearest to the mean of all."""
    quartiles = np.quantile(counts, 0.75, axis=0) / sizes
    if np.median(quartiles) < NO_COUNTS:
        return int(np.sqrt(counts).sum(axis=0).argmax())
    return int(np.abs(quartiles - quartiles.mean()).argmin())


def trimmed_ratio(observed: Floats, reference: Floats, size: float, reference_size: float) -> float:
    """Return the weighted mean ratio of a library to the reference, over genes of ordinary ratio and level."""
    both = (observed > 0) & (reference > 0)
    share, reference_share = observed[both] / size, reference[both] / reference_size
    ratio = np.log2(share / reference_share)
    if not len(ratio) or np.abs(ratio).max() < EQUAL:
        return 1.0
    level = (np.log2(share) + np.log2(reference_share)) / 2
    variance = (1 - share) / observed[both] + (1 - reference_share) / reference[both]
    used = within(ratio, RATIO_TRIM) & within(level, LEVEL_TRIM)
    weight = 1 / variance[used]
    return float(2 ** ((ratio[used] * weight).sum() / weight.sum())) if used.any() else 1.0


def within(values: Floats, trim: float) -> npt.NDArray[np.bool_]:
    """Tell which values stay when this share is cut at either end by rank; equal values share their mean rank."""
    cut = int(np.floor(len(values) * trim))
    return above(values, cut) & above(-values, cut)


def above(values: Floats, cut: int) -> npt.NDArray[np.bool_]:
    """Tell which values rank above so many others.

    One value at the cut decides for all, and is found without putting them in order.
    """
    if cut >= len(values):
        return np.zeros(len(values), dtype=bool)
    edge = np.partition(values, cut)[cut]
    rank = ((values < edge).sum() + 1 + (values <= edge).sum()) / 2
    return np.asarray(values >= edge if rank >= cut + 1 else values > edge)
