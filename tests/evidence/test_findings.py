"""Counting what is found under a pattern, against every p-value and the false discovery rate of all of them."""

from __future__ import annotations

import numpy as np
import pytest

from dermshift.evidence.findings import _found
from dermshift.fdr import benjamini_hochberg
from dermshift.paired.moderated import two_sided


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_counts_are_those_of_all_p_values(alpha: float) -> None:
    rng = np.random.default_rng(5)
    df = rng.uniform(4, 40, 30)
    t = np.abs(rng.standard_t(df[:, None], (30, 400)))
    t[10:, :40] += np.linspace(0, 4, 20)[:, None]
    expected = [int((benjamini_hochberg(two_sided(row, d)) < alpha).sum()) for row, d in zip(t, df, strict=True)]
    assert _found(t, df, alpha) == expected
    assert len(set(expected)) >= 5  # from nothing found to most of what is shifted
    assert _found(t, df, alpha / 10) != expected


def test_nothing_and_everything() -> None:
    df = np.array([5.0, 1e4])
    assert _found(np.zeros((2, 7)), df, 0.05) == [0, 0]
    assert _found(np.full((2, 7), 1e6), df, 0.05) == [7, 7]
    assert _found(np.zeros((2, 0)), df, 0.05) == [0, 0]
