"""A matplotlib figure that always saves under the house style and without dates."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

import matplotlib as mpl
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.font_manager import FontProperties

from dermshift.figures.fonts import outlines_only
from dermshift.figures.pixels import Pixels
from dermshift.figures.press import POINTS, PRESS, Plate, Press
from dermshift.figures.style import MM, POINT, SETTINGS, paper

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Without these a file holds the time or the version it was written by, and differs each run.
METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    "png": {"Software": None},
}


class PaperCanvas(FigureCanvasBase):
    """Measures as the press does, on a page of points; matplotlib finds another canvas to save a single file."""

    fixed_dpi = POINTS

    def get_renderer(self) -> Press:
        """Return what measures."""
        return PRESS


class Pictures(NamedTuple):
    """A figure as files hold it: two drawings, and pixels (rows x columns x red, green, blue, opacity)."""

    svg: bytes
    pdf: bytes
    pixels: npt.NDArray[np.uint8]


class PaperFigure(MatplotlibFigure):
    """Never known to pyplot, so that nothing has to be closed."""

    def __init__(self, width: float, height: float) -> None:
        """Make an empty page of `width` x `height` mm."""
        super().__init__(figsize=(width * MM, height * MM), dpi=POINTS)
        PaperCanvas(self)
        self.settled = False

    def draw_without_rendering(self) -> None:
        """Find the place of everything, unless it has been found: what places labels asks for it each time."""
        if not self.settled:
            super().draw_without_rendering()

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save as matplotlib does; `format` is read from the name or from the option."""
        kind = str(options.get("format") or str(fname).rsplit(".", 1)[-1])
        metadata = {**METADATA.get(kind, {}), **(options.pop("metadata", None) or {})}
        # A caller may salt the ids of each SVG apart, so that several can stand in one page.
        salt = mpl.rcParams["svg.hashsalt"] or SETTINGS["svg.hashsalt"]
        with paper(), outlines_only():
            mpl.rcParams["svg.hashsalt"] = salt
            super().savefig(fname, metadata=metadata or None, **options)  # a TIFF takes not even an empty one

    def pictures(self, salt: str, dpi: int) -> Pictures:
        """Draw every kind of picture at one go, the pixels at `dpi`.

        Parameters
        ----------
        salt
            Tells the ids of this SVG from those of others in one page.
        """
        from matplotlib.backends.backend_pdf import PdfFile, RendererPdf
        from matplotlib.backends.backend_svg import RendererSVG

        from dermshift.figures.lines import Lines

        inches = self.get_size_inches()
        width, height = (float(inch) * POINTS for inch in inches)
        text, document = StringIO(), BytesIO()
        with paper(), outlines_only():
            mpl.rcParams["svg.hashsalt"] = salt
            file = PdfFile(document, metadata=METADATA["pdf"])
            file.newPage(*inches)
            pdf: RendererPdf = Lines(file, dpi, inches[1], inches[0])
            svg = RendererSVG(width, height, text, image_dpi=dpi, metadata=METADATA["svg"])
            pixels = Pixels(width * dpi / POINTS, height * dpi / POINTS, dpi)
            plates = [Plate(pdf, 1), Plate(svg, 1), Plate(pixels, dpi / POINTS)]
            with PRESS.onto((width, height), plates, dpi):
                self.draw(PRESS)
            pdf.finalize()
            svg.finalize()
            file.finalize()
            file.close()
        return Pictures(text.getvalue().encode(), document.getvalue(), pixels.rgba())


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, *, weight: str = "normal") -> float:
    """Return the width of `text` in mm, as it is drawn at `size` points."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return PRESS.get_text_width_height_descent(text, font, ismath=False)[0] * POINT
