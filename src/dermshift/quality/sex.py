"""Levels of sex-linked genes in every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.sex import INDETERMINATE, sex_calls

if TYPE_CHECKING:
    from dermshift.study import Study

COLUMNS = ["sample", "gene_symbol", "gene_sex", "log2_level", "log2_high", "log2_low", "call"]


def sex_gene_levels(study: Study, sex_genes: pd.DataFrame) -> pd.DataFrame:
    """Return the level of every sex-linked gene that decides, one row per sample and gene.

    Parameters
    ----------
    study
        Counts become CPM of the whole library, the unit of the limits; a log2 study keeps its values.
    sex_genes
        ``gene_symbol``, ``ensembl_id``, ``sex`` (in which the gene is expressed), ``high_cpm``, ``low_cpm``; a gene
        with neither limit is too weak to tell and is left out.

    Returns
    -------
    pandas.DataFrame
        ``sample``, ``gene_symbol``, ``gene_sex``, ``log2_level`` (log2(CPM + 1), or the log2 value), ``log2_high`` and
        ``log2_low`` (the limits on that scale; NaN for a log2 study, whose values are no CPM), and ``call``: the sex
        the genes of the sample speak of by `checks.sex.sex_calls`, equal on all its rows and indeterminate for log2.
    """
    counts = study.scale == "counts"
    known = sex_genes[sex_genes[["high_cpm", "low_cpm"]].notna().any(axis=1)]
    levels = _levels(study, known)
    if levels.empty:
        return pd.DataFrame(columns=COLUMNS)
    calls = sex_calls(levels, known) if counts else pd.Series(INDETERMINATE, index=levels.index)
    long = levels.rename_axis("sample").reset_index().melt("sample", var_name="gene_symbol", value_name="level")
    row = known.drop_duplicates("gene_symbol").set_index("gene_symbol").reindex(long["gene_symbol"])
    limits = row[["high_cpm", "low_cpm"]].to_numpy(float) if counts else np.full((len(long), 2), np.nan)
    frame = long[["sample", "gene_symbol"]].assign(
        gene_sex=row["sex"].to_numpy(),
        log2_level=np.log2(long["level"] + 1.0) if counts else long["level"],
        log2_high=np.log2(limits[:, 0] + 1.0),
        log2_low=np.log2(limits[:, 1] + 1.0),
        call=long["sample"].map(calls),
    )
    return frame[COLUMNS]


def _levels(study: Study, known: pd.DataFrame) -> pd.DataFrame:
    """Return samples x symbols: CPM, or the log2 value. Ids come before symbols; of several rows the highest value."""
    values, symbols = study.values.astype(float), study.genes["gene_symbol"]
    total = values.sum(axis=1)
    columns = {}
    for symbol, ensembl in zip(known["gene_symbol"], known["ensembl_id"], strict=True):
        hits = study.genes.index[study.genes.index == ensembl]
        hits = hits if len(hits) else study.genes.index[(study.genes.index == symbol) | (symbols == symbol)]
        if len(hits):
            level = values[hits].max(axis=1)
            columns[str(symbol)] = level / total.where(total > 0) * 1e6 if study.scale == "counts" else level
    return pd.DataFrame(columns, index=values.index)
