"""Dose strings, weights of 0, swapped visits: what a sheet of doses gets wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dermshift.checks.dosing import check_dosing
from dermshift.dosing import Band

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.checks import SheetView

COLUMNS = {
    "patient": "subject",
    "timepoint": "visit",
    "dose_mg": "mg",
    "doses_per_week": "times",
    "weight_kg": "kg",
    "days_on_drug": "days",
}
BANDS = (Band("low", "mg_per_kg_day", 0.25, 0.4), Band("micro", "mg_per_kg_day", 0.1, 0.3))


@pytest.fixture
def dosed(sheet: pd.DataFrame) -> pd.DataFrame:
    later = sheet["timepoint"] != "base"
    return sheet.assign(
        dose_mg="20", doses_per_week="7", weight_kg=["60", "60", "74", "74", "80", "80", "55.5", "55.5"],
        days_on_drug=["7" if one else "0" for one in later],
    )  # fmt: skip


def view_of(build: Callable[..., SheetView], frame: pd.DataFrame, **changes: Any) -> SheetView:
    return build(frame, **({"columns": COLUMNS} | changes))


def test_doses_are_told_with_their_regimens_and_where_definitions_disagree(
    dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]
) -> None:
    from dataclasses import replace

    finding = check_dosing(replace(view_of(sheet_view, dosed), regimens=BANDS))
    assert finding.verdict == "note"
    assert "4 patients with a dose, 0.25 to 0.36 mg/kg/day" in finding.evidence
    assert "P2 (0.27) is in the bands of low" in finding.evidence
    assert "Up to 2.52 mg/kg taken" in finding.evidence


@pytest.mark.parametrize(
    ("column", "cell", "where", "expected"),
    [
        ("dose_mg", "20 mg", "column 'mg', line 3", "mg at a time, e.g. 20: a number from 0.1 to 200 without a unit"),
        ("dose_mg", "0,5", "column 'mg', line 3", "mg at a time"),
        ("dose_mg", "-20", "column 'mg', line 3", "mg at a time"),
        ("dose_mg", "1e2", "column 'mg', line 3", "mg at a time"),
        ("doses_per_week", "twice a day", "column 'times', line 3", "doses in a week"),
        ("weight_kg", "0", "column 'kg', line 3", "body weight in kg, e.g. 65: a number from 20 to 300"),
        ("weight_kg", "132 lb", "column 'kg', line 3", "body weight in kg"),
        ("days_on_drug", "week 1", "column 'days', line 3", "days since the first dose"),
    ],
)
def test_what_is_no_number_in_its_unit_is_named(
    dosed: pd.DataFrame, sheet_view: Callable[..., SheetView], column: str, cell: str, where: str, expected: str
) -> None:
    dosed.loc["P1_week1", column] = cell
    finding = check_dosing(view_of(sheet_view, dosed))
    assert finding.verdict == "error"
    problem = finding.problems[0]
    assert problem.where == f"samples.tsv, {where}"
    assert problem.found == f"'{cell}'"
    assert problem.expected.startswith(expected)


def test_swapped_visits_are_told_by_their_days(dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]) -> None:
    dosed.loc[["P3_base", "P3_week1"], "days_on_drug"] = ["7", "0"]
    (problem,) = check_dosing(view_of(sheet_view, dosed)).problems
    assert str(problem).startswith("samples.tsv, column 'days', patient 'P3'\n  found:    base: 7, week1: 0\n")
    assert "look swapped" in problem.action


def test_days_at_baseline_and_none_later_are_refused(dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]) -> None:
    dosed.loc["P1_week1", "days_on_drug"] = "0"
    assert "more than 0 at later visits" in check_dosing(view_of(sheet_view, dosed)).problems[0].expected


def test_two_doses_of_one_patient_are_refused_and_blanks_at_baseline_are_fine(
    dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]
) -> None:
    blank = dosed.copy()
    blank.loc[blank["timepoint"] == "base", ["dose_mg", "doses_per_week", "weight_kg", "days_on_drug"]] = ""
    assert check_dosing(view_of(sheet_view, blank)).verdict == "note"
    dosed.loc["P1_base", "dose_mg"] = "40"
    (problem,) = check_dosing(view_of(sheet_view, dosed)).problems
    assert problem.found == "2 values: 40, 20"


def test_a_dose_nobody_takes_names_the_units(dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]) -> None:
    dosed["dose_mg"], dosed["doses_per_week"] = "80", "14"
    problems = check_dosing(view_of(sheet_view, dosed)).problems
    assert len(problems) == 3
    assert problems[0].found == "80 mg x 14 a week / 7 / 60 kg = 2.67 mg/kg/day"


def test_a_question_about_doses_needs_them_all(dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]) -> None:
    dosed.loc[["P2_base", "P2_week1"], "weight_kg"] = ""
    assert check_dosing(view_of(sheet_view, dosed)).verdict == "note"
    (problem,) = check_dosing(view_of(sheet_view, dosed, asked=("regimen",))).problems
    assert problem.found == "a question by 'regimen', and no dose of P2"


def test_a_sum_written_in_the_sheet_must_be_dose_times_days(
    dosed: pd.DataFrame, sheet_view: Callable[..., SheetView]
) -> None:
    dosed["cumulative_mg_per_kg"] = ["0", "2.33"] * 4
    dosed["cumulative_mg_per_kg_in_sheet"] = ["0", "2.3", "0", "120", "0", "2.4", "0", ""]
    (problem,) = check_dosing(view_of(sheet_view, dosed)).problems
    assert problem.found == "120 mg/kg; dose x days / weight gives 2.33"


def test_a_sheet_without_doses_passes(sheet: pd.DataFrame, sheet_view: Callable[..., SheetView]) -> None:
    assert check_dosing(sheet_view(sheet)).verdict == "ok"


@pytest.mark.parametrize("column", ["patient", "timepoint"])
def test_without_patients_or_visits_there_is_no_dose(
    dosed: pd.DataFrame, sheet_view: Callable[..., SheetView], column: str
) -> None:
    from dermshift.checks.dosing import doses_of

    assert doses_of(view_of(sheet_view, dosed.drop(columns=column))) == {}
