"""Pixels with lines of text set at one go; letter by letter, as in matplotlib, is a tenth of the work of figures."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.ft2font import LoadFlags

from dermshift.figures.press import SUBPIXELS, sized

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.font_manager import FontProperties


class Line(NamedTuple):
    """A line of text: how much ink each pixel has, and its lower left corner beside the start of its base."""

    ink: npt.NDArray[np.uint8]
    left: int
    bottom: int


class Pixels(RendererAgg):
    """Sets a line of text as one bitmap, to the nearest pixel; the letters in it stand to a part of a pixel."""

    def __init__(self, width: float, height: float, dpi: float) -> None:
        """Make an empty picture of `width` x `height` pixels, `dpi` of them in an inch."""
        RendererAgg.__init__(self, width, height, dpi)

    def rgba(self) -> npt.NDArray[np.uint8]:
        """Return rows x columns x (red, green, blue, opacity)."""
        return np.asarray(RendererAgg.buffer_rgba(self))

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = False,  # noqa: FBT002
        mtext: Any = None,
    ) -> None:  # fmt: skip
        """Write a line of text whose base begins at x, y (downwards), turned by `angle` degrees."""
        if ismath:
            RendererAgg.draw_text(self, gc, x, y, s, prop, angle, ismath, mtext)
            return
        line = _line(s, prop.copy(), angle, self.dpi, bool(gc.get_antialiased()))
        self._renderer.draw_text_image(line.ink, round(x) + line.left, round(y) + line.bottom, 0, gc)


@lru_cache(maxsize=4096)
def _line(text: str, prop: FontProperties, angle: float, dpi: float, smooth: bool) -> Line:  # noqa: FBT001
    """Draw a line of text, turned; ticks and notes are the same in many figures."""
    font = sized(prop, dpi)
    font.set_text(text, angle, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=smooth)
    left, bottom = font.get_bitmap_offset()[0] / SUBPIXELS, font.get_descent() / SUBPIXELS
    return Line(font.get_image().copy(), math.floor(left), math.floor(bottom) + 1)
