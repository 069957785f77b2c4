"""The cells of a sheet as text, and what would be lost or guessed in reading them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from dermshift.checks.finding import capped
from dermshift.errors import FormatError, Problem
from dermshift.io.excel_book import MOST_ROWS, loaded, split
from dermshift.io.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterator

TAG = re.compile(rb"<(?:\w+:)?(row|col|mergeCell)\s([^>]*)>")
ATTRIBUTE = re.compile(rb'(\w+)="([^"]*)"')
CHUNK = 2**20
OVERLAP = 2**10
"""Bytes kept from one chunk to the next, so that no tag is cut in two."""


@dataclass(frozen=True)
class Cells:
    """Rows that are not blank, with their numbers, as text; and what Excel hides or merges among them."""

    sheet: str
    rows: list[tuple[int, list[str]]]
    merged: tuple[str, ...]
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[str, ...]


def read_cells(path: str, book: Any, sheet: Any) -> Cells:
    """Return the cells of a sheet.

    Raises
    ------
    FormatError
        Cells with an error, or with a formula whose value was never stored; all of them.
    """
    rows: list[tuple[int, list[str]]] = []
    blank: set[tuple[int, int]] = set()
    wrong: list[Problem] = []
    for number, row in enumerate(watched(sheet.iter_rows(max_row=MOST_ROWS), None, "reading", "rows"), 1):
        texts = [_text(cell.value) for cell in row]
        blank |= {(number, place) for place, cell in enumerate(row) if cell.value is None}
        wrong += [
            Problem(
                f"{path}, cell {_column(place)}{number}", f"the error {cell.value}", "a value", "Repair the formula."
            )
            for place, cell in enumerate(row)
            if cell.data_type == "e"
        ]
        while texts and not texts[-1]:
            texts.pop()
        if any(text.strip() for text in texts):
            rows.append((number, texts))
    wrong += _never_calculated(path, sheet.title, blank)
    if wrong:
        raise FormatError(*capped(wrong))
    width = max((len(texts) for _, texts in rows), default=0)
    return _with_layout(book, sheet, rows, width)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _never_calculated(path: str, title: str, blank: set[tuple[int, int]]) -> list[Problem]:
    """Return a problem for every formula without a stored value, which looks like a blank cell otherwise."""
    if not blank:
        return []
    with loaded(split(path)[0], values=False) as book:
        sheet = book[title]
        sheet.reset_dimensions()
        return [
            Problem(
                f"{path}, cell {_column(place)}{number}",
                "a formula whose value is not in the file",
                "a value",
                "Open the workbook in Excel, let it calculate, and save it; or paste the values.",
            )
            for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS), 1)
            for place, cell in enumerate(row)
            if cell.data_type == "f" and (number, place) in blank
        ]


def _with_layout(book: Any, sheet: Any, rows: list[tuple[int, list[str]]], width: int) -> Cells:
    filled = {number for number, _ in rows}
    merged: list[str] = []
    hidden_rows: list[int] = []
    hidden_columns: dict[int, None] = {}
    # openpyxl tells none of this of a sheet it reads row by row, so the file is asked.
    with book._archive.open(sheet._worksheet_path) as handle:
        for tag, values in dict.fromkeys(_tags(handle)):
            told = dict(values)
            hidden = told.get(b"hidden") in (b"1", b"true")
            if tag == b"mergeCell":
                merged.append(told.get(b"ref", b"").decode("ascii", "replace"))
            elif tag == b"row" and hidden and int(told.get(b"r", b"0")) in filled:
                hidden_rows.append(int(told[b"r"]))
            elif tag == b"col" and hidden:
                first, last = int(told.get(b"min", b"0")), min(int(told.get(b"max", b"0")), width)
                hidden_columns |= dict.fromkeys(range(first, last + 1))
    letters = tuple(_column(place - 1) for place in sorted(hidden_columns))
    return Cells(sheet.title, rows, tuple(merged), tuple(sorted(hidden_rows)), letters)


def _tags(handle: Any) -> Iterator[tuple[bytes, tuple[tuple[bytes, bytes], ...]]]:
    rest = b""
    while chunk := handle.read(CHUNK):
        text = rest + chunk
        for match in TAG.finditer(text):
            yield match[1], tuple(ATTRIBUTE.findall(match[2]))
        rest = text[-OVERLAP:]


def _column(place: int) -> str:
    """Return the letters of a column, A for 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
