from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from dermshift.errors import FormatError
from dermshift.io import hold_study, load_study, read_study, study_file, write_study

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


@pytest.fixture
def held(tmp_path: Path, study_on_disk: Callable[..., StudySpec]) -> Iterator[Path]:
    write_study(load_study(study_on_disk(), frozenset())[0], tmp_path / "a.h5ad")
    hold_study(tmp_path / "a.h5ad")
    yield tmp_path / "a.h5ad"
    study_file._held.clear()


def test_a_study_that_is_held_is_not_read_again(held: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study_file, "read_h5ad", None)
    assert read_study(held).levels("timepoint")


def test_a_study_that_is_held_is_what_reading_gives_and_cannot_be_harmed(held: Path) -> None:
    first, known = read_study(held), [*study_file._held.values()]
    first.adata.X[:] = -1
    first.sheet["patient"] = "x"
    first.genes["gene_symbol"] = "x"
    first.adata.uns["more"] = 1
    again = read_study(held)
    study_file._held.clear()
    fresh = read_study(held)
    pd.testing.assert_frame_equal(again.values, fresh.values)
    pd.testing.assert_frame_equal(again.sheet, fresh.sheet)
    pd.testing.assert_frame_equal(again.genes, fresh.genes)
    assert dict(again.adata.uns) == dict(fresh.adata.uns) == {}
    assert len(known) == 1


def test_a_file_that_changed_is_read_again_and_one_that_is_gone_is_refused(held: Path) -> None:
    study = read_study(held)
    study.adata.X[0, 0] += 1
    write_study(study, held)
    assert read_study(held).adata.X[0, 0] == study.adata.X[0, 0]
    held.unlink()
    with pytest.raises(FormatError, match="No such file"):
        read_study(held)


def test_one_study_at_most_is_held(held: Path) -> None:
    other = held.with_name("b.h5ad")
    write_study(read_study(held), other)
    hold_study(other)
    assert len(study_file._held) == 1
    other.write_bytes(b"")
    with pytest.raises(FormatError):
        hold_study(other)
    assert not study_file._held
    hold_study(held.with_name("none.h5ad"))
    assert not study_file._held
