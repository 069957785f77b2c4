"""False discovery rate: one implementation for genes and for sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def benjamini_hochberg(p: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return Benjamini-Hochberg adjusted p-values; NaN stays NaN and does not count as a test.

    Parameters
    ----------
    p
        Shape (m,), p-values of one family.

    References
    ----------
    Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x; R ``p.adjust(method = "BH")``.
    """
    from scipy.stats import false_discovery_control

    values = np.asarray(p, dtype=float)
    adjusted = np.full(values.shape, np.nan)
    tests = ~np.isnan(values)
    if tests.any():
        adjusted[tests] = false_discovery_control(values[tests])
    return adjusted
