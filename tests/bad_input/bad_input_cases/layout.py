"""Tables whose rows and columns do not add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected
from bad_input_cases.good import tsv

if TYPE_CHECKING:
    from bad_input_cases.good import Study

LAYOUT: list[Case] = []


def one_separator(study: Study, separator: str) -> None:
    study.raw["counts.tsv"] = tsv(study.matrix, separator).encode()


@collected(LAYOUT, "wrong_delimiter", "fields separated by '|'")
def _(study: Study) -> None:
    one_separator(study, "|")


@collected(LAYOUT, "blanks_as_delimiter", "fields separated by blanks")
def _(study: Study) -> None:
    one_separator(study, " ")


@collected(LAYOUT, "square_transposed", "as many samples as genes, and genes named like samples on the other axis")
def _(study: Study) -> None:
    del study.matrix[13:]
    for row, name in zip(study.matrix[1:], study.matrix[0][2:], strict=True):
        row[0] = name


@collected(LAYOUT, "transposed_unnamed", "a transposed matrix whose samples are numbered 1, 2, 3")
def _(study: Study) -> None:
    columns = [row[2:] for row in study.matrix[1:]]
    rows = [["", *(row[0] for row in study.matrix[1:])]]
    rows += [[str(place + 1), *cells] for place, cells in enumerate(zip(*columns, strict=True))]
    study.matrix = rows


@collected(LAYOUT, "ragged_row", "a row that is one field short")
def _(study: Study) -> None:
    study.matrix[5].pop()


@collected(LAYOUT, "unclosed_quote", "a quotation mark that does not close")
def _(study: Study) -> None:
    study.matrix[7][1] = '"APAF1'


@collected(LAYOUT, "duplicate_columns", "the same sample in two columns")
def _(study: Study) -> None:
    study.matrix[0][4] = "P1_before"


@collected(LAYOUT, "blank_column", "a column without a name")
def _(study: Study) -> None:
    study.matrix[0][4] = ""


@collected(LAYOUT, "blank_gene", "a row without a name")
def _(study: Study) -> None:
    study.matrix[9][0] = " "


@collected(LAYOUT, "duplicate_sheet_columns", "two columns of the sheet with one name")
def _(study: Study) -> None:
    study.add("sex", lambda patient: "female")


@collected(LAYOUT, "decimal_commas_quoted", "decimal commas, fields separated by semicolons (a German Excel)")
def _(study: Study) -> None:
    study.every_value(lambda cell: f"{cell},5")
    one_separator(study, ";")


@collected(LAYOUT, "decimal_commas_unquoted", "decimal commas in fields that are separated by commas")
def _(study: Study) -> None:
    study.every_value(lambda cell: f"{cell},5")
    one_separator(study, ",")
