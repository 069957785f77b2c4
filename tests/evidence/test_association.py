"""Two changes in the same patients, against every way to pair them."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest

from dermshift.evidence.association import WORDS, associate


def series(values):
    return pd.Series(values, index=[f"P{i}" for i in range(len(values))], dtype=float)


def test_p_and_range_are_those_of_all_pairings():
    x, y = series([0.1, 1.2, 0.7, 2.0, 1.1, 0.4]), series([0.3, 0.9, 1.0, 1.4, 0.2, 0.5])
    found = associate(x, y)
    naive = [np.corrcoef(x, y.to_numpy()[list(order)])[0, 1] for order in permutations(range(6))]
    observed = np.corrcoef(x, y)[0, 1]
    assert found.correlation == pytest.approx(observed)
    assert found.p_value == pytest.approx(np.mean(np.abs(naive) >= abs(observed) - 1e-12))
    assert (found.chance_lower, found.chance_upper) == pytest.approx(tuple(np.quantile(naive, [0.025, 0.975])))
    assert found.exhaustive
    assert found.note == WORDS
    assert "association only" in found.note


def test_patients_are_matched_by_name_not_by_place():
    x, y = series([0.0, 1.0, 2.0, 3.0, 4.5]), series([0.1, 1.0, 2.2, 2.9, 4.0])
    assert associate(x, y.iloc[::-1]) == associate(x, y)


def test_many_patients_are_drawn_with_a_seed():
    rng = np.random.default_rng(1)
    x, y = series(rng.normal(size=12)), series(rng.normal(size=12))
    once, again, other = associate(x, y, seed=0), associate(x, y, seed=0), associate(x, y, seed=1)
    assert once == again
    assert once.p_value != other.p_value
    assert once.p_value == pytest.approx(other.p_value, abs=0.02)  # Monte Carlo error of 20,000 draws is .004
    assert not once.exhaustive
    assert once.p_value > 0


def test_null_p_values_are_uniform():
    rng = np.random.default_rng(7)
    p = [associate(series(rng.normal(size=6)), series(rng.normal(size=6))).p_value for _ in range(300)]
    assert 0.02 < np.mean(np.array(p) <= 0.05) < 0.085  # three standard errors around .05


@pytest.mark.parametrize("values", [[1.0, 2.0, 3.0], [1.0, 1.0, 1.0, 1.0, 1.0], [1.0, np.nan, 2.0, 3.0, np.nan]])
def test_too_little_is_said_in_words_and_without_a_number(values):
    found = associate(series(values), series(np.arange(len(values))))
    assert found.note.startswith("cannot be answered")
    assert np.isnan(found.correlation)
    assert np.isnan(found.p_value)
