"""Levels of sex-linked genes in every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from dermshift.study import Study


def sex_gene_levels(study: Study, sex_genes: pd.DataFrame) -> pd.DataFrame:
    """Return the level of every sex-linked gene the study measures, one row per sample and gene.

    Parameters
    ----------
    study
        Counts become CPM of the whole library, the unit of the limits; a log2 study keeps its values.
    sex_genes
        ``gene_symbol``, ``ensembl_id``, ``sex`` (in which the gene is expressed), ``high_cpm``, ``low_cpm``.

    Returns
    -------
    pandas.DataFrame
        ``sample``, ``gene_symbol``, ``gene_sex``, ``log2_level`` (log2(CPM + 1), or the log2 value), ``log2_high`` and ``log2_low``
        (the limits on that scale; NaN for a log2 study, whose values are no CPM).
    """
    columns = ["sample", "gene_symbol", "gene_sex", "log2_level", "log2_high", "log2_low"]
    values = study.values.astype(float)
    counts = study.scale == "counts"
    total = values.sum(axis=1)
    rows = []
    for known in sex_genes.to_dict("records"):
        symbols = study.genes["gene_symbol"]
        hits = study.genes.index[(study.genes.index == known["ensembl_id"]) | (symbols == known["gene_symbol"])]
        if not len(hits):
            continue
        level = values[hits].max(axis=1)
        if counts:
            level = np.log2(level / total.where(total > 0, 1.0) * 1e6 + 1.0)
        limits = [np.log2(float(known[name]) + 1.0) if counts else np.nan for name in ("high_cpm", "low_cpm")]
        rows.append(
            pd.DataFrame(
                {
                    "sample": values.index,
                    "gene_symbol": known["gene_symbol"],
                    "gene_sex": known["sex"],
                    "log2_level": level.to_numpy(),
                    "log2_high": limits[0],
                    "log2_low": limits[1],
                }
            )
        )
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
