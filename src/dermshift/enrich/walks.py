"""Enrichment scores of many sets in many rankings: of permuted genes, or of patterns of the patients' changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.enrich.kernels.running import extremes
from dermshift.enrich.kernels.shuffle import seeded, shuffle
from dermshift.enrich.members import sizes
from dermshift.threads import on_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt
    from scipy.sparse import csr_array

    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]
    Ranking = tuple[Integers, Integers, Floats]
    """Genes of sets in the order of a ranking, their places in it, their weights."""

BLOCK = 64
"""Permutations held at once."""
TOGETHER = 16
"""Rankings a thread takes at a time: handing over one costs as much as walking it."""
FEW = 8
"""Where fewer than one gene in so many is in a set, finding their places takes less than ordering all genes."""


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
    wanted = np.flatnonzero(_in_sets(members))

    def ranking(row: int) -> Ranking:
        genes, places = ranked(t[row], wanted)
        return genes, places, np.abs(t[row][genes])

    return _walks(ranking, len(t), members, threads)


def ranked(values: Floats, wanted: Integers) -> tuple[Integers, Integers]:
    """Return the wanted genes from the largest value to the smallest, and their places among all genes.

    Where most genes are wanted all are returned. Equal values are ranked in the order of the genes.
    """
    if len(wanted) * FEW < len(values):
        down = -values
        ordered = np.sort(down)  # a third of the time of finding the order
        if not _tied(ordered):
            genes = wanted[np.argsort(down[wanted])]
            return genes, np.searchsorted(ordered, down[genes])
    return descending(values), np.arange(len(values))


def descending(values: Floats) -> Integers:
    """Return the places of the values from the largest to the smallest, equal values in their order."""
    down = -values
    order = np.argsort(down)  # a third of the time of a stable sort, and the same where no two values are equal
    return np.argsort(down, kind="stable") if _tied(down[order]) else order


def _tied(ordered: Floats) -> bool:
    return bool((ordered[1:] == ordered[:-1]).any()) or bool(np.isnan(ordered[-1:]).any())


def _in_sets(members: csr_array) -> npt.NDArray[np.bool_]:
    return np.asarray(np.diff(members.indptr) > 0)


def _walks(ranking: Callable[[int], Ranking], n_rankings: int, members: csr_array, threads: int) -> Floats:
    starts, sets = members.indptr.astype(np.int64), members.indices.astype(np.int64)
    size, scores = sizes(members), np.empty((n_rankings, members.shape[1]))

    def walk(first: int) -> None:
        for row in range(first, min(first + TOGETHER, n_rankings)):
            extremes(members.shape[0], *ranking(row), starts, sets, size, scores[row])

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
    genes, state, weight, held = np.arange(len(statistic)), seeded(seed), np.abs(statistic), _in_sets(members)
    for start in range(0, permutations, BLOCK):
        rankings: list[Ranking] = []
        for _ in range(min(BLOCK, permutations - start)):
            shuffle(genes, state)
            places = np.flatnonzero(held[genes])
            rankings.append((genes[places], places, weight[places]))
        yield _walks(rankings.__getitem__, len(rankings), members, threads)
