"""Fit one matrix: size factors, dispersions and coefficients of every gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.engines.deseq2.dataset import RDeseqDataSet

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.deseq2.inference import BatchedInference


def fit(counts: pd.DataFrame, design: Design, inference: BatchedInference) -> RDeseqDataSet:
    """Fit the design's matrix to every column of `counts`.

    Parameters
    ----------
    counts
        Libraries x genes, whole numbers, index as ``design.matrix``; columns may be sparse.
    inference
        Kernels to fit with.

    Notes
    -----
    The matrix is passed as numbers: no formula is ever evaluated. PyDESeq2 asks for sample metadata but reads none
    of it when the design is a matrix. Cook's distances cannot flag anything here: with patient columns no design
    row repeats.

    References
    ----------
    Love, Huber and Anders 2014, doi:10.1186/s13059-014-0550-8; R ``DESeq2::DESeq``.
    """
    rows, columns = canonical_order(counts, design.matrix)
    dds = RDeseqDataSet(
        counts=counts.loc[rows].astype("int64"),
        metadata=design.libraries.loc[rows, ["patient", "timepoint"]].astype(str),
        design=design.matrix.loc[rows, columns].astype(float),
        inference=inference,
        quiet=True,
    )
    dds.deseq2()
    return dds


def canonical_order(counts: pd.DataFrame, matrix: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the libraries and coefficients in an order that the values alone decide.

    Sums over libraries round differently in another order, and near the floor of the dispersions the search stops at
    a different place for it. In this order, names of samples and patients cannot change a digit of a result.
    """
    X = counts.to_numpy("int64")
    rows = sorted(range(len(X)), key=lambda i: X[i].tobytes())
    D = matrix.to_numpy("float64")[rows]
    columns = sorted(range(D.shape[1]), key=lambda j: D[:, j].tobytes())
    return [str(matrix.index[i]) for i in rows], [str(matrix.columns[j]) for j in columns]
