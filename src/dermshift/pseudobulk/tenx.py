"""10x matrices in HDF5: CellRanger 3 and later (group ``matrix``) and earlier (one group per genome)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import listed
from dermshift.io.decode import refuse
from dermshift.pseudobulk.atlas import Atlas, Candidate
from dermshift.pseudobulk.blocks import Sparse
from dermshift.pseudobulk.genes import Genes, genes
from dermshift.pseudobulk.store import child, is_array, reading, text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.frames import Column

PARTS = {"barcodes", "data", "indices", "indptr", "shape"}


def is_tenx(root: Any) -> bool:
    """Tell a 10x file from an AnnData file."""
    return "obs" not in root and bool(_groups(root))


def _groups(root: Any) -> list[str]:
    return [str(name) for name in root if not is_array(root[name]) and set(root[name]) >= PARTS]


def open_tenx(root: Any, path: str) -> Atlas:
    """Return the atlas of an opened 10x file; its cells have no columns of their own.

    Raises
    ------
    FormatError
        Several genomes, or arrays that do not fit each other.
    """
    names = _groups(root)
    if len(names) > 1:
        found = f"{len(names)} genomes: {listed(names)}"
        raise refuse(path, found, "one genome", "Split the file by genome, and keep the cells of one species.")
    group = child(root, names[0], path)
    where = f"{path}: {names[0]}"
    with reading(where, "shape of genes x cells, and barcodes"):
        n_genes, n_cells = (int(length) for length in group["shape"][:])
        stored = group["barcodes"]
    if stored.shape != (n_cells,):
        raise refuse(where, f"{stored.shape[0]} barcodes", f"{n_cells}, as in its shape", "Write or copy it again.")
    values = Sparse(group, where, "rows", (n_cells, n_genes))

    def barcodes(start: int, stop: int) -> NDArray[Any]:
        with reading(where, "barcodes"):
            return np.array([text(name) for name in stored[start:stop]], dtype=object)

    return Atlas(
        path=path,
        format="10x HDF5",
        n_cells=n_cells,
        candidates=(Candidate("matrix", values, lambda: _genes(group, where)),),
        columns=(),
        column=no_column,
        cell_name=lambda place: str(barcodes(place, place + 1)[0]),
        barcodes=barcodes,
    )


def no_column(name: str) -> Column:
    """Say that such a file describes no cells; never called, since `columns` is empty."""
    raise KeyError(name)


def _genes(group: Any, where: str) -> Genes:
    features = child(group, "features", where)
    with reading(where, "identifiers and names of genes"):
        if features is None:
            return genes(where, _texts(group["genes"]), _texts(group["gene_names"]), None)
        types = _texts(features["feature_type"]) if "feature_type" in features else None
        return genes(where, _texts(features["id"]), _texts(features["name"]), types)


def _texts(array: Any) -> list[str]:
    return [text(name) for name in array[:]]
