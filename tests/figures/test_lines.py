"""Lines of text in a PDF are those of matplotlib, byte for byte."""

from __future__ import annotations

import pytest
from matplotlib.backends import backend_pdf
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font, LoadFlags

from dermshift.figures import lines
from dermshift.figures.paper import PaperFigure
from dermshift.figures.style import paper

TEXTS = ("log2 fold change", "AV Wa fi", "−1.5 ± 2·10⁻³", "α ≤ 0.05, κ, ž", "p$_{adj}$", "")


def document():
    with paper():
        figure = PaperFigure(90, 60)
        for place, text in enumerate(TEXTS):
            figure.text(0.1, 0.1 + place / 8, text, rotation=20 * place, weight="bold" if place % 2 else "normal")
            figure.text(0.5, 0.1 + place / 8, text, size=5 + place)
    return figure.pictures("lines", 72).pdf


def test_the_bytes_are_those_of_matplotlib(monkeypatch):
    ours = [document(), document()]  # the second from memory
    monkeypatch.setattr(lines, "Lines", backend_pdf.RendererPdf)
    assert ours == [document()] * 2


def test_another_size_or_weight_is_another_line():
    fonts = [FontProperties(size=8), FontProperties(size=9), FontProperties(size=8, weight="bold")]
    if not hasattr(FT2Font, "_layout"):
        pytest.skip("matplotlib before 3.11 lays out letter by letter itself")
    laid_out = [lines.Typesetter(font)._layout("AVA", LoadFlags.NO_HINTING) for font in fonts]
    assert len({line[-1].x for line in laid_out}) == 3
    fonts[0].set_size(12)
    assert lines.Typesetter(FontProperties(size=8))._layout("AVA", LoadFlags.NO_HINTING) == laid_out[0]
