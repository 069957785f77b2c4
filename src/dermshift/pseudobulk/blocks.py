"""Values of a matrix block by block: never more of it in memory than one block, and the next one being read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.io.decode import refuse
from dermshift.pseudobulk.pieces import Pieces
from dermshift.pseudobulk.store import chunk_of, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BLOCK_BYTES = 16_000_000
"""What one block of values and places may take; two are in memory at a time."""
WINDOW = 65_536
"""Cells whose starts are read at a time."""


def _none() -> NDArray[Any]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Block:
    """A run of stored values.

    Parameters
    ----------
    kind
        ``rows`` (cell after cell), ``columns`` (gene after gene), ``dense`` or ``entries``.
    first
        First cell (rows, dense) or gene (columns).
    starts
        Where the values of each cell or gene begin, and the end of the last.
    indices
        Gene (rows) or cell (columns, entries) of each value.
    genes
        Gene of each entry.
    """

    kind: str
    data: NDArray[Any]
    first: int = 0
    starts: NDArray[np.int64] = field(default_factory=_none)
    indices: NDArray[Any] = field(default_factory=_none)
    genes: NDArray[np.int64] = field(default_factory=_none)

    def place(self, k: int) -> tuple[int, int]:
        """Return cell and gene of the value at place `k`."""
        if self.kind == "dense":
            return self.first + k // self.data.shape[1], k % self.data.shape[1]
        minor = int(self.indices[k])
        if self.kind == "entries":
            return minor, int(self.genes[k])
        major = self.first + int(np.searchsorted(self.starts, k, side="right")) - 1
        return (major, minor) if self.kind == "rows" else (minor, major)


class Sparse:
    """Compressed values: `kind` rows (CSR of cells x genes, or CSC of genes x cells) or columns."""

    def __init__(self, group: Any, path: str, kind: str, shape: tuple[int, int]) -> None:
        with reading(path, "arrays data, indices and indptr"):
            self.data, self.indices, self.indptr = group["data"], group["indices"], group["indptr"]
        self.path, self.kind, self.shape = path, kind, shape
        self.majors = shape[0] if kind == "rows" else shape[1]
        self.dtype = self.data.dtype
        self._turns: dict[str, list[NDArray[Any]]] = {}
        self._pieces: dict[str, Pieces | None] = {}
        self._need_shapes()

    def _need_shapes(self) -> None:
        sizes = {name: getattr(self, name).shape for name in ("data", "indices", "indptr")}
        if self.indices.dtype.kind not in "iu":
            found = f"indices of type {self.indices.dtype}"
            raise refuse(self.path, found, "whole numbers", "Write the atlas again; the file is damaged.")
        if sizes["data"] != sizes["indices"] or sizes["indptr"] != (self.majors + 1,) or len(sizes["data"]) != 1:
            found = ", ".join(f"{name} of shape {size}" for name, size in sizes.items())
            what = "cells" if self.kind == "rows" else "genes"
            expected = f"data and indices of one length, indptr of {self.majors + 1} for {self.majors} {what}"
            raise refuse(self.path, found, expected, "Write the atlas again; the file is damaged.")

    def pointers(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return where the values of a range of cells (or genes) begin, and the end of the last."""
        with reading(f"{self.path}/indptr", "whole numbers"):
            raw = np.asarray(self.indptr[start : stop + 1])
            starts = raw.astype(np.int64)
        wrong = np.flatnonzero((np.diff(starts) < 0) | (starts[:-1] < 0) | (starts[1:] > self.data.shape[0]))
        edges = (start == 0 and starts[0] != 0) or (stop == self.majors and starts[-1] != self.data.shape[0])
        if wrong.size or edges or raw.dtype.kind not in "iu":
            found = f"indptr out of order or range near place {start + int(wrong[0]) if wrong.size else start}"
            expected = f"whole numbers that ascend from 0 to the {self.data.shape[0]} stored values"
            raise refuse(self.path, found, expected, "Write the atlas again; the file is damaged.")
        return starts

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Yield the values of a range of cells; stored by gene, those of every cell."""
        start, stop = (start, stop) if self.kind == "rows" else (0, self.majors)
        for window in range(start, stop, WINDOW):
            yield from self._window(window, min(window + WINDOW, stop))

    def total(self, start: int, stop: int) -> int:
        """Return how many values `blocks` yields."""
        if self.kind != "rows":
            return int(self.data.shape[0])
        return int(self.pointers(stop, stop)[0] - self.pointers(start, start)[0]) if stop > start else 0

    def _window(self, start: int, stop: int) -> Iterator[Block]:
        starts = self.pointers(start, stop)
        width = self.data.dtype.itemsize + self.indices.dtype.itemsize
        chunk = chunk_of(self.data)
        # Whole stored pieces at a time, so that none is unpacked twice.
        step = max(BLOCK_BYTES // width // chunk, 1) * chunk
        low, end = int(starts[0]), int(starts[-1])
        while low < end:
            high = min(end, (low // step + 1) * step)
            yield self._block(start, starts, low, high)
            low = high

    def _block(self, start: int, starts: NDArray[np.int64], low: int, high: int) -> Block:
        first = int(np.searchsorted(starts, low, side="right")) - 1
        last = int(np.searchsorted(starts, high, side="left"))
        with reading(self.path, "stored values and their places"):
            data, indices = self._read(self.data, low, high), self._read(self.indices, low, high)
        inside = starts[first : last + 1].clip(low, high) - low
        return Block(self.kind, native(data, self.path), start + first, inside, native(indices, self.path))

    def _read(self, array: Any, low: int, high: int) -> NDArray[Any]:
        """Return stored values, from HDF5 in one of two arrays that take turns: new ones would fragment the memory."""
        if not hasattr(array, "read_direct"):
            return np.asarray(array[low:high])
        turns = self._turns.setdefault(array.name, [np.empty(0, array.dtype), np.empty(0, array.dtype)])
        turns.reverse()
        if len(turns[0]) < high - low:
            turns[0] = np.empty(high - low, array.dtype)
        pieces = self._pieces.setdefault(array.name, Pieces.of(array))
        if pieces is not None:
            pieces.read(low, high, turns[0])
        else:
            array.read_direct(turns[0], np.s_[low:high], np.s_[: high - low])
        return turns[0][: high - low]

    def sample(self, blocks: int, rows: int) -> Iterator[NDArray[Any]]:
        """Yield values of cells (or genes) from places spread over the file, one array per cell or gene."""
        for place in spread(self.majors, rows, blocks):
            starts = self.pointers(place, min(place + rows, self.majors))
            starts = starts.clip(max=int(starts[0]) + BLOCK_BYTES // 16)
            with reading(self.path, "stored values"):
                data = native(np.asarray(self.data[int(starts[0]) : int(starts[-1])]), self.path)
            for low, high in zip(starts[:-1] - starts[0], starts[1:] - starts[0], strict=True):
                yield data[low:high]


class Dense:
    """An array of cells x genes."""

    def __init__(self, array: Any, path: str) -> None:
        self.array, self.path, self.kind = array, path, "dense"
        if len(array.shape) != 2:
            raise refuse(path, f"an array of shape {array.shape}", "cells x genes", "Write the atlas again.")
        self.shape, self.dtype = (int(array.shape[0]), int(array.shape[1])), array.dtype

    def total(self, start: int, stop: int) -> int:
        """Return how many values `blocks` yields."""
        return (stop - start) * self.shape[1]

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Yield the values of a range of cells."""
        chunk = chunk_of(self.array)
        fitting = BLOCK_BYTES // max(self.shape[1] * self.array.dtype.itemsize, 1)
        step = max(fitting // chunk * chunk, min(chunk, fitting), 1)
        low = start
        while low < stop:
            high = min(stop, (low // step + 1) * step)
            with reading(self.path, "values of cells x genes"):
                yield Block("dense", native(np.asarray(self.array[low:high]), self.path), low)
            low = high

    def sample(self, blocks: int, rows: int) -> Iterator[NDArray[Any]]:
        """Yield values of cells from places spread over the file."""
        for place in spread(self.shape[0], rows, blocks):
            with reading(self.path, "values of cells x genes"):
                yield from native(np.asarray(self.array[place : place + rows]), self.path)


def spread(length: int, rows: int, blocks: int) -> list[int]:
    """Return the beginnings of up to `blocks` stretches of `rows`, the first at 0, the last at the end."""
    last = max(length - rows, 0)
    return sorted({round(last * place / max(blocks - 1, 1)) for place in range(blocks)})


def native(values: NDArray[Any], path: str) -> NDArray[Any]:
    """Return numbers in one of the few types the kernels know; nothing is rounded.

    Raises
    ------
    FormatError
        Text, complex numbers or objects.
    """
    if values.dtype.kind not in "iufb" or values.dtype.itemsize > 8:
        raise refuse(path, f"values of type {values.dtype}", "numbers", "Write the atlas with numeric values.")
    if values.dtype.kind == "f":
        return values.astype(np.float32 if values.dtype.itemsize <= 4 else np.float64, copy=False)
    small = values.dtype.kind == "i" and values.dtype.itemsize == 4
    # Beyond 2^63 a count turns negative, and is refused as such.
    return values.astype(np.int32 if small else np.int64, copy=False)


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """Yield blocks while the next one is being read; a block is gone when the next but one comes."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = pool.submit(next, blocks, None)
            yield block
