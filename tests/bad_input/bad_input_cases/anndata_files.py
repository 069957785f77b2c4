"""AnnData files without usable counts."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bad_input_cases.case import Case, collected

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from anndata import AnnData

    from bad_input_cases.good import Study

ANNDATA: list[Case] = []


def as_anndata(study: Study, change: Callable[[AnnData], object], then: Callable[[Path], object] | None = None) -> None:
    """Write the matrix of the study as counts.h5ad, changed; `then` may change the file."""
    from anndata import AnnData

    def write(folder: Path) -> None:
        values = np.array([row[2:] for row in study.matrix[1:]], dtype=float).T
        obs = pd.DataFrame(index=pd.Index(study.matrix[0][2:], dtype=object))
        var = pd.DataFrame({"gene_name": [row[1] for row in study.matrix[1:]]}, dtype=object)
        var.index = pd.Index([row[0] for row in study.matrix[1:]], dtype=object)
        adata = AnnData(values, obs=obs, var=var)
        change(adata)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what anndata says of odd names is not asked here
            adata.write_h5ad(folder / "counts.h5ad")
        if then:
            then(folder / "counts.h5ad")

    study.config["study"]["matrix"] = "counts.h5ad"
    study.after = write


@collected(ANNDATA, "h5ad_truncated", "an AnnData file that was cut off")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: None, lambda path: path.write_bytes(path.read_bytes()[:5000]))


@collected(ANNDATA, "h5ad_log_only", "an AnnData file with log-normalised values alone")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: setattr(adata, "X", np.log1p(adata.X / adata.X.sum(1, keepdims=True) * 1e4)))


def kept(adata: AnnData, place: str) -> None:
    """Log-normalise X and keep the counts elsewhere."""
    if place == "raw":
        adata.raw = adata.copy()
    else:
        adata.layers[place] = adata.X.copy()
    adata.X = np.log1p(adata.X / adata.X.sum(1, keepdims=True) * 1e4)


@collected(ANNDATA, "h5ad_counts_in_a_layer", "an AnnData file with log-normalised X, its counts in another layer")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: kept(adata, "umis"))


@collected(ANNDATA, "h5ad_counts_in_raw", "an AnnData file with log-normalised X, its counts in raw")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: kept(adata, "raw"))


@collected(ANNDATA, "h5ad_empty", "an AnnData file without values")
def _(study: Study) -> None:
    as_anndata(study, lambda adata: setattr(adata, "X", None))


@collected(ANNDATA, "h5ad_transposed", "an AnnData file with the samples in var")
def _(study: Study) -> None:
    def turn(path: Path) -> None:
        import anndata

        anndata.read_h5ad(path).T.write_h5ad(path)

    as_anndata(study, lambda adata: None, turn)


@collected(ANNDATA, "h5ad_text_values", "an AnnData file whose values are text")
def _(study: Study) -> None:
    def text(path: Path) -> None:
        import h5py

        with h5py.File(path, "r+") as file:
            values = file["X"][()].astype(str).astype("S")
            attributes = dict(file["X"].attrs)
            del file["X"]
            file["X"] = values
            file["X"].attrs.update(attributes)

    as_anndata(study, lambda adata: None, text)


@collected(ANNDATA, "h5ad_no_anndata", "an HDF5 file that is no AnnData")
def _(study: Study) -> None:
    def other(folder: Path) -> None:
        import h5py

        with h5py.File(folder / "counts.h5ad", "w") as file:
            file["values"] = np.zeros((2, 2))

    study.config["study"]["matrix"] = "counts.h5ad"
    study.after = other
