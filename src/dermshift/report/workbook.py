"""tables.xlsx: the tables for a spreadsheet, in which every name stays the text it is."""

from __future__ import annotations

import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.report.workbook_sheets import sheets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from dermshift.names import Column
    from dermshift.report.workbook_rows import Rows
    from dermshift.report.workbook_sheets import Sheet, Tables

LONGEST_TEXT = 32_767
"""Characters a cell of a workbook can hold."""
LOOKS_LIKE_FORMULA = re.compile(r"[=+\-@\t\r]")
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@"},  # so that MARCH1 stays MARCH1 when somebody types it again
    "quoted": {"num_format": "@", "quote_prefix": True},  # so that =A1 stays text when somebody edits the cell
    "integer": {"num_format": "#,##0"},
    "float": {"num_format": "0.000"},
    "small": {"num_format": "0.00E+00"},
    "title": {"bold": True, "font_size": 14},
    "header": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "wrapped": {"text_wrap": True, "valign": "top", "num_format": "@"},
    "link": {"font_color": "#0563C1", "underline": 1},
}
SMALL = ("p_value", "fdr", "floor")
NO_DATE = datetime(1980, 1, 1)
"""A workbook bears no date; the earliest a zip entry can bear stands for it."""


def workbook(tables: Tables) -> bytes:
    """Return the workbook; equal tables give equal bytes.

    Every text is written as text, never parsed; a missing value is an empty cell, so that columns sort and add up.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": f"dermshift: {tables.study}", "created": NO_DATE})
        formats = {name: book.add_format(look) for name, look in FORMATS.items()}
        for sheet in sheets(tables):
            _write(book, sheet, formats)
    return buffer.getvalue()


def _write(book: Workbook, sheet: Sheet, formats: Mapping[str, Format]) -> None:
    from dermshift.report.workbook_rows import Rows

    page = book.add_worksheet(sheet.name, worksheet_class=None if sheet.links else Rows)
    page.write_string(0, 0, sheet.title[:LONGEST_TEXT], formats["title"])
    page.write_string(1, 0, sheet.note[:LONGEST_TEXT])
    top = 3
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, column.name, formats["header"])
        wide = max(10, min(len(column.name) + 2, 24)) if column.name not in sheet.wide else sheet.wide[column.name]
        page.set_column(place, place, wide)
        fill = _fill_singly if sheet.links else _fill
        fill(page, (top + 1, place), sheet.frame[column.name], column, formats)
    for row, name in enumerate(sheet.links):
        if name:
            page.write_url(top + 1 + row, len(sheet.columns) - 1, f"internal:'{name}'!A1", formats["link"], string=name)
    page.freeze_panes(top + 1, sheet.frozen)
    if len(sheet.frame):
        page.autofilter(top, 0, top + len(sheet.frame), len(sheet.columns) - 1)


def _fill(page: Rows, start: tuple[int, int], values: pd.Series, column: Column, formats: Mapping[str, Format]) -> None:
    if column.kind == "text":
        texts = [value[:LONGEST_TEXT] if isinstance(value, str) else "" for value in values]
        looks = [formats["quoted" if LOOKS_LIKE_FORMULA.match(text) else "text"] for text in texts]
        page.add_texts(start, texts, looks)
    else:
        page.add_numbers(start, values, formats["small" if column.name in SMALL else column.kind])


def _fill_singly(
    page: Worksheet, start: tuple[int, int], values: pd.Series, column: Column, formats: Mapping[str, Format]
) -> None:
    """Fill a column cell by cell: a link is a cell of its own and would part the rows `Rows` writes."""
    row, place = start
    for offset, value in enumerate(values.tolist()):
        if isinstance(value, str) and value:
            look = "quoted" if LOOKS_LIKE_FORMULA.match(value) else "text"
            page.write_string(row + offset, place, value[:LONGEST_TEXT], formats[look])
        elif column.kind != "text" and not pd.isna(value):
            page.write_number(row + offset, place, value, formats[column.kind])
