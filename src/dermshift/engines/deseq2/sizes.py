"""Size factors: those given, or the median of ratios."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.engines.deseq2.arrays import by_gene
from dermshift.errors import DesignError, Problem

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def given_or_median_of_ratios(given: pd.Series[float] | None, counts: NDArray[np.int64]) -> Floats:
    """Return the size factor of each library.

    Parameters
    ----------
    given
        Size factors to keep, or None to estimate them.
    counts
        Libraries x genes.

    Raises
    ------
    DesignError
        Every gene has a zero in some library, so that no ratio to the geometric mean exists; R stops as well.

    References
    ----------
    R ``DESeq2::estimateSizeFactorsForMatrix``.
    """
    if given is not None:
        return np.asarray(given, dtype=float)
    everywhere = np.asarray((counts > 0).all(axis=0))
    if not everywhere.any():
        empty = int((counts == 0).all(axis=1).sum())
        raise DesignError(
            Problem(
                where="engine 'deseq2', size factors",
                found=f"no gene with a count in every one of the {len(counts)} libraries ({empty} without any count)",
                expected="some genes that every library holds",
                action="Leave out libraries that are nearly empty, or sum shallow libraries of one sample.",
            )
        )
    logs = np.log(by_gene(counts[:, everywhere]))
    middle = np.median(logs - logs.mean(axis=1, keepdims=True), axis=0)
    return np.asarray(np.exp(middle), dtype=float)
