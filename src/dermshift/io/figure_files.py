"""A figure on disk: three pictures, the numbers that were drawn, and the claim card."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dermshift.io.atomic import replacing, write_bytes
from dermshift.io.json_files import write_json
from dermshift.io.png_files import write_png
from dermshift.io.table_files import in_lines
from dermshift.tables import in_digits

if TYPE_CHECKING:
    import pandas as pd

PNG_DPI = 300
DIGITS = 6
NA = "NA"
KINDS = ("svg", "png", "pdf", "csv", "json")


class Drawn(Protocol):
    """What `write_figure` needs of a figure."""

    @property
    def id(self) -> str:
        """Name of the files."""

    @property
    def figure(self) -> Any:
        """What is drawn: ``pictures(salt, dpi)`` gives the bytes of SVG and PDF, and pixels."""

    @property
    def frame(self) -> pd.DataFrame:
        """The numbers that were drawn."""

    @property
    def claim(self) -> dict[str, Any]:
        """The claim card."""


def write_figure(figure: Drawn, directory: Path | str) -> list[Path]:
    """Write ``<id>.svg .png .pdf .csv .json`` into `directory`, atomically and with the same bytes each time.

    Returns
    -------
    list of Path
        The five files, in that order.
    """
    stem = Path(directory) / figure.id
    pictures = figure.figure.pictures(figure.id, PNG_DPI)
    write_bytes(pictures.svg, _with_suffix(stem, "svg"))
    write_bytes(pictures.pdf, _with_suffix(stem, "pdf"))
    with replacing(_with_suffix(stem, "png")) as temporary:
        write_png(pictures.pixels, temporary, PNG_DPI)
    _write_numbers(figure.frame, _with_suffix(stem, "csv"))
    write_json(figure.claim, _with_suffix(stem, "json"))
    return [_with_suffix(stem, kind) for kind in KINDS]


def _write_numbers(frame: pd.DataFrame, path: Path) -> None:
    """Write what a page can show, `DIGITS` significant digits of each number; the tables hold full precision."""
    cells = [[str(name), *_cells(frame.iloc[:, place])] for place, name in enumerate(frame)]
    write_bytes(in_lines(cells, ",").encode(), path)


def _cells(column: pd.Series) -> list[str]:
    """Return a column as text, gaps as NA; pandas' own way there takes twice as long, and figures hold every gene."""
    if column.dtype.kind == "f":
        texts = in_digits(column.to_numpy(float, na_value=math.nan), DIGITS)
        return [NA if text == "nan" else text for text in texts]
    missing = column.isna().to_numpy()
    return [NA if gap else str(value) for value, gap in zip(column.tolist(), missing.tolist(), strict=True)]


def _with_suffix(stem: Path, suffix: str) -> Path:
    # Not Path.with_suffix: an id may contain a dot.
    return stem.with_name(f"{stem.name}.{suffix}")
