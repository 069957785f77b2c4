"""Fonts inside a PDF: the outlines of the usual letters, and nothing that sets letters."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from fontTools import subset
from fontTools.subset import Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LAYOUT_TABLES = ("GDEF", "GPOS", "GSUB", "MATH", "kern")
"""Tables of a font that tell how to set letters side by side. In a PDF all letters are set already."""
OTHER_TABLES = ("FFTM", "PfEd", "gasp")
"""Notes of the program that made the font, and settings for coarse screens."""
USUAL = "".join(map(chr, range(32, 127))) + "−≤…"
"""Characters every PDF holds of each of its fonts, so that thinning a font once serves all figures."""


class Thinned(NamedTuple):
    """A font file of some letters, as matplotlib takes it from its own function."""

    content: bytes
    glyph_index_map: dict[int, int]

    @property
    def font(self) -> Thinned:
        """The font itself."""
        return self

    def save(self, target: BytesIO, **_: Any) -> None:
        """Write the font file."""
        target.write(self.content)


@contextmanager
def outlines_only() -> Iterator[None]:
    """Embed fonts without their layout tables, each thinned once: else that is most of the time a PDF takes.

    matplotlib gives no handle on how it calls fontTools, so both are changed while a file is saved.
    """
    from matplotlib.backends import _backend_pdf_ps as backend

    usual, own = Options._drop_tables_default, backend.get_glyphs_subset
    Options._drop_tables_default = [*usual, *LAYOUT_TABLES]
    if hasattr(backend, "SubsetResults"):  # matplotlib 3.10 asks by character, and is left to itself
        backend.get_glyphs_subset = _subset  # type: ignore[assignment]  # a file in the place of an open font
    try:
        yield
    finally:
        Options._drop_tables_default = usual
        backend.get_glyphs_subset = own


@contextmanager
def _subset(fontfile: Any, glyphs: Iterable[int]) -> Iterator[Thinned]:
    """Stand in for matplotlib's function of this name."""
    yield _thinned(fontfile, _usual(fontfile).union(glyphs))


@lru_cache(maxsize=64)
def _thinned(fontfile: Any, glyphs: frozenset[int]) -> Thinned:
    """Return the font file of these glyphs; it depends on them alone, not on what was drawn before.

    Without hints, which move outlines to the pixels of a coarse screen and are half the bytes.
    """
    options = Options(glyph_names=True, recommended_glyphs=True, hinting=False, font_number=fontfile.face_index)
    options.drop_tables = [*options.drop_tables, *LAYOUT_TABLES, *OTHER_TABLES]
    font, content = subset.load_font(fontfile, options), BytesIO()
    subsetter = subset.Subsetter(options)
    subsetter.populate(gids=glyphs)
    subsetter.subset(font)
    with font:
        font.save(content, reorderTables=False)
    return Thinned(content.getvalue(), dict(subsetter.glyph_index_map))


@lru_cache(maxsize=64)
def _usual(fontfile: Any) -> frozenset[int]:
    from matplotlib.font_manager import get_font

    known = get_font(fontfile).get_charmap()
    return frozenset(int(known[ord(letter)]) for letter in USUAL if ord(letter) in known)
