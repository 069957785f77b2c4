"""Which sets share their genes, and which are one signal under several names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.names import SET_OVERLAP_COLUMNS
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dermshift.enrich.base import SetGenes

OVERLAP, JACCARD = 0.5, 0.3
RULE = " ".join(
    [
        f"Two sets are one signal where they share at least {OVERLAP:.0%} of the tested genes of the smaller one,",
        f"or have a Jaccard index of at least {JACCARD:g}; groups are joined through any member (single linkage).",
    ]
)
"""When `clusters` puts sets together, in words."""


def set_overlaps(sets: Sequence[SetGenes], names: Collection[str] | None = None) -> pd.DataFrame:
    """Return every pair of sets with a tested gene in common.

    Parameters
    ----------
    names
        Sets to compare; None for all.

    Returns
    -------
    Columns `names.SET_OVERLAP_COLUMNS`; pairs in the order of the sets.
    """
    chosen = [item for item in sets if names is None or item.gene_set.name in names]
    a, b, shared = _pairs(chosen)
    size = np.array([len(item.tested) for item in chosen], dtype=int)
    name = np.array([item.gene_set.name for item in chosen], dtype=object)
    frame = pd.DataFrame(
        {
            "set_a": name[a],
            "set_b": name[b],
            "n_a": size[a],
            "n_b": size[b],
            "n_shared": shared,
            "jaccard": shared / (size[a] + size[b] - shared),
            "overlap": shared / np.minimum(size[a], size[b]),
        }
    )
    return require(frame, SET_OVERLAP_COLUMNS, "table of set overlaps")


def _pairs(sets: Sequence[SetGenes]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the places of both sets of every pair and the number of genes they share, none of them 0."""
    from scipy.sparse import csr_array, triu

    genes = {gene: place for place, gene in enumerate(dict.fromkeys(g for item in sets for g in item.tested))}
    ends = np.cumsum([0, *(len(item.tested) for item in sets)])
    columns = np.array([genes[gene] for item in sets for gene in item.tested], dtype=np.int64)
    member = csr_array((np.ones(len(columns), dtype=np.int64), columns, ends), shape=(len(sets), max(len(genes), 1)))
    found = triu(member @ member.T, k=1).tocoo()
    order = np.lexsort((found.col, found.row))
    return found.row[order], found.col[order], found.data[order]


def clusters(pairs: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return the groups of two or more sets that are one signal under several names (`RULE`).

    Parameters
    ----------
    pairs
        From `set_overlaps`.

    Returns
    -------
    Names in alphabetical order, groups in that of their first name.
    """
    close = pairs[(pairs["overlap"] >= OVERLAP) | (pairs["jaccard"] >= JACCARD)]
    group: dict[str, list[str]] = {}
    for a, b in zip(close["set_a"], close["set_b"], strict=True):
        first, second = group.setdefault(a, [a]), group.setdefault(b, [b])
        if first is not second:
            first += second
            group |= dict.fromkeys(second, first)
    return sorted({tuple(sorted(names)) for names in group.values()})
