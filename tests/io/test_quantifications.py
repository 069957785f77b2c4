from __future__ import annotations

import gzip
import shutil
from typing import TYPE_CHECKING

import h5py
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.errors import FormatError, Problem
from dermshift.io.gene_sums import length_scaled_counts
from dermshift.io.matrix import Hints
from dermshift.io.quantifications import SALMON
from dermshift.io.readers import read_matrix
from dermshift.io.transcripts import read_transcript_map

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = ["one", "two", "three"]


def length_scaled_by_hand(abundance, counts, lengths, genes):
    """The definition, gene by gene."""
    order = list(dict.fromkeys(genes))
    summed, reads, length = [], [], []
    for gene in order:
        rows = [place for place, name in enumerate(genes) if name == gene]
        tpm = abundance[rows].sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (abundance[rows] * lengths[rows]).sum(axis=0) / tpm
        seen = tpm > 0
        if not seen.any():
            mean[:] = lengths[rows].mean()
        else:
            mean[~seen] = np.exp(np.log(mean[seen]).mean())
        summed.append(tpm)
        reads.append(counts[rows].sum(axis=0))
        length.append(mean)
    scaled = np.array(summed) * np.array(length).mean(axis=1, keepdims=True)
    return tuple(order), scaled * np.array(reads).sum(axis=0) / scaled.sum(axis=0)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(2, 60))
