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

    State = tuple[np.uint64, np.uint64, np.uint64, np.uint64]
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
def draw(words: State) -> tuple[np.uint64, State]:
    """Return the next number below 2^32, and the state after it."""
    a, b, c, d = words
    result = rotated(a + d, np.uint64(23)) + a
    c, d = c ^ a, d ^ b
    return result >> np.uint64(32), (a ^ d, b ^ c, c ^ (b << np.uint64(17)), rotated(d, np.uint64(45)))


@compiled
def below(words: State, bound: np.uint64) -> tuple[np.uint64, State]:
    """Return a number below `bound`, itself below 2^32, with a bias of less than 2^-32, and the state after it."""
    limit = np.uint64(LIMIT)
    drawn, words = draw(words)
    product = drawn * bound
    low = product % limit
    carry = np.uint64(0)
    if low > limit - bound:
        drawn, words = draw(words)
        if low + drawn * bound // limit >= limit:
            carry = np.uint64(1)
    return product // limit + carry, words


@compiled
def shuffle(genes: Integers, state: Words) -> None:
    """Permute the genes in place and advance the state."""
    words = (state[0], state[1], state[2], state[3])  # four numbers of their own: in an array they cost a write each
    chunk, left = np.uint64(0), np.int64(1)
    for place in range(len(genes)):
        choices = np.uint64(place + 1)
        if left == 0:
            bound, following = choices, choices + np.uint64(1)
            while bound * following < np.uint64(LIMIT):
                bound *= following
                following += np.uint64(1)
            chunk, words = below(words, bound)
            left = np.int64(following - choices)
        left -= np.int64(1)
        chosen = chunk if left == 0 else chunk % choices
        chunk = chunk // choices
        other = np.int64(chosen)
        genes[place], genes[other] = genes[other], genes[place]
    for i in range(len(words)):
        state[i] = words[i]
