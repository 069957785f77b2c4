"""The scale of real files of every kind that is at hand."""

from __future__ import annotations

import gzip
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.checks.scale_evidence import decide

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data


def series_table(path: Path) -> pd.DataFrame:
    text = gzip.decompress(path.read_bytes()).decode()
    table = text.split("!series_matrix_table_begin\n")[1].split("!series_matrix_table_end")[0]
    return pd.read_csv(StringIO(table), sep="\t", index_col=0)


def test_salmon_writes_estimated_counts(real_data: Path) -> None:
    for name in ("salmon.merged.gene_counts.tsv.gz", "SRP254919.salmon.merged.gene_counts.top1000cov.tsv"):
        table = pd.read_csv(real_data / "loader_examples" / name, sep="\t", index_col=[0, 1])
        decision = decide(table.T.to_numpy(float), "auto")
        assert (decision.looks, decision.scale) == ("estimated counts", None), name


def test_rma_values_of_an_array_are_log2_and_their_powers_linear(real_data: Path) -> None:
    table = series_table(real_data / "gse14520_gpl571" / "GSE14520-GPL571_series_matrix.txt.gz")
    values = table.T.to_numpy(float)
    assert decide(values, "auto").scale == "log2"
    intensities = 2.0**values
    assert (decide(intensities, "auto").looks, decide(intensities, "auto").scale) == ("linear", None)
    back = decide(intensities, "linear")
    assert not back.overruled
    np.testing.assert_allclose(back.on_scale(intensities), values, rtol=1e-12)


def test_reads_per_gene_are_counts(real_data: Path) -> None:
    table = pd.read_csv(real_data / "airway" / "counts.csv.gz", index_col=0)
    assert decide(table.T.to_numpy(float), "auto").scale == "counts"
