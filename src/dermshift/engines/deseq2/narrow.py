"""An order of the columns of a design matrix in which the Cholesky factor of its cross product has few entries."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import reverse_cuthill_mckee

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

MOST_LAST = 8
"""Columns shared by all, such as the change, that are tried at the end; the others fall apart by patient."""


def narrow_order(matrix: Floats) -> Integers:
    """Return the positions of the columns (libraries x columns) in an order of small profile.

    The columns that touch most others come last, the rest in reverse Cuthill-McKee order, by which those of a patient
    stand together; as many come last as leaves least.
    """
    touching = np.abs(matrix).T @ np.abs(matrix) > 0
    return _order(touching.tobytes(), len(touching))


@lru_cache(maxsize=16)  # a fit asks for that of its matrix several times
def _order(content: bytes, columns: int) -> Integers:
    touching = np.frombuffer(content, dtype=bool).reshape(columns, columns)
    by_degree = np.argsort(touching.sum(axis=0), kind="stable")
    orders = [np.arange(len(touching))]
    for last in range(min(MOST_LAST, len(touching)) + 1):
        rest, end = np.split(by_degree, [len(touching) - last])
        graph = csr_matrix(touching[np.ix_(rest, rest)].astype(np.int8))
        inner = reverse_cuthill_mckee(graph, symmetric_mode=True) if len(rest) else []
        orders.append(np.concatenate([rest[inner], end]))
    best = min(orders, key=lambda order: _profile(touching[np.ix_(order, order)]))
    best.setflags(write=False)  # the next caller gets the same
    return best


def _profile(touching: NDArray[np.bool_]) -> int:
    """Return how many entries of the lower triangle stand between the first of each row and the diagonal."""
    rows = np.arange(len(touching))
    return int((rows - np.minimum(touching.argmax(axis=1), rows)).sum())
