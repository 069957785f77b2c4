"""The width of the dispersion prior against R DESeq2's, in particular with few residual df."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import polygamma

from dermshift.engines.deseq2 import prior
from dermshift.engines.deseq2.prior import mad_variance, prior_variance
from dermshift.errors import DesignError

CURVES = Path(__file__).resolve().parents[2] / "reference" / "curves"
TOLERANCE = 1e-8
CASES = ["narrow", "wide", "very_wide", "few", "edges", "heavy"]


def log_residuals(case: str) -> np.ndarray:
    rows = pd.read_csv(CURVES / "prior_residuals.csv.gz", float_precision="round_trip")
    return rows.loc[rows["case"] == case, "residual"].to_numpy()


def prior_of_r(case: str, df: int) -> pd.Series:
    rows = pd.read_csv(CURVES / "prior.csv.gz", float_precision="round_trip")
    return rows[(rows["case"] == case) & (rows["df"] == df)].iloc[0]


@pytest.fixture(scope="module")
def airway_residuals(real_data) -> np.ndarray:
    file = real_data.parent / "reference" / "airway_paired_dispersions.csv.gz"
    if not file.is_file():
        pytest.skip(f"reference table not found at {file}")
    genes = pd.read_csv(file, index_col=0, float_precision="round_trip").query("dispGeneEst >= 1e-6")
    return (np.log(genes["dispGeneEst"]) - np.log(genes["dispFit"])).to_numpy()


@pytest.mark.parametrize("df", [1, 2, 3, 4, 9])
@pytest.mark.parametrize("case", CASES)
def test_prior_variance_is_that_of_r(case, df):
    residuals, expected = log_residuals(case), prior_of_r(case, df)
    assert mad_variance(residuals) == pytest.approx(expected["mad_variance"], rel=TOLERANCE)
    found = prior_variance(residuals, df, mad_variance(residuals))
    assert found == pytest.approx(expected["prior_variance"], rel=TOLERANCE)


@pytest.mark.parametrize("df", [1, 2, 3])
@pytest.mark.parametrize("case", ["wide", "few", "heavy"])
def test_subtracting_the_sampling_variance_is_another_answer_with_few_df(case, df):
    """The rule for more df, which PyDESeq2 applies to all."""
    subtracted = max(mad_variance(log_residuals(case)) - polygamma(1, df / 2), 0.25)
    assert abs(subtracted - prior_of_r(case, df)["prior_variance"]) > 1e4 * TOLERANCE


def test_raw_distances_and_the_wrong_df_are_other_answers(monkeypatch):
    residuals, expected = log_residuals("wide"), prior_of_r("wide", 3)["prior_variance"]
    assert abs(prior.matched_variance(residuals, 2) - expected) > 1e4 * TOLERANCE
    monkeypatch.setattr(prior, "loess", lambda x, y, span: lambda q: np.interp(q, x, y))
    assert abs(prior.matched_variance(residuals, 3) - expected) > 1e4 * TOLERANCE


def test_mad_without_its_constant_is_another_value():
    residuals = log_residuals("wide")
    plain = np.median(np.abs(residuals - np.median(residuals))) ** 2
    assert abs(plain - prior_of_r("wide", 3)["mad_variance"]) > 1


def test_histogram_is_closed_on_the_right():
    counts = prior.histogram(np.array([-10, -9.75, -9.5, 0, 0.5, 0.5 + 4e-8, 0.5 + 6e-8, 10, 12]))
    assert counts.sum() == 6  # neither the ends nor what lies beyond
    assert counts[[0, 19, 20, 21]].tolist() == [2, 1, 2, 1]


def test_frozen_histograms_cover_the_grid():
    for df in (1, 2, 3):
        counts = prior.simulated_histograms(df)
        assert counts.shape == (200, 40)
        assert (counts.sum(axis=1) <= 10_000).all()
        assert (counts.sum(axis=1) > 9_500).all()


def test_simulated_spread_is_that_of_the_sum():
    """Variance zero: trigamma(df / 2), the variance of a log chi-square."""
    middle = (prior.EDGES[1:] + prior.EDGES[:-1]) / 2
    for df in (2, 3):
        weights = prior.simulated_histograms(df)[0] / 1e4
        variance = weights @ middle**2 - (weights @ middle) ** 2
        assert variance == pytest.approx(polygamma(1, df / 2) + 0.25 / 12, rel=0.06)


def test_without_residual_df_the_variance_is_left_alone():
    assert prior_variance(log_residuals("few"), 0, 0.1) == 0.1


def test_missing_residuals_are_left_out():
    residuals = log_residuals("few")
    with_missing = np.append(residuals, np.nan)
    assert mad_variance(with_missing) == mad_variance(residuals)
    assert prior_variance(with_missing, 3, 1.0) == prior_variance(residuals, 3, 1.0)


@pytest.mark.parametrize("residuals", [[], [np.nan]])
def test_without_a_gene_there_is_no_prior(residuals):
    with pytest.raises(DesignError, match=r"no gene[\s\S]*expected:[\s\S]*do:"):
        prior_variance(residuals, 3, 1.0)
    with pytest.raises(DesignError):
        mad_variance(residuals)


def test_residuals_beyond_every_bin_are_refused():
    with pytest.raises(DesignError):
        prior_variance([15.0, -12.0], 3, 1.0)


@pytest.mark.real_data
def test_airway_prior_is_that_of_r(airway_residuals):
    found = prior_variance(airway_residuals, 3, mad_variance(airway_residuals))
    assert found == pytest.approx(0.52852852852852850, rel=TOLERANCE)
