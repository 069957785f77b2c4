"""Reweighted least squares against a naive loop and against a general optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import nbinom

from dermshift.engines.deseq2.glm import RIDGE, SMALLEST_MEAN
from dermshift.engines.deseq2.kernels import irls as kernel
from dermshift.engines.deseq2.kernels import regression
from dermshift.engines.deseq2.kernels.gram import design_rows

SEEDS = st.integers(0, 2**32 - 1)
EXACT = 1e-13
"""Relative change of the deviance that ends the iterations in these tests; R's 1e-8 leaves three decimals."""
MOST = 100


def start(data):
    logs = np.log(data.counts / data.size_factors + 0.1)
    return np.ascontiguousarray(np.linalg.lstsq(data.matrix, logs.T, rcond=None)[0].T)


def fit(data, *, tolerance=EXACT, smallest=SMALLEST_MEAN, ridge=RIDGE, most=MOST):
    """Return coefficients, means, leverages and iterations."""
    n_genes, p = len(data.counts), data.matrix.shape[1]
    beta = start(data)
    mu, hat, iterations = np.empty_like(data.counts), np.empty_like(data.counts), np.zeros(n_genes, dtype=np.int64)
    regression.irls_block(
        0, n_genes, data.counts, data.dispersions, data.size_factors, design_rows(data.matrix), np.full(p, ridge),
        smallest, tolerance, most, beta, mu, hat, iterations,
    )  # fmt: skip
    return beta, mu, hat, iterations


def naive_irls(data, gene, *, smallest=SMALLEST_MEAN, ridge=RIDGE, tolerance=EXACT):
    """One gene, with numpy's own solver."""
    X, y, s, alpha = data.matrix, data.counts[gene], data.size_factors, data.dispersions[gene]
    beta, before = start(data)[gene], 0.0
    mu = np.maximum(s * np.exp(X @ beta), smallest)
    for iteration in range(MOST):
        weights = mu / (1 + alpha * mu)
        response = np.log(mu / s) + (y - mu) / mu
        beta = np.linalg.solve(X.T @ (weights[:, None] * X) + ridge * np.eye(len(beta)), X.T @ (weights * response))
        mu = np.maximum(s * np.exp(X @ beta), smallest)
        deviance = -2 * nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mu)).sum()
        if iteration and abs(deviance - before) / (abs(deviance) + 0.1) < tolerance:
            break
        before = deviance
    weights = mu / (1 + alpha * mu)
    root = np.sqrt(weights)[:, None] * X
    hat = np.diag(root @ np.linalg.inv(root.T @ root + ridge * np.eye(len(beta))) @ root.T)
    return beta, s * np.exp(X @ beta), hat


def naive_mode(data, gene, ridge=RIDGE):
    """The same model by a general optimiser: no weights, no floor."""
    X, y, s, alpha = data.matrix, data.counts[gene], data.size_factors, data.dispersions[gene]

    def loss(beta):
        mu = s * np.exp(X @ beta)
        value = 0.5 * ridge * beta @ beta - nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * mu)).sum()
        return value, ridge * beta - X.T @ ((y - mu) / (1 + alpha * mu))

    return minimize(loss, start(data)[gene], jac=True, method="BFGS", options={"gtol": 1e-7}).x


