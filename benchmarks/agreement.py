"""A table of genes against R's: ``python benchmarks/agreement.py TABLE.tsv R_RESULTS.csv[.gz]``.

R_RESULTS is what DESeq2's `results()` wrote, genes in the first column. Prints how far the p-values lie apart and how
many genes pass FDR 5 % on one side only.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from dermshift import io
from dermshift.names import DE_COLUMNS


def compare(table: pd.DataFrame, reference: pd.DataFrame) -> dict[str, float]:
    """Return the figures of agreement over the genes both have a p-value for."""
    both = table.set_index("gene_id").join(reference, how="inner")
    tested = both.dropna(subset=["p_value", "pvalue"])
    distance = (np.log10(tested["p_value"]) - np.log10(tested["pvalue"])).abs()
    ours, theirs = both["fdr"] < 0.05, both["padj"] < 0.05
    return {
        "genes with both p-values": len(tested),
        "|delta log10 p|, median": distance.median(),
        "|delta log10 p|, 99th percentile": distance.quantile(0.99),
        "passing FDR 5 %, here": int(ours.sum()),
        "passing FDR 5 %, in R": int(theirs.sum()),
        "on one side only": int((ours != theirs).sum()),
    }


if __name__ == "__main__":
    mine, r = sys.argv[1:]
    figures = compare(io.read_table(mine, DE_COLUMNS), pd.read_csv(r, index_col=0))
    print("\n".join(f"| {name} | {value:,.4g} |" for name, value in figures.items()))
