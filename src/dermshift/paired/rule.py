"""Estimate and variance of every item under every pattern of the patients' changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.paired.patterns import patterns, relabellings

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from dermshift.paired.changes import Changes

    Array = npt.NDArray[np.float64]
    Mask = npt.NDArray[np.bool_]

BLOCK = 200_000
"""Statistics held at once: few enough for what is made of them to stay near the processor."""

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

    def blocks(self, changes: Array) -> Iterator[tuple[slice, Array, Array]]:
        """Yield estimate and variance of the items (rows x items) with the rows they belong to, a block at a time.

        Parameters
        ----------
        changes
            Patients x items, none missing; rows as the columns of `weights`.
        """
        squares, values = self.squares(changes), self.centred(changes)
        step = max(BLOCK // max(values.shape[1], 1), 1)
        for start in range(0, len(self.weights) if values.shape[1] else 0, step):
            rows = slice(start, start + step)
            estimate = self.weights[rows] @ values
            # The total sum of squares is the same under every pattern.
            # Rounding, or changes of one size and sign, may leave no variance at all.
            own = (squares - estimate**2 / self.squared_factor) / self.df
            yield rows, estimate, np.maximum(own, LEAST * squares)

    def centred(self, changes: Array) -> Array:
        """Return the changes less what no pattern changes: of two groups, the mean over all patients."""
        return changes - changes.mean(axis=0) if self.labels.dtype == bool else changes

    def squares(self, changes: Array) -> Array:
        """Return the sum of squares of each item, the same under every pattern."""
        return np.asarray((self.centred(changes) ** 2).sum(axis=0))

    def t(self, estimate: Array, variance: Array) -> Array:
        """Return t, from estimates and (posterior) variances."""
        return np.asarray(estimate / np.sqrt(self.squared_factor * variance))
