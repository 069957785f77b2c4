"""Matrices side by side: each lane against one matrix alone, and against numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.kernels import gram, lanes
from dermshift.engines.deseq2.kernels.lanes import LANES

SEEDS = st.integers(0, 2**32 - 1)
TOLERANCE = 1e-10  # sums of at most a few dozen terms, factors of well-conditioned matrices


def random_design(rng: np.random.Generator) -> np.ndarray:
    """Patient columns and a few columns with as many zeros as not, in any order."""
    n_pairs = int(rng.integers(1, 7))
    paired = np.column_stack([np.repeat(np.eye(n_pairs), 2, axis=0), np.tile([0.0, 1.0], n_pairs)])
    extra = rng.normal(size=(2 * n_pairs, int(rng.integers(0, 4)))) * rng.integers(0, 2, size=(2 * n_pairs, 1))
    X = np.hstack([paired, extra])
    return X[:, rng.permutation(X.shape[1])]


def drawn(seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray, gram.Rows, np.ndarray]:
    """Design, weights, rows, and the cross products plus one on the diagonal, packed."""
    rng = np.random.default_rng(seed)
    X = random_design(rng)
    weights, rows = rng.uniform(0.1, 50, (len(X), LANES)), gram.design_rows(X)
    A = lanes.triangle(rows)
    lanes.cross_products(weights, rows, A)
    A[rows.begin + np.arange(X.shape[1])] += 1.0
    return rng, X, weights, rows, A


def alone(X: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The matrix of one lane."""
    return X.T @ (weights[:, None] * X) + np.eye(X.shape[1])


def unpacked(packed: np.ndarray, rows: gram.Rows) -> np.ndarray:
    """The lower triangle of one lane."""
    out = np.zeros((len(rows.first),) * 2)
    for i, (first, begin) in enumerate(zip(rows.first, rows.begin, strict=True)):
        out[i, first : i + 1] = packed[begin + first : begin + i + 1]
    return out


@given(SEEDS)
def test_each_lane_is_the_matrix_alone_to_the_last_bit(seed):
    _, X, weights, rows, A = drawn(seed)
    factors = A.copy()
    lanes.choleskies(factors, rows)
    for lane in range(LANES):
        one = np.zeros((X.shape[1],) * 2)
        gram.cross_product(weights[:, lane].copy(), rows, one)
        one += np.eye(X.shape[1])
        np.testing.assert_array_equal(unpacked(A[:, lane], rows), np.tril(one))
        np.testing.assert_allclose(np.tril(one), np.tril(alone(X, weights[:, lane])), rtol=TOLERANCE, atol=TOLERANCE)
        assert gram.cholesky(one, rows.first)
        np.testing.assert_array_equal(unpacked(factors[:, lane], rows), np.tril(one))


@given(SEEDS)
def test_determinants_solutions_and_traces_are_those_of_numpy(seed):
    rng, X, weights, rows, L = drawn(seed)
    lanes.choleskies(L, rows)
    logs, traces, v = np.empty(LANES), np.empty(LANES), rng.normal(size=(X.shape[1], LANES))
    lanes.log_determinants(L, rows, np.empty(LANES), logs)
    right, change, moved = v.copy(), rng.uniform(0, 5, weights.shape), lanes.triangle(rows)
    lanes.solve(L, rows, v)
    lanes.cross_products(change, rows, moved)
    lanes.traces_of_ratios(L, rows, moved, traces)
    for lane in range(LANES):
        A, B = alone(X, weights[:, lane]), X.T @ (change[:, [lane]] * X)
        assert logs[lane] == pytest.approx(np.linalg.slogdet(A)[1], rel=TOLERANCE, abs=TOLERANCE)
        np.testing.assert_allclose(v[:, lane], np.linalg.solve(A, right[:, lane]), rtol=1e-8, atol=TOLERANCE)
        trace, step = np.trace(np.linalg.solve(A, B)), 1e-6
        assert traces[lane] == pytest.approx(trace, rel=1e-8, abs=TOLERANCE)
        numerical = (np.linalg.slogdet(A + step * B)[1] - np.linalg.slogdet(A - step * B)[1]) / (2 * step)
        assert numerical == pytest.approx(trace, rel=1e-4, abs=1e-6)  # the derivative of the log determinant


@pytest.mark.parametrize("spoilt", [0.0, -1.0, np.nan, np.inf], ids=["singular", "negative", "missing", "infinite"])
def test_a_matrix_without_a_factor_is_nan_and_leaves_the_others_alone(spoilt):
    X = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    rows = gram.design_rows(X)
    A, logs = lanes.triangle(rows), np.empty((2, LANES))
    for turn in range(2):
        lanes.cross_products(np.ones((3, LANES)), rows, A)
        A[0, 3] = spoilt if turn else A[0, 3]
        lanes.choleskies(A, rows)
        lanes.log_determinants(A, rows, np.empty(LANES), logs[turn])
    assert np.isnan(logs[1]).tolist() == (np.arange(LANES) == 3).tolist()
    assert (np.delete(logs[1], 3) == np.delete(logs[0], 3)).all()


@pytest.mark.parametrize("p", [1, 15, 16, 17, 32, 61])
def test_determinants_of_many_columns_do_not_overflow(p):
    rows, logs = gram.design_rows(np.eye(p)), np.empty(LANES)
    lanes.log_determinants(np.full((p, LANES), 1e6), rows, np.empty(LANES), logs)
    assert logs == pytest.approx(np.full(LANES, 2 * p * np.log(1e6)), rel=1e-12)
    with np.errstate(over="ignore"):
        assert np.isfinite(np.prod(np.full(p, 1e6))) == (p < 52)  # one product of all would be lost
