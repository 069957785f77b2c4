"""The thin trend against the one pylimma fits with a matrix of genes x genes."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest
from pylimma import contrasts_fit, e_bayes, lm_fit

from dermshift.engines.limma.trend import LIBRARY, REPLACED, thin_trend


def fit_of(n_genes=300, seed=0):
    rng = np.random.default_rng(seed)
    mean = rng.normal(7, 2, (n_genes, 1))
    noise = rng.normal(0, 1, (n_genes, 12)) * np.exp(-0.1 * mean) / np.sqrt(rng.gamma(3, 1 / 3, (n_genes, 1)))
    design = np.column_stack([np.repeat(np.eye(6), 2, axis=0), np.tile([0.0, 1.0], 6)])
    return contrasts_fit(lm_fit(mean + noise, design=design), contrasts=np.eye(7)[:, 6:])


@pytest.mark.parametrize("robust", [False, True])
@pytest.mark.parametrize("n_genes", [4, 25, 300])
def test_the_numbers_are_those_of_the_released_trend(n_genes, robust):
    fit = fit_of(n_genes)
    expected = e_bayes(fit, trend=True, robust=robust)
    with thin_trend():
        found = e_bayes(fit, trend=True, robust=robust)
    for name in ("t", "p_value", "s2_prior", "df_prior", "df_total"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-9)


def test_genes_of_one_mean_have_a_trend_of_their_own_rank():
    fit = fit_of() | {"Amean": np.repeat([5.0, 8.0], 150)}
    expected = e_bayes(fit, trend=True)
    with thin_trend():
        np.testing.assert_allclose(e_bayes(fit, trend=True)["t"], expected["t"], rtol=1e-9)


def test_the_library_is_left_as_it_was():
    library = import_module(LIBRARY)
    released = getattr(library, REPLACED)
    with thin_trend():
        assert getattr(library, REPLACED) is not released
    assert getattr(library, REPLACED) is released
    with pytest.raises(ZeroDivisionError), thin_trend():
        _ = 1 / 0
    assert getattr(library, REPLACED) is released


def test_no_matrix_of_genes_by_genes_is_made(monkeypatch):
    library = import_module(LIBRARY)

    def refuse(*_):
        pytest.fail("a full decomposition")

    monkeypatch.setattr(library, "_qr_r_style", refuse)
    with thin_trend():
        assert np.isfinite(e_bayes(fit_of(), trend=True)["t"]).all()
