"""Write a synthetic atlas as .h5ad, block by block: ``python benchmarks/pseudobulk_make.py FILE CELLS [GENES]``.

Counts as float32, compressed as ``adata.write_h5ad(FILE, compression="gzip")`` does, or plain with ``--plain``; about
1,000 genes per cell. Cells are drawn from a pool of 5,000, in random order, so that making the file is quick; the pool
is far larger than the window of the compression.
"""

from __future__ import annotations

import argparse
from typing import Any

import h5py
import numpy as np

POOL, BLOCK, MEAN_GENES = 5_000, 20_000, 1_000
PATIENTS, TIMEPOINTS = 12, ("baseline", "week1")
TYPES = ("Keratinocyte", "Fibroblast", "CD4+ T cell", "CD8+ T cell", "Endothelial cell", "Sebocyte", "Melanocyte",
         "Macrophage", "Mast cell", "Sweat gland cell")  # fmt: skip


def pool(rng: np.random.Generator, genes: int) -> tuple[list[Any], list[Any]]:
    """Return genes and counts of the cells in the pool."""
    weight = rng.lognormal(0, 2, genes)
    cumulative = np.cumsum(weight / weight.sum())
    columns, values = [], []
    for depth in rng.lognormal(np.log(2.2 * min(MEAN_GENES, genes / 4)), 0.4, POOL).astype(int):
        drawn = np.searchsorted(cumulative, rng.random(depth)).clip(max=genes - 1)
        found, counts = np.unique(drawn, return_counts=True)
        columns.append(found.astype(np.int32))
        values.append(counts.astype(np.float32))
    return columns, values


def make(path: str, cells: int, genes: int = 20_000, *, plain: bool = False) -> None:
    """Write the atlas."""
    rng = np.random.default_rng(0)
    columns, values = pool(rng, genes)
    sizes = np.array([len(found) for found in columns])
    order = rng.integers(POOL, size=cells)
    options: dict[str, Any] = {"chunks": True, "maxshape": (None,)} | ({} if plain else {"compression": "gzip"})
    with h5py.File(path, "w") as file:
        file.attrs.update({"encoding-type": "anndata", "encoding-version": "0.1.0"})
        X = file.create_group("X")
        X.attrs.update({"encoding-type": "csr_matrix", "encoding-version": "0.1.0", "shape": np.array([cells, genes])})
        indptr = np.concatenate([[0], np.cumsum(sizes[order])])
        X.create_dataset("indptr", data=indptr.astype(np.int64), **options)
        total = int(indptr[-1])
        data = X.create_dataset("data", shape=(total,), dtype=np.float32, **options)
        indices = X.create_dataset("indices", shape=(total,), dtype=np.int32, **options)
        for start in range(0, cells, BLOCK):
            chosen = order[start : start + BLOCK]
            where = slice(int(indptr[start]), int(indptr[min(start + BLOCK, cells)]))
            data[where] = np.concatenate([values[cell] for cell in chosen])
            indices[where] = np.concatenate([columns[cell] for cell in chosen])
        _frame(file, "obs", cells, _labels(rng, cells))
        _frame(file, "var", genes, {}, prefix="GENE")


def _labels(rng: np.random.Generator, cells: int) -> dict[str, tuple[Any, list[str]]]:
    patient = rng.integers(PATIENTS, size=cells).astype(np.int8)
    return {
        "patient": (patient, [f"P{number:02d}" for number in range(1, PATIENTS + 1)]),
        "sex": ((patient % 2).astype(np.int8), ["female", "male"]),
        "timepoint": (rng.integers(len(TIMEPOINTS), size=cells).astype(np.int8), list(TIMEPOINTS)),
        "cell_type": (rng.integers(len(TYPES), size=cells).astype(np.int8), list(TYPES)),
    }


def _frame(file: Any, name: str, rows: int, columns: dict[str, tuple[Any, list[str]]], prefix: str = "CELL") -> None:
    group = file.create_group(name)
    order = np.array(list(columns), dtype=object) if columns else np.array([], dtype=float)
    group.attrs.update({"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index"})
    group.attrs["column-order"] = order
    index = group.create_dataset("_index", (rows,), h5py.string_dtype(), chunks=True, compression="gzip")
    index.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})
    for start in range(0, rows, BLOCK):
        index[start : start + BLOCK] = [f"{prefix}{place:08d}" for place in range(start, min(start + BLOCK, rows))]
    for label, (codes, categories) in columns.items():
        column = group.create_group(label)
        column.attrs.update({"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
        column.create_dataset("codes", data=codes, compression="gzip")
        written = column.create_dataset("categories", data=np.array(categories, dtype=object))
        written.attrs.update({"encoding-type": "string-array", "encoding-version": "0.2.0"})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path")
    parser.add_argument("cells", type=int)
    parser.add_argument("genes", type=int, nargs="?", default=20_000)
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    make(asked.path, asked.cells, asked.genes, plain=asked.plain)
