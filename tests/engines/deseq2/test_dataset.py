"""The model with R's rules: what it keeps, what it takes, what it refuses, and on what it may depend."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from dermshift.engines.deseq2 import blocks, glm
from dermshift.engines.deseq2.dataset import RDeseqDataSet
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.wald import estimates
from dermshift.engines.quiet import quiet
from dermshift.errors import DesignError

N_GENES, N_PAIRS = 240, 5
LIBRARIES = [f"L{i}" for i in range(2 * N_PAIRS)]
GENES = [f"G{i}" for i in range(N_GENES)]
COLUMNS = [*(f"P{i}" for i in range(N_PAIRS)), "week1"]
CHANGE = np.eye(N_PAIRS + 1)[-1]
ESTIMATED = ["genewise_dispersions", "dispersions"]
ANOTHER_ORDER = 1e-6
"""Sums over libraries or genes round differently in another order; iterations end at 1e-8 of the deviance, a search
of a dispersion where a step gains 1e-6."""


@pytest.fixture(scope="module")
def small(draw):
    """Counts (libraries x genes) and matrix; the last gene is all zero."""
    data, rng = draw(17, n_genes=N_GENES, n_pairs=N_PAIRS), np.random.default_rng(17)
    alpha = (0.1 + 20 / data.mu.mean(axis=1)) * rng.lognormal(0, 0.4, N_GENES)
    values = rng.negative_binomial(1 / alpha[:, None], 1 / (1 + alpha[:, None] * data.mu))
    counts = pd.DataFrame(values.T, index=LIBRARIES, columns=GENES)
    counts[GENES[-1]] = 0
    return counts, pd.DataFrame(data.matrix, index=LIBRARIES, columns=COLUMNS)


def fit(counts, matrix, *, kernels=None, factors=None, adata=None):
    obs = pd.DataFrame({"library": matrix.index}, index=matrix.index)
    if factors is not None:
        obs["size_factors"] = factors
    given = {"adata": adata} if adata is not None else {"counts": counts, "metadata": obs}
    with quiet([]):
        dds = RDeseqDataSet(**given, design=matrix, inference=kernels or BatchedInference(), quiet=True)
        dds.deseq2()
    return dds


@pytest.fixture(scope="module")
def fitted(small):
    return fit(*small)


def numbers(dds):
    """Everything a table is made of, by gene."""
    with quiet([]):
        estimate, error = estimates(dds, CHANGE)
    return dds.var[["_normed_means", *ESTIMATED, "fitted_dispersions"]].assign(estimate=estimate, error=error)


def assert_same_bits(first, second):
    pd.testing.assert_frame_equal(numbers(first), numbers(second), check_exact=True)


def test_a_gene_without_counts_is_set_aside(fitted):
    row = fitted.var.loc[GENES[-1]]
    assert not row["non_zero"]
    assert np.isnan(row[ESTIMATED].astype(float)).all()
    assert row[["_LFC_converged", "_genewise_converged", "_MAP_converged"]].isna().all()
    assert fitted.var["_LFC_converged"].iloc[:-1].all()


def test_given_size_factors_are_kept(small):
    factors = np.linspace(0.5, 1.5, len(LIBRARIES))
    dds = fit(*small, factors=factors)
    np.testing.assert_array_equal(dds.obs["size_factors"], factors)
    np.testing.assert_allclose(dds.var["_normed_means"], (small[0].T / factors).mean(axis=1), rtol=1e-12)


def test_given_size_factors_serve_a_study_in_which_every_gene_has_a_zero(small):
    counts = small[0].copy()
    counts.iloc[0, ::2] = counts.iloc[1, 1::2] = 0
    with pytest.raises(DesignError) as error:
        fit(counts, small[1])
    [problem] = error.value.problems
    assert "no gene with a count in every one of the 10 libraries" in problem.found
    assert "Leave out libraries" in problem.action
    assert np.isfinite(numbers(fit(counts, small[1], factors=1.0)).iloc[0]).all()


def test_sparse_counts_give_the_same_bits(small, fitted):
    from anndata import AnnData

    counts, matrix = small
    assert_same_bits(fit(counts.astype(pd.SparseDtype("int64", 0)), matrix), fitted)
    annotated = AnnData(
        csr_matrix(counts.to_numpy(float)), obs=pd.DataFrame(index=LIBRARIES), var=pd.DataFrame(index=GENES)
    )
    before = annotated.X.copy()
    assert_same_bits(fit(None, matrix, adata=annotated), fitted)
    assert not (before != annotated.X).nnz


def test_threads_and_blocks_change_no_bit(small, fitted, monkeypatch):
    monkeypatch.setattr(blocks, "GENES_PER_BLOCK", 7)
    for threads in (1, 2, 3):
        assert_same_bits(fit(*small, kernels=BatchedInference(threads)), fitted)


def test_permuting_genes_permutes_the_results(small, fitted):
    """Each gene's own estimates to the last bit; what genes share (trend, prior) is a sum over them."""
    order = np.random.default_rng(1).permutation(N_GENES)
    other = numbers(fit(small[0].iloc[:, order], small[1])).loc[GENES]
    expected = numbers(fitted)
    pd.testing.assert_series_equal(other["genewise_dispersions"], expected["genewise_dispersions"], check_exact=True)
    pd.testing.assert_frame_equal(other, expected, rtol=ANOTHER_ORDER)


