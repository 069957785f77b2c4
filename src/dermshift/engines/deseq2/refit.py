"""Replace counts that are outliers, and fit the genes that had one again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.engines.deseq2 import cooks
from dermshift.engines.deseq2.arrays import by_gene

if TYPE_CHECKING:
    from dermshift.engines.deseq2.dataset import RDeseqDataSet

KEPT = ("genewise_dispersions", "fitted_dispersions", "MAP_dispersions", "dispersions", "_normed_means")
FLAGS = ("_genewise_converged", "_MAP_converged", "_LFC_converged", "_outlier_genes")


def refit_without_outliers(dds: RDeseqDataSet) -> None:
    """Replace outlying counts of libraries whose design row is shared by `min_replicates`, and refit in place.

    Trend, prior and size factors stay those of the first fit. A gene with nothing but zeros left is no longer tested.

    References
    ----------
    R ``DESeq2:::refitWithoutOutliers``.
    """
    matrix = np.asarray(dds.obsm["design_matrix"], dtype=float)
    replaceable = cooks.repeated(matrix, dds.min_replicates)
    dds.obs["replaceable"] = replaceable
    dds.var["replaced"] = dds.var["refitted"] = False
    dds.new_all_zeroes_genes = dds.var_names[:0]
    if not replaceable.any():
        return
    distances = by_gene(dds.layers["cooks"])
    outlying = distances > cooks.cutoff(matrix)
    replaced = outlying.any(axis=1)
    if not replaced.any():
        return
    dds.var["replaced"] = replaced
    factors = dds.obs["size_factors"].to_numpy(dtype=float)
    counts = cooks.replaced_counts(by_gene(dds.X)[replaced], factors, outlying[replaced], replaceable)
    empty = ~counts.any(axis=1)
    genes = dds.var_names[replaced]
    dds.new_all_zeroes_genes = genes[empty]
    dds.var.loc[genes[empty], "_normed_means"] = 0.0
    dds.varm["LFC"].loc[genes[empty]] = 0.0
    if (~empty).any():
        _refit(dds, pd.DataFrame(counts[~empty].T.astype("int64"), index=dds.obs_names, columns=genes[~empty]))
        dds.layers["replace_counts"] = dds.X.copy()
        dds.layers["replace_counts"][:, replaced] = counts.T
        dds.layers["replace_cooks"] = np.where(replaceable, 0.0, distances).T


def _refit(dds: RDeseqDataSet, counts: pd.DataFrame) -> None:
    sub = dds.like(counts)
    dds.var.loc[counts.columns, "refitted"] = True
    for name in (*KEPT, *FLAGS):
        dds.var.loc[counts.columns, name] = sub.var[name]
    dds.varm["LFC"].loc[counts.columns] = sub.varm["LFC"]
