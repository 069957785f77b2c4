"""Standard errors of contrasts against a matrix inverse by numpy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2.glm import RIDGE, SMALLEST_MEAN
from dermshift.engines.deseq2.kernels.gram import design_rows
from dermshift.engines.deseq2.kernels.wald import error_block


def errors(data, contrast, ridge=RIDGE, smallest=SMALLEST_MEAN):
    out = np.empty(len(data.beta))
    error_block(
        0, len(out), np.ascontiguousarray(data.beta), data.dispersions, data.size_factors, design_rows(data.matrix),
        np.full(data.matrix.shape[1], ridge), smallest, contrast, out,
    )  # fmt: skip
    return out


def naive(data, contrast, *, ridge=RIDGE, smallest=SMALLEST_MEAN, sandwich=True):
    out = []
    for beta, alpha in zip(data.beta, data.dispersions, strict=True):
        mu = np.maximum(data.size_factors * np.exp(data.matrix @ beta), smallest)
        information = data.matrix.T @ np.diag(mu / (1 + alpha * mu)) @ data.matrix
        inverse = np.linalg.inv(information + ridge * np.eye(len(beta)))
        covariance = inverse @ information @ inverse if sandwich else inverse
        out.append(np.sqrt(contrast @ covariance @ contrast))
    return np.array(out)


@given(st.integers(0, 2**32 - 1), st.booleans(), st.floats(-2, 6))
def test_errors_are_those_of_a_naive_loop(draw, seed, paired, log_mean):
    data = draw(seed, n_genes=4, paired=paired, log_mean=log_mean)
    contrast = np.random.default_rng(seed).normal(size=data.matrix.shape[1])
    # a matrix of condition 100 at most, inverted in double precision
    np.testing.assert_allclose(errors(data, contrast), naive(data, contrast), rtol=1e-9)


def test_a_wrong_rule_would_be_seen(draw):
    data = draw(5, log_mean=-1.0)
    contrast = np.eye(data.matrix.shape[1])[-1]
    mine = errors(data, contrast)
    unfloored = naive(data, contrast, smallest=0.0)
    assert np.abs(mine / unfloored - 1).max() > 0.05
    assert np.abs(mine / (mine / np.log(2)) - 1).min() > 0.05  # log2 for natural
    np.testing.assert_allclose(mine, naive(data, contrast), rtol=1e-9)


def test_a_large_ridge_tells_the_sandwich_from_the_plain_inverse(draw):
    """R scales the ridge by the prior of each coefficient, so the bread and the filling must stay apart."""
    data = draw(5)
    contrast = np.eye(data.matrix.shape[1])[-1]
    mine = errors(data, contrast, ridge=1.0)
    np.testing.assert_allclose(mine, naive(data, contrast, ridge=1.0), rtol=1e-9)
    assert np.abs(mine / naive(data, contrast, ridge=1.0, sandwich=False) - 1).min() > 1e-3
    assert np.abs(mine / naive(data, contrast) - 1).min() > 1e-3


def test_scale_and_sign_of_a_contrast(draw):
    data = draw(5)
    contrast = np.arange(1.0, data.matrix.shape[1] + 1)
    np.testing.assert_allclose(errors(data, -3 * contrast), 3 * errors(data, contrast), rtol=1e-12)


@pytest.mark.parametrize("broken", ["beta", "dispersions"])
def test_a_gene_without_estimates_has_no_error_and_leaves_the_others_alone(draw, broken):
    data = draw(5)
    contrast = np.eye(data.matrix.shape[1])[-1]
    whole = errors(data, contrast)
    getattr(data, broken)[3] = np.nan
    found = errors(data, contrast)
    assert np.isnan(found[3])
    np.testing.assert_array_equal(np.delete(found, 3), np.delete(whole, 3))
