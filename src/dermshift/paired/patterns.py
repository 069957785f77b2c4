"""Ways the patients' changes might as well have come out: signs flipped, or labels of two groups dealt anew."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

RANDOM_PATTERNS = 4095
"""Patterns of signs besides the observed one: so many are drawn where there are more."""

MAX_ENUMERATED_PATIENTS = 13
"""Up to this many patients there are no more, and all are listed."""

MAX_RELABELLINGS = 5000
"""Beyond this many ways to deal the labels, that many are taken, the observed one among them."""


@lru_cache(maxsize=8)
def patterns(n: int, seed: int = 0) -> npt.NDArray[np.int8]:
    """Return patterns of signs of n patients: rows x patients, +1 or -1, read-only.

    A pattern and its opposite give the same |t|, so the first sign is always +. The first row, all +, is what was
    observed. Up to 13 patients the rows are all 2^(n - 1) patterns; beyond, the observed one and 4,095 random ones.
    """
    if n <= MAX_ENUMERATED_PATIENTS:
        numbers = np.arange(2 ** max(n - 1, 0))[:, None]
        minus = (numbers >> np.arange(n)[::-1]) & 1
    else:
        minus = np.random.default_rng(seed).integers(0, 2, (RANDOM_PATTERNS + 1, n))
        minus[0] = minus[:, 0] = 0
    signs = (1 - 2 * minus).astype(np.int8)
    signs.flags.writeable = False
    return signs


def relabellings(first: npt.ArrayLike, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Return ways to deal the labels of two groups: rows x patients, True where in the first group.

    Parameters
    ----------
    first
        Which patients belong to the first group; the first row returned. The others are all further ways to choose as
        many patients, or 4,999 random ones where there are more than 5,000 ways.
    """
    observed = np.asarray(first, dtype=bool)
    n, k = len(observed), int(observed.sum())
    if comb(n, k) > MAX_RELABELLINGS:
        dealt = np.tile(observed, (MAX_RELABELLINGS, 1))
        dealt[1:] = np.random.default_rng(seed).permuted(np.tile(np.arange(n) < k, (MAX_RELABELLINGS - 1, 1)), axis=1)
        return dealt
    chosen = np.zeros((comb(n, k), n), dtype=bool)
    for row, members in enumerate(combinations(range(n), k)):
        chosen[row, list(members)] = True
    others = chosen[(chosen != observed).any(axis=1)]
    return np.vstack([observed, others])


def floor(sizes: tuple[int, ...]) -> tuple[float, int, bool]:
    """Return the smallest p that (n,) or (n_a, n_b) patients can give, the number of patterns, and if they are all.

    With two groups of equal size each way to deal the labels has a mirror image with the same |t|, so the smallest p is
    twice as large.
    """
    n = sum(sizes)
    if len(sizes) == 1:
        every = n <= MAX_ENUMERATED_PATIENTS
        rows = 2 ** max(n - 1, 0) if every else RANDOM_PATTERNS + 1
        return 1 / rows, rows, every
    ways = comb(n, sizes[0])
    every = ways <= MAX_RELABELLINGS
    rows = min(ways, MAX_RELABELLINGS)
    return (2 if every and sizes[0] == sizes[1] else 1) / rows, rows, every
