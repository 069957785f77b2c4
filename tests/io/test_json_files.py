from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.errors import FormatError
from dermshift.io import read_json, write_json
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from pathlib import Path


def test_json_is_sorted_indented_and_without_nan(tmp_path: Path) -> None:
    value = {"b": [np.float64("nan"), np.inf, np.int64(3)], "a": Timepoints("x", "ü"), "c": np.array([1.5, np.nan])}
    write_json(value, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text("utf-8")
    assert text.startswith('{\n  "a": {\n    "after": "ü",\n')
    assert text.endswith("}\n")
    assert read_json(tmp_path / "a.json") == {
        "a": {"before": "x", "after": "ü", "further": []},
        "b": [None, None, 3],
        "c": [1.5, None],
    }


def test_types_json_does_not_know_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="complex"):
        write_json({"a": 1j}, tmp_path / "a.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b""])
def test_what_is_no_json_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(FormatError, match=r"a\.json"):
        read_json(tmp_path / "a.json")
    with pytest.raises(FormatError, match="missing"):
        read_json(tmp_path / "missing.json")
