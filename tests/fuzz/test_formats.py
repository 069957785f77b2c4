"""Files of quantifiers and counters, workbooks and Parquet: one of them damaged, read or refused."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from fuzzing import valid
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings

from dermshift.io.matrix import Hints
from dermshift.io.readers import read_matrix

if TYPE_CHECKING:
    from pathlib import Path

TRANSCRIPTS = [f"ENST000000000{place:02d}" for place in range(12)]
SPECIAL = ["N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous"]
SALMON = [["Name", "Length", "EffectiveLength", "TPM", "NumReads"]]
SALMON += [[name, 1500, 1300.5, 10.5, 37.25 * n] for n, name in enumerate(TRANSCRIPTS)]
KALLISTO = [["target_id", "length", "eff_length", "est_counts", "tpm"]]
KALLISTO += [[name, 1500, 1300.5, 37.25 * n, 10.5] for n, name in enumerate(TRANSCRIPTS)]
STAR = [[name, 100, 100, 100] for name in SPECIAL] + [
    [gene, 90 + n, 3, 87 + n] for n, gene in enumerate(valid.GENES_OF)
]
HTSEQ = [[gene, 90 + n] for n, gene in enumerate(valid.GENES_OF)] + [["__no_feature", 5], ["__ambiguous", 1]]
COUNTED = [["Geneid", "Chr", "Start", "End", "Strand", "Length", *(f"{name}.bam" for name in valid.SAMPLES)]]
COUNTED += [[gene, "1", 1, 900, "+", 900, *[n * 7 + s for s in range(8)]] for n, gene in enumerate(valid.GENES_OF)]
PER_SAMPLE = {"quant.sf": SALMON, "abundance.tsv": KALLISTO, "ReadsPerGene.out.tab": STAR, "counts.txt": HTSEQ}
MAP = [["transcript_id", "gene_id"], *map(list, zip(TRANSCRIPTS, valid.GENES_OF, strict=True))]


def packed(suffix: str) -> bytes:
    frame = pd.read_csv(io.BytesIO(valid.MATRIX), sep="\t")
    buffer = io.BytesIO()
    frame.to_excel(buffer, index=False) if suffix == "xlsx" else frame.to_parquet(buffer)
    return buffer.getvalue()


def read(path: Path, folder: Path) -> object:
    (folder / "tx2gene.tsv").write_bytes(valid.table(MAP))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a damaged file may make a library warn of anything
        return survives(read_matrix, str(path), valid.SAMPLES, Hints(transcripts=str(folder / "tx2gene.tsv")))


@pytest.mark.parametrize("name", PER_SAMPLE)
def test_a_folder_with_one_damaged_file(name: str, folder: Path) -> None:
    content = valid.table(PER_SAMPLE[name])
    top = folder / name.split(".")[0]
    for sample in valid.SAMPLES:
        place = top / sample
        place.mkdir(parents=True)
        (place / name).write_bytes(content)
    assert read(top, folder) is not None

    @settings(settings.get_profile("fuzz"))
    @given(damaged(content))
    def attempt(bad: bytes) -> None:
        (top / valid.SAMPLES[0] / name).write_bytes(bad)
        read(top, folder)

    with bounded_memory():
        attempt()


FILES = ("featurecounts.txt", "counts.xlsx", "counts.parquet")


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file(name: str, folder: Path) -> None:
    text = name.endswith("txt")
    content = b"# Program:featureCounts v2.0\n" + valid.table(COUNTED) if text else packed(name.split(".")[1])
    (folder / name).write_bytes(content)
    assert read(folder / name, folder) is not None

    @settings(settings.get_profile("fuzz"))
    @given(damaged(content))
    def attempt(bad: bytes) -> None:
        (folder / name).write_bytes(bad)
        read(folder / name, folder)

    with bounded_memory():
        attempt()
