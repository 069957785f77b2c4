"""P-values of each library against R's in one benchmark folder: ``python benchmarks/engine_agreement.py FOLDER``.

Reads what `engine_one.py` and `engine.R` wrote. Both filter independently at R's default alpha of .1.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd


def row(mine: pd.DataFrame, r: pd.DataFrame) -> str:
    """Return the cells of one library."""
    tiny = np.finfo(float).tiny
    distance = (np.log10(mine["pvalue"].clip(lower=tiny)) - np.log10(r["pvalue"].clip(lower=tiny))).abs()
    ours, theirs = mine["padj"] < 0.05, r["padj"] < 0.05
    return f"{ours.sum():,} | {(ours != theirs).sum():,} | {distance.median():.1e} / {distance.quantile(0.99):.1e}"


def main(folder: Path) -> None:
    if not (folder / "r.csv").exists():
        print("\nAgreement with R was not measured: R DESeq2 did not run.")
        return
    r = pd.read_csv(folder / "r.csv")
    head = f"library | genes at FDR 5 % (R: {(r['padj'] < 0.05).sum():,}) | on another side than R"
    print(f"\n| {head} | abs delta log10 p, median / 99th percentile |\n|---|---|---|---|")
    for library in ("dermshift", "pydeseq2", "inmoose"):
        if (folder / f"{library}.csv").exists():
            print(f"| {library} | {row(pd.read_csv(folder / f'{library}.csv'), r)} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
