"""A figure on disk: three pictures, the numbers that were drawn, and the claim card."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dermshift.io.atomic import replacing, write_bytes
from dermshift.io.json_files import write_json
from dermshift.io.png_files import write_png
from dermshift.tables import in_digits

if TYPE_CHECKING:
    import pandas as pd

PNG_DPI = 300
DIGITS = 6
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
    with replacing(_with_suffix(stem, "csv")) as temporary:
        # What a page can show; the tables hold full precision.
        shown(figure.frame).to_csv(temporary, index=False, na_rep="NA", lineterminator="\n", encoding="utf-8")
    write_json(figure.claim, _with_suffix(stem, "json"))
    return [_with_suffix(stem, kind) for kind in KINDS]


def shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with its numbers as text of `DIGITS` significant digits, as ``to_csv`` would write them."""
    found = frame.copy(deep=False)
    for place, kind in enumerate(frame.dtypes):
        if kind.kind == "f":
            values = frame.iloc[:, place].to_numpy(float, na_value=math.nan)
            found.isetitem(place, ["NA" if text == "nan" else text for text in in_digits(values, DIGITS)])
    return found


def _with_suffix(stem: Path, suffix: str) -> Path:
    # Not Path.with_suffix: an id may contain a dot.
    return stem.with_name(f"{stem.name}.{suffix}")
