"""A table of the cells: barcodes in its first column, joined to the cells of an atlas in little memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.checks.finding import listed
from dermshift.io.decode import need_file, refuse
from dermshift.pseudobulk.frames import Column
from dermshift.pseudobulk.store import reading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.atlas import Atlas

STRETCH = 65_536


class CellsTable:
    """Columns of the table in the order of the atlas.

    Parameters
    ----------
    absent
        Cells of the atlas the table lacks.
    """

    def __init__(self, path: str, atlas: Atlas, wanted: list[str]) -> None:
        self.path, self.absent = need_file(path), 0
        self.names = self._header()[1:]
        self._levels: dict[str, list[str]] = {}
        barcodes, self._codes = self._read([name for name in wanted if name in self.names])
        order = np.argsort(barcodes, kind="stable")
        self._need_unique(barcodes[order])
        self._place = self._join(atlas, barcodes[order], order)

    def _header(self) -> list[str]:
        with reading(self.path, "a table as tab- or comma-separated UTF-8 text"):
            first = pd.read_csv(self.path, sep="\t", nrows=0, dtype=str, encoding="utf-8-sig")
            self._separator = "\t" if len(first.columns) > 1 else ","
            header = pd.read_csv(self.path, sep=self._separator, nrows=1, header=None, dtype=str, encoding="utf-8-sig")
        names = ["" if pd.isna(name) else str(name) for name in header.iloc[0]]
        doubled = sorted({name for name in names[1:] if names[1:].count(name) > 1})
        if len(names) < 2 or doubled:
            found = f"columns {listed(map(repr, doubled))} twice" if doubled else "one column"
            raise refuse(self.path, found, "barcodes, then named columns", "Correct the header of the table.")
        return names

    def _read(self, wanted: list[str]) -> tuple[NDArray[np.uint64], dict[str, NDArray[np.int64]]]:
        """Return a number for each barcode, and codes of each column."""
        numbers: list[NDArray[np.uint64]] = []
        codes: dict[str, list[NDArray[np.int32]]] = {name: [] for name in wanted}
        known: dict[str, dict[str, int]] = {name: {} for name in wanted}
        with reading(self.path, "a table whose rows have as many fields as its header"):
            pieces = pd.read_csv(
                self.path, sep=self._separator, dtype=str, keep_default_na=False, chunksize=STRETCH, header=0,
                names=["", *self.names], index_col=False, encoding="utf-8-sig", on_bad_lines="error",
            )  # fmt: skip
            for piece in pieces:
                # 64 bits for a name: two of ten million share one with a chance of 3 in a million.
                numbers.append(hashed(piece.iloc[:, 0].to_numpy(object)))
                for name in wanted:
                    inverse, values = pd.factorize(piece[name].to_numpy(object))
                    places = [known[name].setdefault(str(value), len(known[name])) for value in values]
                    codes[name].append(np.array(places, dtype=np.int32)[inverse])
        self._levels = {name: list(levels) for name, levels in known.items()}
        if not any(map(len, numbers)):
            raise refuse(self.path, "a header and no rows", "one row per cell", "Name a table with rows.")
        joined = {name: np.concatenate([*parts, [-1]]) for name, parts in codes.items()}
        return np.concatenate(numbers), joined

    def _need_unique(self, ordered: NDArray[np.uint64]) -> None:
        doubled = int((ordered[1:] == ordered[:-1]).sum())
        if doubled:
            found = f"{doubled} barcodes that were named before"
            action = "Remove the repeated rows; barcodes of several libraries need the suffix the atlas gives them."
            raise refuse(self.path, found, "each barcode once", action)

    def _join(self, atlas: Atlas, ordered: NDArray[np.uint64], order: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the row of the table of every cell, -1 (the last code, a gap) where it has none."""
        place = np.empty(atlas.n_cells, dtype=np.int32)
        for start in range(0, atlas.n_cells, STRETCH):
            stop = min(start + STRETCH, atlas.n_cells)
            numbers = hashed(atlas.barcodes(start, stop))
            at = np.searchsorted(ordered, numbers).clip(max=len(ordered) - 1)
            place[start:stop] = np.where(ordered[at] == numbers, order[at], -1)
        self.absent = int((place < 0).sum())
        if self.absent == len(place):
            mine = pd.read_csv(self.path, sep=self._separator, dtype=str, nrows=3, keep_default_na=False).iloc[:, 0]
            found = f"no barcode of the atlas; the table begins with {listed(mine)}"
            expected = f"barcodes such as {listed(atlas.barcodes(0, min(3, atlas.n_cells)))}"
            raise refuse(self.path, found, expected, "Write the barcodes of the table as the atlas has them.")
        return place

    def column(self, name: str) -> Column:
        """Return a column in the order of the cells of the atlas."""
        codes, levels = self._codes[name], np.array(self._levels[name], dtype=object)

        def read(start: int, stop: int) -> NDArray[Any]:
            return codes[self._place[start:stop]]

        return Column(f"{self.path}/{name}", read, levels)


def hashed(names: NDArray[Any]) -> NDArray[np.uint64]:
    """Return a 64-bit number for each name."""
    return pd.util.hash_array(names, categorize=False)
