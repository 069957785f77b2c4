from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError, Problem
from dermshift.io.matrix import Hints
from dermshift.io.readers import inputs_of, read_matrix

if TYPE_CHECKING:
    from pathlib import Path

GENES = ("G1", "G2", "007")
FORWARD = [[900, 880, 20], [100, 90, 10], [0, 0, 0]]
REVERSE = [[900, 20, 880], [100, 10, 90], [0, 0, 0]]
UNSTRANDED = [[900, 440, 460], [100, 55, 45], [0, 0, 0]]


def star_text(rows: list[list[int]], special: int = 500) -> str:
    lines = [f"{name}\t{special}\t{special}\t{special}" for name in ("N_unmapped", "N_multimapping")]
    lines += ["N_noFeature\t0\t5\t995", "N_ambiguous\t0\t0\t0"]
    lines += ["\t".join([gene, *map(str, row)]) for gene, row in zip(GENES, rows, strict=True)]
    return "\n".join(lines) + "\n"


def star_folder(folder: Path, **samples: list[list[int]]) -> str:
    folder.mkdir(exist_ok=True)
    for name, rows in samples.items():
        (folder / f"{name}ReadsPerGene.out.tab").write_text(star_text(rows))
    return str(folder)


@pytest.mark.parametrize(
    ("rows", "strand", "place"), [(FORWARD, "forward", 1), (REVERSE, "reverse", 2), (UNSTRANDED, "unstranded", 0)]
)
def test_the_strand_is_told_by_the_counts(tmp_path: Path, rows: list[list[int]], strand: str, place: int) -> None:
    matrix = read_matrix(star_folder(tmp_path / "s", A=rows, B=rows), ["B", "A"])
    assert matrix.samples == ("B", "A")
    assert matrix.genes == GENES
    np.testing.assert_array_equal(matrix.values, np.array([[row[place] for row in rows]] * 2))
    said = {finding.check: finding for finding in matrix.findings}
    share = f"{sum(row[1] for row in rows) / 1000:.1%}"
    assert said["strand"].evidence == (f"{strand}; share of stranded reads on the forward strand: B {share}, A {share}")
    assert said["strand"].verdict == "note"
    assert not matrix.estimated


def test_the_rows_of_no_gene_are_shares(tmp_path: Path) -> None:
    matrix = read_matrix(star_folder(tmp_path / "s", A=UNSTRANDED, B=UNSTRANDED), ["A", "B"])
    text = next(finding.evidence for finding in matrix.findings if finding.check == "reads_without_gene")
    assert "N_unmapped 25.0%, N_multimapping 25.0%, N_noFeature 0.0%" in text


def test_what_the_user_states_rules_and_a_contradiction_is_said(tmp_path: Path) -> None:
    folder = star_folder(tmp_path / "s", A=FORWARD, B=REVERSE)
    matrix = read_matrix(folder, ["A", "B"], Hints(strand="reverse"))
    np.testing.assert_array_equal(matrix.values[:, 0], [20, 880])
    said = next(finding for finding in matrix.findings if finding.check == "strand")
    assert said.verdict == "warning"
    assert said.evidence.startswith("reverse, as study.strand says; ")
    assert said.evidence.endswith("the counts say otherwise in A (forward)")


def test_samples_that_disagree_are_refused_by_name(tmp_path: Path) -> None:
    folder = star_folder(tmp_path / "s", A=FORWARD, B=REVERSE, C=FORWARD)
    with pytest.raises(FormatError) as caught:
        read_matrix(folder, ["A", "B", "C"])
    shares = "share of stranded reads on the forward strand: A 97.0%, B 3.0%, C 97.0%"
    assert caught.value.problems == (
        Problem(
            f"{folder}, strand",
            f"forward: A, C; reverse: B ({shares})",
            "one strandedness: 80% of the reads on one strand, or at most 55% on either",
            "Set study.strand (unstranded, forward or reverse), or leave out the samples that differ.",
        ),
    )


@pytest.mark.parametrize(
    ("rows", "found"),
    [([[100, 65, 35], [0, 0, 0], [0, 0, 0]], "unclear: A"), ([[9, 9, 0]] * 3, "too few reads to tell")],
)
def test_counts_that_do_not_tell_are_refused(tmp_path: Path, rows: list[list[int]], found: str) -> None:
    folder = star_folder(tmp_path / "s", A=rows)
    with pytest.raises(FormatError, match=found):
        read_matrix(folder, ["A"])
    assert read_matrix(folder, ["A"], Hints(strand="forward")).values[0, 0] == rows[0][1]


def test_every_way_of_naming_the_files(tmp_path: Path) -> None:
    packed = gzip.compress(star_text(FORWARD).replace("\n", "\r\n").encode())
    names = ("1ReadsPerGene.out.tab.gz", "2.ReadsPerGene.out.tab.gz", "3_ReadsPerGene.out.tab.gz")
    for name in (*names, "4/ReadsPerGene.out.tab.gz", "log/5.ReadsPerGene.out.tab.gz"):
        (tmp_path / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / name).write_bytes(packed)
    (tmp_path / "s" / "1Log.final.out").write_text("Started job on |\tNov 22\nMapping speed |\t100\n")
    (tmp_path / "s" / "1SJ.out.tab").write_text("chr1\t1\t2\t1\t1\t0\t3\t0\t9\n")
    matrix = read_matrix(str(tmp_path / "s"), ["5", "4", "3", "2", "1"])
    assert matrix.samples == ("5", "4", "3", "2", "1")
    assert list(matrix.files) == inputs_of(str(tmp_path / "s")) == sorted(matrix.files)


def test_other_content_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    star_folder(folder, A=FORWARD, B=FORWARD)
    (folder / "BReadsPerGene.out.tab").write_text(star_text(FORWARD) + "G1\t1\t1\t1\n")
    with pytest.raises(FormatError, match="'G1' again"):
        read_matrix(str(folder), ["A", "B"])
    (folder / "BReadsPerGene.out.tab").write_text(star_text(FORWARD).replace("N_ambiguous", "N_other"))
    with pytest.raises(FormatError, match="the first ones N_unmapped, N_multimapping, N_noFeature, N_other"):
        read_matrix(str(folder), ["A", "B"])
    (folder / "BReadsPerGene.out.tab").write_text(star_text(FORWARD).replace("900", "9,5"))
    with pytest.raises(FormatError, match=r"line 5, column 'unstranded'\n  found:    '9,5': a decimal comma"):
        read_matrix(str(folder), ["A", "B"])
