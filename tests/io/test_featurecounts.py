from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError, Problem
from dermshift.io.readers import read_matrix

if TYPE_CHECKING:
    from pathlib import Path

COMMENT = '# Program:featureCounts v2.0.6; Command:"featureCounts" "-a" "x.gtf" "-o" "counts.txt"'


def table(*files: str, comment: str = COMMENT, extra: str = "", values: tuple[str, ...] = ("5", "7")) -> str:
    columns = ["Geneid", "Chr", "Start", "End", "Strand", "Length", *([extra] if extra else []), *files]
    rows = [["G1", "1;1", "10;30", "20;40", "+;+", "22", *(["TP53"] if extra else []), *[values[0]] * len(files)]]
    rows += [["007", "X", "1", "9", "-", "9", *([""] if extra else []), *[values[1]] * len(files)]]
    lines = [*([comment] if comment else []), *("\t".join(row) for row in (columns, *rows))]
    return "\n".join(lines) + "\n"


def test_names_of_bam_files_become_those_of_the_sheet(tmp_path: Path) -> None:
    files = {
        "bam/1.bam": "1",
        "bam/S2.sorted.bam": "S2",
        "/data/S3.Aligned.sortedByCoord.out.bam": "S3",
        "S4Aligned.sortedByCoord.out.bam": "S4",
        "S5.markdup.sorted.bam": "S5",
        "S6_dedup.bam": "S6",
        "S7/Aligned.sortedByCoord.out.bam": "S7",
        "S8.sorted.bam": "S8.sorted",
        "x/S9.bam": "S9.bam",
        "dir\\S10.sam": "S10",
        ".bam": ".bam",
    }
    path = tmp_path / "counts.txt.gz"
    path.write_bytes(gzip.compress(table(*files).replace("\n", "\r\n").encode()))
    matrix = read_matrix(str(path), list(files.values()))
    assert matrix.samples == tuple(files.values())
    assert matrix.genes == ("G1", "007")
    assert matrix.unlisted == ()
    np.testing.assert_array_equal(matrix.values, [[5, 7]] * len(files))
    assert not matrix.estimated
    said = matrix.findings[-1].evidence
    assert said.startswith("folder and ending taken off 10 names of BAM files: 1 (bam/1.bam), S2 (bam/S2.sorted.bam), ")
    assert said.endswith("S3 (/data/S3.Aligned.sortedByCoord.out.bam) and 7 more")


def test_without_the_comment_and_with_symbols(tmp_path: Path) -> None:
    path = tmp_path / "fc.tsv"
    path.write_text(table("A.bam", comment=""))
    assert read_matrix(str(path), ["A"]).samples == ("A",)
    comment = f'{COMMENT} "--extraAttributes" "gene_name"'
    path.write_text(table("A.bam", comment=comment, extra="gene_name"))
    assert read_matrix(str(path), ["A"]).symbols == ("TP53", "")


def test_two_bam_files_of_one_name_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "fc.txt"
    path.write_text(table("run1/A.bam", "run2/A.sorted.bam", "B.bam"))
    with pytest.raises(FormatError) as caught:
        read_matrix(str(path), ["A", "B"])
    assert caught.value.problems == (
        Problem(
            f"{path}, header",
            "2 BAM files would share the name 'A': run1/A.bam, run2/A.sorted.bam",
            "a name of its own for every BAM file",
            "Rename the columns, or keep one of them.",
        ),
    )


@pytest.mark.parametrize("comment", [COMMENT, f'{COMMENT} "-O" "--fraction"'])
def test_parts_of_reads_are_no_estimates(tmp_path: Path, comment: str) -> None:
    path = tmp_path / "fc.txt"
    path.write_text(table("A.bam", comment=comment, values=("1.5", "2")))
    matrix = read_matrix(str(path), ["A"])
    assert not matrix.estimated
    assert (matrix.findings[-1].check, matrix.findings[-1].verdict) == ("fractional_counts", "warning")
    assert "decimals, but no estimated counts" in matrix.findings[-1].evidence


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{COMMENT}\n", "no table"),
        (table("A.bam").replace("Length", "Size"), "the columns Geneid, Chr, Start, End, Strand, Size, A.bam"),
        (table("A.bam").replace("007\tX", "007"), "6 fields"),
        (table("A.bam", values=("1", "x")), "'x', which is text"),
    ],
)
def test_an_edited_table_is_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "fc.txt"
    path.write_text(text)
    with pytest.raises(FormatError) as caught:
        read_matrix(str(path), ["A"])
    assert caught.value.problems[0].found == found