def test_length_scaled_counts_are_those_of_the_definition(seed: int, samples: int, transcripts: int) -> None:
    rng = np.random.default_rng(seed)
    genes = [f"g{number}" for number in rng.integers(0, transcripts // 2 + 1, transcripts)]
    counts = rng.negative_binomial(1, 0.01, (transcripts, samples)) * (rng.random((transcripts, samples)) < 0.6)
    counts = counts.astype(float)
    counts[0] += 5
    lengths = rng.uniform(50, 4000, (transcripts, samples))
    rate = counts / lengths
    abundance = rate / rate.sum(axis=0) * 1e6
    names, values = length_scaled_counts(abundance, counts, lengths, genes)
    expected_names, expected = length_scaled_by_hand(abundance, counts, lengths, genes)
    assert names == expected_names
    np.testing.assert_allclose(values, expected, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(values.sum(axis=0), counts.sum(axis=0))


@pytest.mark.parametrize("kind", ["salmon", "kallisto"])
def test_counts_equal_those_of_r_tximport(root: Path, kind: str) -> None:
    folder = root / "tests" / "reference" / "tximport"
    matrix = read_matrix(str(folder / kind), SAMPLES, Hints(transcripts=str(folder / "tx2gene.csv")))
    expected = pd.read_csv(folder / f"{kind}.csv", index_col=0)
    found = pd.DataFrame(matrix.values.T, index=list(matrix.genes), columns=list(matrix.samples))
    assert sorted(found.index) == sorted(expected.index)
    np.testing.assert_allclose(found.loc[expected.index, expected.columns], expected, rtol=1e-9, atol=1e-9)
    assert matrix.estimated
    said = {finding.check: finding.evidence for finding in matrix.findings}
    assert "length-scaled counts (tximport's lengthScaledTPM" in said["matrix_layout"]
    assert "no offsets are used" in said["matrix_layout"]
    assert said["transcripts"].endswith("names matched without version")
    assert said["transcripts_without_gene"].startswith("4 of 120 transcripts have no gene")


@pytest.fixture
def quant(root: Path, tmp_path: Path) -> Path:
    """A copy of the small salmon quantifications and their map."""
    shutil.copytree(root / "tests" / "reference" / "tximport", tmp_path / "q")
    return tmp_path / "q"


def hints(folder: Path, **more: object) -> Hints:
    return Hints(transcripts=str(folder / "tx2gene.csv"), **more)


def test_every_way_of_naming_the_files_gives_the_same(quant: Path, tmp_path: Path) -> None:
    expected = read_matrix(str(quant / "salmon"), SAMPLES, hints(quant))
    for naming in ("{}_quant.sf", "{}.quant.sf", "{}.sf", "GSM1_{}_quant.sf", "deep/{}_quant.sf"):
        folder = tmp_path / "named"
        for sample in SAMPLES:
            target = folder / naming.format(sample)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = (quant / "salmon" / sample / "quant.sf").read_bytes()
            target.with_name(target.name + ".gz").write_bytes(gzip.compress(text.replace(b"\n", b"\r\n")))
        matrix = read_matrix(str(folder), SAMPLES, hints(quant))
        assert matrix.samples == tuple(SAMPLES)
        np.testing.assert_array_equal(matrix.values, expected.values)
        assert len(matrix.files) == 3
        shutil.rmtree(folder)


def test_the_sheet_may_name_the_files(quant: Path) -> None:
    files = {"A": "two/quant.sf", "B": "one/quant.sf"}
    matrix = read_matrix(str(quant / "salmon"), ["A", "B"], hints(quant, files=files))
    expected = read_matrix(str(quant / "salmon"), ["two", "one"], hints(quant))
    np.testing.assert_array_equal(matrix.values, expected.values)
    assert "not read: three/quant.sf" in matrix.findings[0].evidence
    assert [str(quant / "salmon" / name) for name in ("one/quant.sf", "two/quant.sf")] == list(matrix.files)


def test_sums_by_gene_beside_the_quantification_are_left_alone(quant: Path) -> None:
    expected = read_matrix(str(quant / "salmon"), SAMPLES, hints(quant))
    for sample in SAMPLES:
        shutil.copy(quant / "salmon" / sample / "quant.sf", quant / "salmon" / sample / "quant.genes.sf")
    np.testing.assert_array_equal(read_matrix(str(quant / "salmon"), SAMPLES, hints(quant)).values, expected.values)


def test_kallisto_in_hdf5_gives_nearly_the_same(quant: Path) -> None:
    expected = read_matrix(str(quant / "kallisto"), SAMPLES, hints(quant))
    for sample in SAMPLES:
        table = pd.read_table(quant / "kallisto" / sample / "abundance.tsv")
        with h5py.File(quant / "kallisto" / sample / "abundance.h5", "w") as file:
            file["aux/ids"] = table["target_id"].to_numpy().astype("S")
            file["aux/eff_lengths"] = table["eff_length"].to_numpy()
            file["est_counts"] = table["est_counts"].to_numpy()
    both = read_matrix(str(quant / "kallisto"), SAMPLES, hints(quant))
    assert all(name.endswith(".tsv") for name in both.files)
    for sample in SAMPLES:
        (quant / "kallisto" / sample / "abundance.tsv").unlink()
    matrix = read_matrix(str(quant / "kallisto"), SAMPLES, hints(quant))
    # The text holds six digits.
    np.testing.assert_allclose(matrix.values, expected.values, rtol=1e-4)


def message(where: str, found: str, expected: str, action: str) -> str:
    return str(Problem(where, found, expected, action))


def refusal(folder: Path | str, samples: list[str], said: Hints) -> str:
    with pytest.raises(FormatError) as caught:
        read_matrix(str(folder), samples, said)
    return str(caught.value)


def test_a_missing_map_is_refused_with_what_to_do(quant: Path) -> None:
    assert refusal(quant / "salmon", SAMPLES, Hints()) == message(
        f"{quant}/salmon",
        "salmon quantifications and no map of transcripts",
        "a map of transcripts to genes",
        "Set annotation.transcripts to a table of transcripts and genes (tx2gene), as CSV or TSV.",
    )


def test_another_map_is_refused(quant: Path) -> None:
    (quant / "tx2gene.csv").write_text("TXNAME,GENEID\nNM_1,A1BG\n")
    assert refusal(quant / "salmon", SAMPLES, hints(quant)) == message(
        f"{quant}/tx2gene.csv",
        "none of the 120 transcripts; here NM_1, A1BG; there ENST00000000000.1",
        "the transcripts of the quantification",
        "Make the map from the annotation the index was built from, with transcripts and genes in two columns.",
    )


def test_a_map_that_lacks_many_reads_is_refused(quant: Path) -> None:
    lines = (quant / "tx2gene.csv").read_text().splitlines(keepends=True)
    (quant / "tx2gene.csv").write_text("".join(lines[:80]))
    text = refusal(quant / "salmon", SAMPLES, hints(quant))
    assert "41 of 120 transcripts have no gene in" in text
    assert "of the reads of a sample (" in text
    assert "expected: genes for 95% of the reads of every sample" in text


def test_a_transcript_of_two_genes_is_refused(quant: Path) -> None:
    with (quant / "tx2gene.csv").open("a") as handle:
        handle.write("ENST00000000000,OTHER\n")
    text = refusal(quant / "salmon", SAMPLES, hints(quant))
    assert "line 118" in text
    assert "transcript 'ENST00000000000' of gene 'OTHER', above of 'ENSG" in text


def test_another_index_is_refused(quant: Path) -> None:
    path = quant / "salmon" / "two" / "quant.sf"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-2]) + "NEW\t900\t700\t1.0\t3\n")
    gone = "ENST00000000118.2, ENST00000000119.3"
    assert refusal(quant / "salmon", SAMPLES, hints(quant)) == message(
        f"{path}",
        f"2 transcripts of {quant}/salmon/one/quant.sf are missing ({gone}), 1 are not in it (NEW)",
        "the same transcripts in every file",
        "Count all samples with the same annotation.",
    )


def test_another_order_is_put_right_and_said(quant: Path) -> None:
    expected = read_matrix(str(quant / "salmon"), SAMPLES, hints(quant))
    path = quant / "salmon" / "two" / "quant.sf"
    header, *rows = path.read_text().splitlines(keepends=True)
    path.write_text(header + "".join(reversed(rows)))
    matrix = read_matrix(str(quant / "salmon"), SAMPLES, hints(quant))
    np.testing.assert_array_equal(matrix.values, expected.values)
    assert "1 files list their transcripts in another order" in matrix.findings[1].evidence


