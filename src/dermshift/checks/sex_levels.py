"""Levels of the sex-linked genes in a matrix: samples x gene symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

WEAK = 0.25
"""A gene with less than this share of the variance of the best gene of its sex separates less than half as well."""


def telling(sex_genes: pd.DataFrame) -> pd.DataFrame:
    """Return the genes with a limit: one with neither is too weak to tell a sex."""
    return sex_genes[sex_genes[["high_cpm", "low_cpm"]].notna().any(axis=1)]


def by_sex(sex_genes: pd.DataFrame) -> dict[str, list[str]]:
    """Return the symbols of the genes by the sex that expresses them."""
    return {str(sex): list(part["gene_symbol"]) for sex, part in sex_genes.groupby("sex")}


def cpm_levels(counts: pd.DataFrame, genes: pd.DataFrame, sex_genes: pd.DataFrame) -> pd.DataFrame:
    """Return counts per million of the whole library; of several rows of a gene the highest counts.

    Parameters
    ----------
    counts
        Samples x genes.
    genes
        Index gene id, column ``gene_symbol``; as the columns of `counts`.
    sex_genes
        Columns ``gene_symbol`` and ``ensembl_id``; a gene is found by Ensembl id, then by symbol.

    Returns
    -------
    pandas.DataFrame
        Samples x symbols of the genes that are in the matrix.
    """
    values = counts.to_numpy(float)
    library = np.nansum(values, axis=1)
    per_million = 1e6 / np.where(library > 0, library, np.nan)
    columns = {}
    with np.errstate(invalid="ignore"):  # infinite values are reported by their own check
        for symbol, rows in _rows(genes, sex_genes).items():
            columns[symbol] = values[:, rows].max(axis=1) * per_million
    return pd.DataFrame(columns, index=counts.index)


def log2_levels(values: pd.DataFrame, genes: pd.DataFrame, sex_genes: pd.DataFrame) -> pd.DataFrame:
    """Return log2 levels of the genes that can tell: one row per gene, the one that varies most between the samples.

    A weak probe set (on HG-U133A 2.0 those of USP9Y and UTY, 205001_s_at of DDX3Y) stays near the background in either
    sex: the mean over all would dilute the good ones, and the highest level may be that of a row that shines in
    everyone. Where both sexes are present, the row that separates them varies most. So the row is chosen by its
    variance, and a gene is left out where that is below `WEAK` of the largest among the genes of its sex. No label
    takes part in that: a wrong sheet cannot choose its own evidence. With one sex only nothing hangs on the choice.

    Parameters are those of `cpm_levels`, `sex_genes` with the column ``sex``; values that are not finite become NaN.

    Returns
    -------
    pandas.DataFrame
        Samples x symbols of the genes that can tell.
    """
    columns, spread = {}, {}
    for symbol, rows in _rows(genes, sex_genes).items():
        found = values.iloc[:, rows].to_numpy(float)
        levels = pd.DataFrame(np.where(np.isfinite(found), found, np.nan))
        variances = levels.var().fillna(0.0)
        columns[symbol] = levels[variances.idxmax()].to_numpy()
        spread[symbol] = float(variances.max())
    kept: list[str] = []
    for symbols in by_sex(sex_genes).values():
        here = {symbol: spread[symbol] for symbol in symbols if symbol in spread}
        kept += [symbol for symbol in here if here[symbol] >= WEAK * max(here.values())]
    return pd.DataFrame({symbol: columns[symbol] for symbol in columns if symbol in kept}, index=values.index)


def _rows(genes: pd.DataFrame, sex_genes: pd.DataFrame) -> dict[str, npt.NDArray[np.intp]]:
    """Return where the matrix holds each sex-linked gene; genes that it lacks are left out."""
    names, symbols = genes.index.to_numpy(object), genes["gene_symbol"].to_numpy(object)
    found = {}
    for symbol, ensembl in zip(sex_genes["gene_symbol"], sex_genes["ensembl_id"], strict=True):
        by_id = names == ensembl
        hits = by_id if ensembl and by_id.any() else (names == symbol) | (symbols == symbol)
        if hits.any():
            found[str(symbol)] = np.flatnonzero(hits)
    return found
