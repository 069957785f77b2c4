"""Sixteen genes side by side, so that one instruction does for all of them what a loop over genes would do for each.

An array of lanes has the gene last (length `LANES`). Each lane is computed in the order it would be computed in alone,
so the genes beside it change no bit. Matrices are the packed lower triangles of `Rows`: entry (i, j) at
``begin[i] + j``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from dermshift.compiled import compiled
from dermshift.engines.deseq2.kernels.special import log

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.engines.deseq2.kernels.gram import Rows

    Floats = NDArray[np.float64]

LOG_AFTER = 16
"""Factors multiplied before a logarithm is taken: 16 of at most 1e6 stay far from overflow."""
LANES = 16
"""Two or four registers of today's processors; with more, more are empty while the last genes of a block end."""


@compiled
def triangle(rows: Rows) -> Floats:
    """Return an array for one packed triangle per lane."""
    return np.zeros((rows.begin[-1] + len(rows.begin), LANES))


@compiled
def cross_products(weights: Floats, rows: Rows, out: Floats) -> None:
    """Write the lower triangle of ``X' diag(weights) X`` of each lane into `out`; weights are libraries x lanes."""
    out[:] = 0.0
    for k in range(len(rows.places)):
        place, library, product = rows.places[k], rows.libraries[k], rows.products[k]
        for lane in range(LANES):
            out[place, lane] += weights[library, lane] * product


@compiled
def predict(beta: Floats, rows: Rows, out: Floats) -> None:
    """Write the linear predictor of every library (libraries x lanes)."""
    out[:] = 0.0
    for j in range(len(out)):
        for a in range(rows.starts[j], rows.starts[j + 1]):
            column, value = rows.columns[a], rows.values[a]
            for lane in range(LANES):
                out[j, lane] += value * beta[column, lane]


@compiled
def log_of_one_plus(values: Floats) -> None:
    """Replace values by the logarithms of one plus them."""
    flat = values.ravel()
    for i in range(len(flat)):
        above_one = 1.0 + flat[i]
        flat[i] = log(above_one) + (flat[i] - (above_one - 1.0)) / above_one  # what was lost beside one


@compiled
def take_products(out: Floats, at: int, A: Floats, a: int, B: Floats, b: int, n: int) -> None:
    """Take the products of n entries from `a` on with n entries from `b` on away from one entry."""
    for k in range(n):
        for lane in range(LANES):
            out[at, lane] -= A[a + k, lane] * B[b + k, lane]


@compiled
def divide(out: Floats, at: int, A: Floats, a: int) -> None:
    """Divide one entry by another."""
    for lane in range(LANES):
        out[at, lane] /= A[a, lane]


@compiled
def choleskies(A: Floats, rows: Rows) -> None:
    """Replace each triangle by its Cholesky factor; what is not positive definite becomes NaN from there on."""
    first, begin = rows.first, rows.begin
    for i in range(len(first)):
        for j in range(first[i], i):
            both = max(first[i], first[j])
            take_products(A, begin[i] + j, A, begin[i] + both, A, begin[j] + both, j - both)
            divide(A, begin[i] + j, A, begin[j] + j)
        diagonal, row = begin[i] + i, begin[i] + first[i]
        take_products(A, diagonal, A, row, A, row, i - first[i])
        for lane in range(LANES):
            rest = A[diagonal, lane]
            A[diagonal, lane] = math.sqrt(rest) if 0.0 < rest < np.inf else np.nan


@compiled
def log_determinants(L: Floats, rows: Rows, product: Floats, out: Floats) -> None:
    """Write the log determinants of the matrices whose Cholesky factors are L; `product` is scratch."""
    out[:] = 0.0
    product[:] = 1.0
    last = len(rows.begin) - 1
    for i in range(last + 1):
        diagonal = rows.begin[i] + i
        for lane in range(LANES):
            product[lane] *= L[diagonal, lane]
        if (i + 1) % LOG_AFTER == 0 or i == last:
            for lane in range(LANES):
                out[lane] += log(product[lane]) + 0.0 * product[lane]  # which NaN stays NaN
                product[lane] = 1.0
    for lane in range(LANES):
        out[lane] *= 2.0


@compiled
def solve(L: Floats, rows: Rows, v: Floats) -> None:
    """Replace v (columns x lanes) by the solution of ``L L' x = v``."""
    first, begin = rows.first, rows.begin
    for i in range(len(first)):
        take_products(v, i, L, begin[i] + first[i], v, first[i], i - first[i])
        divide(v, i, L, begin[i] + i)
    for i in range(len(first) - 1, -1, -1):
        divide(v, i, L, begin[i] + i)
        for k in range(first[i], i):
            take_products(v, k, L, begin[i] + k, v, i, 1)


@compiled
def move(B: Floats, L: Floats, at: int, diagonal: int, a: int, b: int, n: int) -> None:
    """Replace an entry beside the diagonal by its derivative, given n entries before it and before that diagonal."""
    for lane in range(LANES):
        B[at, lane] -= L[at, lane] * B[diagonal, lane]
    for k in range(n):
        for lane in range(LANES):
            B[at, lane] -= B[a + k, lane] * L[b + k, lane] + L[a + k, lane] * B[b + k, lane]
    divide(B, at, L, diagonal)


@compiled
def traces_of_ratios(L: Floats, rows: Rows, B: Floats, out: Floats) -> None:
    """Write the trace of ``A^-1 B`` of each lane, given the Cholesky factor of A; B, a triangle, is overwritten.

    It is the derivative of the log determinant of A where A moves by B: that of its factor, row by row, without an
    inverse. B becomes the derivative of the factor.

    References
    ----------
    Smith 1995, Differentiation of the Cholesky algorithm, doi:10.1080/10618600.1995.10474671.
    """
    first, begin = rows.first, rows.begin
    out[:] = 0.0
    for i in range(len(first)):
        for j in range(first[i], i):
            both = max(first[i], first[j])
            move(B, L, begin[i] + j, begin[j] + j, begin[i] + both, begin[j] + both, j - both)
        diagonal = begin[i] + i
        for k in range(begin[i] + first[i], diagonal):
            for lane in range(LANES):
                B[diagonal, lane] -= 2.0 * L[k, lane] * B[k, lane]
        for lane in range(LANES):
            B[diagonal, lane] /= 2.0 * L[diagonal, lane]
            out[lane] += B[diagonal, lane] / L[diagonal, lane]
    for lane in range(LANES):
        out[lane] *= 2.0
