"""tables.xlsx, read back by another library and from its raw XML."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dermshift.names import column_names
from dermshift.report import workbook_sheets
from dermshift.report.workbook import workbook
from dermshift.report.workbook_sheets import GENE_COLUMNS, gene_sheets

HOSTILE = ("=cmd()", "<script>alert(1)</script>", "SEPT2")


@pytest.fixture
def opened(make_tables):
    def make(tables=None):
        return openpyxl.load_workbook(io.BytesIO(workbook(tables or make_tables())))

    return make


def rows(sheet):
    """Return the table of a sheet: heading in row 4."""
    heading, *cells = sheet.iter_rows(min_row=4)
    return [{head.value: cell for head, cell in zip(heading, row, strict=True)} for row in cells]


def test_the_sheets_and_their_order(opened):
    assert opened().sheetnames == ["read me", "headline", "named genes", "sets", "1 all patients"]


def test_every_shown_column_is_explained(opened):
    book = opened()
    told = {row["column"].value for row in rows(book["read me"])}
    for sheet in book.worksheets[1:]:
        assert {cell.value for cell in sheet[4]} <= told
    units = {row["column"].value: row["unit"].value for row in rows(book["read me"])}
    assert units["log2_fold_change"] == "log2"


def test_the_headline_is_that_of_the_report(opened):
    (row,) = rows(opened()["headline"])
    assert [row[name].value for name in ("question", "patients", "tested", "up", "down")] == [
        "all patients",
        4,
        3,
        1,
        1,
    ]
    assert row["sheet"].hyperlink.location == "'1 all patients'!A1"


@pytest.mark.parametrize(
    "name", ["=cmd()", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>", "MARCH1", "SEPT2", "1-Mar", "2.31E+13",
             "007", "http://example.org", "_x0041_", "TRUE"],
)  # fmt: skip
def test_a_name_stays_the_text_it_is(opened, make_tables, name):
    sheet = opened(make_tables((name, "B", "C")))["1 all patients"]
    cell = rows(sheet)[0]["gene_symbol"]
    assert (cell.value, cell.data_type, cell.number_format) == (name, "s", "@")
    assert cell.hyperlink is None
    assert cell.quotePrefix == name.startswith(("=", "+", "-", "@"))


def test_no_sheet_holds_a_formula(make_tables):
    with zipfile.ZipFile(io.BytesIO(workbook(make_tables(HOSTILE)))) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 5
        assert not any(re.search(r"<f[ >]", text) for text in sheets)
        assert not any("externalLink" in name or "vba" in name for name in parts.namelist())


def test_numbers_are_numbers_and_missing_ones_are_empty(opened, make_tables):
    tables = make_tables()
    tables.genes["response"].loc[1, "ci_lower"] = float("nan")
    found = rows(opened(tables)["1 all patients"])
    assert [row["rank"].value for row in found] == [1, 2, 3]
    assert found[0]["p_value"].value == 0.001
    assert found[1]["ci_lower"].value is None
    assert list(found[0]) == list(GENE_COLUMNS)


def test_untested_genes_are_left_to_the_files(opened, make_tables):
    tables = make_tables()
    tables.genes["response"].loc[2, "status"] = "filtered_low_count"
    assert len(rows(opened(tables)["1 all patients"])) == 2


def test_equal_tables_give_equal_bytes(make_tables):
    first = workbook(make_tables())
    assert workbook(make_tables()) == first
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert len({entry.date_time for entry in parts.infolist()}) == 1
        assert b"1980-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_genes_of_as_many_questions_as_there_is_room_for(make_tables, monkeypatch):
    tables = make_tables()
    card = tables.cards[0]
    hostile = {**card, "id": "b", "title": "a/b: [male] minus 'female'? *" + "x" * 40}
    within = {**card, "id": "c", "title": "male, in dermis", "within": ["compartment", "dermis"]}
    more = replace(
        tables, cards=[card, within, hostile], genes=dict.fromkeys(("response", "b", "c"), tables.genes["response"])
    )
    assert list(gene_sheets(more)) == ["response", "b", "c"]
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\']", name) for name in gene_sheets(more).values())
    monkeypatch.setattr(workbook_sheets, "MOST_GENE_ROWS", 6)
    assert list(gene_sheets(more)) == ["response", "b"]
    monkeypatch.setattr(workbook_sheets, "MOST_GENE_ROWS", 1)
    assert list(gene_sheets(more)) == ["response"]


def test_a_study_without_sets_or_named_genes_has_a_workbook_too(opened, make_tables):
    tables = make_tables()
    bare = replace(tables, sets={}, configured=tables.configured.iloc[:0])
    book = opened(bare)
    assert rows(book["sets"]) == rows(book["named genes"]) == []
    assert pd.Index(column_names(workbook_sheets.HEADLINE)).is_unique


def test_columns_at_once_are_what_cell_by_cell_gives():
    import xlsxwriter

    from dermshift.report.workbook_rows import Rows

    numbers = pd.Series([1234567.0, -1e-300, np.nan, np.inf, -0.0, 0.1 + 0.2, 10850.0])
    whole = pd.Series([1, None, 3, 4, 5, 6, 7], dtype="Int64")
    texts = ["=A1", "", "a<b&c", "_x0041_", "MARCH1", "a<b&c", "\u00fc\t"]

    def cells(quickly: bool):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
            page = book.add_worksheet("a", Rows if quickly else None)
            bold, small = book.add_format({"bold": True}), book.add_format({"num_format": "0.0"})
            page.write_string(0, 0, "above", bold)
            looks = [bold if text == "=A1" else small for text in texts]
            if quickly:
                page.add_numbers((1, 0), numbers, small)
                page.add_texts((1, 1), texts, looks)
                page.add_numbers((1, 2), whole, bold)
            for row in range(0 if quickly else len(texts)):
                if np.isfinite(numbers[row]):
                    page.write_number(row + 1, 0, float(f"{numbers[row]:.6g}"), small)
                if texts[row]:
                    page.write_string(row + 1, 1, texts[row], looks[row])
                if not pd.isna(whole[row]):
                    page.write_number(row + 1, 2, whole[row], bold)
        return [
            (cell.coordinate, cell.value, cell.data_type, cell.font.b, cell.number_format)
            for row in openpyxl.load_workbook(io.BytesIO(buffer.getvalue()))["a"].iter_rows()
            for cell in row
        ]

    assert cells(quickly=True) == cells(quickly=False)
    assert ("A2", 1234570, "n", False, "0.0") in cells(quickly=True)
