"""Counts of small paired studies, drawn from the model itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


def _draw(seed: int, n_genes: int = 12, n_pairs: int = 4, *, paired: bool = True, log_mean: float = 5.0):
    """Return counts (genes x libraries), size factors, matrix, dispersions and true coefficients (natural log).

    Columns are the patients and the second visit; with ``paired=False`` an intercept and the second visit.
    """
    rng = np.random.default_rng(seed)
    week1 = np.tile([0.0, 1.0], n_pairs)
    levels = np.repeat(np.eye(n_pairs), 2, axis=0) if paired else np.ones((2 * n_pairs, 1))
    matrix = np.column_stack([levels, week1])
    beta = np.column_stack(
        [
            rng.normal(log_mean, 1, (n_genes, 1)) + rng.normal(0, 0.3, (n_genes, levels.shape[1])),
            rng.normal(0, 1, n_genes),
        ]
    )
    size_factors = rng.uniform(0.6, 1.6, len(matrix))
    dispersions = rng.uniform(0.02, 0.5, n_genes)
    mu = size_factors * np.exp(beta @ matrix.T)
    counts = rng.negative_binomial(1 / dispersions[:, None], 1 / (1 + dispersions[:, None] * mu)).astype(float)
    counts[:, 0] += ~counts.any(axis=1)  # a gene without a count is not fitted
    return SimpleNamespace(
        counts=counts, size_factors=size_factors, matrix=matrix, dispersions=dispersions, beta=beta, mu=mu
    )


@pytest.fixture(scope="session")
def draw() -> Callable[..., SimpleNamespace]:
    return _draw
