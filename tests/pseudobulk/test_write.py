"""Whole numbers become the digits Python would write."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from dermshift.pseudobulk.kernels import write_digits
from dermshift.pseudobulk.write import MOST_DIGITS


@given(arrays(np.int64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(0, 2**63 - 1)))
def test_digits_are_those_of_python(values: np.ndarray) -> None:
    text, ends = np.empty(MOST_DIGITS * values.size, np.uint8), np.empty(len(values), np.int64)
    write_digits(values, text, ends)
    begin = 0
    for row, end in zip(values.tolist(), ends.tolist(), strict=True):
        assert text[begin:end].tobytes().decode() == "".join(f"\t{value}" for value in row)
        begin = end
