"""The likelihood-ratio test, and the matrix that is left without a contrast."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2, nbinom

from dermshift.engines import EngineOptions
from dermshift.engines.deseq2.dataset import RDeseqDataSet
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.lrt import by_likelihood, likelihood_ratio, without_contrast
from dermshift.engines.deseq2.wald import wald
from dermshift.engines.quiet import quiet
from dermshift.errors import DesignError

SEEDS = st.integers(0, 2**32 - 1)
N_GENES, N_PAIRS = 60, 6
COLUMNS = [*(f"P{i}" for i in range(N_PAIRS)), "week1_female", "week1_male"]
MALE = np.array([0.0] * 7 + [1.0])
DIFFERENCE = np.array([0.0] * 6 + [-1.0, 1.0])
AVERAGE = np.array([0.0] * 6 + [0.5, 0.5])
LIKELIHOODS = 1e-4
"""Iterations end where the deviance, some hundred, moves by 1e-8 of itself."""


def design() -> np.ndarray:
    """Six pairs, the second half male, a response per sex."""
    week1 = np.tile([0.0, 1.0], N_PAIRS)
    male = np.repeat([0.0] * 3 + [1.0] * 3, 2)
    return np.column_stack([np.repeat(np.eye(N_PAIRS), 2, axis=0), week1 * (1 - male), week1 * male])


@pytest.fixture(scope="module")
def fitted(draw):
    data = draw(5, n_genes=N_GENES, n_pairs=N_PAIRS)
    names = [f"L{i}" for i in range(12)]
    counts = pd.DataFrame(data.counts.T.astype(int), index=names, columns=[f"G{i}" for i in range(N_GENES)])
    counts["G59"] = 0
    matrix = pd.DataFrame(design(), index=names, columns=COLUMNS)
    with quiet([]):
        dds = RDeseqDataSet(
            counts=counts, metadata=pd.DataFrame({"x": names}, index=names), design=matrix,
            inference=BatchedInference(), quiet=True,
        )  # fmt: skip
        dds.deseq2()
    return dds


def spans_the_same(one, other):
    rank = np.linalg.matrix_rank(np.hstack([one, other]))
    return rank == np.linalg.matrix_rank(one) == one.shape[1] == other.shape[1]


def test_without_a_single_coefficient_its_column_is_gone():
    assert spans_the_same(without_contrast(design(), MALE), design()[:, :-1])
    np.testing.assert_array_equal(without_contrast(design(), 3 * MALE), design()[:, :-1])


def test_without_a_difference_the_two_share_a_column():
    shared = np.column_stack([design()[:, :6], design()[:, 6] + design()[:, 7]])
    assert spans_the_same(without_contrast(design(), DIFFERENCE), shared)
    opposite = np.column_stack([design()[:, :6], design()[:, 6] - design()[:, 7]])
    assert spans_the_same(without_contrast(design(), AVERAGE), opposite)


def test_without_several_contrasts_all_are_gone():
    assert spans_the_same(without_contrast(design(), np.array([MALE, DIFFERENCE])), design()[:, :6])
    assert spans_the_same(without_contrast(design(), np.eye(8)[6:]), design()[:, :6])


def test_a_contrast_named_twice_counts_once():
    for twice in ([MALE, MALE], [DIFFERENCE, -2 * DIFFERENCE]):
        assert spans_the_same(without_contrast(design(), np.array(twice)), without_contrast(design(), twice[0]))


def test_no_contrast_at_all_leaves_nothing_to_test(fitted):
    everything = without_contrast(design(), np.zeros(8))
    np.testing.assert_array_equal(everything, design())
    with pytest.raises(DesignError):
        likelihood_ratio(fitted, everything)


@given(SEEDS)
def test_what_is_left_fits_everything_but_the_contrast(seed):
    rng = np.random.default_rng(seed)
    contrast = rng.normal(size=8) * rng.integers(0, 2, 8)
    contrast[rng.integers(8)] = 1.0
    reduced = without_contrast(design(), contrast)
    beta = rng.normal(size=8)
    for wanted in (beta - contrast * (contrast @ beta) / (contrast @ contrast), beta):
        rest = design() @ wanted - reduced @ np.linalg.lstsq(reduced, design() @ wanted, rcond=None)[0]
        assert (np.abs(rest).max() < 1e-9) == (abs(contrast @ wanted) < 1e-9)


def test_statistics_are_those_of_scipy_at_both_optima(fitted):
    found = likelihood_ratio(fitted, design()[:, :-1])
    factors = fitted.obs["size_factors"].to_numpy()
    for gene in (0, 20, 58):
        y, alpha = fitted.X[:, gene], fitted.var["dispersions"].iloc[gene]

        def optimum(X, y=y, alpha=alpha):
            beta = np.linalg.lstsq(X, np.log(y / factors + 0.5), rcond=None)[0]
            for _ in range(200):
                mu = factors * np.exp(X @ beta)
                weights = mu / (1 + alpha * mu)
                beta = beta + np.linalg.solve(X.T @ (weights[:, None] * X), X.T @ (weights * (y - mu) / mu))
            return nbinom.logpmf(y, 1 / alpha, 1 / (1 + alpha * factors * np.exp(X @ beta))).sum()

        expected = 2 * (optimum(design()) - optimum(design()[:, :-1]))
        assert found["statistic"].iloc[gene] == pytest.approx(expected, abs=LIKELIHOODS)
        assert found["p"].iloc[gene] == pytest.approx(chi2.sf(expected, 1), rel=1e-3)
    assert found["df"].eq(1).all()
    assert found.loc["G59", ["statistic", "p"]].isna().all()


def test_dropping_a_column_and_setting_its_contrast_to_zero_lose_the_same(fitted):
    first, second = (
        likelihood_ratio(fitted, X)["statistic"] for X in (design()[:, :-1], without_contrast(design(), MALE))
    )
    np.testing.assert_allclose(second, first, atol=LIKELIHOODS)
    several = likelihood_ratio(fitted, without_contrast(design(), np.eye(8)[6:]))
    np.testing.assert_allclose(
        several["statistic"], likelihood_ratio(fitted, design()[:, :6])["statistic"], atol=LIKELIHOODS
    )
    assert several["df"].eq(2).all()
    assert (several["statistic"].dropna() >= first.dropna() - LIKELIHOODS).all()


@pytest.mark.parametrize("contrast", [MALE, DIFFERENCE, AVERAGE], ids=["single", "difference", "average"])
def test_the_signed_root_has_the_p_of_chi_square_and_is_near_walds(fitted, contrast):
    asked = SimpleNamespace(contrast=contrast, matrix=fitted.obsm["design_matrix"])
    with quiet([]):
        tested = wald(fitted, asked, EngineOptions(reference="normal"))
        found = by_likelihood(tested, fitted, contrast)
    ratio = likelihood_ratio(fitted, without_contrast(design(), contrast))
    np.testing.assert_allclose(found["statistic"] ** 2, ratio["statistic"].clip(lower=0), rtol=1e-9)
    np.testing.assert_allclose(found["p"], ratio["p"], rtol=1e-6)
    there = found["statistic"].dropna()
    assert (np.sign(there) == np.sign(tested.loc[there.index, "estimate"])).all()
    pd.testing.assert_frame_equal(found[["estimate", "error", "df"]], tested[["estimate", "error", "df"]])
    assert np.corrcoef(there, tested.loc[there.index, "statistic"])[0, 1] > 0.98
    with quiet([]):
        curved = by_likelihood(tested.assign(df=5.0), fitted, contrast)["p"]
    assert (curved.dropna() > found["p"].dropna()).all()


@pytest.mark.parametrize(
    "reduced",
    [
        design(), np.column_stack([design()[:, :6], np.arange(12.0) ** 2]), np.empty((12, 0)),
        np.column_stack([design()[:, :5], design()[:, 0]]), np.column_stack([design(), np.arange(12.0)]),
    ],
    ids=["the same", "another column", "no column", "repeated column", "more columns"],
)  # fmt: skip
def test_a_matrix_that_is_not_within_the_full_one_is_refused(fitted, reduced):
    with pytest.raises(DesignError, match="reduced matrix") as error:
        likelihood_ratio(fitted, reduced)
    assert all(error.value.problems[0].as_dict().values())


@pytest.mark.parametrize("reduced", [np.full((12, 2), np.nan), np.ones((11, 2)), np.ones(12), np.full((12, 1), np.inf)])
def test_a_matrix_that_is_none_is_refused(fitted, reduced):
    with pytest.raises(DesignError):
        likelihood_ratio(fitted, reduced)
