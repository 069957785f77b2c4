"""Small sound atlases in every format, and what is asked of them."""

from __future__ import annotations

import gzip
import io
import warnings
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dermshift.pseudobulk.asked import Asked
from dermshift.pseudobulk.make import make_part

ASKED = {"patient": "donor", "timepoint": "visit", "cell_type": "type", "min_cells": 2}
CELLS, GENES = 48, 10


def adata() -> Any:
    from anndata import AnnData

    rng = np.random.default_rng(1)
    names = [f"cell{place}" for place in range(CELLS)]
    obs = pd.DataFrame({"donor": [f"P{place % 3}" for place in range(CELLS)]}, index=pd.Index(names, dtype=object))
    obs["visit"] = pd.Categorical(["before", "after"] * (CELLS // 2))
    obs["type"] = "B cell"
    genes = pd.Index([f"ENSG{place:011d}" for place in range(GENES)], dtype=object)
    values = rng.poisson(1.5, (CELLS, GENES)).astype(np.float32)
    return AnnData(values, obs=obs, var=pd.DataFrame({"gene_name": [f"G{n}" for n in range(GENES)]}, index=genes))


def write_all(folder: Path) -> dict[str, Path]:
    """Write the atlas in every format; return file or folder by its kind."""
    import scipy.sparse as sp

    made = adata()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what anndata and zarr say of their own formats is not asked here
        for kind, layout in (("dense", np.asarray), ("csr", sp.csr_matrix), ("csc", sp.csc_matrix)):
            copy = made.copy()
            copy.X = layout(made.X)
            copy.write_h5ad(folder / f"{kind}.h5ad", compression="gzip" if kind == "csc" else None)
        copy.X = sp.csr_matrix(made.X)
        copy.write_zarr(folder / "atlas.zarr")
    write_tenx(made, folder / "tenx.h5")
    write_mtx(made, folder / "mtx")
    made.obs.rename_axis("barcode").to_csv(folder / "cells.tsv", sep="\t")
    kinds = ("dense.h5ad", "csr.h5ad", "csc.h5ad", "tenx.h5", "atlas.zarr", "mtx")
    return {name.split(".")[0]: folder / name for name in kinds}


def write_tenx(made: Any, path: Path) -> None:
    import h5py
    import scipy.sparse as sp

    matrix = sp.csr_matrix(made.X).astype(np.int32)
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix")
        group["barcodes"] = np.array(list(made.obs_names), dtype="S")
        for name in ("data", "indices", "indptr"):
            group[name] = getattr(matrix, name)
        group["shape"] = np.array(matrix.shape[::-1], dtype=np.int32)
        features = group.create_group("features")
        features["id"] = np.array(list(made.var_names), dtype="S")
        features["name"] = np.array(list(made.var["gene_name"]), dtype="S")
        features["feature_type"] = np.array(["Gene Expression"] * made.n_vars, dtype="S")


def write_mtx(made: Any, folder: Path) -> None:
    folder.mkdir()
    cells, genes = np.nonzero(made.X)
    lines = [f"{gene + 1} {cell + 1} {int(made.X[cell, gene])}" for cell, gene in zip(cells, genes, strict=True)]
    head = ["%%MatrixMarket matrix coordinate integer general", "%", f"{made.n_vars} {made.n_obs} {len(lines)}"]
    (folder / "matrix.mtx").write_text("\n".join([*head, *lines]) + "\n")
    (folder / "barcodes.tsv.gz").write_bytes(gzip.compress("\n".join(made.obs_names).encode() + b"\n", mtime=0))
    rows = [
        f"{gene}\t{name}\tGene Expression" for gene, name in zip(made.var_names, made.var["gene_name"], strict=True)
    ]
    (folder / "features.tsv").write_text("\n".join(rows) + "\n")


def written(path: str, cells: str, out: Path) -> None:
    """Run the command; what is refused leaves nothing behind."""
    from dermshift.cli.pseudobulk import pseudobulk
    from dermshift.errors import DermshiftError

    own = cells if Path(path).suffix == ".h5" else ""
    try:
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            pseudobulk(path, "donor", "visit", "type", out, min_cells=2, cells=own)
    except DermshiftError:
        assert not out.exists()
        raise


def summed(path: str, cells: str = "") -> object:
    """Sum an atlas; what its libraries warn of in a damaged file is not asked."""
    own = cells if Path(path).suffix in ("", ".h5") else ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make_part(path, Asked(**ASKED, cells=own))  # type: ignore[arg-type]
