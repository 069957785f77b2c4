"""A small table of tested genes, and sets of its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.enrich import Asked, SetOptions
from dermshift.enrich.mapping import map_sets
from dermshift.fdr import benjamini_hochberg
from dermshift.genes import GeneRegistry
from dermshift.names import DE_COLUMNS
from dermshift.paired.changes import Changes
from dermshift.tables import require_de

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dermshift.genes import GeneSet
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


def _asked(table: DETable, sets: Sequence[GeneSet], *, n: int = 7, draw: int = 0, **options: object) -> Asked:
    tested = table.loc[table["status"] == "tested", "gene_id"].tolist()
    rng = np.random.default_rng(draw)
    change = table.set_index("gene_id").loc[tested, "log2_fold_change"].to_numpy(float)
    before = rng.normal(8, 1, (n, len(tested)))
    after = before + change + rng.normal(0, 0.5, (n, len(tested)))
    libraries = [f"P{i}_{t}" for i in range(n) for t in ("before", "after")]
    values = pd.DataFrame(np.stack([before, after], axis=1).reshape(2 * n, -1), index=libraries, columns=tested)
    patients = pd.Index([f"P{i}" for i in range(n)], name="patient")
    return Asked(
        table=table,
        sets=tuple(map_sets(sets, table, GeneRegistry(), pd.Index(tested))),
        values=values,
        matrix=np.hstack([np.repeat(np.eye(n), 2, axis=0), np.tile([[0.0], [1.0]], (n, 1))]),
        contrast=np.eye(n + 1)[n],
        weights=None,
        changes=Changes(pd.DataFrame(after - before, index=patients, columns=tested), unit="log2 intensity"),
        differences=pd.DataFrame(np.kron(np.eye(n), [-1.0, 1.0]), index=patients, columns=libraries),
        expression=values,
        options=SetOptions(**{"declared": frozenset({"c"})} | options),
    )


@pytest.fixture(scope="session")
def make_asked() -> Callable[..., Asked]:
    """Build a question of `n` pairs whose mean changes are those of the table; keywords become `SetOptions`."""
    return _asked
