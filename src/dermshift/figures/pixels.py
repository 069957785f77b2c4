"""Pixels with lines of text set at one go; letter by letter, as in matplotlib, is a tenth of the work of figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.ft2font import LoadFlags

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.font_manager import FontProperties

SUBPIXELS = 64
"""Parts of a pixel in which FreeType counts."""


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
        font = RendererAgg._prepare_font(self, prop)
        font.set_text(s, angle, flags=LoadFlags.NO_HINTING)
        font.draw_glyphs_to_bitmap(antialiased=bool(gc.get_antialiased()))
        left, bottom = font.get_bitmap_offset()[0] / SUBPIXELS, font.get_descent() / SUBPIXELS
        place = round(x) + math.floor(left), round(y) + math.floor(bottom) + 1
        self._renderer.draw_text_image(font.get_image(), *place, 0, gc)
