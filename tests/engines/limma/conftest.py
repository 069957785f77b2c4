"""The simulated studies R limma answered, as studies; see tests/reference/README.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.study import Study, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

REFERENCE = Path(__file__).parents[2] / "reference"
SEX = {f"P{i}": "female" if i < 5 else "male" for i in range(1, 8)}


def _reference_study(folder: str) -> Study:
    """Return the values of a study of make_log2.py with the sheet its library names spell."""
    from anndata import AnnData

    values = pd.read_csv(REFERENCE / folder / "values.csv.gz", index_col=0).T
    rows = [name.split("_") for name in values.index]
    sheet = pd.DataFrame({"patient": [row[0] for row in rows], "timepoint": [row[-1] for row in rows]})
    if len(rows[0]) > 2:
        sheet["compartment"] = [row[1] for row in rows]
    else:
        sheet["sex"] = sheet["patient"].map(SEX)
    sheet.index = values.index
    genes = pd.DataFrame({"gene_symbol": "", "gene_id_original": values.columns}, index=values.columns)
    data = AnnData(values.to_numpy(float), obs=sheet, var=genes)
    return Study(folder, data, "log2", Timepoints("baseline", "week1"))


@pytest.fixture(scope="session")
def reference_study() -> Callable[[str], Study]:
    return _reference_study


def _simulated(n_pairs: int = 7, n_genes: int = 60, seed: int = 4):
    """Return values (genes x libraries), a cell-mean matrix and patient labels; patients differ, genes in how much."""
    rng = np.random.default_rng(seed)
    shared = rng.gamma(2, 0.5, (n_genes, 1)) * rng.normal(0, 1, (n_genes, n_pairs))
    values = np.repeat(shared, 2, axis=1) + rng.normal(7, 0.4, (n_genes, 2 * n_pairs))
    after = np.tile([0.0, 1.0], n_pairs)
    block = tuple(f"P{i}" for i in range(n_pairs) for _ in (0, 1))
    return values, np.column_stack([1 - after, after]), block


@pytest.fixture(scope="session")
def simulated() -> Callable[..., tuple[np.ndarray, np.ndarray, tuple[str, ...]]]:
    return _simulated
