"""Coefficients of many genes: independent of each other, of their order and of the threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom

from dermshift.engines.deseq2 import blocks, fallback, glm

SEEDS = st.integers(0, 2**32 - 1)
ORDER_OF_LIBRARIES = 1e-5
"""Sums over libraries round differently in another order, and iterations that hardly move any more then end one apart:
below 1e-6 for most genes, a few times that for the slowest."""


def fit(data, *, tolerance=1e-8, most=glm.ITERATIONS, threads=1, genes=slice(None), leverages=True):
    return glm.fit_coefficients(
        np.ascontiguousarray(data.counts[genes]), data.size_factors, data.matrix, data.dispersions[genes],
        smallest=glm.SMALLEST_MEAN, tolerance=tolerance, most=most, threads=threads,
        leverages=leverages,
    )  # fmt: skip


def assert_same_bits(first, second):
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@given(SEEDS, st.booleans())
def test_permuting_genes_permutes_results_bit_for_bit(draw, seed, paired):
    data = draw(seed, n_genes=9, paired=paired)
    order = np.random.default_rng(seed).permutation(9)
    assert_same_bits([found[order] for found in fit(data)], fit(data, genes=order))


@given(SEEDS, st.booleans())
def test_a_gene_alone_is_the_same_gene_among_others(draw, seed, paired):
    data = draw(seed, n_genes=9, paired=paired)
    together = fit(data)
    for gene in (0, 4, 8):
        assert_same_bits([found[[gene]] for found in together], fit(data, genes=[gene]))


@given(SEEDS)
def test_permuting_libraries_changes_nothing_but_rounding(draw, seed):
    data = draw(seed, n_genes=6)
    before, order = fit(data, tolerance=1e-13), np.random.default_rng(seed).permutation(len(data.matrix))
    data.counts, data.matrix, data.size_factors = data.counts[:, order], data.matrix[order], data.size_factors[order]
    after = fit(data, tolerance=1e-13)
    both = before.converged & after.converged
    np.testing.assert_allclose(after.beta[both], before.beta[both], rtol=ORDER_OF_LIBRARIES, atol=ORDER_OF_LIBRARIES)
    np.testing.assert_allclose(after.mu[both], before.mu[both][:, order], rtol=10 * ORDER_OF_LIBRARIES)


def test_the_count_of_threads_and_the_size_of_blocks_change_no_bit(draw, monkeypatch):
    data = draw(3, n_genes=41)
    expected = fit(data)
    for size in (1, 3, 256):
        monkeypatch.setattr(blocks, "GENES_PER_BLOCK", size)
        for threads in (1, 2, 3):
            assert_same_bits(fit(data, threads=threads), expected)


@given(SEEDS, st.floats(0.25, 4.0))
def test_rescaled_size_factors_move_the_patients_and_not_the_change(draw, seed, factor):
    data = draw(seed, n_genes=5, log_mean=6.0)
    before = fit(data, tolerance=1e-13)
    data.size_factors = data.size_factors * factor
    after = fit(data, tolerance=1e-13)
    # the ridge of 2e-6 pulls at the patients' levels, which moved, and through them at the change
    np.testing.assert_allclose(after.beta[:, -1], before.beta[:, -1], atol=2e-5)
    np.testing.assert_allclose(after.beta[:, :-1], before.beta[:, :-1] - np.log(factor), atol=2e-5)
    np.testing.assert_allclose(after.mu, before.mu, rtol=1e-4)


def test_an_intercept_alone_is_the_mean_of_the_normalised_counts(draw):
    data = draw(6, n_genes=4)
    data.matrix = np.ones((8, 1))
    found = fit(data)
    mean = (data.counts / data.size_factors).mean(axis=1)
    np.testing.assert_allclose(found.beta[:, 0], np.log(mean), rtol=1e-13)
    np.testing.assert_allclose(found.mu, mean[:, None] * data.size_factors, rtol=1e-13)
    np.testing.assert_allclose(found.hat.sum(axis=1), 1, rtol=1e-13)
    assert found.converged.all()


def test_an_intercept_of_another_size_is_iterated(draw):
    data = draw(6, n_genes=4)
    data.matrix = np.full((8, 1), 2.0)
    doubled = fit(data, tolerance=1e-13)
    assert np.isfinite(doubled.beta).all()
    assert doubled.converged.all()


def test_genes_that_do_not_converge_go_to_the_fallback(draw, monkeypatch):
    data, given_up = draw(6, n_genes=4, log_mean=6.0), []
    monkeypatch.setattr(glm, "maximise", lambda *a: given_up.append(1) or fallback.maximise(*a))
    usual = fit(data, tolerance=1e-13)
    assert not given_up
    forced = fit(data, most=1)
    assert len(given_up) == 4
    assert forced.converged.all()
    np.testing.assert_allclose(forced.beta, usual.beta, atol=1e-3)  # the fallback stops earlier, as R does
    np.testing.assert_allclose(forced.mu, data.size_factors * np.exp(forced.beta @ data.matrix.T), rtol=1e-12)


def test_a_gene_on_which_both_fail_says_so(draw, monkeypatch):
    data = draw(6, n_genes=4)
    monkeypatch.setattr(glm, "maximise", lambda y, X, s, a, start, prior: (start, y[0] != data.counts[2, 0]))
    assert fit(data, most=1).converged.tolist() == [True, True, False, True]


def test_a_group_without_counts_at_a_huge_dispersion_is_answered(draw):
    """Reweighted least squares swings here: the fallback keeps the change finite and says whether it settled."""
    data = draw(6, n_genes=4, paired=False)
    data.counts[:, 1::2], data.dispersions[:] = 0.0, 50.0
    data.counts[:, 2] = 3e5
    found = fit(data)
    assert np.isfinite(found.beta).all()
    assert (found.beta[:, 1] < -1).all()
    assert found.converged.dtype == bool


def test_likelihoods_are_those_of_scipy(draw):
    data = draw(6)
    expected = nbinom.logpmf(
        data.counts, 1 / data.dispersions[:, None], 1 / (1 + data.dispersions[:, None] * data.mu)
    ).sum(axis=1)
    for threads in (1, 2):
        found = glm.log_likelihoods(data.counts, data.mu, data.dispersions, threads=threads)
        np.testing.assert_allclose(found, expected, rtol=1e-10)


@given(SEEDS)
def test_first_guess_is_least_squares_of_the_logarithms(draw, seed):
    data = draw(seed, n_genes=3)
    naive = [np.linalg.lstsq(data.matrix, np.log(y / data.size_factors + 0.1), rcond=None)[0] for y in data.counts]
    np.testing.assert_allclose(glm.first_guess(data.counts, data.size_factors, data.matrix), naive, atol=1e-10)


@pytest.mark.parametrize("threads", [1, 3])
def test_errors_of_a_coefficient_are_the_usual_ones(draw, threads):
    data = draw(6, n_pairs=6)
    contrast = np.eye(data.matrix.shape[1])[-1]
    found = glm.contrast_errors(
        data.beta, data.dispersions, data.size_factors, data.matrix, contrast, smallest=0.5, threads=threads
    )
    weights = np.maximum(data.mu, 0.5) / (1 + data.dispersions[:, None] * np.maximum(data.mu, 0.5))
    usual = [np.sqrt(np.linalg.inv(data.matrix.T @ (w[:, None] * data.matrix))[-1, -1]) for w in weights]
    np.testing.assert_allclose(found, usual, rtol=1e-5)  # the ridge of 2e-6 is all that differs


@given(SEEDS, st.booleans())
def test_without_leverages_all_else_is_the_same(draw, seed, paired):
    data = draw(seed, n_genes=9, paired=paired)
    whole, part = fit(data), fit(data, leverages=False)
    assert part.hat.shape == (9, 0)
    assert_same_bits(whole[:2], part[:2])
    assert_same_bits(whole[3:], part[3:])
