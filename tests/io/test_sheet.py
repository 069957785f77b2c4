from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.io import examine, load_study
from dermshift.io.sheet import read_sheet
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path


def _sheet_of(folder: Path, text: str, **columns: str):
    path = folder / "samples.csv"
    path.write_text(text, "utf-8")
    return read_sheet(StudySpec("s", "m", str(path), columns, Timepoints("a", "b")), frozenset())


def test_roles_are_renamed_and_text_survives(tmp_path: Path) -> None:
    text = "sample,who,when,lot\n007,1E5,NA,=1+1\n\n08,nan,a,x\n"
    view, findings = _sheet_of(tmp_path, text, patient="who", timepoint="when")
    assert view.frame.index.tolist() == ["007", "08"]
    assert view.frame.to_dict("list") == {"patient": ["1E5", "nan"], "timepoint": ["NA", "a"], "lot": ["=1+1", "x"]}
    assert view.where("patient", 1).endswith("samples.csv, column 'who', line 4")
    assert [finding.verdict for finding in findings] == ["ok"]


def test_a_nameless_first_column_holds_the_samples(tmp_path: Path) -> None:
    view, _ = _sheet_of(tmp_path, ",who,when\nS1,P1,a\n", patient="who", timepoint="when")
    assert view.frame.index.tolist() == ["S1"]


def test_a_column_set_aside_is_noted(tmp_path: Path) -> None:
    view, findings = _sheet_of(tmp_path, "s,who,when,sex\nS1,P1,a,f\n", patient="who", timepoint="when")
    assert list(view.frame.columns) == ["patient", "timepoint", "sex_in_sheet"]
    assert findings[-1].evidence == "'sex' is kept as 'sex_in_sheet'"


def test_a_wrong_column_map_is_a_finding_and_the_rest_is_still_read(tmp_path: Path) -> None:
    view, findings = _sheet_of(tmp_path, "s,who,when\nS1,P1,a\n", patient="whom", timepoint="when")
    assert findings[0].verdict == "error"
    assert "nearest: 'who'" in findings[0].problems[0].found
    assert list(view.frame.columns) == ["who", "timepoint"]


def test_an_unreadable_sheet_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="line 2"):
        _sheet_of(tmp_path, "s,who,when\nS1,P1\n", patient="who", timepoint="when")


def test_samples_of_other_timepoints_take_no_part(study_on_disk, small_sheet, small_counts) -> None:
    sheet = small_sheet.copy()
    first = sheet.columns[0]
    extra = sheet.iloc[[0]].assign(**{first: "pool", "subject": "P9", "visit": "pool"})
    counts = small_counts.copy()
    counts["pool"] = counts.iloc[:, -1] + 1
    both = {"sheet": pd.concat([sheet, extra], ignore_index=True), "counts": counts}
    refused = examine(study_on_disk(**both), frozenset())
    assert any("timepoints.others" in str(p) for f in refused.findings for p in f.problems)
    study, findings = load_study(study_on_disk(**both, other_timepoints=("pool",)), frozenset())
    assert "pool" not in study.sheet.index
    assert study.adata.n_obs == len(sheet)
    said = {finding.check: finding for finding in findings}["other_timepoints"]
    assert (said.verdict, said.evidence) == ("note", "1 samples of other timepoints take no part: pool")


def test_a_timepoint_is_either_compared_or_left_out(study_on_disk) -> None:
    found = examine(study_on_disk(other_timepoints=("week1",)), frozenset())
    [problem] = {finding.check: finding for finding in found.findings}["other_timepoints"].problems
    assert (problem.where, problem.found) == ("timepoints.others: 'week1'", "a timepoint that is compared")


def test_an_other_timepoint_that_is_not_there_is_refused(study_on_disk) -> None:
    found = examine(study_on_disk(other_timepoints=("week11",)), frozenset())
    problem = {finding.check: finding for finding in found.findings}["other_timepoints"].problems[0]
    assert "'week11'; nearest: 'week1'" in problem.found