def test_permuting_libraries_changes_the_last_digits_only(small, fitted):
    order = np.random.default_rng(2).permutation(len(LIBRARIES))
    other = numbers(fit(small[0].iloc[order], small[1].iloc[order]))
    floor = fitted.var["genewise_dispersions"] > 1e-6  # at the floor rounding decides where a search stops
    pd.testing.assert_frame_equal(other[floor], numbers(fitted)[floor], rtol=ANOTHER_ORDER, atol=ANOTHER_ORDER)


@pytest.mark.parametrize("factor", [0.5, 1.7])
def test_rescaled_size_factors_leave_the_change_alone(small, fitted, factor):
    """Up to the genes near the Poisson limit.

    R's first guess takes normalised counts for counts: with another unit another few genes fall to the floor, and those
    leave the trend. All others find the same dispersion, and the trend moves with the means.
    """
    dds = fit(*small, factors=factor * fitted.obs["size_factors"])
    other, expected = numbers(dds), numbers(fitted)
    np.testing.assert_allclose(other["_normed_means"] * factor, expected["_normed_means"], rtol=1e-10)
    moved = [fitted.trend.coefficients[0], fitted.trend.coefficients[1] / factor]
    np.testing.assert_allclose(dds.trend.coefficients, moved, rtol=0.15)
    inside = (expected["genewise_dispersions"] > 1e-6) & (other["genewise_dispersions"] > 1e-6)
    assert inside.mean() > 0.9
    distance = np.log(other[ESTIMATED] / expected[ESTIMATED])[inside].abs().median()
    assert distance["genewise_dispersions"] < 1e-4
    assert distance["dispersions"] < 0.02
    assert (other["estimate"] - expected["estimate"]).abs().median() < 1e-3
    assert np.log(other["error"] / expected["error"]).abs().median() < 0.01


def test_a_gene_alone_is_the_same_gene_given_its_dispersion(small, fitted):
    counts = small[0].to_numpy(float)
    for gene in (0, 7, 50):
        beta, *_ = fitted.inference.irls(
            counts[:, [gene]], fitted.obs["size_factors"].to_numpy(), small[1].to_numpy(),
            fitted.var["dispersions"].to_numpy()[[gene]], fitted.min_mu, fitted.beta_tol,
        )  # fmt: skip
        np.testing.assert_array_equal(beta[0], fitted.varm["LFC"].iloc[gene])


def test_genes_that_do_not_converge_carry_it(small, monkeypatch):
    real = glm.maximise
    calls = []

    def fails_once(*arguments):
        found, settled = real(*arguments)
        calls.append(1)
        return found, settled and len(calls) % N_GENES != 3

    class Hasty(BatchedInference):
        def irls(self, *arguments, **rest):
            return super().irls(*arguments, **rest, maxiter=1)

    monkeypatch.setattr(glm, "maximise", fails_once)
    dds = fit(*small, kernels=Hasty())
    assert len(calls) >= N_GENES - 1
    flags = dds.var["_LFC_converged"]
    assert flags.isna().sum() == 1
    assert (~flags.dropna().astype(bool)).sum() >= 1
    assert flags.sum() >= N_GENES - 5


def test_dispersions_far_above_the_trend_stay_as_they_are(small, fitted):
    far = fitted.var["_outlier_genes"].astype(bool)
    own, final = fitted.var["genewise_dispersions"], fitted.var["dispersions"]
    assert (own[far] == final[far]).all()
    limit = np.log(fitted.var["fitted_dispersions"]) + 2 * np.sqrt(fitted.uns["_squared_logres"])
    assert (far.iloc[:-1] == (np.log(own) > limit).iloc[:-1]).all()


def test_the_parents_other_size_factors_still_work(small):
    with quiet([]):
        dds = RDeseqDataSet(
            counts=small[0], metadata=pd.DataFrame({"x": LIBRARIES}, index=LIBRARIES), design=small[1],
            inference=BatchedInference(), quiet=True,
        )  # fmt: skip
        dds.fit_size_factors(control_genes=GENES[:40])
        from_some = dds.obs["size_factors"].copy()
        dds.obs = dds.obs.drop(columns="size_factors")
        dds.fit_size_factors()
    assert not np.allclose(from_some, dds.obs["size_factors"])
