from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks import MatrixView, check_matrix
from dermshift.checks.matrix import (
    check_finite,
    check_names_once,
    check_no_empty_samples,
    check_no_identical_samples,
    check_samples_agree,
)

if TYPE_CHECKING:
    import pandas as pd

Build = Callable[..., MatrixView]


def test_a_good_matrix_passes_every_check(counts: pd.DataFrame, matrix_view: Build) -> None:
    assert not [f for f in check_matrix(matrix_view(counts)) if f.verdict in ("error", "warning")]


def test_samples_missing_on_either_side_are_listed(counts: pd.DataFrame, matrix_view: Build) -> None:
    finding = check_samples_agree(matrix_view(counts.drop("P1_base"), unlisted=("P1.base", "extra")))
    assert finding.verdict == "error"
    assert finding.problems[0].found.endswith("in another spelling: 'P1_base' is 'P1.base'")
    assert finding.problems[1].found == "1 sample of the matrix not in the sheet: extra"


def test_doubled_genes_and_samples_are_listed(counts: pd.DataFrame, matrix_view: Build) -> None:
    counts.columns = ["G1", *counts.columns[1:]]
    finding = check_names_once(matrix_view(counts, doubled=("P1_base",)))
    assert "1 identifier more than once: G1" in finding.problems[0].found
    assert "P1_base" in finding.problems[1].found


def test_doubled_symbols_are_kept_apart(counts: pd.DataFrame, matrix_view: Build) -> None:
    finding = check_names_once(matrix_view(counts, symbols=["A", "A", *[""] * 58]))
    assert finding.verdict == "note"
    assert "1 symbols stand for several ids and are kept apart: A" in finding.evidence


def test_values_that_are_no_numbers_are_named_with_gene_and_sample(counts: pd.DataFrame, matrix_view: Build) -> None:
    counts.loc["P2_base", "G7"] = np.nan
    counts.loc["P3_base", "G9"] = np.inf
    finding = check_finite(matrix_view(counts))
    assert [problem.where for problem in finding.problems] == [
        "counts.tsv, gene G7, sample P2_base",
        "counts.tsv, gene G9, sample P3_base",
    ]
    assert [problem.found for problem in finding.problems] == ["no value (NaN)", "an infinite value"]


def test_many_missing_values_are_counted(counts: pd.DataFrame, matrix_view: Build) -> None:
    counts.iloc[:, :20] = np.nan
    finding = check_finite(matrix_view(counts))
    assert len(finding.problems) == 11
    assert finding.problems[-1].found == "150 more of this kind"


def test_empty_samples_are_refused_and_empty_genes_counted(counts: pd.DataFrame, matrix_view: Build) -> None:
    counts[["G1", "G2"]] = 0
    finding = check_no_empty_samples(matrix_view(counts))
    assert finding.verdict == "note"
    assert finding.evidence.startswith("2 of 60 genes")
    counts.loc["P4_week1"] = 0
    finding = check_no_empty_samples(matrix_view(counts))
    assert finding.verdict == "error"
    assert finding.problems[0].where == "counts.tsv, sample P4_week1"


def test_the_same_column_twice_is_refused(counts: pd.DataFrame, matrix_view: Build) -> None:
    counts.loc["P2_week1"] = counts.loc["P2_base"]
    finding = check_no_identical_samples(matrix_view(counts))
    assert finding.problems[0].found == "identical values in P2_base, P2_week1"
