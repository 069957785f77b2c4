"""Write small quantifications of three samples, as salmon and kallisto do: seeded, the same bytes each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SAMPLES = ("one", "two", "three")
TRANSCRIPTS, GENES, UNMAPPED = 120, 40, 4


def main() -> None:
    rng = np.random.default_rng(20)
    names = [f"ENST{place:011d}.{1 + place % 3}" for place in range(TRANSCRIPTS)]
    genes = rng.integers(0, GENES, TRANSCRIPTS)
    length = rng.integers(200, 5000, TRANSCRIPTS)
    shown = TRANSCRIPTS - UNMAPPED
    rows = [f"{names[i].split('.')[0]},ENSG{genes[i]:011d}\n" for i in rng.permutation(shown)]
    (HERE / "tx2gene.csv").write_text("TXNAME,GENEID\n" + "".join(rows))
    for number, sample in enumerate(SAMPLES):
        effective = np.maximum(length - rng.normal(180, 15, TRANSCRIPTS), 20).round(3)
        reads = (rng.negative_binomial(1, 0.01, TRANSCRIPTS) * rng.uniform(0.5, 1.5, TRANSCRIPTS)).round(3)
        reads[rng.random(TRANSCRIPTS) < 0.3] = 0
        reads[genes < 3] = 0  # without reads anywhere
        reads[(genes == 3 + number) | (genes == 10)] *= number > 0  # without reads in some samples
        reads[shown:] *= 0.01
        tpm = reads / effective
        tpm = tpm / tpm.sum() * 1e6
        folder = HERE / "salmon" / sample
        folder.mkdir(parents=True, exist_ok=True)
        rows = zip(names, length, effective, tpm, reads, strict=True)
        lines = [f"{name}\t{long}\t{eff:.3f}\t{rate:.6f}\t{n:.3f}\n" for name, long, eff, rate, n in rows]
        (folder / "quant.sf").write_text("Name\tLength\tEffectiveLength\tTPM\tNumReads\n" + "".join(lines))
        folder = HERE / "kallisto" / sample
        folder.mkdir(parents=True, exist_ok=True)
        rows = zip(names, length, effective, tpm, reads, strict=True)
        lines = [f"{name}\t{long}\t{eff:.6g}\t{n:.6g}\t{rate:.6g}\n" for name, long, eff, rate, n in rows]
        (folder / "abundance.tsv").write_text("target_id\tlength\teff_length\test_counts\ttpm\n" + "".join(lines))


if __name__ == "__main__":
    main()
