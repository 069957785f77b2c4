"""Parts add up to the whole, to the byte, however many there are and however the cells are ordered."""

from __future__ import annotations

import gzip
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dermshift.errors import FormatError
from dermshift.pseudobulk.make import make_part
from dermshift.pseudobulk.part import add_parts, merged, read_part, write_part
from dermshift.pseudobulk.write import _median, sheet_rows, write_folder

QUICK = settings(
    max_examples=8, phases=(Phase.explicit, Phase.generate), suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def in_parts(path, ask, folder, number, **options):
    for place in range(1, number + 1):
        part = folder / f"{number}_{place}"
        part.mkdir()
        write_part(make_part(path, ask(part=place, parts=number, **options)), part)
    return [folder / f"{number}_{place}" for place in range(1, number + 1)]


def files(part, folder):
    return {path.name: path.read_bytes() for path in write_folder(part, folder)}


@pytest.mark.parametrize("layout", ["csr", "csc", "dense", "mtx"])
def test_parts_are_the_whole(made, writers, ask, tmp, layout):
    options = {}
    if layout == "mtx":
        path = writers.mtx(made, tmp / "folder")
        options["cells"] = writers.cells_table(made, tmp / "cells.tsv")
    else:
        path = writers.written(made, tmp / "a.h5ad", layout)
    whole = files(make_part(path, ask(**options)), tmp / "whole")
    for number in (2, 7):
        assert files(add_parts(in_parts(path, ask, tmp, number, **options)), tmp / f"of{number}") == whole


@QUICK
@given(number=st.integers(1, 25), seed=st.integers(0, 99), density=st.sampled_from([0.02, 0.5]))
def test_whatever_the_number_of_parts(writers, ask, tmp_path_factory, number, seed, density):
    tmp = tmp_path_factory.mktemp("parts")
    adata = writers.atlas(cells=20, genes=12, seed=seed, density=density)
    path = writers.written(adata, tmp / "a.h5ad")
    whole = make_part(path, ask(min_cells=1))
    added = add_parts(in_parts(path, ask, tmp, number, min_cells=1))
    np.testing.assert_array_equal(added.sums, whole.sums)
    np.testing.assert_array_equal(added.profile, whole.profile)
    assert added.record == whole.record


@QUICK
@given(seed=st.integers(0, 1000))
def test_the_order_of_cells_does_not_matter(writers, ask, tmp_path_factory, seed):
    tmp = tmp_path_factory.mktemp("order")
    adata = writers.atlas(cells=80, genes=12, seed=3)
    shuffled = adata[np.random.default_rng(seed).permutation(80)].copy()
    parts = [make_part(writers.written(a, tmp / f"{k}.h5ad"), ask()) for k, a in enumerate((adata, shuffled))]
    np.testing.assert_array_equal(parts[0].sums, parts[1].sums)
    assert sheet_rows(parts[0]) == sheet_rows(parts[1])
    assert parts[0].record["dropped"] == parts[1].record["dropped"]


def test_parts_that_do_not_belong_together(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.h5ad")
    folders = in_parts(path, ask, tmp, 3)
    with pytest.raises(FormatError, match="no part 2 of 3"):
        add_parts([folders[0], folders[2]])
    with pytest.raises(FormatError, match="part 1 of 3 again"):
        add_parts([*folders, folders[0]])
    other = tmp / "other"
    other.mkdir()
    write_part(make_part(path, ask(part=2, parts=3, min_cells=9)), other)
    with pytest.raises(FormatError, match="settings"):
        add_parts([folders[0], other, folders[2]])
    made.X = made.X * 2
    write_part(make_part(writers.written(made, tmp / "b.h5ad"), ask(part=2, parts=3)), other)
    with pytest.raises(FormatError, match="source"):
        add_parts([folders[0], other, folders[2]])
    write_part(make_part(path, ask(part=2, parts=4)), other)
    with pytest.raises(FormatError, match="number of parts"):
        add_parts([folders[0], other, folders[2]])


def test_a_part_that_was_changed_or_holds_pickle(made, writers, ask, tmp):
    (folder,) = in_parts(writers.written(made, tmp / "a.h5ad"), ask, tmp, 1)
    np.savez(folder / "part.npz", sums=np.array([{"a": 1}], dtype=object))
    with pytest.raises(FormatError, match="other bytes"):
        read_part(folder)
    import hashlib

    record = json.loads((folder / "part.json").read_text())
    record["arrays"] = hashlib.sha256((folder / "part.npz").read_bytes()).hexdigest()
    (folder / "part.json").write_text(json.dumps(record))
    with pytest.raises(FormatError, match="not readable"):
        read_part(folder)


def test_what_is_written(made, writers, ask, tmp):
    made.obs["type"] = made.obs["type"].astype(object)
    made.obs.loc["cell7", "type"] = np.nan
    made.obs.loc["cell8", "type"] = "  "
    path = writers.written(made, tmp / "a.h5ad")
    part = make_part(path, ask(sex="sex", columns=("age",), min_cells=20))
    first = files(part, tmp / "out")
    assert first == files(part, tmp / "again")
    table = pd.read_csv(tmp / "out" / "counts.tsv.gz", sep="\t", index_col=0)
    sheet = pd.read_csv(tmp / "out" / "samples.tsv", sep="\t", dtype=str)
    dropped = pd.read_csv(tmp / "out" / "dropped.tsv", sep="\t", keep_default_na=False)
    record = json.loads(first["pseudobulk.json"])
    assert list(table.columns) == list(sheet["sample"])
    assert table.sum().tolist() == sheet["n_counts"].astype(int).tolist()
    assert list(sheet.columns)[:7] == ["sample", "patient", "timepoint", "compartment", "sex", "age", "cell_type"]
    assert list(sheet["sample"]) == sorted(sheet["sample"])
    assert dict(zip(sheet["compartment"], sheet["cell_type"], strict=True))["CD4pos_T_cell"] == "CD4+ T cell"
    assert sheet["n_cells"].astype(int).sum() + dropped["n_cells"].sum() == made.n_obs
    assert dropped[dropped["reason"] == "missing: cell_type"]["n_cells"].sum() == 2
    assert "fewer than --min-cells" in set(dropped["reason"])
    assert record["cells"] == {"in_atlas": 400, "in_pseudobulks": int(sheet["n_cells"].astype(int).sum())}
    assert len(record["source"]["sha256"]) == 64
    assert gzip.decompress(first["counts.tsv.gz"]).startswith(b"gene_id\tP1.baseline.")
    assert first["counts.tsv.gz"][4:8] == b"\0\0\0\0"


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_the_median_of_a_profile(genes):
    rows = merged([np.array([[0, found, 1]]) for found in genes])
    assert _median(rows) == np.median(genes)
