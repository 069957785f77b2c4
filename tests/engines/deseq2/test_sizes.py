"""Size factors: given, or the median of ratios."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.sizes import given_or_median_of_ratios
from dermshift.errors import DesignError

COUNTS = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).poisson(9, (5, 31)))


@given(COUNTS)
def test_they_are_the_median_of_ratios_to_the_geometric_mean(counts):
    ratios = [[] for _ in counts]
    for gene in counts.T:
        if (gene > 0).all():
            for library, count in enumerate(gene):
                ratios[library].append(count / np.prod(gene) ** (1 / 5))
    # an even number of genes: R takes the middle of the logarithms, not of the ratios
    naive = [np.exp(np.median(np.log(of_one))) for of_one in ratios]
    np.testing.assert_allclose(given_or_median_of_ratios(None, counts), naive, rtol=1e-12)


def test_given_ones_are_kept_whatever_the_counts():
    given_factors = pd.Series([0.5, 1.0, 3.0])
    found = given_or_median_of_ratios(given_factors, np.zeros((3, 4), dtype=int))
    np.testing.assert_array_equal(found, given_factors)


@given(COUNTS, st.integers(2, 9))
def test_a_library_read_k_times_deeper_has_a_factor_k_times_larger(counts, k):
    before = given_or_median_of_ratios(None, counts)
    deeper = counts.copy()
    deeper[0] *= k
    after = given_or_median_of_ratios(None, deeper)
    np.testing.assert_allclose(after[0] / after[1] / (before[0] / before[1]), k, rtol=1e-10)


def test_every_gene_with_a_zero_somewhere_is_refused_with_what_to_do():
    counts = np.array([[5, 0, 3], [0, 7, 2], [4, 4, 0], [0, 0, 0]])
    with pytest.raises(DesignError) as error:
        given_or_median_of_ratios(None, counts)
    [problem] = error.value.problems
    assert "4 libraries" in problem.found
    assert "1 without any count" in problem.found
    assert "Leave out libraries" in problem.action
    assert all(problem.as_dict().values())
