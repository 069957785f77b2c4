"""Tests of an estimate against a threshold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from dermshift.engines.deseq2.threshold import threshold_test, upper_tail

ESTIMATES = st.lists(st.floats(-8, 8), min_size=1, max_size=6).map(np.array)
CLAIMS = ["greaterAbs", "lessAbs", "greater", "less"]
EXACT = 1e-12


def test_four_claims_on_one_gene():
    estimate, error, threshold = 1.8, 0.4, 1.0
    above, below = norm.sf((estimate - threshold) / error), norm.cdf((estimate + threshold) / error)
    expected = {
        "greaterAbs": ((estimate - threshold) / error, 2 * above),
        "greater": ((estimate - threshold) / error, above),
        "less": (0.0, below),
        "lessAbs": (0.0, norm.cdf((estimate - threshold) / error)),
    }
    for claim, (statistic, p) in expected.items():
        found = threshold_test(np.array([estimate]), np.array([error]), threshold=threshold, alternative=claim)
        assert found[0] == pytest.approx([statistic], abs=EXACT), claim
        assert found[1] == pytest.approx([p], rel=EXACT), claim


def naive(estimate, error, df, threshold, claim):
    """One gene; p is the larger of the tail areas at the two ends of what is to be rejected."""
    curve = norm() if np.isinf(df) else t(df)
    high, low = (estimate - threshold) / error, (estimate + threshold) / error
    if claim == "greater":
        return curve.sf(high)
    if claim == "less":
        return curve.cdf(low)
    if claim == "lessAbs":
        return max(curve.cdf(high), curve.sf(low))
    return min(1.0, 2 * curve.sf((abs(estimate) - threshold) / error))


@pytest.mark.parametrize("claim", CLAIMS)
@given(estimates=ESTIMATES, error=st.floats(0.05, 3), threshold=st.floats(0, 3), df=st.sampled_from([np.inf, 3.5, 40]))
def test_p_is_that_of_a_naive_loop(claim, estimates, error, threshold, df):
    errors = np.full(len(estimates), error)
    statistic, p = threshold_test(estimates, errors, df, threshold=threshold, alternative=claim)
    expected = [naive(estimate, error, df, threshold, claim) for estimate in estimates]
    np.testing.assert_allclose(p, expected, rtol=1e-10, atol=1e-300)
    assert ((p >= 0) & (p <= 1)).all()
    assert (statistic[p < 0.5] != 0).all()


@pytest.mark.parametrize("claim", ["greaterAbs", "lessAbs"])
@given(estimates=ESTIMATES, threshold=st.floats(0.1, 3))
def test_both_directions_are_treated_alike(claim, estimates, threshold):
    ones = np.ones_like(estimates)
    up = threshold_test(estimates, ones, threshold=threshold, alternative=claim)
    down = threshold_test(-estimates, ones, threshold=threshold, alternative=claim)
    np.testing.assert_allclose(down[1], up[1], rtol=EXACT)
    np.testing.assert_allclose(np.abs(down[0]), np.abs(up[0]), rtol=EXACT)


@given(estimates=ESTIMATES, threshold=st.floats(0, 3))
def test_greater_and_less_mirror_each_other(estimates, threshold):
    ones = np.ones_like(estimates)
    up = threshold_test(estimates, ones, threshold=threshold, alternative="greater")
    down = threshold_test(-estimates, ones, threshold=threshold, alternative="less")
    np.testing.assert_allclose(down[1], up[1], rtol=EXACT)
    np.testing.assert_allclose(down[0], -up[0], rtol=EXACT)


@given(estimates=ESTIMATES)
def test_no_threshold_is_the_usual_test(estimates):
    statistic, p = threshold_test(estimates, np.full(len(estimates), 0.5))
    np.testing.assert_allclose(statistic, estimates / 0.5, rtol=EXACT)
    np.testing.assert_allclose(p, 2 * norm.sf(np.abs(estimates / 0.5)), rtol=EXACT)


@given(estimates=ESTIMATES, low=st.floats(0, 2), more=st.floats(0, 2))
def test_a_higher_threshold_is_harder_to_exceed_and_easier_to_stay_within(estimates, low, more):
    ones = np.ones_like(estimates)
    for claim, sign in (("greaterAbs", 1), ("lessAbs", -1)):
        easy, hard = (threshold_test(estimates, ones, threshold=x, alternative=claim)[1] for x in (low, low + more))
        assert (sign * (hard - easy) >= -EXACT).all()


def test_filtering_by_the_estimate_would_be_another_test():
    """Testing against nothing and then asking for a large change calls more genes than the threshold test."""
    estimate, error = np.array([1.05]), np.array([0.3])
    assert threshold_test(estimate, error)[1] < 0.001
    assert threshold_test(estimate, error, threshold=1.0)[1] > 0.5


def test_genes_without_an_error_have_no_p():
    estimate = np.array([1.0, np.nan, 2.0])
    for claim in CLAIMS:
        p = threshold_test(estimate, np.array([np.nan, 1.0, 0.5]), threshold=0.5, alternative=claim)[1]
        assert np.isnan(p).tolist() == [True, True, False]


def test_each_gene_has_its_own_curve():
    p = upper_tail(np.array([2.0, 2.0, 2.0]), np.array([np.inf, 5.0, 1e6]))
    assert p == pytest.approx([norm.sf(2), t.sf(2, 5), norm.sf(2)], rel=1e-5)
    assert p[1] > 1.5 * p[0]
