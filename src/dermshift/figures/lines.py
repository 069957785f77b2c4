"""Lines of text in a PDF, laid out once; ticks and notes are the same in many figures."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from matplotlib.backends.backend_pdf import RendererPdf
from matplotlib.ft2font import FT2Font

from dermshift.figures.press import POINTS, sized

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties


class Face(NamedTuple):
    """What a PDF says of a font beside the letters taken from it."""

    fname: str | bytes
    face_index: int

    def load_glyph(self, *_: Any, **__: Any) -> None:
        """Do nothing: the letter has its place, and a PDF takes outlines from the file of the font."""


class Letter(NamedTuple):
    """A letter in its place, as matplotlib's own layout has it."""

    ft_object: Face
    char: str
    glyph_index: int
    x: float
    y: float
    prev_kern: float


class Typesetter:
    """A font for matplotlib's PDF renderer that remembers the lines it has laid out."""

    def __init__(self, prop: FontProperties) -> None:
        """Take a font of so many points."""
        self._prop = prop.copy()  # a key must not change

    def _layout(self, text: str, flags: Any, **how: Any) -> tuple[Letter, ...]:
        return _laid_out(text, self._prop, flags, **how)

    def __getattr__(self, name: str) -> Any:
        """Answer anything else as the font does."""
        return getattr(sized(self._prop, POINTS), name)


class Lines(RendererPdf):
    """Writes a PDF like matplotlib, byte for byte."""

    def __init__(self, file: Any, dpi: float, height: float, width: float) -> None:
        """Begin a page of `width` x `height` inches, with images of `dpi` pixels per inch."""
        RendererPdf.__init__(self, file, dpi, height, width)

    def _get_font_ttf(self, prop: FontProperties) -> Any:
        # matplotlib 3.10 lays out letter by letter, and is left to itself.
        return Typesetter(prop) if hasattr(FT2Font, "_layout") else RendererPdf._get_font_ttf(self, prop)


@lru_cache(maxsize=4096)
def _laid_out(text: str, prop: FontProperties, flags: Any, **how: Any) -> tuple[Letter, ...]:
    letters = sized(prop, POINTS)._layout(text, flags, **how)
    return tuple(
        Letter(Face(a.ft_object.fname, a.ft_object.face_index), a.char, a.glyph_index, a.x, a.y, a.prev_kern)
        for a in letters
    )
