"""How many items are found under each pattern of the patients' changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import t as student

from dermshift.paired.moderated import squeeze, total_df, two_sided
from dermshift.paired.patterns import patterns, relabellings

if TYPE_CHECKING:
    import numpy.typing as npt
    from scipy.sparse import csr_array

    from dermshift.paired.changes import Changes

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

BLOCK = 2_000_000
"""Statistics held at once."""

LEAST = 1e-16
"""Smallest variance, as a share of the sum of squares."""


@dataclass(frozen=True)
class Rule:
    """Weights of the patients' changes in the estimate, rows x patients, and what the variance is made of."""

    weights: Array
    labels: npt.NDArray[np.int8] | Mask
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, changes: Changes, seed: int) -> Rule:
        """Return the rule for one sample or two groups; the first row is what was observed."""
        first = changes.first
        if first is None:
            signs = patterns(len(changes.values), seed)
            return cls(signs / signs.shape[1], signs, changes.sizes)
        dealt = relabellings(first, seed)
        a, b = changes.sizes
        return cls(np.where(dealt, 1 / a, -1 / b), dealt, changes.sizes)

    @property
    def df(self) -> int:
        """Residual degrees of freedom."""
        return sum(self.sizes) - len(self.sizes)

    @property
    def squared_factor(self) -> float:
        """Variance of the estimate for a variance of 1."""
        return sum(1 / size for size in self.sizes)

    def texts(self, patients: tuple[str, ...]) -> list[str]:
        """Write each row as signs, or as the patients of the first group."""
        if len(self.sizes) == 1:
            return ["".join("+" if sign > 0 else "-" for sign in row) for row in self.labels]
        return [",".join(np.array(patients, dtype=object)[row]) for row in self.labels]


def findings(
    changes: Changes, rule: Rule, alpha: float, family: csr_array | None, *, moderated: bool
) -> tuple[npt.NDArray[np.int64], Array]:
    """Return the findings under every pattern, and the absolute mean t of every set of the family."""
    values = changes.values.to_numpy(float)
    n_items, n_rows = values.shape[1], len(rule.weights)
    if rule.labels.dtype == bool:
        values = values - values.mean(axis=0)
    squares = (values**2).sum(axis=0)
    counts = np.zeros(n_rows, dtype=np.int64)
    means = np.zeros((n_rows, 0 if family is None else family.shape[1]))
    step = max(BLOCK // max(n_items, 1), 1)
    for start in range(0, n_rows if n_items else 0, step):
        rows = slice(start, start + step)
        t, df = _block(rule.weights[rows] @ values, squares, rule, moderated=moderated)
        counts[rows] = [_found(row, float(d), alpha) for row, d in zip(np.abs(t), df, strict=True)]
        if family is not None:
            means[rows] = np.abs(t @ family)
    return counts, means


def _block(estimate: Array, squares: Array, rule: Rule, *, moderated: bool) -> tuple[Array, Array]:
    """Return t (rows x items) and df (rows); the total sum of squares is the same under every pattern."""
    # Rounding, or changes of one size and sign, may leave no variance at all.
    variance = np.maximum((squares - estimate**2 / rule.squared_factor) / rule.df, LEAST * squares)
    df = np.full(len(estimate), float(rule.df))
    if moderated:
        squeezed = squeeze(variance, rule.df)
        variance, df = squeezed.variance, total_df(rule.df, squeezed.prior_df, estimate.shape[1])
    return estimate / np.sqrt(rule.squared_factor * variance), df


def _found(t: Array, df: float, alpha: float) -> int:
    """Count items with a Benjamini-Hochberg rate below alpha; only those with p below alpha can have one."""
    large = t[t >= student.ppf(1 - alpha / 2, df)]
    p = np.sort(two_sided(large, df))
    passing = np.flatnonzero(p * len(t) / np.arange(1, len(p) + 1) < alpha)
    return int(passing[-1]) + 1 if len(passing) else 0
