"""Pieces unpacked here are what HDF5 itself reads, and damage is told."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
import pytest

from dermshift.pseudobulk.pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VALUES = np.random.default_rng(3).integers(0, 900, 10_007)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[h5py.File]:
    with h5py.File(tmp_path / "a.h5", "w") as opened:
        yield opened


@pytest.mark.parametrize("dtype", ["<f4", "<i4", "<i8", "<u2", ">f8"])
@pytest.mark.parametrize("packed", [{"compression": "gzip"}, {"compression": "gzip", "shuffle": True}])
@pytest.mark.parametrize(("low", "high"), [(0, 10_007), (999, 1001), (0, 1000), (10_000, 10_007), (5, 6)])
def test_the_same_values_as_hdf5(file: h5py.File, dtype: str, packed: dict[str, Any], low: int, high: int) -> None:
    array = file.create_dataset("x", data=VALUES.astype(dtype), chunks=(1000,), **packed)
    pieces = Pieces.of(array)
    assert pieces is not None
    out = np.empty(20_000, array.dtype)
    pieces.read(low, high, out)
    np.testing.assert_array_equal(out[: high - low], array[low:high])


@pytest.mark.parametrize(
    "made", [{"compression": "lzf"}, {"fletcher32": True}, {"compression": "gzip", "fletcher32": True}, {}]
)
def test_what_only_hdf5_can_read_is_left_to_it(file: h5py.File, made: dict[str, Any]) -> None:
    chunks = None if not made else (1000,)
    assert Pieces.of(file.create_dataset("x", data=VALUES, chunks=chunks, **made)) is None
    assert Pieces.of(VALUES) is None


@pytest.mark.parametrize(
    "content", [b"no gzip at all", zlib.compress(bytes(10)), zlib.compress(bytes(10_000_000))[:2000]]
)
def test_damaged_pieces_and_pieces_that_grow_are_refused(file: h5py.File, content: bytes) -> None:
    array = file.create_dataset("x", (3000,), "<i4", chunks=(1000,), compression="gzip")
    array.id.write_direct_chunk((1000,), content)
    pieces = Pieces.of(array)
    assert pieces is not None
    out = np.zeros(3000, "<i4")
    if len(content) == 2000:  # a piece that would unpack to megabytes is cut at what it may hold
        pieces.read(1000, 2000, out)
        assert not out.any()
    else:
        with pytest.raises(OSError, match=r"incorrect header|10 bytes where 4000 are announced"):
            pieces.read(1000, 2000, out)


def test_a_piece_stored_without_its_filter_is_read_by_hdf5(file: h5py.File) -> None:
    array = file.create_dataset("x", (2000,), "<i4", chunks=(1000,), compression="gzip")
    array.id.write_direct_chunk((0,), np.arange(1000, dtype="<i4").tobytes(), filter_mask=1)
    array.id.write_direct_chunk((1000,), zlib.compress(np.arange(1000, dtype="<i4").tobytes()))
    pieces = Pieces.of(array)
    assert pieces is not None
    out = np.empty(2000, "<i4")
    pieces.read(0, 2000, out)
    np.testing.assert_array_equal(out, np.tile(np.arange(1000), 2))
