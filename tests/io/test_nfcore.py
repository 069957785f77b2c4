from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError
from dermshift.io.nfcore import is_nfcore
from dermshift.io.readers import inputs_of, read_matrix

if TYPE_CHECKING:
    from pathlib import Path

TABLE = "gene_id\tgene_name\t007\tS2\nENSG1\tTP53\t1.5\t2\nENSG2\t\t0\t3.25\n"
RSEM = "gene_id\ttranscript_id(s)\t007\tS2\nENSG1\tT1,T2\t1.5\t2\nENSG2\tT3\t0\t3.25\n"


@pytest.mark.parametrize(
    ("name", "verdict", "words"),
    [
        ("salmon.merged.gene_counts_length_scaled.tsv", "note", "length-scaled counts of salmon; no offsets are used"),
        ("salmon.merged.gene_counts_scaled.tsv", "note", "abundances of salmon scaled to the depth of the libraries"),
        ("salmon.merged.gene_counts.tsv", "warning", "salmon.merged.gene_counts_length_scaled.tsv of the same run"),
        ("SRP1.salmon.merged.gene_counts.top1000cov.tsv", "warning", "plain counts of salmon"),
        ("kallisto.merged.gene_counts.tsv.gz", "warning", "kallisto.merged.gene_counts_length_scaled.tsv of the same"),
        ("rsem.merged.gene_counts.tsv", "note", "expected counts of RSEM"),
    ],
)
def test_which_of_the_files_it_is(tmp_path: Path, name: str, verdict: str, words: str) -> None:
    text = (RSEM if name.startswith("rsem") else TABLE).replace("\n", "\r\n").encode()
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    matrix = read_matrix(str(tmp_path / name), ["S2", "007"])
    assert matrix.estimated
    assert matrix.samples == ("007", "S2")
    assert matrix.genes == ("ENSG1", "ENSG2")
    assert matrix.symbols == (None if name.startswith("rsem") else ("TP53", ""))
    np.testing.assert_array_equal(matrix.values, [[1.5, 0], [2, 3.25]])
    said = matrix.findings[-1]
    assert (said.check, said.verdict) == ("estimated_counts", verdict)
    assert words in said.evidence


@pytest.mark.parametrize("folder", ["star_salmon", "salmon", ""])
def test_of_an_output_folder_the_length_scaled_counts_are_read(tmp_path: Path, folder: str) -> None:
    below = tmp_path / "results" / folder
    (below / "S2").mkdir(parents=True)
    (below / "S2" / "quant.sf").write_text("Name\tLength\tEffectiveLength\tTPM\tNumReads\nT1\t9\t9\t1\t1\n")
    for name in ("gene_counts", "gene_counts_scaled", "gene_counts_length_scaled", "gene_tpm", "transcript_counts"):
        (below / f"salmon.merged.{name}.tsv").write_text(TABLE)
    path = str(tmp_path / "results")
    matrix = read_matrix(path, ["007", "S2"])
    chosen = below / "salmon.merged.gene_counts_length_scaled.tsv"
    assert matrix.files == (str(chosen),)
    assert inputs_of(path) == [str(chosen)]
    part = f"{folder}/" if folder else ""
    others = f"{part}salmon.merged.gene_counts_scaled.tsv, {part}salmon.merged.gene_counts.tsv"
    expected = f"read {part}salmon.merged.gene_counts_length_scaled.tsv; also there, not read: {others}"
    assert matrix.findings[0].evidence == expected


def test_the_usual_route_comes_first(tmp_path: Path) -> None:
    for folder, name, text in (("star_rsem", "rsem", RSEM), ("salmon", "salmon", TABLE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.merged.gene_counts.tsv").write_text(text)
    matrix = read_matrix(str(tmp_path), ["007", "S2"])
    assert matrix.findings[0].evidence == (
        "read star_rsem/rsem.merged.gene_counts.tsv; also there, not read: salmon/salmon.merged.gene_counts.tsv"
    )


@pytest.mark.parametrize("what", ["gene_tpm", "gene_lengths", "transcript_counts"])
def test_other_values_of_the_pipeline_are_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / f"salmon.merged.{what}.tsv"
    path.write_text(TABLE)
    with pytest.raises(FormatError) as caught:
        read_matrix(str(path), ["S2"])
    (problem,) = caught.value.problems
    assert problem.found == f"{what.replace('_', ' ')} of salmon"
    assert problem.action == "Name salmon.merged.gene_counts_length_scaled.tsv of the same folder."


def test_a_matrix_of_another_name_is_no_estimate(tmp_path: Path) -> None:
    (tmp_path / "counts.tsv").write_text(TABLE)
    assert not is_nfcore(str(tmp_path / "counts.tsv"))
    assert not read_matrix(str(tmp_path / "counts.tsv"), ["S2"]).estimated
    (tmp_path / "renamed.tsv").write_text(RSEM)
    assert read_matrix(str(tmp_path / "renamed.tsv"), ["S2"]).estimated
