from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.checks import MatrixView
from dermshift.checks.scale import check_scale
from dermshift.checks.scale_evidence import decide, gather, looks_like

Build = Callable[..., MatrixView]


def _log2(counts: pd.DataFrame) -> pd.DataFrame:
    return np.log2(counts + 0.5)


def _estimated(counts: pd.DataFrame) -> pd.DataFrame:
    """As salmon writes them: whole for genes of one transcript, with decimals for a third of the others."""
    return counts + 0.333 * (np.arange(counts.shape[1]) % 3 == 0) * (counts > 0)


def _linear(counts: pd.DataFrame) -> pd.DataFrame:
    """As MAS5 writes intensities: one decimal, never zero."""
    return (counts * 3.7 + 12.3).round(1)


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
        (lambda counts: _tpm(counts).round(), "auto", "rounded TPM or CPM"),
        (lambda counts: counts + 0.25, "counts", "480 such values, the first: "),
        (lambda counts: counts - 5, "counts", "negative"),
        (lambda counts: counts, "log2", "scale: counts"),
        (_estimated, "counts", "estimated counts (mostly whole numbers"),
        (_estimated, "auto", "estimated counts"),
        (_linear, "auto", "set scale: linear"),
        (_linear, "counts", "intensities on a linear scale"),
        (_linear, "log2", "set scale: linear"),
        (_log2, "linear", "log2 is not taken twice"),
        (lambda counts: _tpm(counts), "linear", "study.log2_offset"),
        (lambda counts: counts - 500, "linear", "no known scale"),
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
    assert decide(counts.to_numpy(), "auto").scale == "counts"


@pytest.mark.parametrize(
    ("change", "stated", "offset", "scale"),
    [
        (lambda counts: _tpm(counts).round(), "counts", 0.0, "counts"),
        (lambda counts: counts + 1, "linear", 0.0, "log2"),
        (_estimated, "linear", 1.0, "log2"),
        (_tpm, "linear", 1.0, "log2"),
    ],
)
def test_the_config_may_overrule_and_the_finding_says_so(
    counts: pd.DataFrame,
    matrix_view: Build,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    stated: str,
    offset: float,
    scale: str,
) -> None:
    view = matrix_view(change(counts), scale=stated, log2_offset=offset)
    finding = check_scale(view)
    assert view.scale == scale
    assert view.decision.overruled
    assert finding.verdict == "warning"
    assert f"the configuration overrules what the values look like (scale: {stated})" in finding.evidence


@pytest.mark.parametrize(
    ("stated", "scale"), [("auto", None), ("linear", "log2"), ("counts", "counts"), ("log2", None)]
)
def test_whole_numbers_of_arrays_are_never_counts_unasked(
    counts: pd.DataFrame, matrix_view: Build, stated: str, scale: str | None
) -> None:
    values = counts.to_numpy() + 1
    decision = decide(values, stated, arrays=True)
    assert (decision.looks, decision.scale) == ("whole intensities", scale)
    assert decision.overruled == (stated == "counts")
    finding = check_scale(replace(matrix_view(counts, scale=stated), decision=decision))
    assert "whole numbers of arrays" in finding.evidence
    if stated == "auto":
        assert "set scale: linear" in finding.problems[0].action


def test_fractions_of_arrays_are_intensities_even_with_zeros(counts: pd.DataFrame) -> None:
    for change in (_estimated, _tpm):
        assert decide(change(counts).to_numpy(), "auto", arrays=True).looks == "linear"
    assert decide(_log2(counts).to_numpy(), "auto", arrays=True).scale == "log2"


def test_intensities_below_zero_need_an_offset_that_is_named_and_then_enough(
    counts: pd.DataFrame, matrix_view: Build
) -> None:
    values = counts + 0.25 - 6
    refused = check_scale(matrix_view(values, scale="linear", log2_offset=1.0))
    assert f"more than {-values.to_numpy().min():g}" in refused.problems[0].action
    view = matrix_view(values, scale="linear", log2_offset=16.0)
    assert (view.scale, view.decision.overruled, check_scale(view).verdict) == ("log2", True, "warning")


