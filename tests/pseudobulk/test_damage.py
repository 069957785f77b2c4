"""Damage that compiled code, or a library of compression, would follow out of its arrays."""

from __future__ import annotations

import gzip

import h5py
import numpy as np
import pytest

from dermshift.errors import FormatError
from dermshift.pseudobulk.make import make_part


def refused(path, asked) -> str:
    with pytest.raises(FormatError) as caught:
        make_part(str(path), asked)
    return str(caught.value)


def test_indices_that_are_no_whole_numbers(made, writers, ask, tmp):
    path = writers.written(made, tmp / "a.h5ad")
    with h5py.File(path, "r+") as file:
        indices = file["X/indices"][:]
        del file["X/indices"]
        file["X/indices"] = indices.astype(np.float32)
    assert "indices of type float32" in refused(path, ask())


def test_more_names_than_genes(made, writers, ask, tmp):
    path = writers.tenx_v3(made, tmp / "a.h5")
    with h5py.File(path, "r+") as file:
        names = file["matrix/features/name"][:-1]
        del file["matrix/features/name"]
        file["matrix/features/name"] = names
    said = refused(path, ask(cells=writers.cells_table(made, tmp / "cells.tsv")))
    assert "60 identifiers, 59 names and 60 types" in said


def test_a_barcode_as_long_as_a_book(made, writers, ask, tmp):
    path = writers.mtx(made, tmp / "folder")
    barcodes = tmp / "folder" / "barcodes.tsv.gz"
    lines = gzip.decompress(barcodes.read_bytes()).splitlines()
    barcodes.write_bytes(gzip.compress(b"\n".join([b"A" * 70_000, *lines[1:]])))
    assert "a barcode of 70000 bytes" in refused(path, ask())


@pytest.mark.parametrize("every", [True, False])
def test_lines_of_four_fields(made, writers, ask, tmp, every):
    path = writers.mtx(made, tmp / "folder", packed=False)
    matrix = tmp / "folder" / "matrix.mtx"
    *head, last = matrix.read_text().splitlines()
    start = next(place for place, line in enumerate(head) if not line.startswith("%")) + 1
    lines = [f"{line} 1" if every else line for line in head[start:]]
    matrix.write_text("\n".join([*head[:start], *lines, f"{last} 1"]) + "\n")
    cells = writers.cells_table(made, tmp / "cells.tsv")
    assert "four fields" in refused(path, ask(cells=cells))


@pytest.mark.parametrize("change", [lambda piece: piece[:-3], lambda piece: piece[:4] + b"\xff" * 4 + piece[8:]])
def test_a_piece_that_blosc_would_trust(made, writers, ask, tmp, change):
    import zarr
    from numcodecs import Blosc

    path = writers.written(made, tmp / "a.zarr")
    group = zarr.open_group(path, mode="r+")
    indices = group["X/indices"][:]
    del group["X/indices"]
    options = {"compressors": zarr.codecs.BloscCodec() if group.metadata.zarr_format == 3 else Blosc()}
    group.create_array("X/indices", data=indices, **options)
    piece = next(file for file in (tmp / "a.zarr" / "X" / "indices").rglob("0") if file.is_file())
    make_part(path, ask())
    piece.write_bytes(change(piece.read_bytes()))
    assert "a whole piece, packed with Blosc" in refused(path, ask())
