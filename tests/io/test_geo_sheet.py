from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.io.geo_series import Field, Series, read_series
from dermshift.io.geo_sheet import TAKEN, _names, _tag_of, draft
from dermshift.names import SAFE_ID


def test_a_draft_holds_what_the_series_says_and_open_places(series_file) -> None:
    drafted = draft(read_series(series_file()))
    columns = ["sample", "title", "source_name", "patient_id", "time_point", "sex_tag"]
    assert list(drafted.frame) == [*columns, "patient", "timepoint", "sex", "confirmed"]
    assert drafted.frame.to_numpy().tolist() == [
        ["GSM1", "a", "skin", "1", "baseline", "", "1", "baseline", "?", "no"],
        ["GSM2", "b", "skin", "2", "", "", "2", "?", "?", "no"],
        ["GSM3", "c", "skin", "", "week 1", "F", "?", "week_1", "F", "no"],
    ]
    assert drafted.filled == {"patient": "Patient ID", "timepoint": "time point", "sex": "Sex"}
    assert drafted.by_hand == {"patient": 1, "timepoint": 1, "sex": 2}


def test_without_titles_and_tags_there_is_little(series_file) -> None:
    series = read_series(series_file())
    bare = draft(Series("m", series.samples, (), (), ()))
    assert bare.filled == {}
    assert bare.by_hand == {"patient": 3, "timepoint": 3, "sex": 3}
    untagged = Field(1, "sample_characteristics_ch1", ("male", "", "male"))
    assert list(draft(Series("m", series.samples, (untagged,), (), ())).frame["without_tag"]) == ["male", "", "male"]


@pytest.mark.parametrize(
    ("role", "tag", "meant"),
    [
        ("patient", "Subject_ID", True),
        ("patient", "individual", True),
        ("patient", "Donor number", True),
        ("patient", "patient age", False),
        ("patient", "donor sex", False),
        ("timepoint", "Time Point", True),
        ("timepoint", "time-point", True),
        ("timepoint", "time since diagnosis", False),
        ("sex", "Gender", True),
        ("sex", "sex", True),
        ("sex", "essex", False),
    ],
)
def test_a_role_is_filled_only_from_a_tag_of_that_meaning(role: str, tag: str, meant: bool) -> None:
    assert _tag_of(role, ("tissue", tag)) == (tag if meant else "")


def test_the_plainest_word_is_preferred() -> None:
    assert _tag_of("patient", ("donor", "patient")) == "patient"
    assert _tag_of("patient", ("patient id", "patient")) == "patient id"


@given(st.lists(st.text("aA 2_!é", min_size=1, max_size=5), unique_by=str.casefold, max_size=8))
def test_columns_are_safe_and_differ(tags: list[str]) -> None:
    names = _names(tuple(tags))
    assert len(set(names.values())) == len(tags)
    assert all(SAFE_ID.fullmatch(name) and name not in TAKEN for name in names.values())