@pytest.mark.parametrize(("change", "stated"), [(lambda counts: counts, "counts"), (_log2, "log2"), (_log2, "auto")])
def test_an_offset_nothing_is_added_with_is_refused(
    counts: pd.DataFrame, matrix_view: Build, change: Callable[[pd.DataFrame], pd.DataFrame], stated: str
) -> None:
    finding = check_scale(matrix_view(change(counts), scale=stated, log2_offset=1.0))
    assert finding.problems[0].found == f"log2_offset: 1 with scale: {stated}"


def test_linear_intensities_become_log2_on_the_word_of_the_user(counts: pd.DataFrame, matrix_view: Build) -> None:
    values = _linear(counts)
    view = matrix_view(values, scale="linear")
    assert (view.scale, view.decision.looks, view.decision.overruled) == ("log2", "linear", False)
    assert "log2(value) was taken" in check_scale(view).evidence
    assert "limma" in check_scale(view).evidence
    np.testing.assert_array_equal(view.decision.on_scale(values.to_numpy()), np.log2(values.to_numpy()))
    shifted = matrix_view(counts, scale="linear", log2_offset=0.5)
    np.testing.assert_array_equal(shifted.decision.on_scale(counts.to_numpy()), np.log2(counts.to_numpy() + 0.5))
    assert "log2(value + 0.5)" in check_scale(shifted).evidence


@pytest.mark.parametrize(("change", "stated"), [(lambda counts: counts, "counts"), (_log2, "log2"), (_log2, "auto")])
def test_other_scales_pass_unchanged(
    counts: pd.DataFrame, matrix_view: Build, change: Callable[[pd.DataFrame], pd.DataFrame], stated: str
) -> None:
    values = change(counts).to_numpy()
    decision = matrix_view(change(counts), scale=stated).decision
    assert decision.on_scale(values) is values
    assert not decision.overruled


@pytest.mark.parametrize(
    ("change", "looks"),
    [
        (_estimated, "estimated counts"),
        (_linear, "linear"),
        (_tpm, "abundances"),
        (lambda counts: _linear(counts) * (counts > 20), "abundances"),
        (lambda counts: (counts + 1) * 1.2345, "linear"),
        (lambda counts: 2.0 ** (_log2(counts) + 3), "linear"),
    ],
)
def test_positive_values_with_decimals_are_told_apart(
    counts: pd.DataFrame, change: Callable[[pd.DataFrame], pd.DataFrame], looks: str
) -> None:
    assert looks_like(gather(change(counts).to_numpy())) == looks


def test_estimated_counts_are_rounded_once_on_the_users_word_or_the_quantifiers(
    counts: pd.DataFrame, matrix_view: Build
) -> None:
    values = _estimated(counts)
    assert decide(values.to_numpy(), "auto").scale is None
    told = decide(values.to_numpy(), "auto", estimated=True)
    view = matrix_view(values, scale="estimated_counts")
    for decision in (told, view.decision):
        assert (decision.scale, decision.rounds, decision.overruled) == ("counts", True, False)
        np.testing.assert_array_equal(decision.on_scale(values.to_numpy()), np.rint(values.to_numpy()))
    finding = check_scale(view)
    assert finding.verdict == "note"
    assert "rounded to whole numbers" in finding.evidence
    assert "of the values change, no sum of a sample by more than" in finding.evidence


def test_length_scaled_estimates_are_hardly_ever_whole_and_still_counts(counts: pd.DataFrame) -> None:
    scaled = counts.to_numpy() * 1.0371 + 0.0
    assert decide(scaled, "auto").scale is None
    assert decide(scaled, "auto", estimated=True).scale == "counts"
    assert decide(scaled, "estimated_counts").overruled


@pytest.mark.parametrize("change", [_tpm, _log2])
def test_tpm_and_logarithms_are_no_estimated_counts_whoever_says_so(
    counts: pd.DataFrame, matrix_view: Build, change: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    view = matrix_view(change(counts), scale="estimated_counts")
    assert view.scale is None
    assert check_scale(view).verdict == "error"
    assert decide(change(counts).to_numpy(), "auto", estimated=True).scale != "counts"


def test_whole_counts_are_never_touched(counts: pd.DataFrame) -> None:
    for stated in ("auto", "counts", "estimated_counts"):
        decision = decide(counts.to_numpy(), stated, estimated=True)
        assert (decision.scale, decision.rounds) == ("counts", False)
