"""A renderer that hands each stroke on to several others: one look at a figure makes all its pictures."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.transforms import Affine2D, Bbox, TransformedPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Height = tuple[float, float, float] | tuple[None, None, None]

POINTS = 72
"""Points in an inch: the unit figures are laid out in."""
SUBPIXELS = 64
"""Parts of a pixel in which FreeType counts."""


class Plate(NamedTuple):
    """A renderer, and its pixels per point."""

    renderer: RendererBase
    scale: float


class Press(RendererBase):
    """Lays figures out in points, without rounding to anybody's pixels, and draws on the plates of the moment.

    Without plates it only measures. One serves every figure, so that a text that was measured once is known.
    """

    def __init__(self) -> None:
        """Make a press that holds no plates yet."""
        super().__init__()
        self.width, self.height = 0.0, 0.0
        self._plates: tuple[Plate, ...] = ()
        self._below: tuple[Plate, ...] = ()
        self._dpi = float(POINTS)

    @contextmanager
    def onto(self, size: Sequence[float], plates: Sequence[Plate], dpi: float) -> Iterator[None]:
        """Hold `plates` while a figure of `size` points is drawn; what is rasterized has `dpi` pixels per inch."""
        before = self.width, self.height, self._plates, self._dpi
        (self.width, self.height), self._plates, self._dpi = size, tuple(plates), dpi
        try:
            yield
        finally:
            self.width, self.height, self._plates, self._dpi = before

    # -- What matplotlib asks of a renderer

    def flipy(self) -> bool:
        """Say that y grows upwards."""
        return False

    def points_to_pixels(self, points: Any) -> Any:
        """Return `points`: they are the unit."""
        return points

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Return the size of the page in points."""
        return self.width, self.height

    def get_image_magnification(self) -> float:
        """Return the pixels of an image per point."""
        return self._dpi / POINTS

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Return the size of a text in points, from the outlines of its letters."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        return _measured(s, prop.copy())  # a key must not change

    def _get_font_height_metrics(self, prop: FontProperties) -> Height:
        # matplotlib asks each renderer that has this, and else reads four tables of the font for every text.
        return _line_height(prop.copy())

    def new_gc(self) -> GraphicsContextBase:
        """Return the state of a pen; a PDF needs its own kind, and the others take it."""
        return self._plates[0].renderer.new_gc() if self._plates else GraphicsContextBase()

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Begin a group of an SVG."""
        for plate in self._plates:
            plate.renderer.open_group(s, gid)

    def close_group(self, s: str) -> None:
        """End a group of an SVG."""
        for plate in self._plates:
            plate.renderer.close_group(s)

    # -- Strokes: which of the arguments after the pen turn points into pixels

    def draw_path(self, gc: Any, *stroke: Any, **more: Any) -> None:
        """Draw a path."""
        self._each("draw_path", (1,), gc, stroke, more)

    def draw_markers(self, gc: Any, *stroke: Any, **more: Any) -> None:
        """Draw a marker at each point of a path."""
        self._each("draw_markers", (1, 3), gc, stroke, more)

    def draw_path_collection(self, gc: Any, *stroke: Any, **more: Any) -> None:
        """Draw many paths, each with its colours and its place."""
        self._each("draw_path_collection", (0, 4), gc, stroke, more)

    def draw_quad_mesh(self, gc: Any, *stroke: Any, **more: Any) -> None:
        """Draw a grid of filled cells."""
        self._each("draw_quad_mesh", (0, 5), gc, stroke, more)

    def draw_gouraud_triangles(self, gc: Any, *stroke: Any, **more: Any) -> None:
        """Draw triangles of blended colours."""
        self._each("draw_gouraud_triangles", (2,), gc, stroke, more)

    def _each(self, name: str, transforms: tuple[int, ...], gc: Any, stroke: tuple[Any, ...], more: Any) -> None:
        for plate in self._plates:
            scaled = [_scaled(value, plate) if k in transforms else value for k, value in enumerate(stroke)]
            getattr(plate.renderer, name)(_pen(gc, plate), *scaled, **more)

    def draw_image(self, gc: Any, x: float, y: float, im: Any, transform: Any = None) -> None:
        """Draw an image, which has the pixels of `get_image_magnification`."""
        if transform is not None:
            message = "an image is drawn as it is: option_scale_image is not offered"
            raise NotImplementedError(message)
        for plate in self._plates:
            plate.renderer.draw_image(_pen(gc, plate), x * plate.scale, y * plate.scale, im)

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: FontProperties, angle: float, ismath: Any = None,
        mtext: Any = None,
    ) -> None:  # fmt: skip
        """Write a line of text."""
        for renderer, scale in self._plates:
            up = y * scale
            place = renderer.get_canvas_width_height()[1] - up if renderer.flipy() else up
            pen = _pen(gc, Plate(renderer, scale))
            renderer.draw_text(pen, x * scale, place, s, prop, angle, ismath=ismath, mtext=mtext)

    # -- Dots too many for a drawing become an image in it

    def start_rasterizing(self) -> None:
        """Draw what follows into an image for the drawings, and into pictures as before."""
        scale = self._dpi / POINTS
        layer = Plate(RendererAgg(self.width * scale, self.height * scale, self._dpi), scale)
        self._below = self._plates
        self._plates = (layer, *(plate for plate in self._plates if isinstance(plate.renderer, RendererAgg)))

    def stop_rasterizing(self) -> None:
        """Put the image into the drawings."""
        layer, self._plates = self._plates[0], self._below
        pixels = np.asarray(layer.renderer.buffer_rgba())  # type: ignore[attr-defined]
        rows, columns = (np.flatnonzero(pixels[..., 3].any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            return
        left, bottom = columns[0] / layer.scale, (len(pixels) - 1 - rows[-1]) / layer.scale
        image = pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1][::-1]
        for plate in self._plates:
            if not isinstance(plate.renderer, RendererAgg):
                plate.renderer.draw_image(plate.renderer.new_gc(), left, bottom, image)


def _scaled(transform: Any, plate: Plate) -> Any:
    """Return a transform into points as one into the pixels of a plate."""
    if plate.scale == 1:
        return transform
    matrix = transform.get_matrix().copy()
    matrix[:2] *= plate.scale
    return Affine2D(matrix)


def _pen(gc: Any, plate: Plate) -> Any:
    """Return the state of the pen with its clips in the pixels of a plate; widths and dashes stay points."""
    if plate.scale == 1:
        return gc
    pen = GraphicsContextBase()
    pen.copy_properties(gc)
    if (box := gc.get_clip_rectangle()) is not None:
        pen.set_clip_rectangle(Bbox(box.get_points() * plate.scale))
    path, transform = gc.get_clip_path()
    if path is not None:
        pen.set_clip_path(TransformedPath(path, _scaled(transform, plate)))
    return pen


@lru_cache(maxsize=1 << 10)
def _line_height(prop: FontProperties) -> Height:
    """Return how far lines of text reach above and below their base, and the gap between two, in points.

    None three times where the font does not say so in the table that is read first, and matplotlib looks further.
    """
    font = get_font(fontManager._find_fonts_by_props(prop))
    table, head = font.get_sfnt_table("OS/2"), font.get_sfnt_table("head")
    if table is None or head is None:
        return None, None, None
    scale = prop.get_size_in_points() / head["unitsPerEm"]
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale


@lru_cache(maxsize=1 << 16)
def _measured(text: str, prop: FontProperties) -> tuple[float, float, float]:
    font = sized(prop, POINTS)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    width, height = font.get_width_height()
    return width / SUBPIXELS, height / SUBPIXELS, font.get_descent() / SUBPIXELS


def sized(prop: FontProperties, dpi: float) -> FT2Font:
    """Return a font without text, of its size at `dpi` pixels per inch."""
    font = get_font(fontManager._find_fonts_by_props(prop))
    font.clear()
    font.set_size(prop.get_size_in_points(), dpi)
    return font


PRESS = Press()
"""The press of this process."""