@given(SEEDS, st.booleans(), st.floats(-1, 7))
def test_coefficients_means_and_leverages_are_those_of_a_naive_loop(draw, seed, paired, log_mean):
    data = draw(seed, n_genes=3, paired=paired, log_mean=log_mean)
    beta, mu, hat, iterations = fit(data)
    for gene in np.flatnonzero(iterations < MOST):
        expected = naive_irls(data, gene)
        # the same arithmetic with another solver, whose iterations may end one apart
        np.testing.assert_allclose(beta[gene], expected[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(mu[gene], expected[1], rtol=1e-4, atol=1e-8)
        np.testing.assert_allclose(hat[gene], expected[2], rtol=1e-5, atol=1e-5)


def test_coefficients_are_the_mode_a_general_optimiser_finds(draw):
    data = draw(2, n_genes=10, log_mean=6.0)
    assert data.mu.min() > 10 * SMALLEST_MEAN  # the floor on the means plays no part
    beta, _, _, iterations = fit(data)
    assert (iterations < MOST).all()
    for gene in range(10):
        # deviances of about a hundred that agree to 1e-13, so coefficients that agree to the root of 1e-11
        np.testing.assert_allclose(beta[gene], naive_mode(data, gene), atol=5e-6)


def test_r_stops_earlier_and_still_has_three_digits(draw):
    data = draw(2, n_genes=10, log_mean=6.0)
    early, exact = fit(data, tolerance=1e-8), fit(data)
    assert (early[3] <= exact[3]).all()
    np.testing.assert_allclose(early[0], exact[0], atol=1e-3)


def test_leverages_add_up_to_the_columns(draw):
    data = draw(2, n_genes=10, log_mean=6.0)
    np.testing.assert_allclose(fit(data)[2].sum(axis=1), data.matrix.shape[1], rtol=1e-5)  # less what the ridge takes


def test_a_wrong_rule_would_be_seen(draw):
    data = draw(4, n_genes=12, log_mean=0.0)
    beta, mu, hat, iterations = fit(data)
    good = np.flatnonzero(iterations < MOST)
    unfloored, unridged = fit(data, smallest=1e-6), fit(data, ridge=1.0)
    assert np.abs(hat - unfloored[2])[good].max() > 0.05
    assert np.abs(beta - unridged[0])[good].max() > 0.05
    assert (np.abs(beta / (beta / np.log(2)) - 1) > 0.05).all()  # log2 for natural
    np.testing.assert_allclose(mu, data.size_factors * np.exp(beta @ data.matrix.T), rtol=1e-12)  # without the floor
    assert mu.min() < SMALLEST_MEAN


def test_the_ridge_keeps_columns_that_repeat_solvable(draw):
    data = draw(4, n_genes=3)
    data.matrix = np.column_stack([data.matrix, np.zeros(len(data.matrix))])
    assert (fit(data)[3] < MOST).all()
    beta, _, hat, iterations = fit(data, ridge=0.0)
    assert (iterations == MOST).all()
    assert np.isnan(beta).all()
    assert np.isnan(hat).all()


def test_too_few_iterations_and_runaway_coefficients_count_as_failures(draw):
    data = draw(4, n_genes=2)
    assert (fit(data, most=1)[3] == 1).all()
    data.counts[0], data.dispersions[0] = 0.0, 1e8
    data.counts[0, 0] = 1e9
    data.size_factors = data.size_factors * 1e-14  # normalised counts beyond e^30
    assert fit(data)[3][0] == MOST


@given(SEEDS, st.floats(1e-8, 10))
def test_likelihood_is_that_of_scipy(draw, seed, alpha):
    data = draw(seed, n_genes=3)
    out, alphas = np.empty(3), np.full(3, alpha)
    kernel.likelihood_block(0, 3, data.counts, data.mu, alphas, out)
    expected = nbinom.logpmf(data.counts, 1 / alpha, 1 / (1 + alpha * data.mu)).sum(axis=1)
    # log gammas of 1e8 cancel: eight of sixteen digits are left in either
    np.testing.assert_allclose(out, expected, rtol=1e-9, atol=1e-6 if alpha > 1e-6 else 1e-4)


def test_likelihood_is_finite_where_a_mean_is_nothing():
    out = np.empty(1)
    kernel.likelihood_block(0, 1, np.array([[0.0, 5.0]]), np.array([[1e-320, 5.0]]), np.array([0.1]), out)
    assert out[0] == pytest.approx(nbinom.logpmf(5, 10, 1 / 1.5))


def test_means_have_a_floor(draw):
    data = draw(4)
    out, rows = np.empty(len(data.matrix)), design_rows(data.matrix)
    kernel.means(data.beta[0] - 9, rows, data.size_factors, SMALLEST_MEAN, out)
    assert (out == SMALLEST_MEAN).all()
    kernel.means(data.beta[0], rows, data.size_factors, 0.0, out)
    np.testing.assert_allclose(out, data.mu[0], rtol=1e-13)