def test_a_file_without_reads_or_with_impossible_values_is_refused(quant: Path) -> None:
    for sample, change in (("one", lambda row: [*row[:3], "0", "0"]), ("two", lambda row: [*row[:4], "-1"])):
        path = quant / "salmon" / sample / "quant.sf"
        header, *rows = path.read_text().splitlines()
        rows = ["\t".join(change(row.split("\t"))) if sample == "one" or not i else row for i, row in enumerate(rows)]
        path.write_text("\n".join([header, *rows]) + "\n")
    text = refusal(quant / "salmon", SAMPLES, hints(quant))
    assert f"{quant}/salmon/one/quant.sf\n  found:    no reads on any transcript" in text
    assert f"{quant}/salmon/two/quant.sf\n  found:    1 transcripts with negative or missing values" in text


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("T9\t1\t1", "3 fields"),
        ("T9\t1\t1\t1\t1\t1", "6 fields"),
        ("T9\t1\t1\t1,5\t1", "'1,5': a decimal comma or a thousands separator"),
        ("T9\t1\t1\t1_0\t1", "'1_0', which is text"),
        ('"T9\t1\t1\t1\t1', "a broken quotation: unexpected end of data"),
    ],
)
def test_wrong_rows_are_named_by_their_place(quant: Path, row: str, found: str) -> None:
    path = quant / "salmon" / "one" / "quant.sf"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:4], row, *lines[5:]]) + "\n")
    with pytest.raises(FormatError) as caught:
        read_matrix(str(quant / "salmon"), SAMPLES, hints(quant))
    (problem,) = caught.value.problems
    assert problem.where.startswith(f"{path}, line 5")
    assert problem.found == found


@pytest.mark.parametrize(
    "change", [lambda t: t.replace("\n", "\n\n"), lambda t: "\ufeff" + t, lambda t: t.rstrip("\n")]
)
def test_both_ways_of_reading_agree(quant: Path, change) -> None:
    from dermshift.io import quantified

    path = quant / "salmon" / "one" / "quant.sf"
    columns = ("Name", "TPM", "NumReads", "EffectiveLength")
    plain = quantified._plain(str(path), columns)
    assert plain is not None
    slow = quantified._by_field(str(path), columns)
    assert plain.names == slow.names
    np.testing.assert_array_equal(plain.values, slow.values)
    path.write_text(change(path.read_text()))
    again = quantified.read_salmon(str(path))
    assert again.names == slow.names
    np.testing.assert_array_equal(again.values, slow.values)


def test_one_file_is_no_matrix(quant: Path) -> None:
    text = refusal(quant / "salmon" / "one" / "quant.sf", SAMPLES, hints(quant))
    assert "a file of one sample (salmon)" in text
    assert "Name the folder that holds the files of all samples." in text


@pytest.mark.parametrize(
    ("text", "words", "genes"),
    [
        ("gene\ttx\tgene_name\nG1\tT1.1\tA\nG2\tT2.4\tB\n", "as written", ("G1", "G2")),
        ("T1.1\tG1\nT2.4\tG2\n", "as written", ("G1", "G2")),
        ("T1.2;G1\nT2.9;G2\n", "without version", ("G1", "G2")),
        ("TXNAME,GENEID\nT1.1,G1\n", "as written", ("G1", "")),
        ("transcript_id,transcript_name,gene_id,gene_name\nT1.1,x-1,G1,A\nT2.4,y-1,G2,B\n", "as written", ("G1", "G2")),
        ("T1.1\tG1\tA\nT2.4\tG2\tB\n", "as written", ("G1", "G2")),
        ('"","TXNAME","GENEID"\n"1","T1.1","G1"\n"2","T2.4","G2"\n', "as written", ("G1", "G2")),
    ],
)
def test_maps_of_every_form(tmp_path: Path, text: str, words: str, genes: tuple[str, ...]) -> None:
    path = tmp_path / "map.txt"
    path.write_text(text)
    known = read_transcript_map(str(path), ["T1.1", "T2.4"])
    assert known.genes == genes
    assert known.findings[0].evidence.endswith(f"names matched {words}")
    assert known.symbols == ({"G1": "A", "G2": "B"} if "gene_name" in text else {})


def test_an_unclear_column_of_genes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("tx,name,entrez\nT1.1,x,1\n")
    with pytest.raises(FormatError, match="no column of genes among tx, name, entrez"):
        read_transcript_map(str(path), ["T1.1"])


def test_names_with_bars_and_the_copy_on_y(tmp_path: Path) -> None:
    path = tmp_path / "map.csv"
    path.write_text("tx,gene\nT1,G1\nT1_PAR_Y,G1_PAR_Y\n")
    known = read_transcript_map(str(path), ["T1.3|G1.5|x", "T1.3_PAR_Y|G1.5_PAR_Y|x"])
    assert known.genes == ("G1", "G1_PAR_Y")
    assert known.findings[0].evidence.endswith("names matched up to the first |, without version")


def test_recognised_by_content() -> None:
    assert SALMON.recognises is not None
    assert not SALMON.recognises("no/such/folder")
