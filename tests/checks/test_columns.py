from __future__ import annotations

import pytest

from dermshift.checks import check_columns
from dermshift.study import StudySpec, Timepoints

HEADER = ["sample", "subject", "visit", "sex", "age"]


def _columns_spec(**columns: str) -> StudySpec:
    return StudySpec("s", "m.tsv", "s.tsv", columns, Timepoints("a", "b"))


def test_mapped_columns_pass() -> None:
    finding = check_columns(_columns_spec(patient="subject", timepoint="visit"), frozenset({"age"}), HEADER)
    assert finding.verdict == "ok"


@pytest.mark.parametrize(
    ("columns", "asked", "words"),
    [
        ({"patient": "subjet", "timepoint": "visit"}, set(), "nearest: 'subject'"),
        ({"timepoint": "visit"}, set(), "no column named for patient"),
        ({"patient": "subject", "timepoint": "visit", "six": "sex"}, set(), "unknown role 'six'"),
        ({"patient": "subject", "timepoint": "subject"}, set(), "column 'subject' for patient, timepoint"),
        ({"patient": "subject", "timepoint": "visit"}, {"sex"}, "Write 'sex: sex' under columns"),
        ({"patient": "subject", "timepoint": "visit"}, {"dose"}, "question by 'dose'"),
    ],
)
def test_wrong_columns_are_named(columns: dict[str, str], asked: set[str], words: str) -> None:
    finding = check_columns(_columns_spec(**columns), frozenset(asked), HEADER)
    assert finding.verdict == "error"
    assert words in str(finding.problems[0])


def test_all_problems_come_at_once() -> None:
    finding = check_columns(_columns_spec(patient="x", timepoint="y", sex="z"), frozenset({"dose"}), HEADER)
    assert len(finding.problems) == 4
