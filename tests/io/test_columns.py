from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError, Problem
from dermshift.io.columns import HTSEQ, ONE_SAMPLE_FILES
from dermshift.io.matrix import Hints
from dermshift.io.readers import inputs_of, read_matrix

if TYPE_CHECKING:
    from pathlib import Path

SPECIAL = "__no_feature\t30\n__ambiguous\t10\n__too_low_aQual\t0\n__not_aligned\t50\n__alignment_not_unique\t0\n"


def write(folder: Path, **texts: str) -> str:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return str(folder)


@pytest.mark.parametrize("header", ["", "feature\tcount\n"])
def test_htseq(tmp_path: Path, header: str) -> None:
    folder = write(tmp_path / "h", A=f"{header}G1\t7\nG2\t3\n{SPECIAL}", B=f"{header}G1\t0\nG2\t10\n{SPECIAL}")
    assert HTSEQ.recognises(folder)
    assert not ONE_SAMPLE_FILES.recognises(folder)
    matrix = read_matrix(folder, ["B", "A"])
    assert matrix.genes == ("G1", "G2")
    np.testing.assert_array_equal(matrix.values, [[0, 10], [7, 3]])
    text = "left out, as shares of the reads of a sample: __no_feature 30.0%, __ambiguous 10.0%, "
    assert next(f.evidence for f in matrix.findings if f.check == "reads_without_gene").startswith(text)
    assert matrix.files == tuple(inputs_of(folder))


def test_htseq_with_symbols(tmp_path: Path) -> None:
    special = SPECIAL.replace("\t", "\t\t")
    folder = write(
        tmp_path / "h", A=f"ENSG1\tTP53\t7\nENSG2\t\t3\n{special}", B=f"ENSG1\tTP53\t1\nENSG2\t\t2\n{special}"
    )
    matrix = read_matrix(folder, ["A", "B"])
    assert matrix.symbols == ("TP53", "")
    np.testing.assert_array_equal(matrix.values, [[7, 3], [1, 2]])


@pytest.mark.parametrize("separator", ["\t", ",", ";"])
def test_plain_columns_of_every_kind(tmp_path: Path, separator: str) -> None:
    text = f"\ufeffgene{separator}n\r\n007{separator}1\r\n1E5{separator}2\r\n"
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "1.counts.txt.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "o" / "GSM9_2.tsv").write_text(text)
    matrix = read_matrix(str(tmp_path / "o"), ["1", "2"])
    assert ONE_SAMPLE_FILES.recognises(str(tmp_path / "o"))
    assert matrix.genes == ("007", "1E5")
    np.testing.assert_array_equal(matrix.values, [[1, 2], [1, 2]])


def test_the_sheet_may_name_the_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", x="G1\t1\nG2\t2\n", y="G2\t4\nG1\t3\n", z="G1\t9\nG2\t9\n")
    matrix = read_matrix(folder, ["A", "B"], Hints(files={"A": "y.txt", "B": "x.txt"}))
    np.testing.assert_array_equal(matrix.values, [[4, 3], [2, 1]])
    assert matrix.genes == ("G2", "G1")
    assert matrix.findings[0].evidence == "2 files, as the sheet names them; not read: z.txt"
    assert "1 files list their genes in another order" in matrix.findings[1].evidence


def test_files_no_sample_has_are_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", A="G1\t1\n", B="G1\t2\n", other="G1\t3\n")
    matrix = read_matrix(folder, ["A", "B", "C"])
    assert matrix.unlisted == ("other",)
    assert matrix.samples == ("A", "B")


def problems(folder: str, samples: list[str], hints: Hints | None = None) -> tuple[Problem, ...]:
    with pytest.raises(FormatError) as caught:
        read_matrix(folder, samples, hints or Hints())
    return caught.value.problems


def test_other_genes_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", A="G1\t1\nG2\t2\n", B="G1\t2\nG3\t1\nG4\t1\n", C="G1\t1\nG1\t2\nG2\t2\n")
    assert problems(folder, ["A", "B", "C"]) == (
        Problem(
            f"{folder}/B.txt",
            f"1 genes of {folder}/A.txt are missing (G2), 2 are not in it (G3, G4)",
            "the same genes in every file",
            "Count all samples with the same annotation.",
        ),
        Problem(
            f"{folder}/C.txt",
            f"the same genes as in {folder}/A.txt, but not each the same number of times",
            "the same genes in every file",
            "Count all samples with the same annotation.",
        ),
    )


