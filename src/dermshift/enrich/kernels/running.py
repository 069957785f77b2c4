"""Enrichment scores of all sets in one walk down a ranking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


@compiled
def extremes(
    n_genes: int,
    genes: Integers,
    places: Integers,
    weight: Floats,
    starts: Integers,
    members: Integers,
    sizes: Integers,
    scores: Floats,
) -> None:
    """Write the enrichment score of every set: the extreme of its running score.

    Only the genes of a set are visited: between them the running score falls in a straight line.

    Parameters
    ----------
    n_genes
        Length of the ranking.
    genes, places
        Every gene of a set, in the order of the ranking, and its place there; others may be among them.
    weight
        Of these genes, >= 0; a set whose genes all have weight 0 only falls.
    starts, members
        ``members[starts[gene] : starts[gene + 1]]`` are the sets a gene belongs to.
    sizes
        Genes of each set, fewer than `n_genes`.
    scores
        Written to, one per set. Of two extremes of one size the first counts.
    """
    n_sets = len(sizes)
    step, gap = np.zeros(n_sets), np.zeros(n_sets)
    for i in range(len(genes)):
        for at in range(starts[genes[i]], starts[genes[i] + 1]):
            step[members[at]] += weight[i]
    for one in range(n_sets):
        step[one] = 1.0 / step[one] if step[one] > 0.0 else 0.0
        gap[one] = 1.0 / (n_genes - sizes[one])
        scores[one] = 0.0
    risen, seen = np.zeros(n_sets), np.zeros(n_sets)
    for i in range(len(genes)):
        for at in range(starts[genes[i]], starts[genes[i] + 1]):
            one = members[at]
            fallen = (places[i] - seen[one]) * gap[one]
            before = risen[one] - fallen
            if abs(before) > abs(scores[one]):
                scores[one] = before
            risen[one] += weight[i] * step[one]
            seen[one] += 1.0
            after = risen[one] - fallen
            if abs(after) > abs(scores[one]):
                scores[one] = after
