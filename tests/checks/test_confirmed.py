from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dermshift.checks.confirmed import check_confirmed
from dermshift.checks.sheet import check_safe_identifiers, check_timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.checks import SheetView

    Build = Callable[..., SheetView]


def test_a_sheet_without_the_column_passes(sheet: pd.DataFrame, sheet_view: Build) -> None:
    assert check_confirmed(sheet_view(sheet)).verdict == "ok"


@pytest.mark.parametrize("cell", ["yes", "Yes", " yes"])
def test_a_confirmed_sheet_passes(sheet: pd.DataFrame, sheet_view: Build, cell: str) -> None:
    finding = check_confirmed(sheet_view(sheet.assign(confirmed=cell)))
    assert finding.verdict == "ok"
    assert finding.evidence == "a person said yes to 8 samples of the draft"


@pytest.mark.parametrize("cell", ["no", "", "?", "yes?", "TRUE"])
def test_anything_but_yes_is_refused_by_name(sheet: pd.DataFrame, sheet_view: Build, cell: str) -> None:
    frame = sheet.assign(confirmed="yes")
    frame.loc["P2_week1", "confirmed"] = cell
    finding = check_confirmed(sheet_view(frame))
    assert finding.verdict == "error"
    assert finding.problems[0].found == "1 samples that nobody confirmed: P2_week1"
    assert "read from titles and tags" in finding.problems[0].action


def test_open_places_in_columns_in_use_are_named(sheet: pd.DataFrame, sheet_view: Build) -> None:
    frame = sheet.assign(confirmed="yes", remark="?")
    frame.loc["P1_week1", "sex"] = "?"
    problems = check_confirmed(sheet_view(frame)).problems
    assert [problem.where for problem in problems] == ["samples.tsv, column 'sex', line 3"]
    assert check_confirmed(sheet_view(frame.drop(columns="confirmed"))).verdict == "ok"


def test_an_open_place_is_named_once(sheet: pd.DataFrame, sheet_view: Build) -> None:
    frame = sheet.assign(confirmed="yes", timepoint="?")
    for check in (check_safe_identifiers, check_timepoints):
        assert not check(sheet_view(frame)).problems
        assert len(check(sheet_view(frame.drop(columns="confirmed"))).problems) == len(frame)