def test_two_files_for_a_sample_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", A="G1\t1\n", A_again="G1\t1\n")
    (tmp_path / "o" / "A.tsv").write_text("G1\t1\n")
    (found,) = problems(folder, ["A"])
    assert found.found == "2 files: A.tsv, A.txt"
    assert found.action.endswith("or name the file of each sample in the sheet (columns: file).")


def test_no_common_name_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", S1="G1\t1\n", S10="G1\t1\n")
    assert problems(folder, ["S100", "S"]) == (
        Problem(
            folder,
            "files of S1, S10; sheet: S100, S",
            "files named by the samples of the sheet",
            "Use the same names, or name the file of each sample in the sheet (columns: file).",
        ),
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("../secret.txt", "'../secret.txt': a path out of the folder"),
        ("a/../../secret.txt", "'a/../../secret.txt': a path out of the folder"),
        ("..\\secret.txt", "'..\\secret.txt': a path out of the folder"),
        ("/etc/passwd", "'/etc/passwd': a path from the root"),
        ("C:\\x.txt", "'C:\\x.txt': a path from the root"),
        ("", "'': no name"),
        ("gone.txt", "no file 'gone.txt'"),
        (".", "no file '.'"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str, found: str) -> None:
    (tmp_path / "secret.txt").write_text("G1\t1\n")
    folder = write(tmp_path / "o", A="G1\t1\n")
    hints = Hints(files={"A": "A.txt", "B": name})
    (problem,) = problems(folder, ["A", "B"], hints)
    assert (problem.where, problem.found) == (f"{folder}, file of sample 'B'", found)
    assert problem.expected == "the name of a file in the folder of the matrix"


def test_a_file_named_twice_or_of_unknown_kind_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "o", A="G1\t1\n", B="no counts here\n")
    twice = problems(folder, ["A", "B"], Hints(files={"A": "A.txt", "B": "A.txt"}))
    assert [problem.found for problem in twice] == ["'A.txt', also of another sample"] * 2
    (strange,) = problems(folder, ["A", "B"], Hints(files={"A": "A.txt", "B": "B.txt"}))
    assert (strange.where, strange.found) == (f"{folder}/B.txt", "a file of unknown kind")


def test_links_out_of_the_folder_are_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text("G1\t5\n")
    folder = write(tmp_path / "o", A="G1\t1\n")
    (tmp_path / "o" / "B.txt").symlink_to(tmp_path / "elsewhere.txt")
    np.testing.assert_array_equal(read_matrix(folder, ["A", "B"]).values, [[1], [5]])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("G1\t1\nG2\t2\t3\n", "3 fields"),
        ("G1\t1\nG2\tx\n", "'x', which is text"),
        ("G1\t1\n\t2\n", "no name in the first column"),
        ("__no_feature\t1\n", "no genes"),
    ],
)
def test_wrong_rows_are_refused_where_they_stand(tmp_path: Path, text: str, found: str) -> None:
    folder = write(tmp_path / "o", A="G1\t1\nG2\t2\n", B=text)
    (problem,) = problems(folder, ["A", "B"], Hints(files={"A": "A.txt", "B": "B.txt"}))
    assert problem.found == found
    assert problem.where.startswith(f"{folder}/B.txt")


def test_folders_of_nothing_or_of_several_kinds_are_refused(tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    assert problems(str(tmp_path / "o"), ["A"])[0].found == "a folder without files of counts"
    (tmp_path / "o" / "Aquant.sf").write_text("Name\tLength\tEffectiveLength\tTPM\tNumReads\nT1\t9\t9\t1\t1\n")
    star = "N_unmapped\t1\t1\t1\nN_multimapping\t1\t1\t1\nN_noFeature\t1\t1\t1\nN_ambiguous\t1\t1\t1\nG1\t1\t1\t1\n"
    (tmp_path / "o" / "AReadsPerGene.out.tab").write_text(star)
    assert problems(str(tmp_path / "o"), ["A"]) == (
        Problem(
            str(tmp_path / "o"),
            "files of several formats: salmon and star",
            "one file per sample, all of one format; see dermshift show readers",
            "Keep one of them in the folder, or name the file of each sample in the sheet (columns: file).",
        ),
    )
    named = Hints(files={"A": "AReadsPerGene.out.tab"}, strand="unstranded")
    assert read_matrix(str(tmp_path / "o"), ["A"], named).genes == ("G1",)
