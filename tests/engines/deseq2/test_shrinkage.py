"""Shrunken coefficients of many genes: independent of order, company and threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.engines.deseq2 import blocks
from dermshift.engines.deseq2.shrinkage import map_coefficients

SEEDS = st.integers(0, 2**32 - 1)


def shrink(data, *, threads=1, genes=slice(None), scale=0.3, index=None):
    index = data.matrix.shape[1] - 1 if index is None else index
    return map_coefficients(
        np.ascontiguousarray(data.counts[genes]), np.log(data.size_factors), data.matrix, data.dispersions[genes],
        index, wide=15.0, scale=scale, threads=threads,
    )  # fmt: skip


@given(SEEDS)
def test_genes_are_independent_of_order_and_company(draw, seed):
    data = draw(seed, n_genes=6)
    together, order = shrink(data), np.random.default_rng(seed).permutation(6)
    for one, other in zip(together, shrink(data, genes=order), strict=True):
        np.testing.assert_array_equal(one[order], other)
    for one, other in zip(together, shrink(data, genes=[2]), strict=True):
        np.testing.assert_array_equal(one[[2]], other)


def test_threads_and_blocks_change_no_bit(draw, monkeypatch):
    data = draw(3, n_genes=21)
    expected = shrink(data)
    for size in (1, 4, 256):
        monkeypatch.setattr(blocks, "GENES_PER_BLOCK", size)
        for threads in (1, 2, 3):
            for one, other in zip(shrink(data, threads=threads), expected, strict=True):
                np.testing.assert_array_equal(one, other)


@given(SEEDS)
def test_permuting_libraries_changes_nothing_but_rounding(draw, seed):
    data = draw(seed, n_genes=4, log_mean=4.0)
    before, order = shrink(data)[0], np.random.default_rng(seed).permutation(len(data.matrix))
    data.counts, data.matrix, data.size_factors = data.counts[:, order], data.matrix[order], data.size_factors[order]
    np.testing.assert_allclose(shrink(data)[0], before, rtol=1e-6, atol=1e-6)


@given(SEEDS, st.floats(0.25, 4))
def test_rescaled_size_factors_leave_the_shrunken_change_alone(draw, seed, factor):
    data = draw(seed, n_genes=3, log_mean=4.0)
    before = shrink(data)[0][:, -1]
    data.size_factors = data.size_factors * factor
    # the patients' levels have a prior of standard deviation 15, and they moved by up to 1.4
    np.testing.assert_allclose(shrink(data)[0][:, -1], before, atol=0.03)


def test_a_narrower_prior_shrinks_more_and_noisy_genes_most(draw):
    data = draw(3, n_genes=30)
    wide, narrow = (np.abs(shrink(data, scale=scale)[0][:, -1]) for scale in (100.0, 0.05))
    assert (narrow <= wide + 1e-6).all()
    assert narrow.mean() < 0.9 * wide.mean()


def test_only_the_asked_column_is_drawn_to_zero(draw):
    data = draw(3)
    by_column = [shrink(data, scale=1e-3, index=index)[0] for index in (0, data.matrix.shape[1] - 1)]
    assert np.abs(by_column[1][:, -1]).mean() < np.abs(by_column[0][:, -1]).mean()
    assert np.abs(by_column[1][:, 0]).mean() > 2


def test_covariances_are_symmetric_and_positive(draw):
    beta, covariance, converged = shrink(draw(3))
    assert converged.all()
    assert covariance.shape == (12, beta.shape[1], beta.shape[1])
    np.testing.assert_allclose(covariance, covariance.transpose(0, 2, 1), rtol=1e-8, atol=1e-12)
    assert (np.linalg.eigvalsh(covariance) > 0).all()


def test_covariances_that_are_not_wanted_change_no_coefficient(draw):
    data = draw(3)
    beta, covariance, converged = map_coefficients(
        data.counts, np.log(data.size_factors), data.matrix, data.dispersions, data.matrix.shape[1] - 1, wide=15.0,
        scale=0.3, threads=1, covariances=False,
    )  # fmt: skip
    assert covariance.shape == (0, beta.shape[1], beta.shape[1])
    for one, other in zip((beta, converged), shrink(data)[::2], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("extreme", [0.0, 1e9])
def test_extreme_genes_are_answered(draw, extreme):
    data = draw(3)
    data.counts[0, 1::2] = extreme
    beta, _, converged = shrink(data)
    assert np.isfinite(beta).all()
    assert converged[1:].all()
