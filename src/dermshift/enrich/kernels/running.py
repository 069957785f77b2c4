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
    order: Integers, weight: Floats, starts: Integers, members: Integers, sizes: Integers, scores: Floats
) -> None:
    """Write the enrichment score of every set: the extreme of its running score.

    Only the genes of a set are visited: between them the running score falls in a straight line.

    Parameters
    ----------
    order
        Gene at each place of the ranking, length n.
    weight
        Weight of each place, >= 0; a set whose genes all stand at weight 0 only falls.
    starts, members
        ``members[starts[gene] : starts[gene + 1]]`` are the sets a gene belongs to.
    sizes
        Genes of each set, fewer than n.
    scores
        Written to, one per set. Of two extremes of one size the first counts.
    """
    n_sets = len(sizes)
    step, gap = np.zeros(n_sets), np.zeros(n_sets)
    for place in range(len(order)):
        for at in range(starts[order[place]], starts[order[place] + 1]):
            step[members[at]] += weight[place]
    for one in range(n_sets):
        step[one] = 1.0 / step[one] if step[one] > 0.0 else 0.0
        gap[one] = 1.0 / (len(order) - sizes[one])
        scores[one] = 0.0
    risen, seen = np.zeros(n_sets), np.zeros(n_sets)
    for place in range(len(order)):
        for at in range(starts[order[place]], starts[order[place] + 1]):
            one = members[at]
            fallen = (place - seen[one]) * gap[one]
            before = risen[one] - fallen
            if abs(before) > abs(scores[one]):
                scores[one] = before
            risen[one] += weight[place] * step[one]
            seen[one] += 1.0
            after = risen[one] - fallen
            if abs(after) > abs(scores[one]):
                scores[one] = after
