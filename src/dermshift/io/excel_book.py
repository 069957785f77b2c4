"""Opening a workbook: what it may be, how large, and which of its sheets is meant."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.checks.finding import listed, nearest
from dermshift.errors import FormatError
from dermshift.io.decode import foreign, need_file, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

EXCEL = (".xlsx", ".xlsm")
OLD = (".xls", ".xlsb", ".ods")
MOST_BYTES = 2**30
"""Largest sum of the unpacked parts of a workbook."""
MOST_ROWS = 2**20
"""Excel has no more; a file may claim any number."""
DAMAGED = "Open the workbook and save it again as .xlsx, or export the sheet as CSV."


def split(path: str) -> tuple[str, str]:
    """Return the file and the sheet that ``book.xlsx#Sheet`` stands for; the sheet is "" where none is named."""
    book, sign, sheet = path.rpartition("#")
    if not sign or not book.lower().endswith((*EXCEL, *OLD)) or Path(path).exists():
        return path, ""
    return book, sheet


@contextmanager
def opened(path: str) -> Iterator[tuple[Any, Any]]:
    """Yield a workbook (openpyxl, values only, no macro is ever run) and the sheet that is meant.

    Raises
    ------
    FormatError
        No workbook that can be read, or no clear sheet; what goes wrong inside the block is damage to the file.
    """
    file, wanted = split(path)
    need_workbook(file)
    try:
        with quiet(), loaded(file, values=True) as book:
            yield book, _sheet(path, book, wanted)
    except FormatError:
        raise
    except Exception as error:  # damage raises classes of every kind
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refuse(file, f"a damaged workbook: {reason}", "an Excel workbook (.xlsx)", DAMAGED) from error


@contextmanager
def loaded(file: str, *, values: bool) -> Iterator[Any]:
    """Yield a workbook that is read as it is asked for, with the values of formulas or the formulas."""
    from openpyxl import load_workbook

    # openpyxl leaves a damaged file open that it opened itself.
    with Path(file).open("rb") as handle:
        yield load_workbook(handle, read_only=True, data_only=values, keep_links=False)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence openpyxl about styles and extensions, which hold no values."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
        yield


def need_workbook(file: str) -> None:
    """Refuse what is no workbook, or unpacks to too much."""
    if file.lower().endswith(OLD):
        found = f"a workbook of another kind ({file[file.rindex('.') :]})"
        raise refuse(file, found, "an Excel workbook (.xlsx), CSV or TSV", "Save the workbook as .xlsx.")
    with Path(need_file(file)).open("rb") as handle:
        start = handle.read(8)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        found = "an old Excel workbook, or one with a password"
        raise refuse(file, found, "an Excel workbook (.xlsx) without a password", "Save the workbook as .xlsx.")
    try:
        with zipfile.ZipFile(file) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        found = foreign(start) if not start.startswith(b"PK") else "a damaged workbook"
        found = found or ("no workbook" if start else "an empty file")
        raise refuse(file, found, "an Excel workbook (.xlsx)", DAMAGED) from error
    if size > MOST_BYTES:
        action = "Check the file; export a larger matrix as TSV."
        raise refuse(file, f"a workbook that unpacks to {size:,} bytes", f"at most {MOST_BYTES:,} bytes", action)


def _sheet(path: str, book: Any, wanted: str) -> Any:
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    for sheet in sheets.values():
        sheet.reset_dimensions()  # the size a file claims for itself may be wrong
    if wanted:
        if wanted in sheets:
            return sheets[wanted]
        found = f"no sheet '{wanted}'{nearest(wanted, sheets)}"
        raise refuse(path, found, f"one of {listed(sheets, 20)}", "Correct the name after #.")
    filled = [name for name, sheet in sheets.items() if _filled(sheet)]
    if len(filled) > 1:
        action = f"Name one of them: {split(path)[0]}#{filled[0]}"
        raise refuse(path, f"{len(filled)} sheets that hold something: {listed(filled, 20)}", "one sheet", action)
    if not filled:
        raise refuse(path, "no sheet that holds anything", "a header and rows", "Name a workbook with content.")
    return sheets[filled[0]]


def _filled(sheet: Any) -> bool:
    rows = sheet.iter_rows(max_row=MOST_ROWS, values_only=True)
    return any(value is not None for row in rows for value in row)
