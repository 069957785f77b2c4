"""Counts that are outliers are replaced, and their genes fitted again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dermshift.engines.deseq2 import cooks
from dermshift.engines.deseq2.dataset import RDeseqDataSet
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.quiet import quiet

N_GENES = 90
GENES = [f"G{i}" for i in range(N_GENES)]
OUTLYING, ONLY_COUNT = ["G3", "G40"], "G7"
ESTIMATES = ["genewise_dispersions", "fitted_dispersions", "MAP_dispersions", "dispersions", "_normed_means"]


def counts_of(draw, n_pairs):
    data, rng = draw(9, n_genes=N_GENES, n_pairs=n_pairs, paired=False), np.random.default_rng(9)
    alpha = (0.1 + 20 / data.mu.mean(axis=1)) * rng.lognormal(0, 0.3, N_GENES)
    values = rng.negative_binomial(1 / alpha[:, None], 1 / (1 + alpha[:, None] * data.mu))
    names = [f"L{i}" for i in range(2 * n_pairs)]
    matrix = pd.DataFrame(data.matrix, index=names, columns=["all", "week1"])
    return pd.DataFrame(values.T, index=names, columns=GENES), matrix


def fit(counts, matrix, *, refit=True, factors=None):
    obs = pd.DataFrame({"library": matrix.index}, index=matrix.index)
    if factors is not None:
        obs["size_factors"] = factors
    with quiet([]):
        dds = RDeseqDataSet(
            counts=counts, metadata=obs, design=matrix, inference=BatchedInference(), refit_cooks=refit, quiet=True
        )
        dds.deseq2()
    return dds


@pytest.fixture(scope="module")
def spiked(draw):
    """Eight libraries a group; one count of two genes a hundred times too large, one gene with a single count."""
    counts, matrix = counts_of(draw, 8)
    for gene in OUTLYING:
        counts.loc["L2", gene] = 100 * counts[gene].max()
    counts[ONLY_COUNT] = 0
    counts.loc["L5", ONLY_COUNT] = 500
    return counts, matrix


@pytest.fixture(scope="module")
def fitted(spiked):
    return fit(*spiked)


@pytest.fixture(scope="module")
def untouched(spiked):
    return fit(*spiked, refit=False)


def test_the_outliers_are_seen_and_little_else(fitted):
    replaced = set(fitted.var_names[fitted.var["replaced"]])
    assert {*OUTLYING, ONLY_COUNT} <= replaced
    assert len(replaced) <= 0.15 * N_GENES
    assert fitted.obs["replaceable"].all()


def test_only_the_outlying_counts_are_replaced(fitted, spiked):
    counts, matrix = spiked
    new = pd.DataFrame(fitted.layers["replace_counts"], index=counts.index, columns=GENES)
    changed = new != counts
    assert changed.loc["L2", OUTLYING].all()
    assert changed.to_numpy().sum() == (fitted.layers["cooks"] > cooks.cutoff(matrix.to_numpy())).sum()
    assert (new.loc["L2", OUTLYING] < counts.loc["L2", OUTLYING] / 20).all()


def test_genes_without_outliers_keep_their_fit(fitted, untouched):
    kept = ~fitted.var["replaced"]
    pd.testing.assert_frame_equal(fitted.var.loc[kept, ESTIMATES], untouched.var.loc[kept, ESTIMATES], check_exact=True)
    pd.testing.assert_frame_equal(fitted.varm["LFC"][kept], untouched.varm["LFC"][kept], check_exact=True)


def test_trend_prior_and_size_factors_stay_those_of_the_first_fit(fitted, untouched):
    assert fitted.trend.coefficients == untouched.trend.coefficients
    assert fitted.uns["prior_disp_var"] == untouched.uns["prior_disp_var"]
    np.testing.assert_array_equal(fitted.obs["size_factors"], untouched.obs["size_factors"])


def test_refitted_genes_are_those_of_a_fit_of_the_new_counts_with_the_old_trend(fitted, spiked):
    new = pd.DataFrame(fitted.layers["replace_counts"], index=spiked[0].index, columns=GENES)
    again = fit(new, spiked[1], refit=False, factors=fitted.obs["size_factors"])
    genes = fitted.var_names[fitted.var["refitted"]]
    for name in ("genewise_dispersions", "_normed_means"):
        np.testing.assert_allclose(fitted.var.loc[genes, name], again.var.loc[genes, name], rtol=1e-12)
    trend = fitted.disp_function(fitted.var.loc[genes, "_normed_means"])
    np.testing.assert_allclose(fitted.var.loc[genes, "fitted_dispersions"], trend, rtol=1e-12)
    beta, *_ = fitted.inference.irls(
        new[genes].to_numpy(float), fitted.obs["size_factors"].to_numpy(), spiked[1].to_numpy(),
        fitted.var.loc[genes, "dispersions"].to_numpy(), fitted.min_mu, fitted.beta_tol,
    )  # fmt: skip
    np.testing.assert_array_equal(fitted.varm["LFC"].loc[genes], beta)


def test_the_change_of_a_spiked_gene_is_no_longer_that_of_its_outlier(fitted, untouched):
    for gene in OUTLYING:
        assert abs(fitted.varm["LFC"].loc[gene, "all"] - untouched.varm["LFC"].loc[gene, "all"]) > 1
        assert fitted.var.loc[gene, "dispersions"] < untouched.var.loc[gene, "dispersions"]


def test_a_gene_with_nothing_left_is_set_to_nothing(fitted):
    assert list(fitted.new_all_zeroes_genes) == [ONLY_COUNT]
    assert fitted.var.loc[ONLY_COUNT, "_normed_means"] == 0
    assert (fitted.varm["LFC"].loc[ONLY_COUNT] == 0).all()
    assert not fitted.var.loc[ONLY_COUNT, "refitted"]


def test_replaced_genes_keep_their_p(fitted):
    withheld = fitted.cooks_outlier()
    assert not withheld[fitted.var["replaced"]].any()


def test_groups_too_small_to_replace_are_withheld_instead(draw):
    counts, matrix = counts_of(draw, 4)
    counts.loc["L2", "G3"] = 1000 * counts["G3"].max()
    dds = fit(counts, matrix)
    assert not dds.obs["replaceable"].any()
    assert not dds.var["replaced"].any()
    assert "replace_counts" not in dds.layers
    assert dds.cooks_outlier()[3]


def test_without_repeated_rows_there_are_no_distances(draw):
    data = draw(9, n_genes=N_GENES, n_pairs=4)
    names = [f"L{i}" for i in range(8)]
    counts = pd.DataFrame(data.counts.T.astype(int), index=names, columns=GENES)
    dds = fit(counts, pd.DataFrame(data.matrix, index=names, columns=list("abcde")))
    assert "cooks" not in dds.layers
    assert not dds.cooks_outlier().any()
    assert not dds.var["replaced"].any()
