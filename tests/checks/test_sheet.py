from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from dermshift.checks import SHEET_CHECKS, SheetView, check_sheet

Build = Callable[..., SheetView]


def _verdicts(view: SheetView) -> dict[str, str]:
    return {finding.check: finding.verdict for finding in check_sheet(view)}


def _text(view: SheetView, check: str) -> str:
    finding = next(finding for finding in check_sheet(view) if finding.check == check)
    return f"{finding.evidence}\n" + "\n".join(str(problem) for problem in finding.problems)


def test_a_good_sheet_passes_every_check(sheet: pd.DataFrame, sheet_view: Build) -> None:
    assert _verdicts(sheet_view(sheet)) == dict.fromkeys((check.name for check in SHEET_CHECKS), "ok")


@pytest.mark.parametrize(
    ("column", "cell", "check", "words"),
    [
        ("sex", " ", "cells_filled", "samples.tsv, column 'sex', line 3"),
        ("sex", "female ", "no_outer_blanks", "'female '"),
        ("patient", "../../x", "safe_identifiers", "column 'subject', line 3"),
        ("patient", "$(id)", "safe_identifiers", "$(id)"),
        ("sex", "Female", "labels_one_spelling", "'Female' (1 row), 'female' (3 rows)"),
        ("timepoint", "week8", "timepoints", "'base' (before) or 'week1' (after)"),
        ("timepoint", "week8", "timepoints", "labels that are neither: week8"),
        ("timepoint", "wek1", "timepoints", "nearest: 'week1'"),
        ("timepoint", "week8", "pairs_complete", "patient 'P1'"),
        ("timepoint", "base", "no_doubled_samples", "2 samples at 'base': P1_base, P1_week1"),
        ("sex", "male", "constant_in_patient", "P1_base = female, P1_week1 = male"),
    ],
)
def test_each_wrong_cell_is_named(
    sheet: pd.DataFrame, sheet_view: Build, column: str, cell: str, check: str, words: str
) -> None:
    sheet.loc["P1_week1", column] = cell
    view = sheet_view(sheet)
    assert _verdicts(view)[check] == "error"
    assert words in _text(view, check)


def test_a_repeated_sample_is_named_with_its_lines(sheet: pd.DataFrame, sheet_view: Build) -> None:
    view = sheet_view(pd.concat([sheet, sheet.iloc[[0]]]))
    assert "lines 2, 10" in _text(view, "samples_once")
    assert "sample 'P1_base' 2 times" in _text(view, "samples_once")


def test_numeric_patients_are_noted_as_categories(sheet: pd.DataFrame, sheet_view: Build) -> None:
    sheet["patient"] = sheet["patient"].str.removeprefix("P")
    assert _verdicts(sheet_view(sheet))["patients_are_categories"] == "note"


def test_same_label_before_and_after_is_refused(sheet: pd.DataFrame, sheet_view: Build) -> None:
    from dermshift.study import Timepoints

    assert "both 'base'" in _text(sheet_view(sheet, timepoints=Timepoints("base", "base")), "timepoints")


def test_checks_whose_columns_are_missing_are_left_out(sheet: pd.DataFrame, sheet_view: Build) -> None:
    assert "timepoints" not in _verdicts(sheet_view(sheet.drop(columns="timepoint")))
