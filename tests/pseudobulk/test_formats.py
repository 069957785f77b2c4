"""Every format gives what scanpy gives."""

from __future__ import annotations

import itertools

import anndata
import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from dermshift.pseudobulk.make import make_part
from dermshift.pseudobulk.write import sheet_rows


def frame(part):
    rows = part.record["samples"]
    index = pd.MultiIndex.from_tuples([(row["patient"], row["timepoint"], row["cell_type"]) for row in rows])
    return pd.DataFrame(part.sums, index=index)


def same(part, wanted):
    found = frame(part)
    assert list(found.index) == list(wanted.index)
    np.testing.assert_array_equal(found.to_numpy(), wanted.to_numpy())


LAYOUTS = [(layout, ending) for layout in ("csr", "csc", "dense") for ending in ("h5ad", "zarr")]


@pytest.mark.parametrize(("layout", "ending"), LAYOUTS)
@pytest.mark.parametrize("block", [300, 12_000_000])
def test_anndata(made, writers, ask, expected, tmp, layout, ending, block, monkeypatch):
    monkeypatch.setattr("dermshift.pseudobulk.blocks.BLOCK_BYTES", block)
    monkeypatch.setattr("dermshift.pseudobulk.blocks.WINDOW", 37)
    monkeypatch.setattr("dermshift.pseudobulk.labels.STRETCH", 41)
    part = make_part(writers.written(made, tmp / f"a.{ending}", layout), ask())
    wanted, _ = expected(made)
    same(part, wanted)


@pytest.mark.parametrize("kind", ["v3", "v2", "mtx", "plain_mtx"])
def test_tenx(made, writers, ask, expected, tmp, kind):
    table = writers.cells_table(made, tmp / "cells.tsv")
    path = {
        "v3": lambda: writers.tenx_v3(made, tmp / "a.h5"),
        "v2": lambda: writers.tenx_v2(made, tmp / "a.h5"),
        "mtx": lambda: writers.mtx(made, tmp / "folder"),
        "plain_mtx": lambda: writers.mtx(made, tmp / "folder", packed=False),
    }[kind]()
    part = make_part(path, ask(cells=table))
    same(part, expected(made)[0])
    assert part.gene_ids[0] == "ENSG00000000000"
    assert part.gene_names[0] == "MT-0"


@pytest.mark.parametrize(
    "dtype", ["float32", "float64", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16"]
)
@pytest.mark.parametrize("layout", ["csr", "dense"])
def test_every_type_of_number(made, writers, ask, expected, tmp, dtype, layout):
    import h5py

    path = writers.written(made, tmp / "a.h5ad", layout)
    with h5py.File(path, "r+") as file:  # scipy knows no sparse float16
        node = file["X"] if layout == "dense" else file["X/data"]
        values, attributes, name = node[:].astype(dtype), dict(node.attrs), node.name
        del file[name]
        file[name] = values
        file[name].attrs.update(attributes)
    same(make_part(path, ask()), expected(made)[0])


def test_indices_in_no_order(made, writers, ask, expected, tmp):
    import h5py

    path = writers.written(made, tmp / "a.h5ad")
    with h5py.File(path, "r+") as file:
        starts, data, indices = (file[f"X/{name}"][:] for name in ("indptr", "data", "indices"))
        for low, high in itertools.pairwise(starts):
            data[low:high], indices[low:high] = data[low:high][::-1], indices[low:high][::-1]
        file["X/data"][:], file["X/indices"][:] = data, indices
    same(make_part(path, ask()), expected(made)[0])


@pytest.mark.parametrize("place", ["layers", "raw"])
def test_counts_beside_normalised_values(made, writers, ask, expected, tmp, place):
    import h5py

    counts = made.copy()
    if place == "raw":
        made.raw = made
        made = made[:, 5:].copy()
    else:
        made.layers["raw_counts"] = made.X.copy()
    made.X = sp.csr_matrix(np.log1p(made.X.toarray()))
    path = writers.written(made, tmp / "a.h5ad")
    with h5py.File(path) as file:
        assert place in file
    part = make_part(path, ask())
    assert part.record["counts"]["chosen"] == {"layers": "layer:raw_counts", "raw": "raw"}[place]
    same(part, expected(counts)[0])
    verdicts = {one["name"]: one["verdict"] for one in part.record["counts"]["evidence"]}
    assert verdicts["X"] == "decimals: log values"


@pytest.mark.parametrize("ending", ["h5ad", "zarr"])
def test_labels_however_they_are_stored(made, writers, ask, expected, tmp, ending):
    wanted = expected(made)[0]
    made.obs["donor"] = made.obs["donor"].astype(str)
    made.obs["visit"] = made.obs["visit"].astype(str).astype(object)
    path = writers.written(made, tmp / f"a.{ending}", convert_strings_to_categoricals=False)
    same(make_part(path, ask()), wanted)


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "category"])
def test_numbers_as_patients_are_names(made, writers, ask, tmp, dtype):
    made.obs["donor"] = made.obs["donor"].cat.codes.astype("int64").astype(dtype)
    part = make_part(writers.written(made, tmp / "a.h5ad"), ask())
    assert {row["patient"] for row in part.record["samples"]} == {"0", "1", "2"}


