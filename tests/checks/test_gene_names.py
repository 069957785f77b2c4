from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dermshift.checks.gene_names import check_gene_names, mangled, meaning

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.checks import MatrixView


@pytest.mark.parametrize(
    ("name", "was"),
    [
        ("1-Mar", "MARCH1"),
        ("2-Sep", "SEPT2"),
        ("Sep-02", "SEPT2"),
        ("1-Dec", "DEC1"),
        ("2023-09-01", "SEPT1"),
        ("2023-03-05 00:00:00", "MARCH5"),
        ("44256", "MARCH1"),
        ("3/1/2021", "a month and a number"),
        ("1-Mar-21", "MARCH1"),
        ("2.31E+13", "an E between digits"),
    ],
)
def test_what_a_spreadsheet_made_is_recognised(name: str, was: str) -> None:
    assert was in (meaning(name, numbers_are_names=False) or "")


@pytest.mark.parametrize(
    "name",
    [
        "MARCH1",
        "MARCHF1",
        "SEPTIN2",
        "ENSG00000000003",
        "1E5",
        "007",
        "NA",
        "HLA-A",
        "5S_rRNA",
        "212531_at",
        "Y_RNA",
        "7SK",
    ],
)
def test_sound_names_pass(name: str) -> None:
    assert meaning(name, numbers_are_names=False) is None


def test_numbers_as_identifiers_are_no_dates() -> None:
    assert mangled(["3934", "44256", "7503"]) == {}
    assert list(mangled(["TP53", "44256", "LCN2"])) == ["44256"]


def test_the_check_lists_names_of_both_columns(counts: pd.DataFrame, matrix_view: Callable[..., MatrixView]) -> None:
    counts.columns = ["1-Mar", "2-Mar", *counts.columns[2:]]
    finding = check_gene_names(matrix_view(counts, symbols=["2-Sep", *[""] * 59]))
    assert "1-Mar (was MARCH1 or MAR1)" in finding.problems[0].found
    assert "2-Sep (was SEPT2" in finding.problems[1].found
