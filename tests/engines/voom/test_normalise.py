"""Normalisation factors; those of R are in test_reference_cases.py."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from dermshift.engines.voom.normalise import normalisation_factors, reference_library, trimmed_ratio, within


def counts_of(seed=0, n_genes=400, n_libraries=6):
    rng = np.random.default_rng(seed)
    mean = np.exp(rng.normal(4, 1.5, (n_genes, 1)))
    return rng.poisson(mean * rng.uniform(0.5, 2, n_libraries)).astype(float)


def test_a_few_genes_that_fill_one_library_do_not_move_the_others():
    counts = counts_of()
    before = normalisation_factors(counts)
    filled = counts.copy()
    filled[:8, 2] = counts[:, 2].sum() / 8  # half of the reads of the library
    after = normalisation_factors(filled)
    np.testing.assert_allclose(before, 1, atol=0.05)
    relative = after / after[0]
    assert relative[2] == pytest.approx(0.5, rel=0.1)
    np.testing.assert_allclose(np.delete(relative, 2), 1, atol=0.1)


@given(seed=st.integers(0, 1000))
def test_factors_are_relative_and_follow_their_libraries(seed):
    counts = counts_of(seed, 120, 5)
    factors = normalisation_factors(counts)
    assert np.prod(factors) == pytest.approx(1, rel=1e-12)
    order = np.random.default_rng(seed).permutation(5)
    np.testing.assert_allclose(normalisation_factors(counts[:, order]), factors[order], rtol=1e-12)
    np.testing.assert_allclose(normalisation_factors(np.vstack([counts, np.zeros((50, 5))])), factors, rtol=1e-12)


def test_equal_libraries_and_libraries_without_a_common_gene_have_factor_one():
    counts = counts_of()
    np.testing.assert_array_equal(normalisation_factors(counts[:, [0, 0]]), [1, 1])
    assert trimmed_ratio(np.array([5.0, 0.0]), np.array([0.0, 3.0]), 5, 3) == 1


def test_the_reference_is_the_library_of_middling_upper_quartile():
    counts = np.array([[1.0, 10, 22]] * 4 + [[96, 60, 12]])
    assert reference_library(counts, counts.sum(axis=0)) == 1
    sparse = np.zeros((20, 3))
    sparse[:2] = [[1, 9, 4], [1, 9, 4]]
    assert reference_library(sparse, sparse.sum(axis=0)) == 1  # quartiles are 0: the fullest one


def test_ranks_within_the_trim_are_those_of_r():
    ranks = np.arange(1.0, 11)
    assert ranks[within(ranks, 0.3)].tolist() == [4, 5, 6, 7]
    assert ranks[within(ranks, 0.05)].tolist() == list(ranks)


@pytest.mark.parametrize("trim", [0, 0.05, 0.3, 0.5])
@pytest.mark.parametrize("levels", [1, 2, 5, 1000])
def test_equal_values_stay_or_go_together_by_their_mean_rank(levels, trim):
    rng = np.random.default_rng(levels)
    for n in (0, 1, 2, 7, 40):
        values = rng.integers(0, levels, n) - levels / 2
        rank, lowest = rankdata(values), np.floor(n * trim) + 1
        expected = (rank >= lowest) & (rank <= n + 1 - lowest)
        np.testing.assert_array_equal(within(values, trim), expected)
