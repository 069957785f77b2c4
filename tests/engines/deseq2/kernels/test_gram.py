"""Cross products and Cholesky factors that skip zeros, against plain numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.kernels import gram

SEEDS = st.integers(0, 2**32 - 1)
TOLERANCE = 1e-10  # sums of at most a few dozen terms, factors of well-conditioned matrices


def paired(n_pairs: int) -> np.ndarray:
    """A column per patient and one for the second visit."""
    return np.column_stack([np.repeat(np.eye(n_pairs), 2, axis=0), np.tile([0.0, 1.0], n_pairs)])


def random_design(rng: np.random.Generator) -> np.ndarray:
    """Patient columns first, then a few columns with as many zeros as not."""
    n_pairs = int(rng.integers(1, 7))
    extra = rng.normal(size=(2 * n_pairs, int(rng.integers(0, 4)))) * rng.integers(0, 2, size=(2 * n_pairs, 1))
    return np.hstack([paired(n_pairs), extra])


def factor(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, gram.Rows, np.ndarray]:
    """Design, positive definite matrix, rows and Cholesky factor as the kernels leave it."""
    X = random_design(rng)
    weights = rng.uniform(0.1, 50, len(X))
    A = X.T @ (weights[:, None] * X) + np.eye(X.shape[1])
    rows = gram.design_rows(X)
    L = np.where(np.tril(np.ones_like(A)) > 0, A, 1e300)  # nothing may read above the diagonal
    assert gram.cholesky(L, rows.first)
    return X, A, rows, L


@given(SEEDS)
def test_cross_product_is_that_of_a_naive_loop(seed):
    rng = np.random.default_rng(seed)
    X = random_design(rng)
    weights = rng.uniform(0, 5, len(X))
    out, rows = np.full((X.shape[1],) * 2, 7.0), gram.design_rows(X)
    gram.cross_product(weights, rows, out)
    naive = sum(w * np.outer(x, x) for w, x in zip(weights, X, strict=True))
    place = np.arange(X.shape[1])
    used = (place >= rows.first[:, None]) & (place <= place[:, None])
    np.testing.assert_allclose(out[used], naive[used], rtol=TOLERANCE, atol=TOLERANCE)
    assert (np.tril(naive)[~used] == 0).all()
    assert (out[~used] == 7.0).all()  # never looked at, so never written


@given(SEEDS)
def test_factor_solution_and_leverage_are_those_of_numpy(seed):
    rng = np.random.default_rng(seed)
    X, A, rows, L = factor(rng)
    np.testing.assert_allclose(np.tril(L), np.linalg.cholesky(A), rtol=TOLERANCE, atol=TOLERANCE)
    b = rng.normal(size=len(A))
    found = b.copy()
    gram.forward(L, rows.first, found)
    gram.backward(L, rows.first, found)
    np.testing.assert_allclose(found, np.linalg.solve(A, b), rtol=1e-8, atol=TOLERANCE)
    naive = np.diag(X @ np.linalg.inv(A) @ X.T)
    inverse = np.full_like(A, 9.0)
    gram.invert(L, rows.first, inverse)
    np.testing.assert_allclose(inverse, np.linalg.inv(np.tril(L)), rtol=1e-8, atol=TOLERANCE)
    mine = [gram.leverage(inverse, rows, j) for j in range(len(X))]
    np.testing.assert_allclose(mine, naive, rtol=1e-8, atol=TOLERANCE)


@given(SEEDS)
def test_a_product_by_row_is_that_of_numpy_and_knows_no_other_row(seed):
    rng = np.random.default_rng(seed)
    values, matrix = rng.normal(size=(7, 9)), rng.normal(size=(9, 3))
    found = gram.by_row(values, matrix)
    np.testing.assert_allclose(found, values @ matrix, rtol=TOLERANCE, atol=TOLERANCE)
    for row in range(7):
        np.testing.assert_array_equal(gram.by_row(values[[row]], matrix)[0], found[row])


def test_rows_hold_the_entries_of_the_matrix_and_nothing_else():
    X = np.array([[1.0, 0, 2], [0, 0, 0], [0, -1, 3]])
    rows = gram.design_rows(X)
    assert rows.starts.tolist() == [0, 2, 2, 4]
    assert rows.columns.tolist() == [0, 2, 1, 2]
    assert rows.values.tolist() == [1, 2, -1, 3]
    assert rows.first.tolist() == [0, 1, 0]  # columns 0 and 1 share no library
    assert rows.begin.tolist() == [0, 0, 2]  # packed: (0, 0), (1, 1), (2, 0), (2, 1), (2, 2)
    assert rows.places.tolist() == [0, 2, 4, 1, 3, 4]


def test_columns_that_cancel_in_the_cross_product_still_count_as_touching():
    X = np.array([[1.0, 1], [1, -1]])  # X'X is diagonal, X' W X is not
    assert gram.design_rows(X).first.tolist() == [0, 0]


def test_a_library_without_entries_has_no_leverage():
    X = np.array([[1.0], [0.0]])
    L = np.ones((1, 1))
    assert gram.leverage(L, gram.design_rows(X), 1) == 0.0


@pytest.mark.parametrize(
    "A",
    [[[1.0, 1.0], [1.0, 1.0]], [[-1.0, 0.0], [0.0, 1.0]], [[np.nan, 0.0], [0.0, 1.0]], [[np.inf, 0.0], [0.0, 1.0]]],
    ids=["singular", "negative", "missing", "infinite"],
)
def test_a_matrix_without_a_factor_is_named_as_such(A):
    assert not gram.cholesky(np.array(A), np.zeros(2, dtype=np.int64))


def test_a_missing_ridge_would_leave_equal_columns_without_a_factor():
    X = np.column_stack([paired(3), np.ones(6)])  # the patient columns add up to the last
    rows, A = gram.design_rows(X), np.empty((5, 5))
    gram.cross_product(np.full(6, 4.0), rows, A)
    with_ridge = A + 1e-6 * np.eye(5)
    assert gram.cholesky(with_ridge, rows.first)
    assert not gram.cholesky(A, rows.first) or A[4, 4] < 1e-6
