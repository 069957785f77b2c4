"""A small table of tested genes, and sets of its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.fdr import benjamini_hochberg
from dermshift.names import DE_COLUMNS
from dermshift.tables import require_de

if TYPE_CHECKING:
    from collections.abc import Callable

    from dermshift.tables import DETable


def _de_table(statistic: np.ndarray, **columns: object) -> DETable:
    from scipy.stats import norm

    n = len(statistic)
    p = np.clip(2 * norm.sf(np.abs(statistic)), 1e-300, 1)
    frame = pd.DataFrame({column.name: np.nan for column in DE_COLUMNS}, index=range(n)).astype(object)
    frame = frame.assign(
        gene_id=[f"E{i:04d}" for i in range(n)],
        gene_symbol=[f"S{i}" for i in range(n)],
        base_mean=100.0,
        statistic=statistic,
        log2_fold_change=np.asarray(statistic) / 4,
        p_value=p,
        fdr=benjamini_hochberg(p),
        n_pairs=7,
        rank=pd.array([pd.NA] * n, dtype="Int64"),
        flag=None,
        status="tested",
    )
    return require_de(frame.assign(**columns), "test")


@pytest.fixture(scope="session")
def make_table() -> Callable[..., DETable]:
    """Build a `DETable` from statistics; keyword arguments replace columns."""
    return _de_table


@pytest.fixture
def table() -> DETable:
    """400 genes, the first 30 of them up, the next 30 down."""
    statistic = np.random.default_rng(3).normal(size=400)
    statistic[:30] += 5
    statistic[30:60] -= 5
    return _de_table(statistic)
