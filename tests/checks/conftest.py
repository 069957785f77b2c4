"""Small sheets and matrices to hand to the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dermshift.checks import MatrixView, SheetView
from dermshift.checks.scale_evidence import decide
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable

SEX_GENES = pd.DataFrame(
    [("XIST", "E1", "female", 10.0, 2.0), ("RPS4Y1", "E2", "male", 20.0, 5.0), ("DDX3Y", "E3", "male", 8.0, np.nan)],
    columns=["gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm"],
)


def _spec(**changes: Any) -> StudySpec:
    values: dict[str, Any] = {
        "name": "s",
        "matrix": "counts.tsv",
        "samples": "samples.tsv",
        "columns": {"patient": "subject", "timepoint": "visit", "sex": "sex"},
        "timepoints": Timepoints("base", "week1"),
    }
    return StudySpec(**(values | changes))


@pytest.fixture
def sheet() -> pd.DataFrame:
    """Four patients, two of each sex, both timepoints."""
    rows = [(f"P{i}_{t}", f"P{i}", t, "female" if i < 3 else "male") for i in (1, 2, 3, 4) for t in ("base", "week1")]
    return pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex"], dtype=object).set_index("sample")


@pytest.fixture
def sheet_view() -> Callable[..., SheetView]:
    def build(frame: pd.DataFrame, asked: tuple[str, ...] = ("sex",), **changes: Any) -> SheetView:
        return SheetView(_spec(**changes), frame, tuple(range(2, len(frame) + 2)), frozenset(asked))

    return build


@pytest.fixture
def counts(sheet: pd.DataFrame) -> pd.DataFrame:
    """Counts that look like counts: 8 samples x 60 genes."""
    rng = np.random.default_rng(1)
    values = rng.negative_binomial(2, 2 / (2 + rng.lognormal(4, 1.5, 60)), (8, 60)).astype(float)
    return pd.DataFrame(values, index=sheet.index, columns=[f"G{i}" for i in range(60)])


@pytest.fixture
def matrix_view(sheet: pd.DataFrame) -> Callable[..., MatrixView]:
    def build(values: pd.DataFrame, asked: tuple[str, ...] = ("sex",), **changes: Any) -> MatrixView:
        view = {"sheet": sheet, "unlisted": (), "doubled": (), "sex_genes": SEX_GENES}
        view |= {key: changes.pop(key) for key in list(changes) if key in view}
        symbols = changes.pop("symbols", [""] * values.shape[1])
        spec = _spec(**changes)
        genes = pd.DataFrame({"gene_symbol": symbols, "gene_id_original": values.columns}, index=values.columns)
        decision = decide(values.to_numpy(float), spec.scale, spec.log2_offset)
        return MatrixView(spec=spec, asked=frozenset(asked), values=values, genes=genes, decision=decision, **view)

    return build
