"""The keys of ``analysis`` that choose the test."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from dermshift.config import read_config
from dermshift.engines.base import Alternative, EngineOptions, Test
from dermshift.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

STUDY = "study: {name: a, matrix: m.tsv, samples: s.tsv, timepoints: {before: t0, after: t1}}\n"


def analysis_of(folder: Path, text: str):
    path = folder / "c.yaml"
    path.write_text(f"{STUDY}analysis: {{{text}}}\n", encoding="utf-8")
    return read_config(path).analysis


def problems_of(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as error:
        analysis_of(folder, text)
    assert all(all(problem.as_dict().values()) for problem in error.value.problems)
    return str(error.value)


def test_defaults_are_those_of_the_engines(tmp_path: Path) -> None:
    analysis, options = analysis_of(tmp_path, "alpha: 0.05"), EngineOptions()
    for name in ("test", "lfc_threshold", "alternative", "reference", "min_count", "alpha", "shrink", "seed"):
        assert getattr(analysis, name) == getattr(options, name), name


@pytest.mark.parametrize("claim", get_args(Alternative))
def test_every_claim_of_the_engines_can_be_configured(tmp_path: Path, claim: str) -> None:
    analysis = analysis_of(tmp_path, f"lfc_threshold: 0.5, alternative: {claim}")
    assert (analysis.lfc_threshold, analysis.alternative) == (0.5, claim)


@pytest.mark.parametrize("test", get_args(Test))
def test_every_test_of_the_engines_can_be_configured(tmp_path: Path, test: str) -> None:
    assert analysis_of(tmp_path, f"test: {test}").test == test


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("test: score", "analysis.test", "'wald' or 'lrt'"),
        ("alternative: two-sided", "analysis.alternative", "'greaterAbs', 'lessAbs', 'greater' or 'less'"),
        ("lfc_threshold: -1", "analysis.lfc_threshold", "greater than or equal to 0"),
        ("lfc_threshold: 21", "analysis.lfc_threshold", "less than or equal to 20"),
        ("lfc_threshold: nan", "analysis.lfc_threshold", ""),
        ("lfc_threshold: inf", "analysis.lfc_threshold", ""),
        ("lfc_threshold: one", "analysis.lfc_threshold", "number"),
    ],
)
def test_values_outside_their_range_are_named(tmp_path: Path, text: str, place: str, expected: str) -> None:
    message = problems_of(tmp_path, text)
    assert place in message
    assert expected in message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("test: lrt, lfc_threshold: 1", "analysis.test"),
        ("test: lrt, alternative: less", "analysis.test"),
        ("alternative: lessAbs", "analysis.alternative"),
    ],
)
def test_choices_that_exclude_each_other_are_refused(tmp_path: Path, text: str, place: str) -> None:
    assert place in problems_of(tmp_path, text)
