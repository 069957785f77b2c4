from __future__ import annotations

from typing import TYPE_CHECKING

import anndata
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from dermshift.errors import FormatError
from dermshift.io.anndata_matrix import read_anndata_matrix

if TYPE_CHECKING:
    from pathlib import Path

# anndata 0.13 asks pandas 3 for an option that pandas 4 will drop; here the tests themselves write files.
pytestmark = pytest.mark.filterwarnings("ignore:The 'future.infer_string' option:DeprecationWarning")


def _object(values: object = None) -> anndata.AnnData:
    obs = pd.DataFrame({"sex": ["f", "m"]}, index=["S1", "S2"])
    var = pd.DataFrame({"gene_name": ["A", "B", "C"]}, index=["G1", "G2", "G3"])
    return anndata.AnnData(np.arange(6.0).reshape(2, 3) if values is None else values, obs=obs, var=var)


def _write(adata: anndata.AnnData, folder: Path) -> str:
    adata.write_h5ad(folder / "m.h5ad")
    return str(folder / "m.h5ad")


@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix, sparse.csc_matrix])
def test_dense_and_sparse_give_the_same_values(tmp_path: Path, form: type) -> None:
    adata = _object(form(np.arange(6, dtype=np.int32).reshape(2, 3)))
    matrix = read_anndata_matrix(_write(adata, tmp_path), ["S2", "S1"])
    assert matrix.values.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert matrix.values.dtype == np.float64
    assert (matrix.samples, matrix.genes, matrix.symbols) == (("S1", "S2"), ("G1", "G2", "G3"), ("A", "B", "C"))


def test_a_layer_of_counts_comes_before_x(tmp_path: Path) -> None:
    adata = _object()
    adata.layers["counts"] = sparse.csr_matrix(np.full((2, 3), 7))
    matrix = read_anndata_matrix(_write(adata, tmp_path), ["S1", "S2"])
    assert (matrix.values == 7).all()
    assert 'layers["counts"]' in matrix.findings[0].evidence


def test_samples_in_var_are_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="Transpose"):
        read_anndata_matrix(_write(_object().T, tmp_path), ["S1", "S2"])


def test_doubled_samples_and_genes_come_without_a_warning(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="not unique"):
        adata = anndata.AnnData(
            np.ones((3, 2)), obs=pd.DataFrame(index=["S1", "S1", "S2"]), var=pd.DataFrame(index=["G", "G"])
        )
    matrix = read_anndata_matrix(_write(adata, tmp_path), ["S1", "S2"])
    assert matrix.doubled == ("S1",)
    assert matrix.values.shape == (2, 2)


def test_an_object_without_values_is_refused(tmp_path: Path) -> None:
    adata = anndata.AnnData(obs=pd.DataFrame(index=["S1"]), var=pd.DataFrame(index=["G"]))
    with pytest.raises(FormatError, match="no X"):
        read_anndata_matrix(_write(adata, tmp_path), ["S1"])


def test_other_hdf5_and_damaged_files_are_refused(tmp_path: Path) -> None:
    import h5py

    with h5py.File(tmp_path / "other.h5ad", "w") as handle:
        handle["x"] = [1, 2]
    (tmp_path / "cut.h5ad").write_bytes((tmp_path / "other.h5ad").read_bytes()[:100])
    for name in ("other.h5ad", "cut.h5ad", "absent.h5ad"):
        with pytest.raises(FormatError, match=name):
            read_anndata_matrix(str(tmp_path / name), ["S1"])


def test_a_damaged_index_of_a_sparse_matrix_is_refused(tmp_path: Path) -> None:
    import h5py
    from scipy.sparse import csr_matrix

    path = tmp_path / "a.h5ad"
    obs, var = pd.DataFrame(index=["S1", "S2"]), pd.DataFrame(index=["G1", "G2", "G3"])
    anndata.AnnData(csr_matrix(np.eye(2, 3)), obs=obs, var=var).write_h5ad(path)
    with h5py.File(path, "r+") as file:
        file["X/indices"][0] = 2_000_000_000
    with pytest.raises(FormatError, match="damaged sparse values"):
        read_anndata_matrix(str(path), ["S1", "S2"])


@pytest.mark.parametrize(("layout", "place"), [(np.asarray, "layers['umis']"), (sparse.csr_matrix, "raw.X")])
def test_whole_numbers_elsewhere_are_named(tmp_path, layout, place):
    adata = _object()
    adata.X = layout(adata.X)
    if place == "raw.X":
        adata.raw = adata.copy()
    else:
        adata.layers["umis"] = adata.X.copy()
    assert read_anndata_matrix(_write(adata, tmp_path), ["S1", "S2"]).counts_in == ()
    adata.X = layout(np.log1p(np.arange(6.0)).reshape(2, 3))
    matrix = read_anndata_matrix(_write(adata, tmp_path), ["S1", "S2"])
    assert matrix.counts_in == (place,)
    assert matrix.findings[0].verdict == "warning"
    assert matrix.findings[0].evidence.endswith(f"are in {place} alone")
    adata.layers["counts"] = layout(np.arange(6.0).reshape(2, 3))
    assert read_anndata_matrix(_write(adata, tmp_path), ["S1", "S2"]).counts_in == ()
