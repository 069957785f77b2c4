"""A small file that claims arrays without end is refused before they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import h5py
import pytest

from dermshift.errors import FormatError
from dermshift.io.hdf5 import need_anndata

if TYPE_CHECKING:
    from pathlib import Path


def test_a_damaged_extent_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.h5ad"
    with h5py.File(path, "w") as file:
        file.create_group("obs")
        file.create_group("var")
        file.create_dataset("X", shape=(100_000, 10_000), chunks=(100, 100), dtype="f8")
    with pytest.raises(FormatError, match="8,000,000,000 bytes in all"):
        need_anndata(str(path))
