from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from dermshift.fdr import benjamini_hochberg

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@settings(deadline=None)
@given(P_VALUES)
def test_equals_scipy(p):
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), rtol=1e-12)


@settings(deadline=None)
@given(P_VALUES, st.integers(0, 5))
def test_missing_values_stay_missing_and_count_for_nothing(p, missing):
    adjusted = benjamini_hochberg([np.nan] * missing + p)
    assert np.isnan(adjusted[:missing]).all()
    np.testing.assert_array_equal(adjusted[missing:], benjamini_hochberg(p))


def test_nothing_gives_nothing():
    assert benjamini_hochberg([]).shape == (0,)
