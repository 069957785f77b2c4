"""AnnData files with damaged bytes: a value or a refusal, and the process lives on."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from fuzzing import valid
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings

from dermshift.io.readers import read_matrix
from dermshift.io.study_file import read_study, write_study
from dermshift.study import Study, Timepoints

if TYPE_CHECKING:
    from pathlib import Path


def adata(sparse: bool):
    import anndata
    import scipy.sparse

    values = np.arange(8 * 12, dtype=float).reshape(8, 12)
    samples, genes = (pd.Index(names, dtype=object) for names in (valid.SAMPLES, valid.GENES_OF))
    obs = pd.DataFrame({"patient": [name[:2] for name in valid.SAMPLES]}, index=samples)
    obs["timepoint"] = [name[3:] for name in valid.SAMPLES]
    var = pd.DataFrame({"gene_symbol": "", "gene_id_original": valid.GENES_OF}, index=genes)
    return anndata.AnnData(scipy.sparse.csr_matrix(values) if sparse else values, obs=obs, var=var)


@pytest.fixture(scope="module")
def contents(folder: Path) -> dict[str, bytes]:
    """Bytes of a dense and a sparse file, and of a study as ``dermshift load`` writes it."""
    for name in ("dense", "sparse"):
        adata(name == "sparse").write_h5ad(folder / f"{name}.h5ad")
    write_study(Study("s", adata(sparse=False), "counts", Timepoints("before", "after")), folder / "study.h5ad")
    return {name: (folder / f"{name}.h5ad").read_bytes() for name in ("dense", "sparse", "study")}


def read(path: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a damaged file may make anndata warn of anything
        survives(read_study if "study" in path else lambda text: read_matrix(text, valid.SAMPLES), path)


@pytest.mark.parametrize("name", ["dense", "sparse", "study"])
def test_a_damaged_file_is_read_or_refused(name: str, contents: dict[str, bytes], folder: Path) -> None:
    @settings(settings.get_profile("fuzz"))
    @given(damaged(contents[name]))
    def attempt(bad: bytes) -> None:
        (folder / f"{name}.h5ad").write_bytes(bad)
        read(str(folder / f"{name}.h5ad"))

    with bounded_memory():
        attempt()
