from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from dermshift.checks import MatrixView
from dermshift.checks.scale import check_scale, decide, gather, looks_like

Build = Callable[..., MatrixView]


def _log2(counts: pd.DataFrame) -> pd.DataFrame:
    return np.log2(counts + 0.5)


def _tpm(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.div(counts.sum(axis=1), axis=0) * 1e6


@pytest.mark.parametrize("stated", ["counts", "auto"])
def test_counts_are_taken_as_counts(counts: pd.DataFrame, matrix_view: Build, stated: str) -> None:
    view = matrix_view(counts, scale=stated)
    assert view.scale == "counts"
    assert "looks like raw counts" in check_scale(view).evidence


@pytest.mark.parametrize("stated", ["log2", "auto"])
def test_log2_values_are_taken_as_log2(counts: pd.DataFrame, matrix_view: Build, stated: str) -> None:
    assert matrix_view(_log2(counts), scale=stated).scale == "log2"


@pytest.mark.parametrize(
    ("change", "stated", "words"),
    [
        (_log2, "counts", "limma"),
        (lambda counts: _log2(counts).round(), "counts", "limma"),
        (lambda counts: _log2(counts).round().clip(lower=0), "counts", "log2 values that were rounded"),
        (lambda counts: _log2(counts).round().clip(lower=0), "auto", "limma"),
        (lambda counts: _log2(counts).round().clip(lower=0), "log2", "unrounded"),
        (_tpm, "counts", "raw integer counts"),
        (_tpm, "auto", "nothing is rounded"),
        (lambda counts: _tpm(counts).round(), "counts", "rounded TPM or CPM"),
        (lambda counts: counts + 0.25, "counts", "480 such values, the first: "),
        (lambda counts: counts - 5, "counts", "negative"),
        (lambda counts: counts, "log2", "scale: counts"),
        (lambda counts: counts * 1e20, "counts", "damaged numbers"),
        (lambda counts: counts * 0, "auto", "nothing"),
        (lambda counts: (counts + 0.25).clip(upper=30).where(counts > 20, 3), "auto", "Too few decimals to be sure"),
    ],
)
def test_values_on_the_wrong_scale_are_refused_with_evidence(
    counts: pd.DataFrame, matrix_view: Build, change: Callable[[pd.DataFrame], pd.DataFrame], stated: str, words: str
) -> None:
    changed = change(counts)
    before = changed.copy()
    view = matrix_view(changed, scale=stated)
    finding = check_scale(view)
    assert view.scale is None
    assert finding.verdict == "error"
    assert words in str(finding.problems[0])
    assert "max " in finding.evidence
    pd.testing.assert_frame_equal(changed, before)


def test_counts_thinned_to_one_million_are_still_counts() -> None:
    values = np.array([[999_000.0, 1_000.0], [998_500.0, 1_500.0]])
    assert looks_like(gather(values)) == "counts"
    assert looks_like(gather(values + np.diag([1.0, 0.0]))) == "per million"


def test_missing_values_do_not_hide_the_scale(counts: pd.DataFrame) -> None:
    counts.iloc[0, 0] = np.nan
    assert decide(gather(counts.to_numpy()), "auto") == "counts"
