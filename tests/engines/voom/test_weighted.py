"""Weighted least squares of all genes against pylimma's, gene by gene."""

from __future__ import annotations

import numpy as np
import pytest
from pylimma import contrast_as_coef, contrasts_fit, lm_fit

from dermshift.engines.voom import weighted
from dermshift.engines.voom.weighted import weighted_contrasts


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(6)
    matrix = np.column_stack(
        [np.repeat(np.eye(7), 2, axis=0), np.tile([0.0, 1.0], 7), np.r_[np.zeros(8), np.tile([0.0, 1.0], 3)]]
    )
    contrasts = np.array([[0.0] * 7 + [1, 0], [0.0] * 7 + [0, 1], [0.0] * 7 + [1, 0.5]]).T
    return rng.normal(5, 2, (50, 14)), np.exp(rng.normal(0, 1.5, (50, 14))), matrix, contrasts


def test_every_contrast_is_that_of_a_fit_in_which_it_is_a_coefficient(data):
    values, weights, matrix, contrasts = data
    found = weighted_contrasts(values, weights, matrix, contrasts)
    for i, contrast in enumerate(contrasts.T):
        again = contrast_as_coef(matrix, contrast[:, None])
        fit = lm_fit(values, design=again["design"].to_numpy(), weights=weights)
        np.testing.assert_allclose(found.estimate[:, i], fit["coefficients"][:, 0], rtol=1e-9)
        np.testing.assert_allclose(found.unscaled[:, i], fit["stdev_unscaled"][:, 0], rtol=1e-10)
        np.testing.assert_allclose(found.sigma, fit["sigma"], rtol=1e-10)
    assert found.residual_df == 5
    np.testing.assert_allclose(found.mean, values.mean(axis=1), rtol=1e-14)


def test_the_correlation_of_the_unweighted_matrix_is_not_exact(data):
    """What `contrasts_fit` takes instead, as R warns: exact for a coefficient, not for a combination."""
    values, weights, matrix, contrasts = data
    fit = contrasts_fit(lm_fit(values, design=matrix, weights=weights), contrasts=contrasts)
    distance = np.abs(weighted_contrasts(values, weights, matrix, contrasts).unscaled / fit["stdev_unscaled"] - 1)
    assert distance[:, :2].max() < 1e-10
    assert np.median(distance[:, 2]) > 0.01


def test_blocks_of_genes_change_nothing(data, monkeypatch):
    whole = weighted_contrasts(*data)
    monkeypatch.setattr(weighted, "GENES_PER_BLOCK", 7)
    parts = weighted_contrasts(*data)
    np.testing.assert_array_equal(parts.estimate, whole.estimate)
    np.testing.assert_array_equal(parts.unscaled, whole.unscaled)
    np.testing.assert_array_equal(parts.sigma, whole.sigma)


def test_one_contrast_is_what_the_moderation_reads(data):
    found = weighted_contrasts(*data)
    one = found.of_contrast(2)
    np.testing.assert_array_equal(one["coefficients"][:, 0], found.estimate[:, 2])
    assert one["coefficients"].shape == one["stdev_unscaled"].shape == (50, 1)
    assert (one["df_residual"] == 5).all()
