"""Hostile and broken atlases: four parts, exit 2, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import scipy.sparse as sp
from typer.testing import CliRunner

from dermshift.cli.app import app
from dermshift.errors import DermshiftError
from dermshift.pseudobulk.make import make_part


def refused(path, asked) -> str:
    with pytest.raises(DermshiftError) as caught:
        make_part(str(path), asked)
    assert all(all(problem.as_dict().values()) for problem in caught.value.problems)
    return str(caught.value)


@pytest.fixture
def good(made, writers, tmp):
    return writers.written(made, tmp / "a.h5ad")


def changed(path, **values):
    """Replace arrays of the file by name, keeping their attributes."""
    with h5py.File(path, "r+") as file:
        for name, value in values.items():
            name = name.replace("__", "/")
            attributes = dict(file[name].attrs)
            del file[name]
            file[name] = value
            file[name].attrs.update(attributes)
    return path


@pytest.mark.parametrize("content", [b"", b"gene,s1\nA,1\n", b"\x89HDF\r\n\x1a\n" + b"\0" * 100])
def test_no_hdf5(content, tmp, ask):
    (tmp / "a.h5ad").write_bytes(content)
    assert "a whole HDF5 file" in refused(tmp / "a.h5ad", ask())


def test_cut_short(good, ask):
    content = Path(good).read_bytes()
    Path(good).write_bytes(content[: len(content) // 2])
    assert "truncated file" in refused(good, ask())


def test_a_piece_that_is_damaged(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.h5ad", compression="gzip")
    with h5py.File(path) as file:
        where = file["X/data"].id.get_chunk_info(0)
    with Path(path).open("r+b") as handle:
        handle.seek(where.byte_offset + where.size // 2)
        handle.write(b"\xff" * 40)
    assert "X" in refused(path, ask())


def test_no_such_file(tmp, ask):
    assert "No such file" in refused(tmp / "absent.h5ad", ask())


def test_folder_of_something_else(tmp, ask):
    assert "a folder that is neither" in refused(tmp, ask())


def test_folder_that_is_a_link_to_itself(tmp, ask):
    (tmp / "loop").symlink_to(tmp / "loop")
    refused(tmp / "loop", ask())


def test_link_loop_inside(good, ask):
    with h5py.File(good, "r+") as file:
        del file["X"]
        file["X"] = h5py.SoftLink("/Y")
        file["Y"] = h5py.SoftLink("/X")
    assert "X" in refused(good, ask())


def test_values_in_another_file(good, ask, tmp):
    with h5py.File(good, "r+") as file:
        del file["X"]
        file["X"] = h5py.ExternalLink(str(tmp / "other.h5"), "/X")
    assert "a link to another file" in refused(good, ask())


def test_no_counts(made, writers, ask, tmp):
    made.X = sp.csr_matrix(np.log1p(made.X.toarray()))
    made.layers["scaled"] = -made.X.toarray()
    said = refused(writers.written(made, tmp / "a.h5ad"), ask())
    assert "X: " in said
    assert "decimals: log values" in said
    assert "layer:scaled" in said
    assert "negative values" in said


def test_nothing_but_names(tmp, made, writers, ask):
    made.X = None
    assert "no X, layers or raw" in refused(writers.written_as_is(made, tmp / "a.h5ad"), ask())


def test_a_layer_of_another_name_must_be_named(made, writers, ask, tmp):
    made.layers["spliced"] = made.X.copy()
    made.X = sp.csr_matrix(np.log1p(made.X.toarray()))
    path = writers.written(made, tmp / "a.h5ad")
    assert "--counts layer:spliced" in refused(path, ask())
    assert make_part(path, ask(counts="layer:spliced")).record["counts"]["chosen"] == "layer:spliced"
    assert "nearest: 'layer:spliced'" in refused(path, ask(counts="layer:splicd"))


@pytest.mark.parametrize("value", [0.5, -1, np.nan, np.inf, 2.0**24 + 2])
def test_one_value_that_is_no_count(good, ask, value, made, monkeypatch):
    monkeypatch.setattr("dermshift.pseudobulk.evidence.look", no_look)
    with h5py.File(good, "r+") as file:
        file["X/data"][1234] = value
        starts, gene = file["X/indptr"][:], file["X/indices"][1234]
    cell = np.searchsorted(starts, 1234, side="right") - 1
    said = refused(good, ask())
    assert f"cell 'cell{cell}', gene '{made.var_names[gene]}'" in said
    assert f"{value:.9g}" in said


def no_look(candidate):
    """Evidence that has missed the odd value, as a sample may."""
    from dermshift.pseudobulk.evidence import Seen

    return Seen(candidate.name, "rows", "float32", 10, 1.0, 1, 9, (1, 2, 3))


@pytest.mark.parametrize("layout", ["csc", "dense"])
def test_the_first_offender_in_other_layouts(made, writers, ask, tmp, layout, monkeypatch):
    monkeypatch.setattr("dermshift.pseudobulk.evidence.look", no_look)
    matrix = made.X.tolil()
    matrix[37, 11] = 2.5
    made.X = matrix.tocsr()
    said = refused(writers.written(made, tmp / "a.h5ad", layout), ask())
    assert f"cell 'cell37', gene '{made.var_names[11]}'" in said


def test_a_gene_twice_in_a_cell(good, ask):
    with h5py.File(good, "r+") as file:
        start = file["X/indptr"][5]
        file["X/indices"][start + 1] = file["X/indices"][start]
    assert "a second value" in refused(good, ask())


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("X__indptr", lambda old: np.where(np.arange(len(old)) == 9, old[-1] + 5, old), "indptr out of order"),
        ("X__indptr", lambda old: old[::-1].copy(), "indptr out of order"),
        ("X__indptr", lambda old: old[:-1], "data and indices of one length"),
        ("X__indptr", lambda old: old.astype(float), "indptr out of order"),
        ("X__indices", lambda old: old + 1000, "the file is damaged"),
        ("X__indices", lambda old: old - 1000, "the file is damaged"),
        ("X__indices", lambda old: old[:-1], "data and indices of one length"),
        ("X__data", lambda old: old.astype("S"), "numbers"),
        ("X__data", lambda old: old.astype(complex), "numbers"),
        ("obs__donor__codes", lambda old: old + 50, "where there are 3 categories"),
        ("obs__donor__codes", lambda old: old[:-1], "one value for each of 400 rows"),
        ("var___index", lambda old: np.array(["G"] * len(old), dtype="S"), "each gene once"),
        ("var___index", lambda old: old[:-1], "one value for each of 59 rows"),
    ],
)
def test_parts_that_do_not_fit(good, ask, name, change, said):
    place = name.replace("__", "/").replace("//", "/_")
    with h5py.File(good) as file:
        # anndata 0.13 with pandas 3 writes names as a group of values and a mask.
        place = place if isinstance(file[place], h5py.Dataset) else f"{place}/values"
        old = file[place][:]
    assert said in refused(changed(good, **{place: change(old)}), ask())


def test_shape_that_does_not_fit(good, ask):
    with h5py.File(good, "r+") as file:
        file["X"].attrs["shape"] = [10, 60]
    said = refused(good, ask())
    assert "damaged" in said


def test_no_such_column(good, ask):
    said = refused(good, ask(patient="doner", sex="gender"))
    assert "nearest: 'donor'" in said
    assert "no 'gender'" in said


def test_everything_wrong_is_said_at_once(good, ask):
    said = refused(good, ask(patient="doner", counts="raw"))
    assert "no 'doner'" in said
    assert "no 'raw'" in said


def test_a_column_of_anything(good, ask):
    with h5py.File(good, "r+") as file:
        del file["obs/donor"]
        file.create_group("obs/donor").attrs["encoding-type"] = "awkward-array"
    assert "text, numbers or categories" in refused(good, ask())


def test_a_value_of_each_cell_is_no_label(made, writers, ask, tmp, monkeypatch):
    monkeypatch.setattr("dermshift.pseudobulk.labels.MOST", 100)
    made.obs["donor"] = made.obs_names
    assert "fewer than 100 pseudobulks" in refused(writers.written(made, tmp / "a.h5ad"), ask())


def test_unsafe_labels_are_listed(made, writers, ask, tmp):
    made.obs["donor"] = made.obs["donor"].cat.rename_categories({"P1": "../P1", "P2": "P 2"})
    said = refused(writers.written(made, tmp / "a.h5ad"), ask())
    assert "'../P1'" in said
    assert "'P 2'" in said


def test_cell_types_that_share_a_name(made, writers, ask, tmp):
    made.obs["type"] = made.obs["type"].cat.rename_categories({"B cell": "CD4pos T/cell"})
    assert "both written 'CD4pos_T_cell'" in refused(writers.written(made, tmp / "a.h5ad"), ask())


def test_sex_that_changes_within_a_patient(made, writers, ask, tmp):
    made.obs["sex"] = made.obs["visit"]
    assert "one value per patient" in refused(writers.written(made, tmp / "a.h5ad"), ask(sex="sex"))


def test_too_few_cells(good, ask):
    assert "no pseudobulk of 1000 cells" in refused(good, ask(min_cells=1000))


def test_pickle_in_zarr(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.zarr")
    array = next((tmp / "a.zarr" / "obs" / "donor").rglob(".zarray"), None)
    if array is None:
        array = next((tmp / "a.zarr" / "obs" / "donor").rglob("*/zarr.json"))
        meta = json.loads(array.read_text())
        meta["codecs"].insert(0, {"name": "numcodecs.pickle", "configuration": {"protocol": 5}})
    else:
        meta = json.loads(array.read_text())
        meta["filters"] = [{"id": "pickle", "protocol": 5}]
    array.write_text(json.dumps(meta))
    assert "stored as pickle" in refused(path, ask())


def test_zarr_that_links_elsewhere(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.zarr")
    (tmp / "a.zarr" / "obs" / "donor").rename(tmp / "elsewhere")
    (tmp / "a.zarr" / "obs" / "donor").symlink_to(tmp / "elsewhere")
    assert "a link" in refused(path, ask())


def test_zarr_cut_short(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.zarr")
    for array in (tmp / "a.zarr" / "X").rglob("*"):
        if array.is_file() and not array.name.startswith((".", "zarr")):
            array.write_bytes(array.read_bytes()[:-3])
    refused(path, ask())


def test_two_genomes(made, writers, ask, tmp):
    path = writers.tenx_v2(made, tmp / "a.h5", genomes=("GRCh38", "mm10"))
    assert "2 genomes: GRCh38, mm10" in refused(path, ask())


def test_tenx_needs_a_table(made, writers, ask, tmp):
    assert "--cells" in refused(writers.tenx_v3(made, tmp / "a.h5"), ask())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("cell", "CELL-"), "no barcode of the atlas"),
        (lambda text: text + text.splitlines()[1] + "\n", "1 barcodes that were named before"),
        (lambda text: text.splitlines()[0] + "\n", "one row per cell"),
        (lambda text: "x\n", "one column"),
        (lambda text: text.replace("\tsex", "\tdonor"), "columns 'donor' twice"),
        (lambda text: "", "not readable"),
        (lambda text: text + "\ta" * 30 + "\n", "not readable"),
    ],
)
def test_tables_of_cells(made, writers, ask, tmp, change, said):
    table = tmp / "cells.tsv"
    writers.cells_table(made, table)
    table.write_text(change(table.read_text()))
    assert said in refused(writers.tenx_v3(made, tmp / "a.h5"), ask(cells=str(table)))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("integer", "complex"), "line 1"),
        (lambda text: text.replace("%%MatrixMarket", "hello"), "line 1"),
        (lambda text: text[: len(text) // 2 + 3], "as its header says"),
        (lambda text: text + "1 1 x\n", "not readable"),
        (lambda text: text.replace("60 400 ", "60 401 "), "400 barcodes and 60 genes"),
        (lambda text: "\n".join([*text.splitlines()[:-1], "99 1 1"]) + "\n", "the file is damaged"),
    ],
)
def test_matrix_market(made, writers, ask, tmp, change, said):
    path = writers.mtx(made, tmp / "folder", packed=False)
    matrix = tmp / "folder" / "matrix.mtx"
    matrix.write_text(change(matrix.read_text()))
    assert said in refused(path, ask(cells=writers.cells_table(made, tmp / "cells.tsv")))


def test_folder_without_barcodes(made, writers, ask, tmp):
    path = writers.mtx(made, tmp / "folder")
    (tmp / "folder" / "barcodes.tsv.gz").unlink()
    assert "no barcodes.tsv" in refused(path, ask())


def test_command_line_writes_nothing(good, tmp):
    out = tmp / "out"
    words = ["pseudobulk", good, "--patient", "donor", "--timepoint", "visit", "--cell-type", "typ", "--out", str(out)]
    for further in ([], ["--part", "3/2"], ["--counts", "Y"], ["--column", "patient"]):
        result = CliRunner().invoke(app, words + further)
        assert isinstance(result.exception, DermshiftError)
    assert not out.exists()
