"""Arrays a kernel cannot answer for are refused in words, all problems at once."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.arrays import by_gene, need_arrays
from dermshift.errors import DermshiftError, DesignError, FormatError

MATRIX = np.column_stack([np.ones(6), np.tile([0.0, 1.0], 3)])


def sound():
    return {
        "counts": np.ones((6, 4)), "means": np.ones((6, 4)), "size_factors": np.ones(6), "dispersions": np.ones(4),
        "start": np.ones(4), "coefficients": np.ones((4, 2)), "contrast": np.array([0.0, -1.0]),
        "ridge": np.zeros((2, 2)), "prior_variance": 1.0,
    }  # fmt: skip


def refused(matrix=MATRIX, **arrays):
    options = {name: arrays.pop(name) for name in ("column", "unfitted") if name in arrays}
    with pytest.raises(DermshiftError) as error:
        need_arrays("a step", matrix, **options, **sound() | arrays)
    for problem in error.value.problems:
        assert all(problem.as_dict().values())
        assert problem.where.startswith("engine 'deseq2', step 'a step'")
    return error.value


def test_sound_arrays_pass():
    need_arrays("a step", MATRIX, column=1, **sound())
    need_arrays("a step", None, counts=np.zeros((6, 0)), size_factors=np.ones(6))


@pytest.mark.parametrize("name", sorted(set(sound()) - {"prior_variance"}))
def test_a_wrong_shape_says_which_was_expected(name):
    array = sound()[name]
    for wrong in (array[:-1], np.expand_dims(array, 0), np.float64(1)):
        error = refused(**{name: wrong})
        assert isinstance(error, FormatError)
        # the first array that has an axis sets its length, so others may be named beside it
        assert any(name in problem.found or problem.expected for problem in error.problems)


@pytest.mark.parametrize("name", sorted(sound()))
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_missing_and_infinite_values_are_counted(name, value):
    array = np.array(sound()[name], dtype=float)
    array.flat[-1] = value
    error = refused(**{name: array})
    assert isinstance(error, FormatError)
    assert [problem.found for problem in error.problems] == [
        f"1 values of {name} that are missing, infinite or too small"
    ]


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("counts", True), ("ridge", True), ("contrast", True), ("size_factors", False), ("dispersions", False),
     ("means", False), ("start", False), ("prior_variance", False)],
)  # fmt: skip
def test_zeros_are_allowed_where_they_mean_something(name, allowed):
    array = np.zeros_like(sound()[name])
    if allowed:
        need_arrays("a step", MATRIX, **sound() | {name: array})
    else:
        assert refused(**{name: array}).problems[0].expected == "numbers above zero"


def test_negative_counts_are_refused_and_negative_coefficients_are_not():
    assert refused(counts=-np.ones((6, 4))).problems[0].found.startswith("24 values of counts")
    need_arrays("a step", MATRIX, **sound() | {"coefficients": -np.ones((4, 2))})


@pytest.mark.parametrize("name", ["coefficients", "dispersions", "means"])
def test_genes_that_were_not_fitted_may_be_missing_where_the_step_says_so(name):
    array = sound()[name] * np.nan
    need_arrays("a step", MATRIX, unfitted=True, **sound() | {name: array})
    assert refused(**{name: array})
    assert refused(unfitted=True, **{name: np.full_like(array, np.inf)})


@pytest.mark.parametrize(
    "matrix",
    [
        np.column_stack([MATRIX, MATRIX[:, 0] - MATRIX[:, 1]]), np.column_stack([MATRIX, np.zeros(6)]),
        np.where(MATRIX > 0, np.nan, 0), np.where(MATRIX > 0, np.inf, 0), np.eye(6), np.ones(6), np.empty((6, 0)),
    ],
    ids=["sum of others", "zeros", "missing", "infinite", "no library to spare", "one dimension", "no column"],
)  # fmt: skip
def test_a_matrix_without_an_answer_is_a_design_error(matrix):
    with pytest.raises(DesignError) as error:
        need_arrays("a step", matrix, counts=np.ones((6, 4)), size_factors=np.ones(6))
    [problem] = error.value.problems
    assert all(problem.as_dict().values())
    assert "Drop the columns" in problem.action


def test_all_problems_come_at_once():
    error = refused(np.ones((6, 2)), counts=np.full((6, 4), np.nan), dispersions=np.ones(3), size_factors=np.zeros(6))
    text = str(error)
    for part in ("24 values of counts", "dispersions of shape (3,)", "6 values of size_factors", "rank 1"):
        assert part in text


@pytest.mark.parametrize("column", [-1, 2])
def test_a_column_that_is_not_there(column):
    assert f"column {column}" in str(refused(column=column))


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 4))
def test_any_shapes_end_in_an_answer_in_words(seed, n, m):
    rng = np.random.default_rng(seed)
    arrays = {name: rng.choice([1.0, 0.0, np.nan], size=(n, m)[: rng.integers(0, 3)]) for name in sound()}
    with suppress(DermshiftError):
        need_arrays("a step", rng.choice([0.0, 1.0, np.nan], size=(m, n)), **arrays)


def test_by_gene_turns_and_lays_together():
    turned = by_gene(np.asfortranarray(np.arange(6).reshape(2, 3)))
    assert turned.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert turned.flags.c_contiguous
    assert turned.dtype == float
