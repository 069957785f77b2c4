"""Files that are no table at all, or are damaged."""

from __future__ import annotations

import gzip
import pickle
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected
from bad_input_cases.good import tsv

if TYPE_CHECKING:
    from pathlib import Path

    from bad_input_cases.good import Study

FILES: list[Case] = []


def as_matrix(study: Study, name: str, content: bytes) -> None:
    study.config["study"]["matrix"] = name
    study.raw[name] = content


@collected(FILES, "missing_file", "the matrix is not where the configuration says")
def _(study: Study) -> None:
    study.config["study"]["matrix"] = "count.tsv"


@collected(FILES, "folder_as_file", "a folder in the place of a file")
def _(study: Study) -> None:
    study.config["study"]["matrix"] = "folder.tsv"
    study.after = lambda folder: (folder / "folder.tsv").mkdir()


@collected(FILES, "dangling_link", "a link to a file that is gone")
def _(study: Study) -> None:
    study.config["study"]["samples"] = "link.tsv"
    study.after = lambda folder: (folder / "link.tsv").symlink_to("gone.tsv")


@collected(FILES, "empty_file", "a matrix without a byte")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = b""


@collected(FILES, "empty_sheet", "a sample sheet of blank lines")
def _(study: Study) -> None:
    study.raw["samples.tsv"] = b"\n \n"


@collected(FILES, "header_only", "a matrix with a header and no genes")
def _(study: Study) -> None:
    del study.matrix[1:]


@collected(FILES, "header_only_sheet", "a sample sheet with a header and no samples")
def _(study: Study) -> None:
    del study.sheet[1:]


@collected(FILES, "truncated_gzip", "a gzip file that was cut off (an interrupted download)")
def _(study: Study) -> None:
    as_matrix(study, "counts.tsv.gz", gzip.compress(tsv(study.matrix).encode(), mtime=0)[:-200])


@collected(FILES, "gzip_bomb", "a small gzip file that unpacks to an enormous one")
def _(study: Study) -> None:
    as_matrix(study, "counts.tsv.gz", gzip.compress(b"0" * 120_000_000, mtime=0))


@collected(FILES, "huge_file", "a file larger than any matrix")
def _(study: Study) -> None:
    def sparse(folder: Path) -> None:
        with (folder / "counts.tsv").open("r+b") as handle:
            handle.truncate(2**40)

    study.after = sparse


@collected(FILES, "zip_named_csv", "a zip archive or Excel workbook under the name of a CSV file")
def _(study: Study) -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("counts.csv"), tsv(study.matrix, ","))
    as_matrix(study, "counts.csv", packed.getvalue())


@collected(FILES, "pdf", "a PDF document under the name of a table")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = b"%PDF-1.7\n1 0 obj\n"


@collected(FILES, "pickle_ending", "a pickle, by its ending")
def _(study: Study) -> None:
    as_matrix(study, "counts.pkl", pickle.dumps({"a": 1}))


@collected(FILES, "pickle_as_tsv", "a pickle under the name of a table")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = pickle.dumps({"a": 1})


@collected(FILES, "pickle_as_h5ad", "a pickle under the name of an AnnData file")
def _(study: Study) -> None:
    as_matrix(study, "counts.h5ad", pickle.dumps({"a": 1}))


@collected(FILES, "rds", "an R object (.rds)")
def _(study: Study) -> None:
    as_matrix(study, "counts.rds", gzip.compress(b"X\n\x00\x00\x00\x03", mtime=0))


@collected(FILES, "latin_1", "Latin-1 (Windows) text with an umlaut")
def _(study: Study) -> None:
    study.raw["samples.tsv"] = tsv(study.sheet).replace("P2_before", "Jürg").encode("latin-1")


@collected(FILES, "utf_16", "UTF-16 text, as Excel's 'Unicode text' is")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = b"\xff\xfe" + tsv(study.matrix).encode("utf-16-le")


@collected(FILES, "nul_byte", "a NUL byte in the text")
def _(study: Study) -> None:
    study.raw["counts.tsv"] = tsv(study.matrix).replace("ACACA", "ACA\x00CA").encode()


@collected(FILES, "control_character", "a control character that a terminal would obey")
def _(study: Study) -> None:
    study.matrix[9][1] = "\x1b[2JACACA"
