"""Cook's distances against naive loops, and what follows from them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import f

from dermshift.engines.deseq2 import cooks
from dermshift.engines.deseq2.glm import fit_coefficients

SEEDS = st.integers(0, 2**32 - 1)


def groups(*sizes: int) -> np.ndarray:
    """Intercept, and a column for every further group."""
    cell = np.repeat(np.arange(len(sizes)), sizes)
    return np.column_stack([np.ones(len(cell)), *(cell == k for k in range(1, len(sizes)))]).astype(float)


def trimmed_mean(values, share):
    """R ``mean(trim=)``: this share of the sorted values falls away at each end."""
    cut = int(np.floor(len(values) * share))
    return sum(sorted(values)[cut : len(values) - cut]) / (len(values) - 2 * cut)


def trimmed_variance(values, share, scale):
    middle = trimmed_mean(values, share)
    return scale * trimmed_mean([(v - middle) ** 2 for v in values], share)


def naive_robust(y, matrix):
    """One gene: the largest trimmed variance of a group of three or more, else that of all."""
    rows, kinds = [tuple(row) for row in matrix], []
    for row in sorted(set(rows)):
        inside = [v for v, r in zip(y, rows, strict=True) if r == row]
        n = len(inside)
        if n >= 3:
            share, scale = (1 / 3, 2.04) if n <= 3 else (1 / 4, 1.86) if n <= 23 else (1 / 8, 1.51)
            kinds.append(trimmed_variance(inside, share, scale))
    variance = max(kinds) if kinds else trimmed_variance(y, 1 / 8, 1.51)
    return max((variance - np.mean(y)) / np.mean(y) ** 2, 0.04)


@given(SEEDS, st.sampled_from([(3, 3), (4, 6), (3, 24), (25, 2), (2, 2, 2), (1, 1, 5)]))
def test_robust_dispersions_are_those_of_a_naive_loop(seed, sizes):
    matrix = groups(*sizes)
    rng = np.random.default_rng(seed)
    values = rng.negative_binomial(2, 0.02, (4, len(matrix))) * rng.uniform(0.5, 2, len(matrix)) + 0.1
    naive = [naive_robust(y, matrix) for y in values]
    np.testing.assert_allclose(cooks.robust_dispersions(values, matrix), naive, rtol=1e-10)


def test_distances_are_those_of_leaving_the_library_out_by_formula(draw):
    data = draw(3, n_genes=5, n_pairs=4, paired=False)
    fitted = fit_coefficients(
        data.counts, data.size_factors, data.matrix, data.dispersions, smallest=0.5, tolerance=1e-8, most=100, threads=1
    )
    found = cooks.distances(data.counts, data.size_factors, fitted.mu, fitted.hat, data.matrix)
    for gene in range(5):
        alpha = naive_robust(data.counts[gene] / data.size_factors, data.matrix)
        for j in range(8):
            y, mu, h = data.counts[gene, j], fitted.mu[gene, j], fitted.hat[gene, j]
            expected = (y - mu) ** 2 / (mu + alpha * mu**2) / 2 * h / (1 - h) ** 2
            assert found[gene, j] == pytest.approx(expected, rel=1e-10)


def test_the_cutoff_is_a_point_of_f():
    assert cooks.cutoff(groups(4, 4)) == pytest.approx(f.ppf(0.99, 2, 6))


def test_libraries_are_counted_by_their_row_of_the_matrix():
    matrix = groups(1, 2, 4)
    assert cooks.repeated(matrix, 2).tolist() == [False] + [True] * 6
    assert cooks.repeated(matrix, 3).tolist() == [False] * 3 + [True] * 4
    assert len(set(cooks.cells(matrix))) == 3


def test_an_outlier_becomes_the_trimmed_mean_at_its_depth():
    counts = np.array([[10.0, 12, 8, 11, 9, 10, 5000, 10], [7, 7, 7, 7, 7, 7, 7, 7]])
    factors = np.array([1.0, 1, 1, 1, 1, 1, 2.5, 1])
    outlying = np.zeros((2, 8), dtype=bool)
    outlying[0, [1, 6]] = True
    replaceable = np.array([True] + [False] + [True] * 6)
    found = cooks.replaced_counts(counts, factors, outlying, replaceable)
    middle = trimmed_mean(counts[0] / factors, 0.2)
    assert found[0].tolist() == [10, 12, 8, 11, 9, 10, np.floor(2.5 * middle), 10]  # library 1 may not be replaced
    assert found[1].tolist() == counts[1].tolist()


@pytest.mark.parametrize("larger", [2, 3])
def test_two_groups_keep_a_gene_with_three_counts_above_the_outlier(larger):
    matrix = groups(4, 4)
    distances, counts = np.zeros((1, 8)), np.full((1, 8), 5.0)
    distances[0, 2], counts[0, 2] = 99.0, 50.0
    counts[0, 4 : 4 + larger] = 60.0
    assert cooks.withheld(distances, distances, counts, matrix).tolist() == [larger < 3]


def test_only_cells_of_three_withhold_and_replaced_counts_do_not():
    matrix = groups(2, 3, 3)
    distances = np.zeros((3, 8))
    distances[0, 0] = distances[1, 3] = distances[2, 4] = 99.0
    left = distances.copy()
    left[2, 4] = 0.0  # replaced
    counts = np.ones((3, 8))
    assert cooks.withheld(left, distances, counts, matrix).tolist() == [False, True, False]
    assert not cooks.withheld(distances, distances, counts, groups(2, 2, 2, 2)).any()


def test_genes_without_distances_are_not_withheld():
    distances = np.full((1, 8), np.nan)
    assert not cooks.withheld(distances, distances, np.zeros((1, 8)), groups(4, 4)).any()