def test_antibodies_are_no_genes(made, writers, ask, expected, tmp):
    types = ["Gene Expression"] * 50 + ["Antibody Capture"] * 10
    path = writers.tenx_v3(made, tmp / "a.h5", types)
    part = make_part(path, ask(cells=writers.cells_table(made, tmp / "cells.tsv")))
    same(part, expected(made)[0].iloc[:, :50])
    assert part.record["genes"]["other_features"] == 10


def test_old_anndata(made, writers, ask, expected, tmp):
    """Files of anndata 0.6 (records, categories in uns, h5sparse) and of 0.7 (``__categories``)."""
    import h5py

    wanted = expected(made)[0]
    path = tmp / "old.h5ad"
    codes = {name: made.obs[name].cat.codes.to_numpy() for name in ("donor", "visit", "type")}
    categories = {name: np.array(list(made.obs[name].cat.categories), dtype="S") for name in codes}
    kinds = [("index", "S10"), *((name, "i1") for name in codes)]
    records = np.array(list(zip(made.obs_names.to_numpy().astype("S"), *codes.values(), strict=True)), dtype=kinds)
    with h5py.File(path, "w") as file:
        file["obs"] = records
        file["var"] = np.array([(name.encode(),) for name in made.var_names], dtype=[("index", "S10")])
        for name, values in categories.items():
            file[f"uns/{name}_categories"] = values
        X = file.create_group("X")
        X.attrs.update({"h5sparse_format": b"csr", "h5sparse_shape": np.array(made.shape)})
        for name in ("data", "indices", "indptr"):
            X[name] = getattr(made.X, name)
    same(make_part(str(path), ask()), wanted)
    with h5py.File(path, "r+") as file:
        del file["obs"], file["uns"]
        obs = file.create_group("obs")
        obs.attrs["_index"] = "index"
        obs["index"] = made.obs_names.to_numpy().astype("S")
        for name, values in codes.items():
            obs[name] = values
            obs[f"__categories/{name}"] = categories[name]
            obs[name].attrs["categories"] = obs[f"__categories/{name}"].ref
    same(make_part(str(path), ask()), wanted)


def test_quality_is_what_scanpy_says(made, writers, ask, expected, tmp):
    import scanpy as sc

    wanted, sizes = expected(made)
    part = make_part(writers.written(made, tmp / "a.h5ad"), ask(sex="sex", columns=("age",)))
    made.var["mt"] = made.var_names.str.startswith("MT-")
    per_cell, _ = sc.pp.calculate_qc_metrics(made, percent_top=None, log1p=False)
    bulk = anndata.AnnData(wanted.to_numpy(float), var=made.var)
    per_bulk, _ = sc.pp.calculate_qc_metrics(bulk, qc_vars=["mt"], percent_top=None, log1p=False)
    median = per_cell["n_genes_by_counts"].groupby([made.obs[key] for key in ("donor", "visit", "type")], observed=True)
    for row, (_, scanpy) in zip(sheet_rows(part), per_bulk.iterrows(), strict=True):
        key = (row["patient"], row["timepoint"], row["cell_type"])
        assert row["n_cells"] == sizes[key]
        assert row["n_counts"] == scanpy["total_counts"]
        assert float(row["median_genes_per_cell"]) == median.median()[key]
        assert float(row["pct_mitochondrial"]) == pytest.approx(scanpy["pct_counts_mt"], abs=5e-5)
        assert row["sex"] == {"P1": "female", "P2": "male", "P3": "female"}[row["patient"]]
        assert row["age"] == {"P1": "30", "P2": "31", "P3": "32"}[row["patient"]]
