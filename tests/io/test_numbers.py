from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.io.numbers import to_numbers
from dermshift.io.text import Grid


def _row(*cells: str) -> Grid:
    return Grid("m.csv", ["id", *(f"S{i}" for i in range(len(cells)))], [["G", *cells]], [7], ",")


@given(st.lists(st.floats(), min_size=1, max_size=6))
def test_every_double_comes_back(values: list[float]) -> None:
    grid = _row(*map(repr, values))
    np.testing.assert_array_equal(to_numbers(grid, list(range(1, len(values) + 1)))[0], values)


@pytest.mark.parametrize("cell", ["", "NA", "N/A", "NULL", "nan", "NaN", "-nan"])
def test_words_for_missing_become_nan(cell: str) -> None:
    assert np.isnan(to_numbers(_row("1", cell), [1, 2])).tolist() == [[False, True]]


@pytest.mark.parametrize(
    "cell", ["a", "1 2", "1,5", "1,234", "1.234.567,8", "1'234", "1_0", "٣", "0x10", "--1", "1-Mar", "TRUE"]
)
def test_text_is_refused_with_its_place(cell: str) -> None:
    with pytest.raises(FormatError) as caught:
        to_numbers(_row("1", cell), [1, 2])
    assert [problem.where for problem in caught.value.problems] == ["m.csv, line 7, column 'S1'"]
    assert repr(cell)[1:-1] in caught.value.problems[0].found
