"""Levels of sex-linked genes in every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.sex import sex_calls
from dermshift.checks.sex_gap import part_samples
from dermshift.checks.sex_levels import by_sex, cpm_levels, log2_levels, telling

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
        ``log2_low``: the limits on that scale; for a log2 study ``log2_high`` is the line half way between the two
        groups of samples for the mean of all genes of that sex (NaN where samples do not part) and ``log2_low`` NaN.
        ``call``: the sex the genes of the sample speak of by `checks.sex.sex_calls` or, for a log2 study,
        `checks.sex_gap.part_samples`; equal on all its rows.
    """
    known = telling(sex_genes)
    counts = study.scale == "counts"
    levels = (cpm_levels if counts else log2_levels)(study.values, study.genes, known)
    if levels.empty:
        return pd.DataFrame(columns=COLUMNS)
    long = levels.rename_axis("sample").reset_index().melt("sample", var_name="gene_symbol", value_name="level")
    row = known.drop_duplicates("gene_symbol").set_index("gene_symbol").reindex(long["gene_symbol"])
    if counts:
        calls, level = sex_calls(levels, known), np.log2(long["level"] + 1.0)
        limits = np.log2(row[["high_cpm", "low_cpm"]].to_numpy(float) + 1.0)
    else:
        parted = part_samples(levels, by_sex(known))
        calls, level = parted.calls, long["level"]
        limits = np.column_stack([row["sex"].map(parted.lines).to_numpy(float), np.full(len(row), np.nan)])
    frame = long[["sample", "gene_symbol"]].assign(
        gene_sex=row["sex"].to_numpy(),
        log2_level=level,
        log2_high=limits[:, 0],
        log2_low=limits[:, 1],
        call=long["sample"].map(calls),
    )
    return frame[COLUMNS]
