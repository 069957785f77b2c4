"""Principal components of the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.quality.expression import log2_expression

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.study import Study


def principal_components(study: Study, *, n_genes: int = 500, within: str = "") -> pd.DataFrame:
    """Return the first two principal components of the most variable genes, index sample.

    Parameters
    ----------
    study
        Any scale; counts are taken as log2 CPM.
    n_genes
        How many genes of highest variance enter (R ``DESeq2::plotPCA`` takes 500 too), centred, not scaled.
    within
        Column of the sheet whose levels are each centred on their own mean before genes are chosen; empty for none.

    Returns
    -------
    pandas.DataFrame
        ``pc1``, ``pc2`` (log2 units), ``pc1_share``, ``pc2_share`` (share of the variance of these genes) and
        ``n_genes``, the last three equal on every row. Empty below three samples or two varying genes.

    Notes
    -----
    The sign of a component is arbitrary; it is set so that the gene with the largest loading points up.
    """
    columns = ["pc1", "pc2", "pc1_share", "pc2_share", "n_genes"]
    values = log2_expression(study)
    if within:
        values = values - values.groupby(study.sheet[within]).transform("mean")
    variance = values.var(axis=0)
    order = np.argsort(-variance.to_numpy(), kind="stable")[:n_genes]
    top = values.iloc[:, order[variance.to_numpy()[order] > 0]]
    if top.shape[0] < 3 or top.shape[1] < 2:
        return pd.DataFrame(columns=columns, dtype=float).rename_axis("sample")
    scores, share = _components(top.to_numpy(float))
    frame = pd.DataFrame(scores, index=values.index, columns=columns[:2])
    frame[columns[2]], frame[columns[3]] = share
    frame[columns[4]] = top.shape[1]
    return frame.rename_axis("sample")


def _components(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], tuple[float, float]]:
    """Return scores (samples x 2) and the share of variance of each of the two."""
    import scanpy as sc
    from anndata import AnnData

    adata = AnnData(values)
    sc.pp.pca(adata, n_comps=2, svd_solver="full", dtype="float64")
    loadings = adata.varm["PCs"]
    signs = np.sign(loadings[np.abs(loadings).argmax(axis=0), range(2)])
    first, second = adata.uns["pca"]["variance_ratio"]
    return adata.obsm["X_pca"] * signs, (float(first), float(second))
