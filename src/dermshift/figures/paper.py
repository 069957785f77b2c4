"""A matplotlib figure that always saves under the house style and without dates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.font_manager import FontProperties

from dermshift.figures.fonts import outlines_only
from dermshift.figures.style import MM, POINT, SETTINGS, paper

# Without these a file holds the time or the version it was written by, and differs each run.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}

_RULER = RendererAgg(10, 10, 72)  # type: ignore[no-untyped-call]


class PaperFigure(MatplotlibFigure):
    """Never known to pyplot, so that nothing has to be closed."""

    def __init__(self, width: float, height: float) -> None:
        """Make an empty page of `width` x `height` mm."""
        super().__init__(figsize=(width * MM, height * MM))
        FigureCanvasAgg(self)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save as matplotlib does; `format` is read from the name or from the option."""
        kind = str(options.get("format") or str(fname).rsplit(".", 1)[-1])
        metadata = {**METADATA.get(kind, {}), **(options.pop("metadata", None) or {})}
        # A caller may salt the ids of each SVG apart, so that several can stand in one page.
        salt = mpl.rcParams["svg.hashsalt"] or SETTINGS["svg.hashsalt"]
        with paper(), outlines_only():
            mpl.rcParams["svg.hashsalt"] = salt
            super().savefig(fname, metadata=metadata or None, **options)  # a TIFF takes not even an empty one


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, weight: str = "normal") -> float:
    """Return the width of `text` in mm, as it is drawn at `size` points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = _RULER.get_text_width_height_descent(text, font, ismath=False)  # type: ignore[no-untyped-call]
    return float(width) * POINT
