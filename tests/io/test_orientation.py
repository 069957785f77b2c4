from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io.orientation import orient

SAMPLES = ["S1", "S2", "S3"]


@pytest.mark.parametrize(
    ("columns", "rows", "axis"),
    [
        (SAMPLES, ["G1", "G2"], "columns"),
        (["G1", "G2"], SAMPLES, "rows"),
        (["S1", "other"], ["G1"], "columns"),
        (SAMPLES, ["S1", "G1"], "columns"),
    ],
)
def test_the_names_decide(columns: list[str], rows: list[str], axis: str) -> None:
    found, finding = orient("m.csv", columns, rows, SAMPLES)
    assert found == axis
    assert "samples of the sheet are column names" in finding.evidence


@pytest.mark.parametrize(
    ("columns", "rows", "words"),
    [
        (["a"], ["b"], "0 of 3 samples of the sheet are column names, 0 are row names; columns: a; rows: b"),
        (SAMPLES, SAMPLES, "samples on both axes"),
        (["S1"], ["S2"], "samples on both axes"),
    ],
)
def test_no_or_double_match_is_refused(columns: list[str], rows: list[str], words: str) -> None:
    with pytest.raises(FormatError, match=words):
        orient("m.csv", columns, rows, SAMPLES)


names = st.lists(st.sampled_from([*SAMPLES, "G1", "G2"]), max_size=5)


@given(columns=names, rows=names)
def test_transposing_swaps_the_axis(columns: list[str], rows: list[str]) -> None:
    def axis(one: list[str], other: list[str]) -> str:
        try:
            return orient("m", one, other, SAMPLES)[0]
        except FormatError:
            return "refused"

    swapped = {"columns": "rows", "rows": "columns", "refused": "refused"}
    assert axis(rows, columns) == swapped[axis(columns, rows)]
