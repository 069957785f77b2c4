from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.io import excel_book
from dermshift.io.excel import read_book
from dermshift.io.readers import inputs_of, read_matrix
from dermshift.io.text import read_grid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ROWS: list[list[Any]] = [
    ["gene_id", "gene_name", 8042381, "S2"],
    ["ENSG1.1", "TP53", 5, 7.0],
    ["ENSG2", None, 0, 1.25],
    [7, "x", 12345678901, 0.1],
]


@pytest.fixture
def book(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes sheets of rows, changed by a function, and returns the path."""

    def write(change: Callable[[Any], object] | None = None, name: str = "book.xlsx", **sheets: list[list[Any]]) -> str:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in (sheets or {"Counts": ROWS}).items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(row)
        if change:
            change(workbook.worksheets[0])
        workbook.save(tmp_path / name)
        return str(tmp_path / name)

    return write


def test_a_sheet_reads_as_the_same_table_in_text(book: Callable[..., str], tmp_path: Path) -> None:
    path = book()
    grid = read_book(path)
    assert grid.header == ["gene_id", "gene_name", "8042381", "S2"]
    assert grid.rows == [["ENSG1.1", "TP53", "5", "7"], ["ENSG2", "", "0", "1.25"], ["7", "x", "12345678901", "0.1"]]
    assert grid.lines == [2, 3, 4]
    (tmp_path / "t.tsv").write_text("\n".join("\t".join(row) for row in (grid.header, *grid.rows)))
    assert read_grid(str(tmp_path / "t.tsv")).rows == grid.rows
    matrix, plain = read_matrix(path, ["8042381", "S2"]), read_matrix(str(tmp_path / "t.tsv"), ["8042381", "S2"])
    np.testing.assert_array_equal(matrix.values, plain.values)
    assert (matrix.genes, matrix.symbols, matrix.samples) == (plain.genes, plain.symbols, plain.samples)
    assert matrix.files == (path,)
    assert inputs_of(f"{path}#Counts") == [path]


def test_values_are_those_of_pandas(book: Callable[..., str]) -> None:
    values = np.random.default_rng(0).lognormal(3, 2, (30, 3))
    path = book(Counts=[["gene", "A", "B", "C"], *([f"g{i}", *map(float, row)] for i, row in enumerate(values))])
    witness = pd.read_excel(path, index_col=0)
    np.testing.assert_array_equal(read_matrix(path, ["A", "B", "C"]).values, witness.to_numpy().T)


def test_samples_in_rows(book: Callable[..., str]) -> None:
    matrix = read_matrix(book(Counts=[["sample", "G1", "G2"], ["A", 1, 2], ["B", 3, 4]]), ["A", "B"])
    assert matrix.genes == ("G1", "G2")
    np.testing.assert_array_equal(matrix.values, [[1, 2], [3, 4]])


def test_a_sheet_is_named_after_the_sign(book: Callable[..., str]) -> None:
    path = book(Notes=[["made by", "me"]], Counts=ROWS, Empty=[])
    assert read_book(f"{path}#Counts").rows[0][0] == "ENSG1.1"
    with pytest.raises(FormatError) as caught:
        read_book(path)
    (problem,) = caught.value.problems
    assert problem.found == "2 sheets that hold something: Notes, Counts"
    assert problem.action == f"Name one of them: {path}#Notes"
    with pytest.raises(FormatError, match="no sheet 'counts'; nearest: 'Counts'"):
        read_book(f"{path}#counts")


def test_blank_rows_and_columns_around_the_table_are_nothing(book: Callable[..., str]) -> None:
    rows = [[], ["gene", "A", "B", None, None], [], ["g1", 1, 2], [None, None], ["g2", 3, None]]
    grid = read_book(book(Counts=rows))
    assert (grid.header, grid.rows, grid.lines) == (["gene", "A", "B"], [["g1", "1", "2"], ["g2", "3", ""]], [4, 6])


def found(path: str) -> list[tuple[str, str]]:
    with pytest.raises(FormatError) as caught:
        read_book(path)
    return [(problem.where.removeprefix(path), problem.found) for problem in caught.value.problems]


def set_cells(**cells: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        for name, value in cells.items():
            sheet[name] = value

    return change


def test_cells_without_a_plain_value_are_refused_where_they_stand(book: Callable[..., str]) -> None:
    path = book(set_cells(C2="#REF!", D2="#N/A", C3="=1+1", D4="=SUM(C2:C3)"))
    assert found(path) == [
        (", cell C2", "the error #REF!"),
        (", cell D2", "the error #N/A"),
        (", cell C3", "a formula whose value is not in the file"),
        (", cell D4", "a formula whose value is not in the file"),
    ]


def test_merged_cells_and_bad_headers_are_refused(book: Callable[..., str]) -> None:
    assert found(book(lambda sheet: sheet.merge_cells("B2:B3"))) == [(", cells B2:B3", "merged cells")]
    path = book(Counts=[["gene", None, "A", "A"], ["g", 1, 2, 3]])
    assert found(path) == [(", header", "no name for column 2"), (", header", "the same name twice: A")]
    assert found(book(Counts=[["Table S1"], ["gene", "A"], ["g", 1]])) == [(", header", "no name for column 2")]
    assert found(book(Counts=[["gene", "A"]])) == [("", "a header and no rows")]
    assert found(book(Counts=[])) == [("", "no sheet that holds anything")]


def test_hidden_rows_and_columns_are_read_and_said(book: Callable[..., str]) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.column_dimensions["Z"].hidden = True

    matrix = read_matrix(book(hide), ["8042381", "S2"])
    assert matrix.values.shape == (2, 3)
    said = matrix.findings[-1]
    assert (said.check, said.verdict) == ("hidden_cells", "warning")
    assert said.evidence == "hidden in Excel, and read like the others: rows 3; columns C"


def test_dates_in_the_names_are_written_so_that_the_check_of_gene_names_sees_them(book: Callable[..., str]) -> None:
    from dermshift.checks.gene_names import mangled

    day = dt.datetime(2024, 3, 1)
    grid = read_book(book(Counts=[["gene", "A"], [day, 1], [dt.date(2024, 9, 2), 2], ["TP53", day]]))
    assert mangled(row[0] for row in grid.rows) == {"2024-03-01": "MARCH1 or MAR1", "2024-09-02": "SEPT2"}
    assert grid.rows[2][1] == "2024-03-01"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0", "a workbook of another kind (.xls)"),
        ("a.xlsb", b"PK\x03\x04", "a workbook of another kind (.xlsb)"),
        ("a.ods", b"PK\x03\x04", "a workbook of another kind (.ods)"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook, or one with a password"),
        ("a.xlsx", b"", "an empty file"),
        ("a.xlsx", b"gene\tA\n", "no workbook"),
        ("a.xlsx", b"%PDF-1.4", "a PDF document"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FormatError) as caught:
        read_matrix(str(tmp_path / name), ["A"])
    assert caught.value.problems[0].found == words


def test_a_damaged_workbook_is_refused(book: Callable[..., str], tmp_path: Path) -> None:
    path = book()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "bad.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<broken" if "sheet1" in name else old.read(name))
    with pytest.raises(FormatError, match="a damaged workbook"):
        read_matrix(str(tmp_path / "bad.xlsx"), ["A"])
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as new:
        new.writestr("hello.txt", "hello")
    with pytest.raises(FormatError, match="a damaged workbook"):
        read_matrix(str(tmp_path / "zip.xlsx"), ["A"])


def test_a_workbook_that_unpacks_to_too_much_is_refused(book: Callable[..., str], monkeypatch) -> None:
    path = book()
    monkeypatch.setattr(excel_book, "MOST_BYTES", 1000)
    with pytest.raises(FormatError, match=r"a workbook that unpacks to [\d,]+ bytes"):
        read_matrix(path, ["A"])


def test_the_size_a_sheet_claims_is_not_believed(book: Callable[..., str], tmp_path: Path) -> None:
    with zipfile.ZipFile(book()) as old, zipfile.ZipFile(tmp_path / "odd.xlsx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b'<dimension ref="A1:D4"', b'<dimension ref="A1"'))
    assert len(read_book(str(tmp_path / "odd.xlsx")).header) == 4
