"""Power, detectable changes, patients needed and exaggeration against simulation and known numbers."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from dermshift.evidence import power
from dermshift.evidence.power import detectable, exaggeration, mde, mde_counts, pairs_needed, power_of
from dermshift.evidence.power_card import MEDIAN, power_card
from dermshift.fdr import benjamini_hochberg
from dermshift.paired.changes import Changes
from dermshift.paired.moderated import t_tests

RUNS = 20_000


def within(share: float, runs: int = RUNS) -> float:
    """Four Monte-Carlo standard errors of a share."""
    return 4 * sqrt(share * (1 - share) / runs)


@pytest.mark.parametrize(("n", "sd", "alpha"), [(3, 0.5, 0.05), (7, 1.71, 0.05), (7, 0.4, 1e-3), (25, 1.0, 0.01)])
def test_paired_t_finds_the_detectable_change(n: int, sd: float, alpha: float) -> None:
    delta = mde(sd, n, n - 1, alpha)
    draws = np.random.default_rng(1).normal(delta, sd, (RUNS, n))
    found = (stats.ttest_1samp(draws, 0, axis=1).pvalue < alpha).mean()
    assert found == pytest.approx(0.8, abs=within(0.8))
    assert power_of(-delta, sd / sqrt(n), n - 1, alpha) == pytest.approx(0.8, abs=1e-8)
    short = (stats.norm.isf(alpha / 2) + stats.norm.ppf(0.8)) * sd / sqrt(n)
    seen = (stats.ttest_1samp(draws - delta + short, 0, axis=1).pvalue < alpha).mean()
    assert seen < 0.8 - within(0.8)  # normal quantiles promise too much


@pytest.mark.parametrize("groups", [(4, 3), (10, 12)])
def test_two_sample_t_finds_the_detectable_difference(groups: tuple[int, int]) -> None:
    n = sum(groups)
    delta = mde(1.3, n, n - 2, groups=groups)
    draws = np.random.default_rng(2).normal(0, 1.3, (RUNS, n))
    p = stats.ttest_ind(draws[:, : groups[0]] + delta, draws[:, groups[0] :], axis=1).pvalue
    assert (p < 0.05).mean() == pytest.approx(0.8, abs=within(0.8))


def test_moderated_t_finds_the_detectable_change() -> None:
    prior_df, sd, n = 4.0, 0.48, 7
    rng = np.random.default_rng(3)
    true_sd = sd * np.sqrt(prior_df / rng.chisquare(prior_df, RUNS))
    delta = mde(1.0, n, n - 1 + prior_df)  # of one true standard deviation: the moderated t is t with 10 df
    values = rng.normal(size=(n, RUNS)) * true_sd
    found = t_tests(Changes(pd.DataFrame(values)), moderated=True)
    assert (found["p_value"] < 0.05).mean() == pytest.approx(0.05, abs=within(0.05))
    assert found["df"].iloc[0] == pytest.approx(10, abs=0.4)
    assert delta < mde(1.0, n, n - 1)


def test_numbers_worked_out_before() -> None:
    assert mde(1.71, 7, 6) == pytest.approx(2.2, abs=0.05)
    assert mde(1.71, 7, 5, groups=(4, 3)) == pytest.approx(4.6, abs=0.05)
    assert mde(0.48, 7, 10) == pytest.approx(0.56, abs=0.01)
    assert mde(0.48, 7, 9, groups=(4, 3)) == pytest.approx(1.15, abs=0.01)
    assert mde(0.48, 7, 10, alpha=1e-4) == pytest.approx(1.36, abs=0.01)
    assert [pairs_needed(1.71, delta) for delta in (1, 1.5, 2)] == [25, 13, 8]
    assert pairs_needed(1.71, 1.5, groups=2) == 22
    ratios = [exaggeration(size, 1).ratio for size in (1, 2, 2.8, 0.5)]
    np.testing.assert_allclose(ratios, [2.49, 1.39, 1.13, 4.8], rtol=5e-3)
    assert exaggeration(0.5, 1).wrong_sign == pytest.approx(0.09, abs=0.005)


@given(st.floats(0.05, 5), st.floats(0.2, 5), st.integers(1, 2), st.floats(0, 20))
def test_patients_needed_is_the_smallest_number(sd: float, delta: float, groups: int, prior_df: float) -> None:
    n = pairs_needed(sd, delta, prior_df=prior_df, groups=groups)
    if n is None:
        assert power_of(delta, sd * sqrt(groups / 1000), groups * 999 + prior_df) < 0.8
        return
    assert n >= 3
    assert power_of(delta, sd * sqrt(groups / n), groups * (n - 1) + prior_df) >= 0.8
    if n > 3:
        assert power_of(delta, sd * sqrt(groups / (n - 1)), groups * (n - 2) + prior_df) < 0.8
    assert pairs_needed(sd, -delta, prior_df=prior_df, groups=groups) == n


@pytest.mark.parametrize("df", [1, 2, 6, 50, 51, 1e5])
@pytest.mark.parametrize("alpha", [0.05, 1e-4, 1e-7])
def test_far_tails_have_numbers(df: float, alpha: float) -> None:
    x = np.array([0.0, 0.5, 3, 8, 30, 300, 1e5])
    powers = np.array([power_of(value, 1, df, alpha) for value in x])
    assert np.isfinite(powers).all()
    assert (np.diff(powers) >= -1e-12).all()
    assert powers[0] == pytest.approx(alpha, rel=1e-5)
    c = stats.t.isf(alpha / 2, df)
    ends = np.log(np.array([stats.chi2.ppf(1e-16, df), stats.chi2.isf(1e-16, df)]) / df) / 2
    y = np.linspace(*ends, 400_001)  # logarithm of the estimated standard error
    weight = np.exp(stats.chi2.logpdf(np.exp(2 * y) * df, df) + 2 * y)
    weight /= weight.sum()
    s = np.exp(y)
    expected = [(stats.norm.cdf(v - c * s) + stats.norm.cdf(-v - c * s)) @ weight for v in x]
    np.testing.assert_allclose(powers, expected, atol=1e-6)
    assert power_of(detectable(df, alpha), 1, df, alpha) == pytest.approx(0.8, abs=1e-7)


@pytest.mark.parametrize("df", [3, 6, 10.07, 200])
def test_equal_to_scipy_where_scipy_answers(df: float) -> None:
    for delta in (0.3, 1, 2, 4):
        c = stats.t.isf(0.025, df)
        expected = stats.nct.sf(c, df, delta) + stats.nct.cdf(-c, df, delta)
        assert power_of(delta, 1, df) == pytest.approx(expected, abs=1e-9)


def test_many_degrees_of_freedom_are_the_normal_curve() -> None:
    assert detectable(1e6) == pytest.approx(detectable(inf), rel=1e-4)
    assert detectable(inf) == pytest.approx(stats.norm.isf(0.025) + stats.norm.ppf(0.8), abs=1e-4)


@pytest.mark.parametrize(("mean", "dispersion"), [(30, 0.05), (300, 0.25), (1000, 0.77)])
def test_counts_are_found_with_about_the_promised_power(mean: float, dispersion: float) -> None:
    n, runs = 7, RUNS
    delta = mde_counts(mean, dispersion, n)
    rng = np.random.default_rng(4)

    def draw(mu: float) -> np.ndarray:
        if not dispersion:
            return rng.poisson(mu, (runs, n))
        return rng.poisson(rng.gamma(1 / dispersion, mu * dispersion, (runs, n)))

    before, after = draw(mean).mean(axis=1), draw(mean * 2**delta).mean(axis=1)
    error = np.sqrt((1 / before + dispersion + 1 / after + dispersion) / n)
    found = np.abs(np.log(after / before)) / error > stats.norm.isf(0.025)
    assert found.mean() == pytest.approx(0.8, abs=0.05)
    forgot_log2 = delta * np.log(2)  # a standard error in natural units would promise this
    lower = np.abs(np.log(draw(mean * 2**forgot_log2).mean(axis=1) / before)) / error > stats.norm.isf(0.025)
    assert lower.mean() < 0.65


@pytest.mark.parametrize("df", [6.0, 10.0, inf])
@pytest.mark.parametrize("size", [0.5, 1.0, 2.8])
def test_exaggeration_against_simulation(size: float, df: float) -> None:
    rng = np.random.default_rng(5)
    draws = rng.normal(size, 1, 400_000)
    s = np.ones_like(draws) if df == inf else np.sqrt(rng.chisquare(df, draws.size) / df)
    c = stats.norm.isf(0.025) if df == inf else stats.t.isf(0.025, df)
    found = draws[np.abs(draws) > c * s]
    answer = exaggeration(-2 * size, 2, df=df)
    assert answer.power == pytest.approx(len(found) / draws.size, abs=within(answer.power, draws.size))
    assert answer.ratio == pytest.approx(np.abs(found).mean() / size, rel=0.02)
    assert answer.wrong_sign == pytest.approx((found < 0).mean(), abs=within(answer.wrong_sign, len(found)) + 1e-5)
    assert answer.power == pytest.approx(power_of(size, 1, df), abs=1e-6)


def test_senseless_questions_have_no_number() -> None:
    assert np.isnan([mde(1, 2, 1), mde(0, 7, 6), mde(np.nan, 7, 6), mde(1, 7, 0), mde(1, 5, 3, groups=(4, 1))]).all()
    assert np.isnan([mde_counts(0, 0.1, 7), mde_counts(10, 0.1, 2), power_of(1, 0, 6), power_of(np.nan, 1, 6)]).all()
    assert np.isnan(
        [*exaggeration(0, 1), *exaggeration(1, 0), *exaggeration(1, np.nan), *exaggeration(1, 1, df=0)]
    ).all()
    assert [pairs_needed(0, 1), pairs_needed(1, 0), pairs_needed(np.nan, 1), pairs_needed(50, 0.1)] == [None] * 4


def card_study(k: int = 0, shift: float = 0.0) -> Changes:
    rng = np.random.default_rng(6)
    index = pd.Index([f"P{i}" for i in range(7)], name="patient")
    sd = 0.4 * np.sqrt(4 / rng.chisquare(4, 600))
    values = pd.DataFrame(rng.normal(size=(7, 600)) * sd, index, [f"g{j}" for j in range(600)])
    values.iloc[: k or 7, :150] += shift
    values["LCN2"] = rng.normal(0, 1.7, 7)
    group = pd.Series(["male"] * k + ["female"] * (7 - k), index=index)
    return Changes(values, group, ("male", "female")) if k else Changes(values)


@pytest.mark.parametrize(("k", "shift"), [(0, 0.0), (0, 1.5), (3, 0.0)])
def test_card_against_the_formulas(k: int, shift: float) -> None:
    changes = card_study(k, shift)
    card = power_card(changes, ["LCN2", "g3"]).set_index("item")
    assert list(card.index) == [MEDIAN, "LCN2", "g3"]
    tests = t_tests(changes, moderated=True)
    passing = tests["p_value"][benjamini_hochberg(tests["p_value"]) < 0.05]
    level = passing.max() if shift else 0.05 / 601
    assert card["alpha_genome_wide"].to_numpy() == pytest.approx(level)
    groups = (3, 4) if k else None
    for item in ("LCN2", "g3"):
        x, row = changes.values[item].to_numpy(), card.loc[item]
        sd = sqrt((2 * x[:3].var(ddof=1) + 3 * x[3:].var(ddof=1)) / 5) if k else x.std(ddof=1)
        df = 5 if k else 6
        assert (row["sd"], row["df"]) == pytest.approx((sd, df))
        assert row["mde"] == pytest.approx(mde(sd, 7, df, groups=groups))
        error = sd * sqrt(1 / 3 + 1 / 4) if k else sd / sqrt(7)
        assert row["standard_error"] == pytest.approx(error)
        assert row["pairs_for_1.5"] == pairs_needed(sd, 1.5, groups=2 if k else 1)
        assert row["exaggeration_0.5"] == pytest.approx(exaggeration(0.5, error, df=df).ratio)
        moderated = tests.set_index("item").loc[item]
        expected = detectable(moderated["df"], level) * moderated["standard_error"]
        assert row["mde_genome_wide"] == pytest.approx(expected)
    middle = card.loc[MEDIAN]
    assert middle["df"] == pytest.approx(tests["df"].iloc[0])
    assert middle["standard_error"] == pytest.approx(tests["standard_error"].median())
    assert middle["mde"] < card.loc["LCN2", "mde"] / 2
    assert card["n"].eq(7).all()
    assert card["n_a"].isna().all() if not k else card["n_a"].eq(3).all()


def test_the_family_decides_for_the_median_and_the_genome_wide_level() -> None:
    changes = card_study(shift=1.5)
    family = [f"g{j}" for j in range(600)]
    card = power_card(changes, ["LCN2", "g3"], family=family).set_index("item")
    alone = power_card(Changes(changes.values[family]), ["g3"]).set_index("item")
    pd.testing.assert_frame_equal(card.loc[[MEDIAN, "g3"]], alone)
    assert card.loc["LCN2", "sd"] == pytest.approx(changes.values["LCN2"].std())
    assert card.loc["LCN2", "alpha_genome_wide"] == alone.loc["g3", "alpha_genome_wide"]
    loud = pd.DataFrame({f"x{j}": changes.values["LCN2"] * (j + 9) for j in range(400)})
    noise = pd.concat([changes.values, loud], axis=1)
    again = power_card(Changes(noise), ["LCN2", "g3"], family=family).set_index("item")
    pd.testing.assert_frame_equal(card, again)
    assert power_card(Changes(noise), []).loc[0, "sd"] > 1.2 * card.loc[MEDIAN, "sd"]  # what the family is for


def test_the_card_never_uses_the_estimate() -> None:
    one, other = card_study(), card_study()
    other.values["LCN2"] += 3
    columns = ["sd", "mde", "pairs_for_1", "exaggeration_0.5", "exaggeration_1"]
    found = [power_card(changes, ["LCN2"]).set_index("item").loc["LCN2", columns] for changes in (one, other)]
    np.testing.assert_allclose(found[0].astype(float), found[1].astype(float), rtol=1e-10)


def test_card_does_not_depend_on_order_or_sign() -> None:
    changes = card_study(3)
    card = power_card(changes, ["LCN2"])
    order = [3, 0, 6, 2, 5, 1, 4]
    shuffled = Changes(-changes.values.iloc[order, ::-1], changes.group.iloc[order], changes.levels)
    pd.testing.assert_frame_equal(card, power_card(shuffled, ["LCN2"]), rtol=1e-10)


def test_card_says_what_it_cannot_answer() -> None:
    changes = card_study()
    changes.values["g0"] = 1.0
    changes.values.loc["P2", "g1"] = np.nan
    card = power_card(changes, ["g0", "g1", "FLG", "LCN2"]).set_index("item")
    assert card["note"].tolist() == [
        "",
        "the same change in every patient",
        "a value is missing",
        "not among the tested items",
        "",
    ]
    empty = card.loc[["g0", "g1", "FLG"]].drop(columns=["n", "note"])
    assert empty.isna().all(axis=None)
    few = power_card(Changes(changes.values.iloc[:2]), ["LCN2"])
    assert few["note"].eq("2 patients, at least 3 needed").all()
    assert few.drop(columns=["item", "n", "note"]).isna().all(axis=None)
    nothing = power_card(Changes(changes.values[["g0"]]), [])
    assert nothing["note"].tolist() == ["no item can be tested"]
    wild = power_card(Changes(changes.values[["LCN2", "g5", "g6"]] * 100), ["LCN2"]).set_index("item")
    assert wild.loc["LCN2", ["pairs_for_0.5", "pairs_for_1"]].isna().all()


@pytest.mark.parametrize("groups", [1, 2])
def test_the_fewest_patients_are_those_of_a_search_through_all(groups):
    for sd in (0.05, 0.3, 0.9, 1.7, 4.0, 11.1, 11.3, 30.0):
        for delta in (0.5, 1.0):

            def enough(n, sd=sd, delta=delta):
                return power_of(delta, sd * np.sqrt(groups / n), groups * (n - 1) + 2.5) >= 0.8

            naive = next((n for n in range(3, 1001) if enough(n)), None)
            assert pairs_needed(sd, delta, prior_df=2.5, groups=groups) == naive


def test_the_search_for_the_fewest_patients_starts_close_to_them(monkeypatch):
    asked, known = [], power._power
    monkeypatch.setattr(power, "_power", lambda *of: asked.append(of) or known(*of))
    cases = [(sd, groups, prior) for sd in (0.3, 0.7, 1.2, 2.0) for groups in (1, 2) for prior in (0.0, 4.0, 40.0)]
    for sd, groups, prior in cases:
        pairs_needed(sd, 1.0, prior_df=prior, groups=groups)
    assert len(asked) <= 2.5 * len(cases)  # two say which number is the fewest


@pytest.mark.parametrize(("sd", "delta", "fewest"), [(1e-70, 1e70, 3), (1e70, 1e-70, None), (1e-3, 1e-3, 10)])
def test_the_search_bears_changes_and_deviations_of_any_size(sd, delta, fewest):
    assert pairs_needed(sd, delta) == fewest
