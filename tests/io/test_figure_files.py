from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
