"""Inputs that look odd and are fine: they pass, and what was read is what the good study holds."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np

from bad_input_cases.anndata_files import as_anndata
from bad_input_cases.case import Case, collected
from bad_input_cases.good import tsv

if TYPE_CHECKING:
    from pathlib import Path

    from bad_input_cases.good import Study

ACCEPTED: list[Case] = []
CHANGED: list[Case] = []
"""Accepted as well, but not with the values of the good study."""


def both(study: Study, change: object) -> None:
    for name, rows in (("counts.tsv", study.matrix), ("samples.tsv", study.sheet)):
        study.raw[name] = change(tsv(rows).encode())  # type: ignore[operator]


@collected(ACCEPTED, "byte_order_mark", "a byte-order mark, as Excel's 'CSV UTF-8' has")
def _(study: Study) -> None:
    both(study, lambda content: b"\xef\xbb\xbf" + content)


@collected(ACCEPTED, "windows_line_ends", "Windows line ends (CRLF)")
def _(study: Study) -> None:
    both(study, lambda content: content.replace(b"\n", b"\r\n"))


@collected(ACCEPTED, "old_mac_line_ends", "old Mac line ends (CR)")
def _(study: Study) -> None:
    both(study, lambda content: content.replace(b"\n", b"\r"))


@collected(ACCEPTED, "no_last_line_end", "a last line without an end, and blank lines after others")
def _(study: Study) -> None:
    both(study, lambda content: b"\n" + content.replace(b"\n", b"\n\n").rstrip())


@collected(ACCEPTED, "other_order", "a sheet in another order than the matrix")
def _(study: Study) -> None:
    study.sheet[1:] = study.sheet[:0:-1]


@collected(ACCEPTED, "transposed", "samples in the rows, named")
def _(study: Study) -> None:
    rows = [row[:1] + row[2:] for row in study.matrix]
    study.matrix = [list(column) for column in zip(*rows, strict=True)]


@collected(ACCEPTED, "semicolons", "semicolons as separators, every field in quotes")
def _(study: Study) -> None:
    quoted = [[f'"{cell}"' for cell in row] for row in study.matrix]
    study.raw["counts.tsv"] = tsv(quoted, ";").encode()


@collected(ACCEPTED, "row_names_of_r", "R's write.table: a header one field short")
def _(study: Study) -> None:
    rows = [row[:1] + row[2:] for row in study.matrix]
    study.matrix = [rows[0][1:], *rows[1:]]


@collected(ACCEPTED, "gzip", "a gzip file, whatever its name says")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = gzip.compress(tsv(study.matrix).encode(), mtime=0)


@collected(ACCEPTED, "whole_numbers_as_decimals", "counts written as 12.0")
def _(study: Study) -> None:
    study.every_value(lambda cell: f"{cell}.0")


@collected(ACCEPTED, "versioned_ids", "Ensembl ids with a version")
def _(study: Study) -> None:
    for row in study.matrix[1:]:
        row[0] += ".7"


@collected(ACCEPTED, "h5ad_object_columns", "an AnnData file with columns of mixed objects beside the counts")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: adata.obs.insert(0, "note", [f"x{i}" for i in range(adata.n_obs)]))


@collected(ACCEPTED, "h5ad_counts_layer", "an AnnData file with log-normalised X and counts in layers['counts']")
def _(study: Study) -> None:
    def keep(adata: object) -> None:
        adata.layers["counts"] = adata.X.copy()  # type: ignore[attr-defined]
        adata.X = np.log1p(adata.X)  # type: ignore[attr-defined]

    as_anndata(study, keep)


@collected(ACCEPTED, "h5ad_old", "an AnnData file without the marks of its encoding, as version 0.7 wrote them")
def _(study: Study) -> None:
    def strip(path: Path) -> None:
        import h5py

        with h5py.File(path, "r+") as file:
            for name in ("encoding-type", "encoding-version"):
                file.attrs.pop(name, None)
                file["X"].attrs.pop(name, None)

    as_anndata(study, lambda adata: None, strip)


@collected(CHANGED, "numbered_rows", "row numbers before the samples of the sheet, as R's write.table puts them")
def _(study: Study) -> None:
    study.sheet[1:] = [[str(place), *row] for place, row in enumerate(study.sheet[1:], 1)]


@collected(CHANGED, "zero_gene", "genes that are zero in every sample")
def _(study: Study) -> None:
    for row in study.matrix[20:25]:
        row[2:] = ["0"] * 12


@collected(CHANGED, "numbers_as_patients", "numbers as names of patients: 001, 1E5")
def _(study: Study) -> None:
    study.cells("patient", lambda name: {"P1": "001", "P2": "1E5"}.get(name, name))


@collected(CHANGED, "sex_one_letter", "sex as one letter in every row")
def _(study: Study) -> None:
    study.cells("sex", lambda cell: cell[0].upper())


@collected(CHANGED, "odd_library", "a library twenty times smaller than the others (a warning)")
def _(study: Study) -> None:
    study.sample_values("P2_after", lambda cell: str(int(cell) // 20))


@collected(CHANGED, "doubled_symbols", "one symbol for several identifiers")
def _(study: Study) -> None:
    study.matrix[20][1] = study.matrix[21][1]
