"""Stored pieces of an HDF5 array, unpacked on every core: HDF5 itself unpacks one after the other."""

from __future__ import annotations

import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.threads import available_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

GZIP, SHUFFLE = 1, 2
PACKINGS = ((GZIP,), (SHUFFLE, GZIP))
"""Filters that are undone here, in the order in which they were applied."""


class Pieces:
    """An array of one dimension, stored in pieces of equal length packed with gzip, their bytes shuffled or not."""

    def __init__(self, array: Any, filters: tuple[int, ...]) -> None:
        self.array, self.shuffled = array, SHUFFLE in filters
        self.length, self.dtype = int(array.chunks[0]), array.dtype

    @classmethod
    def of(cls, array: Any) -> Pieces | None:
        """Return the pieces of an array, None where only HDF5 can read it."""
        if not hasattr(array, "id") or not hasattr(array.id, "read_direct_chunk"):
            return None
        if array.chunks is None or len(array.shape) != 1 or array.dtype.kind not in "iufb":
            return None
        plan = array.id.get_create_plist()
        filters = tuple(plan.get_filter(place)[0] for place in range(plan.get_nfilters()))
        return cls(array, filters) if filters in PACKINGS else None

    def read(self, low: int, high: int, out: NDArray[Any]) -> None:
        """Fill `out` with the values from `low` to `high`.

        Raises
        ------
        OSError
            A piece that is damaged, or longer than it says.
        """
        first, last = low // self.length, -(-high // self.length)
        with ThreadPoolExecutor(available_threads()) as pool:
            for done in [pool.submit(self._fill, piece, low, high, out) for piece in range(first, last)]:
                done.result()

    def _fill(self, piece: int, low: int, high: int, out: NDArray[Any]) -> None:
        start = piece * self.length
        here, end = max(start, low), min(start + self.length, high)
        out[here - low : end - low] = self._unpacked(start)[here - start : end - start]

    def _unpacked(self, start: int) -> NDArray[Any]:
        mask, raw = self.array.id.read_direct_chunk((start,))
        if mask:  # stored without one of its filters: rare, and HDF5 knows
            whole: NDArray[Any] = self.array[start : start + self.length]
            return whole
        size = self.length * self.dtype.itemsize
        packed = zlib.decompressobj()
        try:
            content = packed.decompress(raw, size)
        except zlib.error as error:
            raise OSError(str(error)) from error
        if len(content) != size:
            message = f"a piece of {len(content)} bytes where {size} are announced"
            raise OSError(message)
        if not self.shuffled:
            return np.frombuffer(content, self.dtype)
        bytes_of = np.frombuffer(content, np.uint8).reshape(self.dtype.itemsize, self.length)
        return np.ascontiguousarray(bytes_of.T).reshape(-1).view(self.dtype)
