"""A small study on disk, made wrong on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def small_sheet() -> pd.DataFrame:
    """Four patients x two timepoints, as text with column names of its own."""
    rows = [
        (f"S{i}{t[0]}", f"{i:03d}", t, "f" if i < 3 else "m", f"note {i}")
        for i in (1, 2, 3, 4)
        for t in ("base", "week1")
    ]
    return pd.DataFrame(rows, columns=["id", "subject", "visit", "sex", "remark"], dtype=object)


@pytest.fixture
def small_counts(small_sheet: pd.DataFrame) -> pd.DataFrame:
    """Genes x samples, index ``gene_id``."""
    values = np.random.default_rng(2).negative_binomial(2, 0.01, (30, 8))
    index = pd.Index([f"ENSG000000000{i:02d}.{i}" for i in range(30)], name="gene_id")
    return pd.DataFrame(values, index=index, columns=list(small_sheet["id"]))


@pytest.fixture
def study_on_disk(tmp_path: Path, small_sheet: pd.DataFrame, small_counts: pd.DataFrame) -> Callable[..., StudySpec]:
    """Return a function that writes sheet and matrix and returns their spec; frames and spec fields may be replaced."""

    def write(**changes: Any) -> StudySpec:
        sheet, counts = changes.pop("sheet", small_sheet), changes.pop("counts", small_counts)
        sheet.to_csv(tmp_path / "samples.tsv", sep="\t", index=False)
        counts.to_csv(tmp_path / "counts.csv")
        fields: dict[str, Any] = {
            "name": "small",
            "matrix": str(tmp_path / "counts.csv"),
            "samples": str(tmp_path / "samples.tsv"),
            "columns": {"patient": "subject", "timepoint": "visit", "sex": "sex"},
            "timepoints": Timepoints("base", "week1"),
        }
        return StudySpec(**(fields | changes))

    return write
