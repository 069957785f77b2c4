from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures.paper import PaperFigure
from dermshift.io import read_json, write_figure

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Sketch:
    id: str
    figure: Any
    frame: pd.DataFrame
    claim: dict[str, Any]


def _sketch() -> Sketch:
    figure = PaperFigure(50, 50)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], marker="o")
    axes.set_title("log2 change")
    frame = pd.DataFrame({"x": [0, 1], "y": [0.1 + 0.2, None]})
    return Sketch("volcano.response", figure, frame, {"question": "is it flat?", "n": 4})


def test_five_files_with_the_same_bytes_each_time(tmp_path: Path) -> None:
    first = write_figure(_sketch(), tmp_path / "a")
    second = write_figure(_sketch(), tmp_path / "b")
    assert [path.name for path in first] == [f"volcano.response.{s}" for s in ("svg", "png", "pdf", "csv", "json")]
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(path.name for path in first)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
    assert read_json(first[4]) == {"question": "is it flat?", "n": 4}
    assert first[3].read_text() == "x,y\n0,0.3\n1,NA\n"


def test_pictures_carry_no_date(tmp_path: Path) -> None:
    svg, _, pdf, *_ = write_figure(_sketch(), tmp_path)
    assert b"dc:date" not in svg.read_bytes()
    assert b"CreationDate" not in pdf.read_bytes()


def test_numbers_are_written_as_pandas_writes_them(tmp_path: Path) -> None:
    sketch = _sketch()
    frame = pd.DataFrame(
        {
            "text": ['a, "quoted"\nname', "NA", None, "μ", ""],
            "number": [0.1 + 0.2, np.nan, -1e-300, 1e22, 5.0],
            "whole": pd.array([1, None, -3, 0, 2**60], dtype="Int64"),
            "plain": [1, 2, 3, 4, 5],
            "flag": [True, False, True, False, True],
            "mixed": [1, 2.5, "x", None, True],
            "kind": pd.Categorical(["a", "b", None, "a", "b"]),
        }
    )
    rounded = frame.assign(number=["0.3", None, "-1e-300", "1e+22", "5"])
    _, _, _, numbers, _ = write_figure(replace(sketch, frame=frame), tmp_path)
    assert numbers.read_bytes() == rounded.to_csv(index=False, na_rep="NA", lineterminator="\n").encode()
