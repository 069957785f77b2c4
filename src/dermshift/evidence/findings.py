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

ROUNDING = 1e-6
"""Allowance for what two inverses of a curve differ by."""


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
        counts[rows] = _found(np.abs(t), df, alpha)
        if family is not None:
            means[rows] = np.abs(t @ family)
    return counts, means


def _found(t: Array, df: Array, alpha: float) -> list[int]:
    """Count the items of each row with a Benjamini-Hochberg rate below alpha."""
    n_items = t.shape[1]
    # With m items below alpha, only those with p below alpha m / n can pass: few are worth a p-value.
    first = (t >= _limits(np.full(len(t), alpha), df)[:, None]).sum(axis=1)
    least = _limits(alpha * first / max(n_items, 1), df)
    return [
        _passing(np.sort(two_sided(row[row >= limit], d)), n_items, alpha) if m else 0
        for row, limit, d, m in zip(t, least, df, first, strict=True)
    ]


def _limits(p: Array, df: Array) -> Array:
    """Return sizes of t that nothing with a two-sided p below `p` falls short of: rounding is allowed for."""
    return np.asarray(student.isf(p / 2, df) * (1 - ROUNDING))


def _passing(p: Array, n_items: int, alpha: float) -> int:
    """Return how many of the smallest p-values, ascending, of so many items have a rate below alpha."""
    passing = np.flatnonzero(p * n_items / np.arange(1, len(p) + 1) < alpha)
    return int(passing[-1]) + 1 if len(passing) else 0
