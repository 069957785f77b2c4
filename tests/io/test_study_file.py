from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.io import load_study, read_study, write_study

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dermshift.study import StudySpec


def test_a_study_comes_back_and_is_rewritten_byte_for_byte(
    tmp_path: Path, study_on_disk: Callable[..., StudySpec]
) -> None:
    study, _ = load_study(study_on_disk(synthetic=True), frozenset({"sex"}))
    write_study(study, tmp_path / "a.h5ad")
    again = read_study(tmp_path / "a.h5ad")
    write_study(again, tmp_path / "b.h5ad")
    assert (tmp_path / "a.h5ad").read_bytes() == (tmp_path / "b.h5ad").read_bytes()
    for name in ("name", "scale", "timepoints", "sources", "synthetic", "missing_pairs", "comparison", "notes"):
        assert getattr(again, name) == getattr(study, name), name
    pd.testing.assert_frame_equal(again.values, study.values)
    pd.testing.assert_frame_equal(again.sheet, study.sheet)
    pd.testing.assert_frame_equal(again.genes, study.genes)
    assert again.sheet.index.name == "sample"
    assert again.sheet["patient"].tolist()[0] == "001"


def test_writing_leaves_the_study_alone(tmp_path: Path, study_on_disk: Callable[..., StudySpec]) -> None:
    study, _ = load_study(study_on_disk(), frozenset())
    study.sheet["group"] = pd.Categorical(["a", "b"] * 4)
    write_study(study, tmp_path / "a.h5ad")
    assert study.sheet["group"].dtype == "category"
    assert "dermshift" not in study.adata.uns
    assert read_study(tmp_path / "a.h5ad").sheet["group"].tolist() == ["a", "b"] * 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "No such file"),
        (b"", "an empty file"),
        (b"text", "no HDF5 file"),
        (b"\x80\x04\x95", "a pickle, which could run code"),
        (b"\x89HDF\r\n\x1a\n", "a damaged or incomplete HDF5 file"),
    ],
)
def test_what_is_no_study_is_refused(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "a.h5ad"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FormatError, match=words):
        read_study(path)


def test_damage_inside_the_file_is_refused(tmp_path: Path, study_on_disk: Callable[..., StudySpec]) -> None:
    study, _ = load_study(study_on_disk(), frozenset())
    path = tmp_path / "a.h5ad"
    write_study(study, path)
    content = path.read_bytes()
    for damaged in (content[: len(content) // 2], content.replace(b"string-array", b"strung-array")):
        path.write_bytes(damaged)
        with pytest.raises(FormatError, match=r"a\.h5ad"):
            read_study(path)


@pytest.mark.filterwarnings("ignore:The 'future.infer_string' option:DeprecationWarning")
def test_a_foreign_anndata_is_no_study(tmp_path: Path) -> None:
    import anndata
    import numpy as np

    anndata.AnnData(np.ones((2, 2))).write_h5ad(tmp_path / "a.h5ad")
    with pytest.raises(FormatError, match="written by dermshift"):
        read_study(tmp_path / "a.h5ad")
