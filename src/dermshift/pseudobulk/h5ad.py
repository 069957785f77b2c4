"""AnnData on disk, HDF5 and Zarr alike, from version 0.6 on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.io.decode import refuse
from dermshift.pseudobulk.atlas import Atlas, Candidate
from dermshift.pseudobulk.blocks import Dense, Sparse
from dermshift.pseudobulk.frames import Frame
from dermshift.pseudobulk.genes import of_frame
from dermshift.pseudobulk.store import attribute, child, is_array, reading, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.atlas import Values
    from dermshift.pseudobulk.genes import Genes

LAYOUTS = {"csr": "rows", "csc": "columns"}


def open_anndata(root: Any, path: str) -> Atlas:
    """Return the atlas of an opened AnnData file.

    Raises
    ------
    FormatError
        No obs or var, or matrices that do not fit them.
    """
    uns = child(root, "uns", path)
    obs = Frame(_need(root, "obs", path), f"{path}: obs", uns)
    candidates = _candidates(root, path, len(obs))
    if not candidates:
        raise refuse(path, "no X, layers or raw", "raw counts in one of them", "Write the atlas with its counts.")
    index = obs.column(obs.index)

    def barcodes(start: int, stop: int) -> NDArray[Any]:
        return np.array(obs.texts(obs.index, start, stop), dtype=object)

    return Atlas(
        path=path,
        format="AnnData in Zarr" if not hasattr(root, "id") else "AnnData in HDF5",
        n_cells=len(obs),
        candidates=tuple(candidates),
        columns=tuple(obs.names),
        column=obs.column,
        cell_name=lambda place: index.levels[int(index.codes(place, place + 1)[0])],
        barcodes=barcodes,
    )


def _need(root: Any, name: str, path: str) -> Any:
    node = child(root, name, path)
    if node is None:
        found = f"no '{name}' (it holds {', '.join(sorted(map(str, root))) or 'nothing'})"
        raise refuse(path, found, "an AnnData file with obs, var and counts, or a 10x file", "Check the path.")
    return node


def _candidates(root: Any, path: str, cells: int) -> list[Candidate]:
    """Return every matrix, those named like counts first, X last."""
    found: list[Candidate] = []
    var = partial(_genes, root, path, "var")
    layers = child(root, "layers", path)
    for name in sorted(layers) if layers is not None else []:
        node = child(layers, str(name), f"{path}: layers")
        found.append(Candidate(f"layer:{name}", _values(node, f"{path}: layers/{name}", cells), var))
    raw = child(root, "raw", path)
    if raw is not None and not is_array(raw) and (node := child(raw, "X", f"{path}: raw")) is not None:
        genes = partial(_genes, raw, f"{path}: raw", "var")
        found.append(Candidate("raw", _values(node, f"{path}: raw/X", cells), genes))
    elif (old := child(root, "raw.X", path)) is not None:
        found.append(Candidate("raw", _values(old, f"{path}: raw.X", cells), partial(_genes, root, path, "raw.var")))
    if (node := child(root, "X", path)) is not None and attribute(node, "encoding-type") != "null":
        found.append(Candidate("X", _values(node, f"{path}: X", cells), var))
    return found


def _genes(root: Any, path: str, name: str) -> Genes:
    return of_frame(path, Frame(_need(root, name, path), f"{path}: {name}", child(root, "uns", path)))


def _values(node: Any, path: str, cells: int) -> Values:
    if is_array(node):
        values: Values = Dense(node, path)
    else:
        kind = text(attribute(node, "encoding-type", "h5sparse_format") or "")[:3]
        with reading(path, "the shape of a sparse matrix"):
            shape = tuple(int(length) for length in attribute(node, "shape", "h5sparse_shape"))
        if kind not in LAYOUTS or len(shape) != 2:
            found = f"a matrix of kind '{text(attribute(node, 'encoding-type') or '')}'"
            raise refuse(path, found, "a CSR, CSC or dense matrix", "Write the atlas again with anndata.")
        values = Sparse(node, path, LAYOUTS[kind], shape)
    if values.shape[0] != cells:
        found, expected = f"{values.shape[0]} cells", f"{cells} cells, as in obs"
        raise refuse(path, found, expected, "Write the atlas again; the file is damaged.")
    return values
