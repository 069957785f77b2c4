from __future__ import annotations

import io
import re
import zlib

from fontTools.subset import Options
from fontTools.ttLib import TTFont

from dermshift.figures.fonts import LAYOUT_TABLES, outlines_only
from dermshift.figures.paper import PaperFigure


def embedded_fonts(pdf: bytes) -> list[TTFont]:
    """Return the fonts inside a PDF."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    inflated = []
    for stream in streams:
        try:
            inflated.append(zlib.decompress(stream))
        except zlib.error:
            continue
    return [TTFont(io.BytesIO(text)) for text in inflated if text.startswith(b"\x00\x01\x00\x00")]


def test_a_pdf_holds_the_outlines_of_its_letters_and_no_tables_that_set_them():
    figure = PaperFigure(40, 20)
    figure.text(0.1, 0.5, "LCN2 −0.5 ≤")
    target = io.BytesIO()
    figure.savefig(target, format="pdf")
    fonts = embedded_fonts(target.getvalue())
    assert fonts
    assert all(set(LAYOUT_TABLES).isdisjoint(font.keys()) for font in fonts)
    drawn = {name for font in fonts for name in font.getGlyphOrder() if font["glyf"][name].numberOfContours != 0}
    assert {"L", "C", "N", "two", "minus", "lessequal"} <= drawn


def test_fonttools_is_left_as_it_was():
    before = list(Options._drop_tables_default)
    with outlines_only():
        assert set(LAYOUT_TABLES) <= set(Options._drop_tables_default)
    assert before == Options._drop_tables_default


def test_the_file_of_a_figure_does_not_depend_on_what_was_drawn_before():
    def drawn(text):
        figure, target = PaperFigure(40, 20), io.BytesIO()
        figure.text(0.1, 0.5, text)
        figure.savefig(target, format="pdf")
        return target.getvalue()

    rare = "LCN2 Ω"
    first = drawn(rare)
    drawn("other letters, é and ß")
    again = drawn(rare)
    assert first == again
    names = {name for font in embedded_fonts(again) for name in font.getGlyphOrder()}
    assert "Omega" in names or "uni03A9" in names or "uni2126" in names
    assert "eacute" not in names
