"""One way of summing an atlas, in a process of its own: ``python pseudobulk_one.py WAY FILE``."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from pathlib import Path

KEYS = ["patient", "timepoint", "cell_type"]
BLOCK = 3_000_000


def read(path: str) -> None:
    """Read every stored value once, block by block, and do nothing with it."""
    import h5py

    with h5py.File(path) as file:
        data, indices = file["X/data"], file["X/indices"]
        block = BLOCK // data.chunks[0] * data.chunks[0]
        for start in range(0, data.shape[0], block):
            data[start : start + block], indices[start : start + block]


def dermshift(path: str) -> None:
    from dermshift.cli.pseudobulk import pseudobulk

    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        pseudobulk(path, *KEYS, Path(folder), sex="sex")


def scanpy(path: str) -> None:
    import anndata
    import scanpy as sc

    sc.get.aggregate(anndata.read_h5ad(path), by=KEYS, func="sum")


def decoupler(path: str) -> None:
    import anndata
    import decoupler as dc

    adata = anndata.read_h5ad(path)
    adata.obs["sample"] = adata.obs["patient"].astype(str) + "." + adata.obs["timepoint"].astype(str)
    dc.pp.pseudobulk(adata, sample_col="sample", groups_col="cell_type", mode="sum")


WAYS = {"plain read": read, "dermshift": dermshift, "scanpy": scanpy, "decoupler": decoupler}

if __name__ == "__main__":
    WAYS[sys.argv[1]](sys.argv[2])
