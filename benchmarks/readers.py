"""Seconds and memory of reading one study in every format: ``python benchmarks/readers.py``.

Twenty-four synthetic samples of 20,000 genes (206,000 transcripts), written into a temporary folder; each reader runs
in a process of its own, start-up included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

SAMPLES = [f"P{i:02d}_{visit}" for i in range(12) for visit in ("baseline", "week1")]
GENES, TRANSCRIPTS = 20_000, 206_000
FORMATS = ("counts.tsv.gz", "counts.csv", "counts.xlsx", "counts.parquet", "salmon", "star")
READ = """
import sys
from dermshift.io.matrix import Hints
from dermshift.io.readers import read_matrix
matrix = read_matrix(sys.argv[1], sys.argv[3].split(","), Hints(transcripts=sys.argv[2]))
print(*matrix.values.shape)
"""


def make(folder: Path) -> None:
    """Write the same study in every format."""
    rng = np.random.default_rng(0)
    genes = pd.Index([f"ENSG{i:011d}" for i in range(GENES)], name="gene_id")
    counts = pd.DataFrame(rng.negative_binomial(1, 0.002, (GENES, len(SAMPLES))), index=genes, columns=SAMPLES)
    counts.to_csv(folder / "counts.tsv.gz", sep="\t")
    counts.to_csv(folder / "counts.csv")
    counts.to_excel(folder / "counts.xlsx")
    counts.to_parquet(folder / "counts.parquet")
    for name, write in (("salmon", quantification), ("star", reads_per_gene)):
        (folder / name).mkdir()
        for sample in SAMPLES:
            write(folder / name, sample, counts[sample], rng)
    owner = genes[np.arange(TRANSCRIPTS) % GENES]
    names = [f"ENST{i:011d}" for i in range(TRANSCRIPTS)]
    pd.DataFrame({"transcript_id": names, "gene_id": owner}).to_csv(folder / "tx2gene.csv", index=False)


def quantification(folder: Path, sample: str, _counts: pd.Series, rng: np.random.Generator) -> None:
    """Write what salmon leaves of a sample."""
    length = np.linspace(300, 5000, TRANSCRIPTS).astype(int)
    reads = np.round(rng.gamma(0.3, 300, TRANSCRIPTS), 3)
    rate = reads / (length - 200)
    columns = {
        "Name": [f"ENST{i:011d}" for i in range(TRANSCRIPTS)],
        "Length": length,
        "EffectiveLength": length - 200.0,
        "TPM": np.round(rate / rate.sum() * 1e6, 6),
        "NumReads": reads,
    }
    pd.DataFrame(columns).to_csv(folder / f"{sample}_quant.sf", sep="\t", index=False)


def reads_per_gene(folder: Path, sample: str, counts: pd.Series, _rng: np.random.Generator) -> None:
    """Write what STAR leaves of a sample of a reverse-stranded library."""
    special = pd.DataFrame(9, index=["N_unmapped", "N_multimapping", "N_noFeature", "N_ambiguous"], columns=[1, 2, 3])
    own = pd.DataFrame({1: counts, 2: counts // 50, 3: counts - counts // 50})
    pd.concat([special, own]).to_csv(folder / f"{sample}ReadsPerGene.out.tab", sep="\t", header=False)


def measure(path: Path, transcripts: Path) -> tuple[float, float]:
    """Return seconds and peak memory in MB of reading one matrix."""
    command = [sys.executable, "-c", READ, str(path), str(transcripts), ",".join(SAMPLES)]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(process.returncode)
    return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6


def main() -> None:
    """Print one row per format."""
    if len(sys.argv) > 1:  # in a process of its own: a child counts what its parent held when it began
        make(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.executable, __file__, name], check=True)
        print("| format | seconds | peak memory |\n|---|---|---|")
        for label in FORMATS:
            seconds, peak = measure(Path(name) / label, Path(name) / "tx2gene.csv")
            print(f"| {label} | {seconds:.1f} | {peak:,.0f} MB |", flush=True)


if __name__ == "__main__":
    main()
