"""The permutations of genes that GSEApy 1.3 draws from a seed, so that its null distribution can be had faster.

Its generator is xoshiro256++ seeded by SplitMix64 (Blackman and Vigna 2021, doi:10.1145/3460772); its shuffle goes
through the genes in order, swaps each with one at or before it, and draws the places of several genes from one number
(Brackett-Rozinsky and Lemire 2024, doi:10.1002/spe.3369).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint64]
    Integers = NDArray[np.int64]

MASK = (1 << 64) - 1
LIMIT = 1 << 32


def seeded(seed: int) -> Words:
    """Return the state of the generator: four outputs of SplitMix64."""
    words = []
    for i in range(1, 5):
        z = (seed + i * 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        words.append(z ^ (z >> 31))
    return np.array(words, dtype=np.uint64)


@compiled
def rotated(word: np.uint64, by: np.uint64) -> np.uint64:
    """Rotate the bits of a word to the left."""
    return (word << by) | (word >> (np.uint64(64) - by))


@compiled
def draw(state: Words) -> np.uint64:
    """Return the next number below 2^32 and advance the state."""
    result = rotated(state[0] + state[3], np.uint64(23)) + state[0]
    shifted = state[1] << np.uint64(17)
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotated(state[3], np.uint64(45))
    return np.uint64(result >> np.uint64(32))


@compiled
def below(state: Words, bound: np.uint64) -> np.uint64:
    """Return a number below `bound`, itself below 2^32, with a bias of less than 2^-32."""
    limit = np.uint64(LIMIT)
    product = draw(state) * bound
    low = product % limit
    carry = np.uint64(0)
    if low > limit - bound and low + draw(state) * bound // limit >= limit:
        carry = np.uint64(1)
    return product // limit + carry


@compiled
def shuffle(genes: Integers, state: Words) -> None:
    """Permute the genes in place and advance the state."""
    chunk, left = np.uint64(0), np.int64(1)
    for place in range(len(genes)):
        choices = np.uint64(place + 1)
        if left == 0:
            bound, following = choices, choices + np.uint64(1)
            while bound * following < np.uint64(LIMIT):
                bound *= following
                following += np.uint64(1)
            chunk, left = below(state, bound), np.int64(following - choices)
        left -= np.int64(1)
        chosen = chunk if left == 0 else chunk % choices
        chunk = chunk // choices
        other = np.int64(chosen)
        genes[place], genes[other] = genes[other], genes[place]
