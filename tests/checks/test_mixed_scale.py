"""Samples on different scales are told apart; samples of one scale never are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.checks.mixed_scale import mixed
from dermshift.checks.scale import check_scale

if TYPE_CHECKING:
    import pandas as pd

CHANGES = {"log2": lambda part: np.log2(part + 1), "normalised": lambda part: part * 1.043}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("stated", ["auto", "counts", "log2", "linear", "estimated_counts"])
def test_half_of_the_samples_changed_are_refused(counts, matrix_view, change, stated):
    counts.iloc[:4] = CHANGES[change](counts.iloc[:4])
    finding = check_scale(matrix_view(counts, scale=stated))
    assert finding.verdict == "error"
    assert "whole numbers in 4 samples" in finding.problems[0].found


def test_log2_beside_linear_values_is_refused(counts):
    values = counts * 1.043
    values.iloc[3:] = np.log2(values.iloc[3:] + 1)
    assert set(mixed(values)) == {"log2 values", "numbers with decimals"}


@pytest.mark.parametrize(
    "change",
    [
        lambda counts: counts,
        lambda counts: np.log2(counts + 1),
        lambda counts: counts * 1.043,
        lambda counts: counts.mul([1, 0.0001, 1, 1, 1, 1, 1, 1], axis=0).round(),  # a nearly empty library
        lambda counts: counts + (np.random.default_rng(0).random(counts.shape) < 0.2) * 0.37,  # estimated counts
        lambda counts: counts * np.linspace(0.1, 1, 8)[:, None] / 10,  # normalised values, some samples all below 32
        lambda counts: counts * 0,
        lambda counts: counts * np.nan,
    ],
)
def test_one_scale_is_never_called_mixed(counts: pd.DataFrame, change):
    assert mixed(change(counts)) == {}
