"""Expression matrices as AnnData (.h5ad), samples in obs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import Finding, listed
from dermshift.io.decode import refuse
from dermshift.io.matrix import NO_HINTS, SYMBOL_COLUMNS, Hints, Matrix, Reader, pick
from dermshift.io.orientation import orient
from dermshift.io.study_file import read_h5ad, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

COUNTS = "counts"


def read_anndata_matrix(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read ``layers["counts"]`` where present, else ``X``; the sheet file rules over what ``obs`` holds.

    Raises
    ------
    FormatError
        Not readable as AnnData, samples not in obs, or values that are no numbers.
    """
    adata = read_h5ad(path)
    names = [str(name) for name in adata.obs_names]
    genes = tuple(str(name) for name in adata.var_names)
    axis, oriented = orient(path, genes, names, samples)
    if axis == "columns":
        raise refuse(
            path, "samples in var", "samples in obs, genes in var", "Transpose the object (adata.T) and write it again."
        )
    source = f'layers["{COUNTS}"]' if COUNTS in adata.layers else "X"
    values = adata.layers.get(COUNTS, adata.X)
    elsewhere = () if COUNTS in adata.layers else _counts_in(adata)
    places, unlisted, doubled = pick(names, samples)
    symbol = next((name for name in SYMBOL_COLUMNS if name in adata.var), None)
    return Matrix(
        values=_dense(values, path)[places],
        samples=tuple(names[place] for place in places),
        genes=genes,
        symbols=None if symbol is None else tuple(texts(adata.var[symbol])),
        unlisted=unlisted,
        doubled=doubled,
        findings=(_layout(source, elsewhere), oriented),
        counts_in=elsewhere,
    )


def _layout(source: str, elsewhere: Sequence[str]) -> Finding:
    text = f"AnnData, values from {source}"
    if not elsewhere:
        return Finding("matrix_layout", "note", text)
    text = f"{text}; whole numbers, which counts would be, are in {listed(elsewhere)} alone"
    return Finding("matrix_layout", "warning", text)


def _counts_in(adata: Any) -> tuple[str, ...]:
    """Return the places of whole numbers from 0, where ``X`` holds others."""
    if adata.X is None or _whole(adata.X):
        return ()
    # From anndata 0.13 on, a layer without a name stands for X.
    layers = sorted(name for name in adata.layers if name is not None)
    places = [f"layers['{name}']" for name in layers if _whole(adata.layers[name])]
    return (*places, *(["raw.X"] if adata.raw is not None and _whole(adata.raw.X) else []))


def _whole(values: Any) -> bool:
    stored = np.asarray(values.data if hasattr(values, "indptr") else values)
    if stored.dtype.kind not in "iuf" or not stored.size:
        return False
    return bool((stored >= 0).all() and (stored == np.floor(stored)).all() and stored.max() > 1)


def _dense(values: Any, path: str) -> npt.NDArray[np.float64]:
    if values is None:
        raise refuse(
            path, "no X and no layer of counts", "values in X or layers['counts']", "Write the object with its values."
        )
    if hasattr(values, "check_format"):
        try:
            # A damaged index would be written through, past the end of the array.
            values.check_format(full_check=True)
        except ValueError as error:
            raise refuse(path, f"damaged sparse values: {error}", "a sound file", "Write the file again.") from error
    array = values.toarray() if hasattr(values, "toarray") else np.asarray(values)
    if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool):
        raise refuse(path, f"values of type {array.dtype}", "numbers", "Write the object with numeric values.")
    return array.astype(np.float64)


READER = Reader(
    name="anndata",
    summary='AnnData, samples in obs; raw counts from layers["counts"] if present, else X',
    suffixes=(".h5ad",),
    function=read_anndata_matrix,
)
