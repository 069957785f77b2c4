"""Columns of obs and var in every way anndata has stored them, read piece by piece as codes of their levels."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.io.decode import refuse
from dermshift.io.numbers import MISSING
from dermshift.pseudobulk.store import attribute, child, is_array, reading, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reading = Callable[[int, int], NDArray[Any]]

GAPS = {*(word.lower() for word in MISSING), "nan", "<na>", "nat"}
INDEX_NAMES = ("_index", "index")


def label(value: Any) -> str | None:
    """Return a cell as text, None for a gap: whole numbers without decimals, so that patient 1.0 is patient 1."""
    if isinstance(value, (float, np.floating)):
        if math.isnan(value):
            return None
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    written = text(value)
    return None if written.strip().lower() in GAPS else written


class Column:
    """A column of cells as codes; `levels` grows while it is read.

    Parameters
    ----------
    read
        Returns the stored values of a range of cells.
    categories
        What the stored values are the places of, where they are codes.
    """

    def __init__(self, where: str, read: Reading, categories: NDArray[Any] | None = None) -> None:
        self.where, self.levels = where, list[str]()
        self._read, self._categories, self._known = read, categories, dict[str, int]()

    def codes(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return the place in `levels` of every cell of a range, -1 for a gap."""
        inverse, values = pd.factorize(_plain(self._read(start, stop)), use_na_sentinel=True)
        places = np.array([*(self._place(value) for value in values), -1], dtype=np.int64)
        return places[inverse]  # a gap is -1, the last of the places

    def _place(self, value: Any) -> int:
        level = label(value) if self._categories is None else self._category(value)
        if level is None:
            return -1
        if level not in self._known:
            self._known[level] = len(self.levels)
            self.levels.append(level)
        return self._known[level]

    def _category(self, code: Any) -> str | None:
        categories = () if self._categories is None else self._categories
        if not isinstance(code, (int, np.integer)) or not -1 <= code < len(categories):
            found = f"code {code!r} where there are {len(categories)} categories"
            raise refuse(
                self.where, found, "codes of the categories, -1 for a gap", "Write the file again with anndata."
            )
        return None if code == -1 else label(categories[code])


class Frame:
    """obs or var of an AnnData file."""

    def __init__(self, node: Any, path: str, uns: Any = None) -> None:
        self.node, self.path, self.uns = node, path, uns
        names = node.dtype.names if is_array(node) else list(node.keys())
        if names is None:
            raise refuse(path, f"an array of {node.dtype}", "a table of named columns", "Write it again with anndata.")
        marked = None if is_array(node) else attribute(node, "_index")
        self.index = text(marked) if marked is not None else next((name for name in INDEX_NAMES if name in names), "")
        self.names = [str(name) for name in names if name not in ("__categories", self.index)]
        if not self.index or self.index not in names:
            raise refuse(path, "no column of row names", "row names in '_index'", "Write it again with anndata.")

    def __len__(self) -> int:
        if is_array(self.node):
            return int(self.node.shape[0])
        node = self._member(self.index)
        return int((node if is_array(node) else node["values"]).shape[0])

    def texts(self, name: str, start: int = 0, stop: int | None = None) -> list[str]:
        """Return cells of a column as text, gaps as an empty string."""
        column = self.column(name)
        codes = column.codes(start, len(self) if stop is None else stop)
        levels = np.array([*column.levels, ""], dtype=object)
        return [str(level) for level in levels[codes]]

    def column(self, name: str) -> Column:
        """Return a column to be read.

        Raises
        ------
        FormatError
            Stored in a way that is not known, or of another length.
        """
        where = f"{self.path}/{name}"
        if is_array(self.node):
            # anndata before 0.7: one array of records, its categories in uns.
            stored = None if self.uns is None else child(self.uns, f"{name}_categories", self.path)
            return Column(where, _slices(self.node.fields(name), where), _whole(stored, where))
        node = self._member(name)
        categories = self._categories(node, name)
        if not is_array(node) and categories is None:
            return Column(where, _masked(node, where))
        array = node if is_array(node) else child(node, "codes", where)
        if array is None or len(array.shape) != 1 or (name != self.index and array.shape[0] != len(self)):
            found, expected = f"shape {getattr(array, 'shape', None)}", f"one value for each of {len(self)} rows"
            raise refuse(where, found, expected, "Write the file again with anndata.")
        return Column(where, _slices(array, where), categories)

    def _member(self, name: str) -> Any:
        node = child(self.node, name, self.path)
        if node is None:
            raise refuse(self.path, f"no '{name}'", "the column the table names", "Write the file again with anndata.")
        return node

    def _categories(self, node: Any, name: str) -> NDArray[Any] | None:
        if not is_array(node):
            return _whole(child(node, "categories", self.path), f"{self.path}/{name}")
        # anndata 0.7: codes that point to a group beside them.
        beside = child(self.node, "__categories", self.path)
        stored = None if beside is None or "categories" not in node.attrs else child(beside, name, self.path)
        return _whole(stored, f"{self.path}/{name}")


def _slices(array: Any, where: str) -> Reading:
    def read(start: int, stop: int) -> NDArray[Any]:
        with reading(where, "a column of text, numbers or categories"):
            return np.asarray(array[start:stop])

    return read


def _whole(stored: Any, where: str) -> NDArray[Any] | None:
    if stored is None:
        return None
    with reading(where, "categories"):
        return _plain(np.asarray(stored[:] if is_array(stored) else stored["values"][:]))


def _masked(node: Any, where: str) -> Reading:
    if "values" not in node or "mask" not in node:
        raise refuse(
            where, f"a group of {', '.join(node)}", "text, numbers or categories", "Convert the column to text."
        )

    def read(start: int, stop: int) -> NDArray[Any]:
        with reading(where, "a column of text, numbers or categories"):
            values = np.asarray(node["values"][start:stop]).astype(object)
            values[np.asarray(node["mask"][start:stop], dtype=bool)] = np.nan
        return values

    return read


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Return values in a type pandas factorises: numbers as they are, any kind of text as objects."""
    return values if values.dtype.kind in "iufb" else values.astype(object)
