"""Moderated t: equal to R limma and to scipy, and a blank with a reason where there is nothing to test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import polygamma

from dermshift.fdr import benjamini_hochberg
from dermshift.paired.changes import Changes
from dermshift.paired.moderated import (
    OFFSET,
    _lifted,
    moments,
    squeeze,
    t_tests,
    total_df,
    trigamma_inverse,
    two_sided,
)

FOLDER = Path(__file__).parents[1] / "reference" / "limma_moderated"
MALE = ("P2", "P4", "P6")
NUMBERS = ["estimate", "standard_error", "df", "ci_lower", "ci_upper", "statistic", "p_value"]


def frozen(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", index_col=0, float_precision="round_trip")


def reference_changes(name: str) -> Changes:
    values = frozen("changes").T.rename_axis("patient")
    if name == "equal_variances":
        return Changes(values / values.std(ddof=1))
    if name == "difference":
        group = pd.Series(np.where(values.index.isin(MALE), "male", "female"), index=values.index)
        return Changes(values, group, ("male", "female"))
    return Changes(values.iloc[:3] if name == "three_patients" else values)


def simulated(seed: int, n: int = 7, genes: int = 60, levels: tuple[str, str] | None = None, k: int = 3) -> Changes:
    rng = np.random.default_rng(seed)
    sd = np.sqrt(4 / rng.chisquare(4, genes))
    index = pd.Index([f"P{i:02d}" for i in range(n)], name="patient")
    values = pd.DataFrame(rng.normal(size=(n, genes)) * sd + 0.3, index, [f"g{j}" for j in range(genes)])
    group = None if levels is None else pd.Series([levels[0]] * k + [levels[1]] * (n - k), index=index)
    return Changes(values, group, levels or ())


@pytest.mark.parametrize("name", ["response", "difference", "three_patients", "equal_variances"])
def test_equal_to_limma(name: str) -> None:
    changes, expected = reference_changes(name), frozen(name)
    found = t_tests(changes, moderated=True).set_index("item")
    for column in ("estimate", "standard_error", "df", "statistic"):
        np.testing.assert_allclose(found[column], expected[column], rtol=1e-8, atol=1e-14)
    np.testing.assert_allclose(np.log10(found["p_value"]), np.log10(expected["p_value"]), rtol=1e-8, atol=1e-10)
    of = moments(changes.values.to_numpy(), changes.first)
    squeezed = squeeze(of.variance, of.df)
    np.testing.assert_allclose(squeezed.variance, expected["posterior"], rtol=1e-8)
    np.testing.assert_allclose(squeezed.prior_df, expected["prior_df"].iloc[0], rtol=1e-8)
    np.testing.assert_allclose(squeezed.prior_variance, expected["prior_variance"].iloc[0], rtol=1e-8)
    plain = t_tests(changes, moderated=False).set_index("item")
    assert not np.allclose(plain["p_value"], expected["p_value"], rtol=1e-2)  # no borrowing is seen


def test_the_two_limits_are_in_the_reference() -> None:
    assert np.isinf(frozen("equal_variances")["prior_df"]).all()
    assert frozen("equal_variances")["df"].eq(6 * 150).all()  # pooled, not infinite
    assert np.isfinite(frozen("response")["prior_df"]).all()


@given(st.integers(0, 10_000), st.integers(3, 9))
def test_equal_to_pylimma(seed: int, n: int) -> None:
    pylimma = pytest.importorskip("pylimma")
    changes = simulated(seed, n)
    fit = pylimma.e_bayes(pylimma.lm_fit(changes.values.T.to_numpy(), np.ones((n, 1))))
    found = t_tests(changes, moderated=True)
    np.testing.assert_allclose(found["statistic"], np.ravel(fit["t"]), rtol=1e-8)
    np.testing.assert_allclose(found["p_value"], np.ravel(fit["p_value"]), rtol=1e-7)


def test_plain_t_is_scipys() -> None:
    one, two = simulated(1), simulated(2, levels=("b", "a"))
    found = t_tests(one, moderated=False)
    expected = stats.ttest_1samp(one.values.to_numpy(), 0)
    np.testing.assert_allclose(found["statistic"], expected.statistic, rtol=1e-12)
    np.testing.assert_allclose(found["p_value"], expected.pvalue, rtol=1e-10)
    np.testing.assert_allclose(found["ci_lower"], expected.confidence_interval().low, rtol=1e-10)
    assert set(found["df"]) == {6.0}
    found = t_tests(two, moderated=False)
    first = two.first
    expected = stats.ttest_ind(two.values[first].to_numpy(), two.values[~first].to_numpy())
    np.testing.assert_allclose(found["statistic"], expected.statistic, rtol=1e-12)
    np.testing.assert_allclose(found["p_value"], expected.pvalue, rtol=1e-10)
    np.testing.assert_allclose(found["ci_upper"], expected.confidence_interval().high, rtol=1e-10)
    assert set(found["df"]) == {5.0}


def test_far_tails_keep_their_digits() -> None:
    t, df = np.array([0.0, 1e-9, 3.0, 60.0, 1e8, np.inf]), np.array([6.0, 6, 6, 200, 6, 6])
    expected = 2 * stats.t.sf(t, df)
    np.testing.assert_allclose(two_sided(t, df)[:-1], expected[:-1], rtol=1e-8)
    assert two_sided(-np.inf, 6) == np.finfo(float).tiny  # never 0


@pytest.mark.parametrize("x", [1e-9, 1e-6, 1e-3, 0.5, 1.0, 30.0, 1e5, 9e6, 1e9])
def test_trigamma_inverse(x: float) -> None:
    # beyond the limits R takes the limiting form, good to the square root of the limit
    np.testing.assert_allclose(polygamma(1, trigamma_inverse(x)), x, rtol=1e-3 if x > 1e7 else 1e-6)


def test_rows_of_squeeze_are_studies_of_their_own() -> None:
    rng = np.random.default_rng(3)
    variances = rng.chisquare(3, (5, 40)) * np.sqrt(rng.chisquare(4, (5, 40)))
    variances[2] = 1.0  # no spread: infinite prior df
    variances[3, 0] = 0.0
    together = squeeze(variances, 3)
    for i, row in enumerate(variances):
        alone = squeeze(row, 3)
        np.testing.assert_allclose(together.variance[i], alone.variance, rtol=1e-13)
        np.testing.assert_allclose(together.prior_df[i], alone.prior_df, rtol=1e-12)
    assert np.isinf(together.prior_df[2])
    assert (together.variance > 0).all()
    np.testing.assert_array_equal(total_df(3, together.prior_df, 40)[2], 120)


@pytest.mark.parametrize("levels", [None, ("b", "a")])
@pytest.mark.parametrize("moderated", [True, False])
def test_order_does_not_matter_and_signs_mirror(levels, moderated) -> None:
    changes = simulated(4, levels=levels)
    found = t_tests(changes, moderated=moderated).set_index("item")
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(7), rng.permutation(60)
    values = changes.values.iloc[rows, columns]
    group = None if levels is None else changes.group.iloc[rows]
    other = t_tests(Changes(values, group, changes.levels), moderated=moderated).set_index("item").loc[found.index]
    np.testing.assert_allclose(other[NUMBERS], found[NUMBERS], rtol=1e-10)
    mirrored = t_tests(Changes(-changes.values, changes.group, changes.levels), moderated=moderated).set_index("item")
    np.testing.assert_allclose(-mirrored["estimate"], found["estimate"], rtol=1e-14)
    np.testing.assert_allclose(-mirrored["ci_upper"], found["ci_lower"], rtol=1e-12)
    np.testing.assert_allclose(mirrored["p_value"], found["p_value"], rtol=1e-12)
    if levels:
        swapped = t_tests(Changes(changes.values, changes.group, levels[::-1]), moderated=moderated)
        np.testing.assert_allclose(-swapped["estimate"], found["estimate"], rtol=1e-14)


def test_what_cannot_be_tested_has_no_number_and_a_reason() -> None:
    changes = simulated(5)
    changes.values[["g0", "g1", "g2"]] = [[1.1, np.nan if i == 2 else i, np.inf if i == 3 else i] for i in range(7)]
    found = t_tests(changes, moderated=True).set_index("item")
    assert found.loc["g0", "note"] == "the same change in every patient"
    assert found.loc["g0", "estimate"] == pytest.approx(1.1)
    assert found.loc[["g1", "g2"], "note"].eq("a value is missing").all()
    assert found.loc[["g0", "g1", "g2"], NUMBERS[1:]].isna().all(axis=None)
    assert found.loc[["g1", "g2"], "estimate"].isna().all()
    rest = t_tests(Changes(changes.values.iloc[:, 3:]), moderated=True).set_index("item")
    pd.testing.assert_frame_equal(found.iloc[3:], rest)  # they do not enter the prior


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (simulated(6, n=2), "2 patients, at least 3 needed"),
        (simulated(6, n=5, levels=("b", "a"), k=1), "1 patient in b, at least 3 needed"),
        (simulated(6, n=5, levels=("b", "a"), k=0), "0 patients in b, at least 3 needed"),
    ],
)
def test_too_few_patients(changes: Changes, reason: str) -> None:
    for moderated in (True, False):
        found = t_tests(changes, moderated=moderated)
        assert found["note"].eq(reason).all()
        assert found[NUMBERS[1:]].isna().all(axis=None)


def test_no_items_and_few_items() -> None:
    assert t_tests(Changes(simulated(7).values.iloc[:, :0]), moderated=True).empty
    two = Changes(simulated(7).values.iloc[:, :2])
    pd.testing.assert_frame_equal(t_tests(two, moderated=True), t_tests(two, moderated=False))


def test_equal_changes_in_both_sexes_are_not_called_different() -> None:
    rng = np.random.default_rng(8)
    index = pd.Index([f"P{i}" for i in range(7)], name="patient")
    sd = np.sqrt(0.12 * 4 / rng.chisquare(4, 2000))
    values = pd.DataFrame(rng.normal(size=(7, 2000)) * sd + 1.0, index)
    sex = pd.Series(["male"] * 3 + ["female"] * 4, index=index)
    for moderated in (True, False):
        p = t_tests(Changes(values, sex, ("male", "female")), moderated=moderated)["p_value"]
        assert (p < 0.05).mean() == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 2000))
        assert not (benjamini_hochberg(p) < 0.05).any()
    found = {level: t_tests(Changes(values[sex == level]), moderated=True)["p_value"] for level in ("male", "female")}
    passing = {level: benjamini_hochberg(p) < 0.05 for level, p in found.items()}
    assert (passing["male"] != passing["female"]).sum() > 100  # comparing two lists of genes would call these


@given(st.integers(0, 2**32 - 1))
def test_variances_far_below_the_median_are_lifted_to_a_share_of_it_wherever_they_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = rng.chisquare(3, (int(rng.integers(1, 4)), int(rng.integers(3, 9)))) * 10.0 ** rng.integers(-9, 9)
    own[rng.random(own.shape) < rng.choice([0, 0.2, 0.7])] *= rng.choice([0, 1e-7, 1e-4])
    median = np.median(own, axis=1, keepdims=True)
    naive = np.maximum(own, OFFSET * np.where(median == 0, 1, median))
    np.testing.assert_array_equal(_lifted(own), naive)
