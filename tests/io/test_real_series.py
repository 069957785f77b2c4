"""A real series of arrays, and a real one whose table is empty."""

from __future__ import annotations

import csv
import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError
from dermshift.genes import find_gene
from dermshift.io import examine, read_genes
from dermshift.io.examine import read_matrix
from dermshift.io.geo_series import read_series
from dermshift.io.geo_sheet import draft
from dermshift.io.geo_tags import characteristics
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data


@pytest.fixture
def liver(real_data: Path) -> Path:
    return real_data / "gse14520_gpl571"


def naive(path: Path, wanted: set[str]) -> tuple[list[str], dict[str, list[float]], int]:
    """Read a few rows with nothing but a split."""
    rows, header, count = {}, [], 0
    with gzip.open(path, "rt") as handle:
        for line in handle:
            cells = [cell.strip('"') for cell in line.rstrip("\n").split("\t")]
            if cells[0] == "ID_REF":
                header = cells[1:]
            elif header and not line.startswith("!"):
                count += 1
                if cells[0] in wanted:
                    rows[cells[0]] = [float(cell) for cell in cells[1:]]
    return header, rows, count


def test_every_value_of_the_liver_arrays_is_read(liver: Path) -> None:
    path = liver / "GSE14520-GPL571_series_matrix.txt.gz"
    wanted = {"212531_at", "1007_s_at", "AFFX-TrpnX-M_at", "214218_s_at"}
    header, rows, count = naive(path, wanted)
    matrix = read_matrix(str(path), header)
    assert matrix.values.shape == (43, count) == (43, 22268)
    assert list(matrix.samples) == header
    assert matrix.platform == "GPL571"
    assert matrix.arrays
    for name, values in rows.items():
        np.testing.assert_array_equal(matrix.values[:, matrix.genes.index(name)], values)
    assert not [finding for finding in matrix.findings if finding.verdict != "note"]


def test_samples_that_lack_a_tag_are_known(liver: Path) -> None:
    series = read_series(str(liver / "GSE14520-GPL571_series_matrix.txt.gz"))
    found = characteristics(series)
    pools = ["GSM363450", "GSM363451"]
    assert found.lacking() == {"Disease state": pools, "Individual": pools}
    assert found.of_sample["GSM362950"]["Individual"] == "03-212A"
    drafted = draft(series)
    assert drafted.filled == {"patient": "Individual"}
    assert drafted.by_hand == {"patient": 2, "timepoint": 43, "sex": 43}


def test_the_liver_study_has_one_probe_set_per_gene(root: Path, liver: Path, tmp_path: Path) -> None:
    with (liver / "samples.csv").open() as handle:
        rows = [row for row in csv.DictReader(handle) if row["tissue"] != "healthy_pool"]
    sheet = tmp_path / "samples.csv"
    lines = [f"{row['sample']},{row['patient']},{row['tissue']}" for row in rows]
    sheet.write_text("\n".join(["sample,patient,tissue", *lines]))
    spec = StudySpec(
        "liver",
        str(liver / "GSE14520-GPL571_series_matrix.txt.gz"),
        str(sheet),
        {"patient": "patient", "timepoint": "tissue"},
        Timepoints("non_tumor", "tumor"),
        missing_pairs="drop",
        probes=str(liver / "GPL571_probe2symbol.tsv"),
    )
    examined = examine(spec, frozenset())
    study = examined.study
    assert study is not None
    assert study.scale == "log2"
    assert study.adata.shape == (41, 22215)
    standing = study.genes[study.genes["set_aside"] == ""]
    assert len(standing) == standing["gene_symbol"].nunique() == 12403
    registry = read_genes(root / "data" / "genes.tsv")
    assert find_gene(study.genes, "NGAL", registry) == ["212531_at"]
    found = find_gene(study.genes, "TNFSF10", registry)
    assert sorted(found) == ["202687_s_at", "202688_at", "214329_x_at"]
    means = study.values[found].mean()
    assert found[0] == means.idxmax()
    assert study.genes.loc[found, "set_aside"].tolist() == ["", *["other probe set of the gene"] * 2]
    assert find_gene(study.genes, "PLAAT4", registry) == ["204070_at"]
    assert examined.probes is not None
    assert (examined.probes["role"] == "control").sum() == 53


def test_the_annotation_of_another_array_is_refused(liver: Path, tmp_path: Path) -> None:
    (tmp_path / "GPL8300.tsv").write_text("ID\tsymbol\n32821_at\tLCN2\n38446_at\tXIST\n")
    spec = StudySpec(
        "liver",
        str(liver / "GSE14520-GPL571_series_matrix.txt.gz"),
        str(liver / "samples.csv"),
        {"patient": "patient", "timepoint": "tissue"},
        Timepoints("non_tumor", "tumor"),
        probes=str(tmp_path / "GPL8300.tsv"),
    )
    found = {finding.check: finding for finding in examine(spec, frozenset()).findings}["probe_annotation"]
    assert found.verdict == "error"
    assert "GPL571" in str(found.problems[0])
    assert "GPL8300" in str(found.problems[0])


def test_an_empty_table_names_both_files(real_data: Path) -> None:
    path = real_data / "loader_examples" / "rnaseq_empty_table_series_matrix.txt"
    with pytest.raises(FormatError) as caught:
        read_matrix(str(path), ["GSM1275862"])
    problem = caught.value.problems[0]
    assert "an empty table: GSE52778 (RNA-Seq)" in problem.found
    assert problem.action.count("ftp://") == 2
    assert "GSE52778_All_Sample_FPKM_Matrix.txt.gz" in problem.action
    assert "GSE52778_Dex_vs_Untreated_gene_exp.diff.gz" in problem.action
    assert len(draft(read_series(str(path))).frame) == 16
