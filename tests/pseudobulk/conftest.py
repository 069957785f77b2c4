from __future__ import annotations

import gzip
import warnings
from types import SimpleNamespace

import anndata
import h5py
import numpy as np
import pandas as pd
import pytest
import scipy.io
import scipy.sparse as sp

TYPES = ["CD4+ T cell", "B cell", "Keratinocyte"]


@pytest.fixture(autouse=True)
def quiet():
    with warnings.catch_warnings():
        # What anndata and zarr say of their own formats is not what is tested here.
        for module in ("anndata", "zarr", "scanpy"):
            warnings.filterwarnings("ignore", module=rf"{module}.*")
        warnings.filterwarnings("ignore", message=".*(zarr|Zarr|infer_string|names are not unique|__version__).*")
        yield


def atlas(cells=400, genes=60, seed=0, density=0.2):
    """Three patients x two visits x three types, with unequal sizes."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(density, size=(cells, genes)) * rng.integers(1, 9, size=(cells, genes))
    counts[0] = 0
    patient = rng.integers(3, size=cells)
    obs = pd.DataFrame(
        {
            "donor": pd.Categorical([f"P{place + 1}" for place in patient]),
            "visit": pd.Categorical(np.where(rng.random(cells) < 0.6, "baseline", "week1")),
            "type": pd.Categorical(rng.choice(TYPES, size=cells, p=[0.6, 0.35, 0.05])),
            "sex": pd.Categorical(np.where(patient % 2, "male", "female")),
            "age": (30 + patient).astype(np.int64),
        },
        index=[f"cell{place}" for place in range(cells)],
    )
    names = [*(f"MT-{place}" for place in range(4)), *(f"G{place}" for place in range(genes - 4))]
    var = pd.DataFrame({"feature_types": pd.Categorical(["Gene Expression"] * genes)}, index=names)
    return anndata.AnnData(sp.csr_matrix(counts.astype(np.float32)), obs=obs, var=var)


@pytest.fixture
def made():
    return atlas()


def written(adata, path, layout="csr", **options):
    """Write an atlas in one of many ways and return what to read."""
    copy = adata.copy()
    matrix = copy.X
    copy.X = {"csr": sp.csr_matrix, "csc": sp.csc_matrix, "dense": lambda x: x.toarray()}[layout](matrix)
    if str(path).endswith(".zarr"):
        copy.write_zarr(path, **options)
    else:
        copy.write_h5ad(path, **options)
    return str(path)


def written_as_is(adata, path):
    adata.write_h5ad(path)
    return str(path)


def tenx_v3(adata, path, types=None):
    matrix = sp.csr_matrix(adata.X).astype(np.int32)
    with h5py.File(path, "w") as file:
        group = file.create_group("matrix")
        group["barcodes"] = np.array(list(adata.obs_names), dtype="S")
        for name in ("data", "indices", "indptr"):
            group[name] = getattr(matrix, name)
        group["shape"] = np.array(matrix.shape[::-1], dtype=np.int32)
        features = group.create_group("features")
        features["id"] = np.array([f"ENSG{place:011d}" for place in range(adata.n_vars)], dtype="S")
        features["name"] = np.array(list(adata.var_names), dtype="S")
        features["feature_type"] = np.array(types or ["Gene Expression"] * adata.n_vars, dtype="S")
        features["genome"] = np.array(["GRCh38"] * adata.n_vars, dtype="S")
    return str(path)


def tenx_v2(adata, path, genomes=("GRCh38",)):
    matrix = sp.csr_matrix(adata.X).astype(np.int32)
    with h5py.File(path, "w") as file:
        for genome in genomes:
            group = file.create_group(genome)
            group["barcodes"] = np.array(list(adata.obs_names), dtype="S")
            for name in ("data", "indices", "indptr"):
                group[name] = getattr(matrix, name)
            group["shape"] = np.array(matrix.shape[::-1], dtype=np.int32)
            group["genes"] = np.array([f"ENSG{place:011d}" for place in range(adata.n_vars)], dtype="S")
            group["gene_names"] = np.array(list(adata.var_names), dtype="S")
    return str(path)


def mtx(adata, folder, packed=True):
    folder.mkdir()
    matrix = sp.coo_matrix(sp.csc_matrix(adata.X.T.astype(np.int64)))
    scipy.io.mmwrite(folder / "matrix.mtx", matrix, field="integer")
    (folder / "barcodes.tsv").write_text("\n".join(adata.obs_names) + "\n")
    rows = [f"ENSG{place:011d}\t{name}\tGene Expression" for place, name in enumerate(adata.var_names)]
    (folder / "features.tsv").write_text("\n".join(rows) + "\n")
    for path in list(folder.iterdir()) if packed else ():
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    return str(folder)


def cells_table(adata, path):
    adata.obs.astype(str).rename_axis("barcode").to_csv(path, sep="\t")
    return str(path)


@pytest.fixture
def writers():
    return SimpleNamespace(
        atlas=atlas,
        written=written,
        written_as_is=written_as_is,
        tenx_v3=tenx_v3,
        tenx_v2=tenx_v2,
        mtx=mtx,
        cells_table=cells_table,
    )


@pytest.fixture
def ask():
    from dermshift.pseudobulk.asked import Asked

    def asked(**changes):
        return Asked(**({"patient": "donor", "timepoint": "visit", "cell_type": "type", "min_cells": 5} | changes))

    return asked


@pytest.fixture
def expected():
    """What scanpy makes of the same cells: sums, cells, quality of cells and of pseudobulks."""

    def of(adata, min_cells=5):
        import scanpy as sc

        keys = ["donor", "visit", "type"]
        summed = sc.get.aggregate(adata, by=keys, func="sum")
        sizes = adata.obs.groupby(keys, observed=True).size()
        sums = pd.DataFrame(summed.layers["sum"], columns=adata.var_names)
        sums.index = pd.MultiIndex.from_frame(summed.obs[keys].astype(str))
        sums = sums.loc[[key for key in sums.index if sizes[key] >= min_cells]].sort_index()
        return sums.astype(np.int64), sizes

    return of


@pytest.fixture
def tmp(tmp_path):
    return tmp_path
