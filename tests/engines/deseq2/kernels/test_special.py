"""Log gamma and digamma against R, scipy and their own recurrences."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, psi

from dermshift.engines.deseq2.kernels import special
from dermshift.engines.deseq2.kernels.special import LOG_SQRT_2PI

SPECIAL = Path(__file__).resolve().parents[3] / "reference" / "special"
DIGITS = 2
"""Units in the last place: another mathematics library may round its own logarithm the other way."""
FAR_FROM_A_ZERO = 1e-14


def log_gamma(x):
    return special.log_gamma(x, math.log(x))


def digamma(x):
    return special.digamma_of_large(x, math.log(x)) if x > 10 else digamma(x + 10) - special.lifts(x)[1]


def lifted(x):
    """Return both functions of x from those ten further up."""
    return log_gamma(x + 10) - special.lifts(x)[0], digamma(x)


def of_r() -> pd.DataFrame:
    return pd.read_csv(SPECIAL / "gamma.csv", float_precision="round_trip")


def last_places(mine, expected):
    """Return the distance in units in the last place of the expected number."""
    return np.abs(np.asarray(mine) - np.asarray(expected)) / np.spacing(np.abs(np.asarray(expected)))


def test_digamma_has_the_digits_of_r_where_counts_and_dispersions_lie():
    table = of_r().query("x > 10")
    assert last_places([digamma(x) for x in table["x"]], table["digamma"]).max() <= DIGITS


def test_log_gamma_has_the_digits_of_r_where_counts_and_dispersions_lie():
    table = of_r().query("x > 10")
    assert last_places([log_gamma(x) for x in table["x"]], table["log_gamma"]).max() <= DIGITS


def test_small_arguments_come_from_the_system_and_lose_digits_only_next_to_the_zeros():
    table = of_r().query("x <= 10")
    np.testing.assert_allclose([log_gamma(x) for x in table["x"]], table["log_gamma"], rtol=FAR_FROM_A_ZERO, atol=1e-15)


def test_lifted_arguments_lose_digits_only_next_to_the_zeros():
    table = of_r().query("x <= 10")
    found, beside = (np.array([lifted(x + far) for x in table["x"]]) for far in (0.0, 1e-12))
    known = table[["log_gamma", "digamma"]].to_numpy()
    assert np.isclose(found, known, rtol=FAR_FROM_A_ZERO, atol=1e-14).all()
    assert not np.isclose(beside, known, rtol=FAR_FROM_A_ZERO, atol=1e-14).all(axis=1).any()


def test_the_usual_functions_would_round_otherwise():
    table = of_r()
    assert last_places(psi(table["x"]), table["digamma"]).max() > 10 * DIGITS
    assert last_places([math.lgamma(x) for x in table["x"]], table["log_gamma"]).max() > 10 * DIGITS


@pytest.mark.parametrize("kept", [1, 2])
def test_a_shorter_series_would_be_seen(kept):
    table = of_r().query("10 < x < 100")
    x = table["x"].to_numpy()
    terms = [1 / (12 * x), -1 / (360 * x**3)]
    short = LOG_SQRT_2PI + (x - 0.5) * np.log(x) - x + sum(terms[:kept])
    assert last_places(short, table["log_gamma"]).max() > 10 * DIGITS


@given(st.floats(1e-6, 1e9))
def test_both_agree_with_scipy_everywhere(x):
    assert log_gamma(x) == pytest.approx(gammaln(x), rel=1e-12, abs=1e-12)
    assert digamma(x) == pytest.approx(psi(x), rel=1e-12, abs=1e-12)


@given(st.floats(1e-3, 1e6))
def test_recurrences_hold(x):
    assert log_gamma(x + 1) == pytest.approx(log_gamma(x) + math.log(x), rel=1e-12, abs=1e-12)
    assert digamma(x + 1) == pytest.approx(digamma(x) + 1 / x, rel=1e-12, abs=1e-11)


@given(st.floats(0.01, 1e4))
def test_digamma_is_the_slope_of_log_gamma(x):
    step = 1e-5 * x
    slope = (log_gamma(x + step) - log_gamma(x - step)) / (2 * step)
    # central differences lose eleven of sixteen digits to rounding, and the square of the step
    assert slope == pytest.approx(digamma(x), rel=1e-6, abs=1e-5 * max(1.0, 1 / x) + 1e-10 * abs(log_gamma(x)))


@given(st.floats(1e-300, 1e300))
def test_logarithm_is_within_one_unit_in_the_last_place(x):
    assert last_places(special.log(x), math.log(x)) <= 1


@pytest.mark.parametrize(("low", "high", "share"), [(1e6, 1e9, 0.02), (1 + 1e-9, 1 + 1e-3, 0.001)])
def test_logarithm_is_that_of_the_system_where_the_last_digit_ends_a_search(low, high, share):
    x = np.random.default_rng(0).uniform(low, high, 10_000)
    assert np.mean([special.log(one) != math.log(one) for one in x]) < share


@given(st.floats(-708, 709))
def test_exponential_is_within_one_unit_in_the_last_place(x):
    assert last_places(special.exp(x), math.exp(x)) <= 1


def test_exponential_beyond_its_range_is_zero_or_infinite_and_of_nothing_nothing():
    assert [special.exp(x) for x in (-np.inf, -709.0, 710.0, np.inf)] == [0.0, 0.0, np.inf, np.inf]
    assert special.exp(0.0) == 1.0
    assert np.isnan(special.exp(np.nan))
