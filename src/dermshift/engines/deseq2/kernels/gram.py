"""Weighted cross products of a design matrix, and their Cholesky factor.

Design matrices of paired studies are mostly zero: a library has its patient's column and one or two more. Only the
nonzero entries of each row are visited, and a factor keeps the zeros that lead each row of the cross product.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from dermshift.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]


class Rows(NamedTuple):
    """Nonzero entries of a design matrix with n libraries and p columns, by library.

    Parameters
    ----------
    starts
        Where each library's entries begin, length n + 1.
    columns, values
        Column and value of each entry, columns ascending within a library.
    first
        Column of the first entry of each row of the cross product, length p.
    targets, libraries, products
        Every term of the lower triangle of a cross product: its place in the flattened p x p matrix, its library, and
        the product of the two entries.
    begin
        Where each row would begin, had it no leading zeros, once the triangle is packed without them: entry (i, j)
        stands at ``begin[i] + j``. Length p.
    places
        Place of every term in the packed triangle.
    """

    starts: Integers
    columns: Integers
    values: Floats
    first: Integers
    targets: Integers
    libraries: Integers
    products: Floats
    begin: Integers
    places: Integers


def design_rows(matrix: Floats) -> Rows:
    """Return the nonzero entries of the design matrix (libraries x columns), in the order of its columns."""
    sparse = csr_matrix(np.asarray(matrix, dtype=float))
    sparse.sort_indices()
    occupied = np.abs(matrix).T @ np.abs(matrix) > 0
    np.fill_diagonal(occupied, val=True)
    first = occupied.argmax(axis=1)
    starts, columns, values = sparse.indptr.astype(np.int64), sparse.indices.astype(np.int64), sparse.data.astype(float)
    terms = [
        (columns[a] * len(first) + columns[b], j, values[a] * values[b])
        for j in range(len(starts) - 1)
        for a in range(starts[j], starts[j + 1])
        for b in range(starts[j], a + 1)
    ]
    targets, libraries, products = (np.array(column) for column in zip(*terms, strict=True))
    begin = np.cumsum(np.arange(1, len(first) + 1) - first) - np.arange(1, len(first) + 1)
    places = begin[targets // len(first)] + targets % len(first)
    return Rows(starts, columns, values, first.astype(np.int64), targets, libraries, products, begin, places)


@compiled
def by_row(values: Floats, matrix: Floats) -> Floats:
    """Return ``values @ matrix``, each row summed in one order: a BLAS rounds a row by how many there are beside it."""
    out = np.zeros((values.shape[0], matrix.shape[1]))
    for g in range(values.shape[0]):
        for j in range(matrix.shape[0]):
            for i in range(matrix.shape[1]):
                out[g, i] += values[g, j] * matrix[j, i]
    return out


@compiled
def cross_product(weights: Floats, rows: Rows, out: Floats) -> None:
    """Write the lower triangle of ``X' diag(weights) X`` into `out` (p x p), each row from its first entry on."""
    for i in range(len(rows.first)):
        out[i, rows.first[i] : i + 1] = 0.0
    flat = out.ravel()
    for k in range(len(rows.targets)):
        flat[rows.targets[k]] += weights[rows.libraries[k]] * rows.products[k]


@compiled
def cholesky(A: Floats, first: Integers) -> bool:
    """Replace the lower triangle of A by its Cholesky factor; return whether A is positive definite."""
    for i in range(len(first)):
        for j in range(first[i], i):
            total = A[i, j]
            for k in range(max(first[i], first[j]), j):
                total -= A[i, k] * A[j, k]
            A[i, j] = total / A[j, j]
        total = A[i, i]
        for k in range(first[i], i):
            total -= A[i, k] * A[i, k]
        if not (0.0 < total < np.inf):
            return False
        A[i, i] = math.sqrt(total)
    return True


@compiled
def forward(L: Floats, first: Integers, v: Floats) -> None:
    """Replace v by the solution of ``L x = v``."""
    for i in range(len(v)):
        total = v[i]
        for k in range(first[i], i):
            total -= L[i, k] * v[k]
        v[i] = total / L[i, i]


@compiled
def backward(L: Floats, first: Integers, v: Floats) -> None:
    """Replace v by the solution of ``L' x = v``."""
    for i in range(len(v) - 1, -1, -1):
        v[i] /= L[i, i]
        for k in range(first[i], i):
            v[k] -= L[i, k] * v[i]


@compiled
def invert(L: Floats, first: Integers, out: Floats) -> None:
    """Write the inverse of the Cholesky factor L into `out` (p x p)."""
    out[:, :] = 0.0
    for c in range(len(first)):
        out[c, c] = 1.0 / L[c, c]
        for i in range(c + 1, len(first)):
            total = 0.0
            for k in range(max(c, first[i]), i):
                total += L[i, k] * out[k, c]
            if total != 0.0:  # few are not, where patients have a column each
                out[i, c] = -total / L[i, i]


@compiled
def leverage(inverse: Floats, rows: Rows, j: int) -> float:
    """Return ``x' A^-1 x`` for the design row x of library j, given the inverse of the Cholesky factor of A."""
    total = 0.0
    begin, end = rows.starts[j], rows.starts[j + 1]
    if begin == end:
        return total
    for i in range(rows.columns[begin], inverse.shape[0]):
        value = 0.0
        for a in range(begin, end):
            value += inverse[i, rows.columns[a]] * rows.values[a]
        total += value * value
    return total
