"""Result tables on disk: tab-separated UTF-8, full precision, NA for missing."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.errors import FormatError, Problem
from dermshift.io.atomic import replacing
from dermshift.io.held import State, state
from dermshift.names import GENE_ID
from dermshift.tables import require

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa

    from dermshift.names import Column

    Values = npt.NDArray[np.object_] | npt.NDArray[np.float64] | pd.api.extensions.ExtensionArray

NA = "NA"
SMALLEST, LARGEST = 1e-4, 1e10
"""Between these Arrow writes a number that is not whole as Python does, without an exponent."""
NEVER_MISSING = (
    GENE_ID, "identifier", "set_name", "item", "left_out", "patient", "sample", "library", "symbol", "set_a", "set_b",
)  # fmt: skip
"""Identifiers: here the text ``NA`` is a name, not a gap."""

_held: dict[tuple[Path, tuple[Column, ...]], tuple[State, pd.DataFrame]] = {}
"""Tables that `hold_table` read, all of one folder, and the state of their files then."""


def write_table(frame: pd.DataFrame, path: Path | str, columns: tuple[Column, ...]) -> None:
    """Write `frame` atomically with the columns, order and kinds of the registry `columns`.

    Floats are written so that reading returns the same double.

    Raises
    ------
    FormatError
        A column is missing or unknown (see `tables.require`).
    """
    table = require(frame, columns, str(path))
    cells = [_cells(table[name], column.kind) for name, column in zip(table, columns, strict=True)]
    with replacing(path) as temporary, Path(temporary).open("w", encoding="utf-8", newline="") as file:
        file.write(in_lines([[str(name), *column] for name, column in zip(table, cells, strict=True)], "\t"))


def in_lines(cells: list[list[str]], between: str) -> str:
    """Return the lines of a table from its columns; a cell that would be taken for more stands in quotes."""
    text = "\n".join(map(between.join, zip(*cells, strict=True))) + "\n"
    ends, betweens = len(cells[0]), len(cells[0]) * (len(cells) - 1)
    found = text.count("\n"), text.count(between), text.count("\r"), text.count('"')
    if betweens and found == (ends, betweens, 0, 0):
        return text
    quoted = StringIO(newline="")
    csv.writer(quoted, delimiter=between, lineterminator="\n").writerows(zip(*cells, strict=True))
    return quoted.getvalue()


def _cells(column: pd.Series, kind: str) -> list[str]:
    """Return a column as text, numbers as Python writes them."""
    missing = column.isna().to_numpy()
    text = _numbers(column.to_numpy(float)) if kind == "float" else [*map(str, column.tolist())]
    return [NA if gap else cell for cell, gap in zip(text, missing.tolist(), strict=True)] if missing.any() else text


def _numbers(values: npt.NDArray[np.float64]) -> list[str]:
    """Return the shortest text of each number, as `repr` gives it.

    Arrow finds the same digits four times as fast, but writes whole numbers and exponents in a way of its own.
    """
    import pyarrow as pa

    size = np.abs(values)
    other = ~((size >= SMALLEST) & (size < LARGEST)) | (values == np.floor(values))
    text: list[str] = pa.array(values).cast(pa.string()).to_pylist()
    for place in np.flatnonzero(other).tolist():
        text[place] = repr(float(values[place]))
    return text


def hold_table(path: Path | str, columns: tuple[Column, ...]) -> None:
    """Read a table in advance; `read_table` finds it as long as its file stays as it is. One folder at most is held.

    Raises
    ------
    FormatError
        It is no such table.
    """
    place = Path(path).absolute()
    if any(known.parent != place.parent for known, _ in _held):
        _held.clear()
    if found := state(place):
        _held[place, columns] = found, read_table(place, columns)


def read_table(path: Path | str, columns: tuple[Column, ...]) -> pd.DataFrame:
    """Read a table `write_table` wrote; text ``NA`` becomes NaN except in identifier columns.

    Raises
    ------
    FormatError
        The file is missing, is no such table, or a cell is not of the registered kind.
    """
    known = _held.get((Path(path).absolute(), columns)) if _held else None
    if known and known[0] == state(path):
        return known[1].copy()
    try:
        typed = _quickly(Path(path).read_bytes(), {column.name: column.kind for column in columns})
        if typed is None:
            typed = _strictly(Path(path), columns)
    except (OSError, ValueError) as error:
        problem = Problem(str(path), str(error), "a table of dermshift", "Run the step that writes it again.")
        raise FormatError(problem) from error
    return require(pd.DataFrame(typed), columns, str(path))


def _quickly(content: bytes, kinds: dict[str, str]) -> dict[str, Values] | None:
    """Return the columns as Arrow reads them, five times as fast; None where `_strictly` has to say what is wrong."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    if b"0x" in content or b"0X" in content:  # Arrow reads it as a whole number, Python does not
        return None
    types = {"text": pa.string(), "float": pa.float64(), "integer": pa.int64()}
    try:
        table = arrow.read_csv(
            pa.BufferReader(content),
            read_options=arrow.ReadOptions(use_threads=False),
            parse_options=arrow.ParseOptions(delimiter="\t", newlines_in_values=True),
            convert_options=arrow.ConvertOptions(
                column_types={name: types[kind] for name, kind in kinds.items()},
                null_values=["NA"],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if sorted(table.column_names) != sorted(kinds):
        return None
    return {name: _from_arrow(name, table.column(name), kinds[name]) for name in table.column_names}


def _from_arrow(name: str, column: pa.ChunkedArray, kind: str) -> Values:
    if kind == "text":
        return _text(name, column.to_numpy())
    if kind == "float":
        numbers: npt.NDArray[np.float64] = column.to_numpy()  # a gap is NaN
        return numbers
    whole, gaps = column.fill_null(0).to_numpy(), column.is_null().to_numpy()
    return pd.arrays.IntegerArray(whole.copy(), gaps.copy())


def _strictly(path: Path, columns: tuple[Column, ...]) -> dict[str, Values]:
    """Return the columns read as text first: slower, and it says which cell is wrong."""
    frame = pd.read_csv(path, sep="\t", dtype=str, na_filter=False, encoding="utf-8")
    kinds = {column.name: column.kind for column in columns}
    return {name: _typed(frame[name], kinds.get(str(name), "text")) for name in frame.columns}


def _typed(column: pd.Series[str], kind: str) -> Values:
    text = column.to_numpy(object)
    missing = text == "NA"
    if kind == "float":
        return np.where(missing, "nan", text).astype(float)
    if kind == "integer":
        return pd.array([pd.NA if gap else int(cell) for cell, gap in zip(text, missing, strict=True)], dtype="Int64")
    return _text(str(column.name), text)


def _text(name: str, text: npt.NDArray[np.object_]) -> Values:
    """Return a column of text; identifiers such as 007, 1E5 and NA survive."""
    return text if name in NEVER_MISSING else np.where(text == "NA", np.nan, text)
