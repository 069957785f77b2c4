"""Folders of one file per sample, workbooks and Parquet."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bad_input_cases.case import Case, collected
from bad_input_cases.good import tsv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bad_input_cases.good import Rows, Study

FORMATS: list[Case] = []
NOT_IN_GENES = ("N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous")


def folder(study: Study, ending: str, content: Callable[[str, Rows], Rows]) -> None:
    """Write the matrix as a folder of one file per sample; `content` gets sample, and rows of gene and count."""

    def write(top: Path) -> None:
        (top / "quant").mkdir()
        for place, sample in enumerate(study.matrix[0][2:], 2):
            rows = content(sample, [[row[0], row[place]] for row in study.matrix[1:]])
            (top / "quant" / f"{sample}{ending}").write_text(tsv(rows))

    study.config["study"]["matrix"] = "quant"
    study.after = write


def salmon(_sample: str, rows: Rows) -> Rows:
    header = ["Name", "Length", "EffectiveLength", "TPM", "NumReads"]
    return [header, *([f"ENST{gene[4:]}", "1500", "1300.5", "7.5", f"{count}.25"] for gene, count in rows)]


def star(sample: str, rows: Rows) -> Rows:
    """Return counts of a library of the first strand; of the second for one patient."""
    special = [[name, "100", "100", "100"] for name in NOT_IN_GENES]
    turned = -1 if sample.startswith("P4") else 1
    return special + [[gene, count, *[count, str(int(count) // 50)][::turned]] for gene, count in rows]


def htseq(_sample: str, rows: Rows) -> Rows:
    return [*rows, ["__no_feature", "5"], ["__ambiguous", "1"]]


@collected(FORMATS, "folder_without_counts", "a folder without any readable file")
def _(study: Study) -> None:
    folder(study, ".log", lambda _sample, _rows: [["finished without an error"]])


@collected(FORMATS, "folder_of_two_formats", "a folder with files of two formats")
def _(study: Study) -> None:
    folder(study, ".txt", lambda sample, rows: (star if sample < "P4" else salmon)(sample, rows))


@collected(FORMATS, "star_strands_disagree", "STAR files of differently stranded libraries")
def _(study: Study) -> None:
    folder(study, "_ReadsPerGene.out.tab", star)


@collected(FORMATS, "no_transcript_map", "salmon's transcripts without a map of transcripts to genes")
def _(study: Study) -> None:
    folder(study, "_quant.sf", salmon)


@collected(FORMATS, "transcript_map_missing", "a map of transcripts that is not there")
def _(study: Study) -> None:
    folder(study, "_quant.sf", salmon)
    study.config["annotation"]["transcripts"] = "nowhere.tsv"


@collected(FORMATS, "path_out_of_the_folder", "a sheet whose column of files leads out of the folder")
def _(study: Study) -> None:
    folder(study, ".txt", htseq)
    study.sheet = [[*row, "counts_file" if n == 0 else f"{row[0]}.txt"] for n, row in enumerate(study.sheet)]
    study.set("P1_before", "counts_file", "../P1_before.txt")
    study.set("P2_before", "counts_file", "/etc/passwd")
    study.set("P3_before", "counts_file", "P3_befor.txt")
    study.config["study"]["columns"]["file"] = "counts_file"


def book(study: Study, change: Callable[[object], object]) -> None:
    """Write the matrix as a workbook, changed."""
    from openpyxl import Workbook

    made = Workbook()
    made.active.title = "counts"
    for row in study.matrix:
        made.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    change(made)
    content = io.BytesIO()
    made.save(content)
    study.raw["counts.xlsx"] = content.getvalue()
    study.config["study"]["matrix"] = "counts.xlsx"


@collected(FORMATS, "several_sheets", "a workbook with several sheets")
def _(study: Study) -> None:
    book(study, lambda made: made.create_sheet("notes").append(["what was done"]))


@collected(FORMATS, "unknown_sheet", "a sheet of a workbook that is not there")
def _(study: Study) -> None:
    book(study, lambda made: None)
    study.config["study"]["matrix"] = "counts.xlsx#Counts"


@collected(FORMATS, "excel_errors", "cells of a workbook with errors of Excel")
def _(study: Study) -> None:
    def spoil(made: object) -> None:
        made["counts"]["D5"] = "#DIV/0!"  # type: ignore[index]
        made["counts"]["F9"] = "#N/A"  # type: ignore[index]

    book(study, spoil)


@collected(FORMATS, "nested_parquet", "Parquet with columns of lists")
def _(study: Study) -> None:
    import pandas as pd

    def write(top: Path) -> None:
        frame = pd.DataFrame({"gene_id": [row[0] for row in study.matrix[1:]]})
        for place, sample in enumerate(study.matrix[0][2:], 2):
            frame[sample] = [int(row[place]) for row in study.matrix[1:]]
        frame["P1_before"] = [[value, value] for value in frame["P1_before"]]
        frame["P1_after"] = [{"count": value} for value in frame["P1_after"]]
        frame.to_parquet(top / "counts.parquet")

    study.config["study"]["matrix"] = "counts.parquet"
    study.after = write
