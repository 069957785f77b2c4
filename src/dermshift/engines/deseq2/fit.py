"""Fit one matrix: size factors, dispersions and coefficients of every gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines.deseq2.dataset import RDeseqDataSet
from dermshift.engines.order import canonical_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.deseq2.inference import BatchedInference


def fit(
    counts: pd.DataFrame, design: Design, inference: BatchedInference, genes: Sequence[str] | None = None
) -> RDeseqDataSet:
    """Fit the design's matrix to every column of `counts`.

    Parameters
    ----------
    counts
        Libraries x genes, whole numbers, index as ``design.matrix``; columns may be sparse.
    inference
        Kernels to fit with.
    genes
        Where given, the result holds these columns alone; all columns still set size factors, trend and prior.

    Notes
    -----
    The matrix is passed as numbers: no formula is ever evaluated. PyDESeq2 asks for sample metadata but reads none
    of it when the design is a matrix. Cook's distances cannot flag anything here: with patient columns no design
    row repeats.

    References
    ----------
    Love, Huber and Anders 2014, doi:10.1186/s13059-014-0550-8; R ``DESeq2::DESeq``.
    """
    # near the floor of the dispersions the last digit decides where the search stops
    order = canonical_order(counts.to_numpy("int64"), design.matrix)
    rows, columns = design.matrix.index[order[0]], design.matrix.columns[order[1]]
    dds = RDeseqDataSet(
        counts=counts.loc[rows].astype("int64"),
        metadata=design.libraries.loc[rows, ["patient", "timepoint"]].astype(str),
        design=design.matrix.loc[rows, columns].astype(float),
        inference=inference,
        quiet=True,
    )
    if genes is not None:
        return dds.of_genes(genes)
    dds.deseq2()
    return dds
