"""One real file of each format."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.io.matrix import Hints
from dermshift.io.readers import read_matrix

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dermshift.io.matrix import Matrix

pytestmark = pytest.mark.real_data


@pytest.fixture
def examples(real_data: Path) -> Path:
    """Folder of the files; skips where it is absent."""
    folder = real_data / "loader_examples"
    if not folder.is_dir():
        pytest.skip(f"no loader_examples in {real_data}")
    return folder


@pytest.fixture
def copies(examples: Path, tmp_path: Path) -> Callable[..., str]:
    """Return a function that copies a file under several names into a folder and returns the folder."""

    def copy(name: str, *names: str) -> str:
        for other in names:
            (tmp_path / "files" / other).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(examples / name, tmp_path / "files" / other)
        return str(tmp_path / "files")

    return copy


def said(matrix: Matrix) -> dict[str, str]:
    return {finding.check: finding.evidence for finding in matrix.findings}


def test_salmon(examples: Path, copies: Callable[..., str], tmp_path: Path) -> None:
    names = ["SRR1039508", "SRR1039509"]
    for name in names:
        folder = copies(f"{name}_quant.sf.gz", f"{name}_quant.sf.gz")
    tables = {name: pd.read_table(examples / f"{name}_quant.sf.gz", index_col="Name") for name in names}
    transcripts = tables[names[0]].index
    # The map that came with the files is of another annotation; in this one three transcripts make a gene.
    with pytest.raises(FormatError, match="none of the 205870 transcripts; here NM_130786, A1BG"):
        read_matrix(folder, names, Hints(transcripts=str(examples / "tx2gene.csv.gz")))
    genes = pd.Series([f"G{place // 3}" for place in range(len(transcripts))], index=transcripts)
    genes.to_csv(tmp_path / "map.csv", header=["gene"], index_label="tx")
    matrix = read_matrix(folder, names, Hints(transcripts=str(tmp_path / "map.csv")))
    assert matrix.values.shape == (2, genes.nunique())
    np.testing.assert_allclose(matrix.values.sum(axis=1), [tables[name]["NumReads"].sum() for name in names])
    tpm = pd.DataFrame({name: table["TPM"].groupby(genes).sum() for name, table in tables.items()})
    # Scaled by the same length in both samples, and by the depth of each.
    seen = tpm.index[(tpm > 1).all(axis=1)]
    counts = pd.DataFrame(matrix.values.T, index=list(matrix.genes), columns=names).loc[seen]
    scale = (counts / tpm.loc[seen]).to_numpy()
    np.testing.assert_allclose(scale[:, 0] / scale[:, 1], np.median(scale[:, 0] / scale[:, 1]), rtol=1e-9)


def test_kallisto(examples: Path, copies: Callable[..., str]) -> None:
    folder = copies("kallisto_abundance.tsv.gz", "A/abundance.tsv.gz", "B/abundance.tsv.gz")
    matrix = read_matrix(folder, ["A", "B"], Hints(transcripts=str(examples / "tx2gene.csv.gz")))
    assert matrix.values.shape == (2, 25343)
    assert said(matrix)["transcripts_without_gene"].startswith("3 of 48009 transcripts have no gene")
    table = pd.read_table(examples / "kallisto_abundance.tsv.gz", index_col=0)
    known = pd.read_csv(examples / "tx2gene.csv.gz", index_col=0)["GENEID"]
    # With one sample twice, every gene has its own mean length: the counts are the sums themselves, to the digits
    # of the file.
    sums = table["est_counts"].groupby(known.reindex(table.index)).sum()
    np.testing.assert_allclose(matrix.values[0], sums[list(matrix.genes)], rtol=2e-3, atol=0.02)


def test_star(copies: Callable[..., str]) -> None:
    folder = copies("star_ReadsPerGene.out.tab.gz", "1ReadsPerGene.out.tab.gz", "2/ReadsPerGene.out.tab.gz")
    matrix = read_matrix(folder, ["1", "2"])
    table = pd.read_table(f"{folder}/1ReadsPerGene.out.tab.gz", header=None, index_col=0).iloc[4:]
    assert matrix.genes == tuple(table.index)
    np.testing.assert_array_equal(matrix.values, [table[2]] * 2)
    assert said(matrix)["strand"] == "forward; share of stranded reads on the forward strand: 1 95.2%, 2 95.2%"


def test_htseq(copies: Callable[..., str]) -> None:
    folder = copies("htseq_counts.tsv.gz", "1.tsv.gz", "GSM2_2.tsv.gz")
    matrix = read_matrix(folder, ["1", "2"])
    table = pd.read_table(f"{folder}/1.tsv.gz", index_col=0)["count"]
    table = table[~table.index.str.startswith("__")]
    assert matrix.genes == tuple(table.index)
    np.testing.assert_array_equal(matrix.values, [table] * 2)
    assert "__not_aligned 66.5%" in said(matrix)["reads_without_gene"]


def test_featurecounts(examples: Path) -> None:
    table = pd.read_table(examples / "featurecounts.txt.gz", comment="#", index_col=0).iloc[:, 5:]
    names = pd.read_csv(examples / "featurecounts_samples.csv.gz", header=None)[1].tolist()
    matrix = read_matrix(str(examples / "featurecounts.txt.gz"), names)
    assert set(names) == set(matrix.samples)
    assert matrix.unlisted == ()
    expected = table[[f"alignment/{name}.sorted.bam" for name in matrix.samples]].to_numpy().T
    np.testing.assert_array_equal(matrix.values, expected)


@pytest.mark.parametrize(
    "name", ["salmon.merged.gene_counts.tsv.gz", "SRP254919.salmon.merged.gene_counts.top1000cov.tsv"]
)
def test_nfcore(examples: Path, name: str) -> None:
    table = pd.read_table(examples / name, keep_default_na=False, index_col=0)
    matrix = read_matrix(str(examples / name), list(table.columns[1:]))
    assert matrix.estimated
    assert matrix.samples == tuple(table.columns[1:])
    assert matrix.genes == tuple(table.index)
    assert matrix.symbols == tuple(table["gene_name"])
    np.testing.assert_array_equal(matrix.values, table.iloc[:, 1:].to_numpy().T)
    assert "gene_counts_length_scaled.tsv" in said(matrix)["estimated_counts"]
