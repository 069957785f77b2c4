"""The order of columns in which a factor is narrow."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.kernels.gram import cholesky, design_rows
from dermshift.engines.deseq2.narrow import _profile, narrow_order


def by_patient(n: int) -> np.ndarray:
    """Two intercepts and a change for every patient, and one column all share: a difference between two places."""
    one = np.array([[1.0, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1]])
    return np.hstack([np.kron(np.eye(n), one), np.tile([[0.0], [0], [0], [1]], (n, 1))])


def profile(matrix: np.ndarray) -> int:
    return _profile(np.abs(matrix).T @ np.abs(matrix) > 0)


@given(st.integers(0, 2**32 - 1), st.integers(2, 14))
def test_patients_stand_together_and_what_they_share_stands_last_however_columns_come(seed, n):
    matrix = by_patient(n)
    drawn = matrix[:, np.random.default_rng(seed).permutation(matrix.shape[1])]
    order = narrow_order(drawn)
    assert sorted(order) == list(range(matrix.shape[1]))
    assert profile(drawn[:, order]) <= 5 * n
    assert not n > 2 or profile(drawn[:, order[::-1]]) > profile(matrix)  # the other way round is not narrow


@given(st.integers(0, 2**32 - 1))
def test_any_matrix_has_an_order_that_is_no_wider_and_a_factor_in_it(seed):
    rng = np.random.default_rng(seed)
    p = int(rng.integers(1, 12))
    matrix = rng.normal(size=(p + 5, p)) * (rng.random((p + 5, p)) < rng.random())
    matrix[0] = 1.0
    order = narrow_order(matrix)
    assert sorted(order) == list(range(p))
    assert profile(matrix[:, order]) <= profile(matrix)
    A = matrix.T @ matrix + np.eye(p)
    L = A[np.ix_(order, order)]
    assert cholesky(L, design_rows(matrix[:, order]).first)
    np.testing.assert_allclose(np.tril(L), np.linalg.cholesky(A[np.ix_(order, order)]), rtol=1e-8, atol=1e-10)
