"""A small study on disk, made wrong on request."""

from __future__ import annotations

import gzip
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


SERIES = """\
!Series_title\t"Skin before and after"
!Series_geo_accession\t"GSE1"
!Series_summary\t"one"
!Series_summary\t"two"
!Series_sample_id\t"GSM1 GSM2 GSM3 "
!Series_supplementary_file\t"ftp://host/suppl/GSE1_RAW.tar"
!Series_platform_id\t"GPL571"
!Series_platform_id\t"GPL3921"

!Sample_title\t"a"\t"b"\t"c"
!Sample_geo_accession\t"GSM1"\t"GSM2"\t"GSM3"
!Sample_source_name_ch1\t"skin"\t"skin"\t"skin"
!Sample_characteristics_ch1\t"Patient ID: 1"\t"patient id:  2"\t"time point: week 1"
!Sample_characteristics_ch1\t"time point: baseline"\t""\t"Sex: F"
!Sample_data_processing\t"RMA"\t"RMA"\t"RMA"
!Sample_platform_id\t"GPL571"\t"GPL571"\t"GPL571"
!Sample_data_row_count\t"2"\t"2"\t"2"
!series_matrix_table_begin
"ID_REF"\t"GSM1"\t"GSM2"\t"GSM3"
"1007_s_at"\t1.5\t2.5\t3.5
"212531_at"\t4.5\tnull\t6.5
!series_matrix_table_end
"""


@pytest.fixture(scope="session")
def series_text() -> str:
    """A sound series matrix of three samples and two probe sets; the second probe set lacks a value."""
    return SERIES


@pytest.fixture
def series_file(tmp_path: Path) -> Callable[..., str]:
    """Return a function that writes the series matrix, changed by pairs of old and new text, and returns its path."""

    def write(*changes: tuple[str, str], name: str = "GSE1_series_matrix.txt") -> str:
        text = SERIES
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
        return str(path)

    return write
