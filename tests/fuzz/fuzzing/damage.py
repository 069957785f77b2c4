"""Damage inside a file that is otherwise sound: arrays that contradict each other, values of the wrong type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ODD = (-1, 0, 1, 9, 10, 47, 48, 49, 376, 2**24 + 2, 2**31 - 1, 2**31, -(2**31), 2**32, 2**63 - 1, -(2**63))
TYPES = ("f4", "f8", "f2", "i1", "i8", "u1", "u4", "u8", "?", "S5", "c8", ">i4", ">f4")
places, values = st.floats(0, 1, exclude_max=True), st.sampled_from(ODD)


def set_one(array: Any, place: float, value: int) -> Any:
    whole = array.astype("i8", casting="unsafe") if array.dtype.kind in "iu" and value not in range(100) else array
    whole = whole.copy()
    if whole.size and whole.dtype.kind in "iuf":
        whole.reshape(-1)[int(place * whole.size)] = value
    return whole


def not_finite(array: Any, place: float, value: int) -> Any:
    whole = array.astype(float) if array.dtype.kind in "iuf" else array
    if whole.size and whole.dtype.kind == "f":
        whole.reshape(-1)[int(place * whole.size)] = (np.nan, np.inf, -np.inf, 0.5)[value % 4]
    return whole


def shift(array: Any, _place: float, value: int) -> Any:
    return array.astype("i8") + np.int64(value % 1000) - 500 if array.dtype.kind in "iu" else array


def shorten(array: Any, place: float, _value: int) -> Any:
    return array[: int(place * len(array))] if array.ndim else array


def lengthen(array: Any, place: float, _value: int) -> Any:
    return np.concatenate([array, array[int(place * len(array)) :]]) if array.ndim else array


def backwards(array: Any, _place: float, _value: int) -> Any:
    return array[::-1].copy() if array.ndim else array


def retype(array: Any, _place: float, value: int) -> Any:
    return array.astype(TYPES[value % len(TYPES)]) if array.dtype.kind in "iufb" else array


def reshape(array: Any, _place: float, value: int) -> Any:
    return array.reshape([(1, -1), (-1, 1)][value % 2])


def scalar(array: Any, _place: float, _value: int) -> Any:
    return array.reshape(-1)[0] if array.size else array


def empty(array: Any, _place: float, _value: int) -> Any:
    return array[:0] if array.ndim else array


ARRAYS: tuple[Callable[[Any, float, int], Any], ...] = (
    set_one, set_one, set_one, not_finite, shift, shorten, lengthen, backwards, retype, reshape, scalar, empty,
)  # fmt: skip
shapes = st.lists(st.sampled_from((-1, 0, 1, 9, 10, 11, 47, 48, 49, 2**31, 2**62)), max_size=3)
attributes = st.one_of(
    st.tuples(st.just("shape"), shapes),
    st.tuples(
        st.just("encoding-type"), st.sampled_from(["csr_matrix", "csc_matrix", "array", "null", "dataframe", ""])
    ),
    st.tuples(st.just("_index"), st.sampled_from(["_index", "donor", "nowhere", "", "../X"])),
)
of_arrays = st.tuples(places, st.sampled_from(ARRAYS), places, values)
edits = st.lists(
    st.one_of(of_arrays, of_arrays, of_arrays, st.tuples(places, attributes), st.tuples(places)), min_size=1, max_size=3
)


def names_of(file: Any) -> tuple[list[str], list[str]]:
    """Return arrays and everything; the arrays of counts more than once, for they are what is added up."""
    import h5py

    every: list[str] = []
    file.visit(every.append)
    arrays = [name for name in every if isinstance(file[name], h5py.Dataset)]
    counts = [name for name in arrays if name.split("/")[-1] in ("X", "data", "indices", "indptr", "shape")]
    return arrays + 5 * counts, every + 5 * [name for name in every if name in ("X", "matrix")]


def apply(path: Path, wanted: list[Any]) -> None:
    """Change arrays or attributes of an HDF5 file, or remove something."""
    import h5py

    with h5py.File(path, "r+") as file:
        for place, *edit in wanted:
            arrays, every = names_of(file)
            if len(edit) == 3:
                name = arrays[int(place * len(arrays))]
                array, kept = np.asarray(file[name][()]), dict(file[name].attrs)
                changed = edit[0](array, *edit[1:])
                del file[name]
                file[name] = changed
                file[name].attrs.update(kept)
            elif edit:
                file[every[int(place * len(every))]].attrs[edit[0][0]] = edit[0][1]
            elif len(arrays) > 1:
                del file[arrays[int(place * len(arrays))]]
