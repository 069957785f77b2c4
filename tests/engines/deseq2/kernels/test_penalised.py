"""Penalised likelihood in log2 against scipy, and its differences against its derivative."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import nbinom, norm

from dermshift.engines.deseq2.kernels import penalised
from dermshift.engines.deseq2.kernels.gram import design_rows

SEEDS = st.integers(0, 2**32 - 1)
BOUND = 30.0


def loss(data, beta, precision=1e-6):
    rows = design_rows(data.matrix)
    return penalised.penalised_loss(beta, data.counts[0], data.dispersions[0], data.size_factors, rows, precision)


def gradient(data, beta, precision=1e-6):
    rows = design_rows(data.matrix)
    return penalised.difference_gradient(
        beta, data.counts[0], data.dispersions[0], data.size_factors, rows, precision, BOUND
    )


@given(SEEDS, st.sampled_from([1e-6, 0.5]))
def test_loss_is_that_of_scipy_with_every_constant(draw, seed, precision):
    data = draw(seed, n_genes=1)
    beta, alpha = data.beta[0] / np.log(2), data.dispersions[0]
    mu = data.size_factors * np.exp2(data.matrix @ beta)
    naive = -nbinom.logpmf(data.counts[0], 1 / alpha, 1 / (1 + alpha * mu)).sum()
    naive -= norm.logpdf(beta, scale=precision**-0.5).sum()
    assert loss(data, beta, precision) == pytest.approx(naive, rel=1e-9)


@given(SEEDS)
def test_gradient_is_the_derivative(draw, seed):
    data = draw(seed, n_genes=1)
    beta, alpha = data.beta[0] / np.log(2), data.dispersions[0]
    exact = 1e-6 * beta - np.log(2) * data.matrix.T @ ((data.counts[0] - data.mu[0]) / (1 + alpha * data.mu[0]))
    # third derivatives are below a few dozen, times the square of .001
    np.testing.assert_allclose(gradient(data, beta), exact, rtol=1e-4, atol=1e-4)


def test_natural_logarithms_would_be_seen(draw):
    data = draw(3, n_genes=1)
    assert loss(data, data.beta[0]) > loss(data, data.beta[0] / np.log(2)) + 1


def test_at_the_bound_the_difference_looks_inwards(draw):
    data = draw(3, n_genes=1)
    data.counts[0, 1::2] = 0.0
    beta = data.beta[0] / np.log(2)
    beta[-1] = -BOUND
    assert np.isfinite(gradient(data, beta)).all()
    inside = (loss(data, beta + 1e-3 * (np.arange(5) == 4)) - loss(data, beta)) / 1e-3
    assert gradient(data, beta)[-1] == pytest.approx(inside, abs=1e-12)


def test_an_impossible_place_is_large_and_finite(draw):
    data = draw(3, n_genes=1)
    assert loss(data, np.full(5, 1e4)) == penalised.IMPOSSIBLE
