"""Expression matrices as Parquet, genes in rows or samples in rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.bounded import MOST_BYTES, need_bounded
from dermshift.io.decode import need_file, refuse
from dermshift.io.matrix import NO_HINTS, SYMBOL_COLUMNS, Hints, Matrix, Reader, pick
from dermshift.io.orientation import orient

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pyarrow as pa

MOST_VALUES = 2**28
"""Largest rows x columns that is read: 26,000 genes x 10,000 samples."""
ACTION = "Write the table with one column of names and columns of numbers."


def read_parquet(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read a table with one column of names (an index of pandas counts as one); one more may hold gene symbols.

    Raises
    ------
    FormatError
        Not readable, no names, or columns that are no numbers.
    """
    table = _table(path)
    name, symbol = _text_columns(path, table)
    names = _texts(path, table, name)
    columns = [place for place in range(table.num_columns) if place not in (name, symbol)]
    header = [table.column_names[place] for place in columns]
    axis, oriented = orient(path, header, names, samples)
    layout = Finding("matrix_layout", "note", f"Parquet, {table.num_rows} rows, {table.num_columns} columns")
    places, unlisted, doubled = pick(header if axis == "columns" else names, samples)
    if axis == "columns":
        values = _numbers(path, table, [columns[place] for place in places]).T.copy()
        chosen, genes = [header[place] for place in places], names
    else:
        values = _numbers(path, table, columns)[places]
        chosen, genes = [names[place] for place in places], header
    symbols = tuple(_texts(path, table, symbol)) if symbol is not None and axis == "columns" else None
    return Matrix(values, tuple(chosen), tuple(genes), symbols, unlisted, doubled, (layout, oriented))


def _table(path: str) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    need_bounded(need_file(path))
    try:
        with pq.ParquetFile(path) as file:
            _need_bounded(path, file.metadata)
            table = file.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refuse(path, f"not readable as Parquet: {reason}", "a Parquet file", "Write the file again.") from error
    if not table.num_rows or table.num_columns < 2:
        raise refuse(path, f"{table.num_rows} rows, {table.num_columns} columns", "names and values", ACTION)
    return table


def _need_bounded(path: str, told: Any) -> None:
    """Refuse by what the file says of itself what would not fit."""
    size = sum(told.row_group(place).total_byte_size for place in range(told.num_row_groups))
    if told.num_rows * told.num_columns > MOST_VALUES or size > MOST_BYTES:
        found = f"{told.num_rows} rows, {told.num_columns} columns, {size:,} bytes once it is unpacked"
        expected = f"at most {MOST_VALUES:,} values and {MOST_BYTES:,} bytes"
        raise refuse(path, found, expected, "Check the file; a larger study goes in as .h5ad.")


def _text_columns(path: str, table: pa.Table) -> tuple[int, int | None]:
    """Return the places of the names and of the symbols."""
    import pyarrow.types as kinds

    plain = [_plain_type(field.type) for field in table.schema]
    nested = [name for name, kind in zip(table.column_names, plain, strict=True) if kinds.is_nested(kind)]
    if nested:
        raise refuse(path, f"nested columns: {listed(nested)}", "columns of plain values", ACTION)
    texts = [place for place, kind in enumerate(plain) if kinds.is_string(kind) or kinds.is_large_string(kind)]
    symbol = next((place for place in texts if table.column_names[place] in SYMBOL_COLUMNS), None)
    others = [place for place in texts if place != symbol]
    if not others and symbol is not None:
        return symbol, None
    if len(others) != 1:
        names = [table.column_names[place] for place in others]
        raise refuse(path, f"{len(names)} columns of text: {listed(names) or 'none'}", "one column of names", ACTION)
    return others[0], symbol


def _plain_type(kind: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as kinds

    value = kind.value_type if kinds.is_dictionary(kind) else kind
    # A view of a text is a text.
    return pa.string() if str(value) == "string_view" else value


def _texts(path: str, table: pa.Table, place: int) -> list[str]:
    cells = table.column(place).to_pylist()
    blank = [row for row, cell in enumerate(cells, 1) if cell is None or not cell.strip()]
    if blank and table.column_names[place] not in SYMBOL_COLUMNS:
        where, found = f"{path}, column '{table.column_names[place]}'", f"no name in row {listed(blank)}"
        raise refuse(where, found, "a name in every row", "Name the rows.")
    return [cell or "" for cell in cells]


def _numbers(path: str, table: pa.Table, places: Sequence[int]) -> npt.NDArray[np.float64]:
    import pyarrow.types as kinds

    wrong = []
    values = np.empty((table.num_rows, len(places)))
    for column, place in enumerate(places):
        kind = _plain_type(table.schema.field(place).type)
        if not (kinds.is_integer(kind) or kinds.is_floating(kind) or kinds.is_decimal(kind) or kinds.is_null(kind)):
            where = f"{path}, column '{table.column_names[place]}'"
            wrong.append(Problem(where, f"values of type {kind}", "numbers", ACTION))
            continue
        values[:, column] = _floats(table.column(place))
    if wrong:
        raise FormatError(*capped(wrong))
    return values


def _floats(column: pa.ChunkedArray) -> npt.NDArray[np.float64]:
    # Through Python numbers where a type has no way into numpy of its own.
    if str(column.type) in ("double", "float") or str(column.type).startswith(("int", "uint")):
        numbers: npt.NDArray[np.float64] = column.to_pandas().to_numpy(dtype=np.float64, na_value=np.nan)
        return numbers
    return np.array([np.nan if cell is None else float(cell) for cell in column.to_pylist()])


def _recognises(path: str) -> bool:
    try:
        with Path(path).open("rb") as handle:
            return handle.read(4) == b"PAR1"
    except (OSError, ValueError):
        return False


READER = Reader(
    name="parquet",
    summary="count or log2 matrix as Parquet; genes or samples in rows, optional gene_name column",
    suffixes=(".parquet", ".pq"),
    function=read_parquet,
    recognises=_recognises,
)
