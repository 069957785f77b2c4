"""Enrichment scores of many sets in many rankings: of permuted genes, or of patterns of the patients' changes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import on_threads
from dermshift.enrich.kernels.running import extremes
from dermshift.enrich.kernels.shuffle import seeded, shuffle
from dermshift.enrich.members import sizes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    from scipy.sparse import csr_array

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

BLOCK = 64
"""Permutations held at once."""
TOGETHER = 16
"""Rankings a thread takes at a time: handing over one costs as much as walking it."""


def scores_by_t(t: Floats, members: csr_array, *, threads: int = 1) -> Floats:
    """Return the enrichment score (weight 1) of every set in the ranking by each row of `t`.

    Parameters
    ----------
    t
        Rankings x genes; equal values are ranked in the order of the genes.
    members
        Genes x sets; no set has all genes.
    threads
        0 for every core. It changes no number.

    Returns
    -------
    Rankings x sets.
    """

    def ranking(row: int) -> tuple[Integers, Floats]:
        order = descending(t[row])
        return order, np.abs(t[row])[order]

    return _walks(ranking, len(t), members, threads)


def descending(values: Floats) -> Integers:
    """Return the places of the values from the largest to the smallest, equal values in their order."""
    down = -values
    order = np.argsort(down)  # a third of the time of a stable sort, and the same where no two values are equal
    ranked = down[order]
    tied = bool((ranked[1:] == ranked[:-1]).any()) or bool(np.isnan(ranked[-1:]).any())
    return np.argsort(down, kind="stable") if tied else order


def _walks(
    ranking: Callable[[int], tuple[Integers, Floats]], n_rankings: int, members: csr_array, threads: int
) -> Floats:
    starts, sets = members.indptr.astype(np.int64), members.indices.astype(np.int64)
    size, scores = sizes(members), np.empty((n_rankings, members.shape[1]))

    def walk(first: int) -> None:
        for row in range(first, min(first + TOGETHER, n_rankings)):
            order, weight = ranking(row)
            extremes(order, weight, starts, sets, size, scores[row])

    on_threads(walk, range(0, n_rankings, TOGETHER), threads)
    return scores


def permuted(
    statistic: Floats, members: csr_array, *, seed: int, permutations: int, threads: int = 1
) -> Iterator[Floats]:
    """Yield the enrichment scores (permutations x sets) of permuted genes, a block of permutations at a time.

    Parameters
    ----------
    statistic
        Descending.
    members
        Genes (in the order of `statistic`) x sets; no set has all genes.
    """
    genes, state, weight = np.arange(len(statistic)), seeded(seed), np.abs(statistic)
    for start in range(0, permutations, BLOCK):
        orders = np.empty((min(BLOCK, permutations - start), len(genes)), dtype=np.int64)
        for row in orders:
            shuffle(genes, state)
            row[:] = genes
        yield _walks(partial(_permuted, orders, weight), len(orders), members, threads)


def _permuted(orders: Integers, weight: Floats, row: int) -> tuple[Integers, Floats]:
    return orders[row], weight
