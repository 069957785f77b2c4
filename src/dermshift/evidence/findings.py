"""How many items are found under each pattern of the patients' changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from dermshift.paired.moderated import squeeze, total_df, two_sided

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    from dermshift.paired.changes import Changes
    from dermshift.paired.rule import Rule

    Array = npt.NDArray[np.float64]


def findings(
    changes: Changes, rule: Rule, alpha: float, family: csr_array | None, *, moderated: bool
) -> tuple[npt.NDArray[np.int64], Array]:
    """Return the findings under every pattern, and the absolute mean t of every set of the family."""
    n_rows = len(rule.weights)
    counts = np.zeros(n_rows, dtype=np.int64)
    means = np.zeros((n_rows, 0 if family is None else family.shape[1]))
    for rows, estimate, variance in rule.blocks(changes.values.to_numpy(float)):
        df = np.full(len(estimate), float(rule.df))
        if moderated:
            squeezed = squeeze(variance, rule.df)
            variance, df = squeezed.variance, total_df(rule.df, squeezed.prior_df, estimate.shape[1])
        t = rule.t(estimate, variance)
        counts[rows] = [_found(row, float(d), alpha) for row, d in zip(np.abs(t), df, strict=True)]
        if family is not None:
            means[rows] = np.abs(t @ family)
    return counts, means


def _found(t: Array, df: float, alpha: float) -> int:
    """Count items with a Benjamini-Hochberg rate below alpha; only those with p below alpha can have one."""
    large = t[t >= student.ppf(1 - alpha / 2, df)]
    p = np.sort(two_sided(large, df))
    passing = np.flatnonzero(p * len(t) / np.arange(1, len(p) + 1) < alpha)
    return int(passing[-1]) + 1 if len(passing) else 0
