from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from dermshift.figures.pixels import Pixels
from dermshift.figures.style import paper

SIDE = 700
CENTRE = 350.0


def drawn(renderer: RendererAgg, text: str, size: float, angle: float, x: float = CENTRE) -> np.ndarray:
    """Return how much ink each pixel has."""
    pen = GraphicsContextBase()
    pen.set_foreground((0.0, 0.0, 0.0, 1.0), isRGBA=True)
    with paper():
        renderer.draw_text(pen, x, CENTRE, text, FontProperties(family="DejaVu Sans", size=size), angle)
    return np.asarray(renderer.buffer_rgba())[..., 3].astype(float)


def middle(ink: np.ndarray) -> np.ndarray:
    """Return row and column of the middle of the ink."""
    return np.array([(ink.sum(axis=1 - axis) * np.arange(SIDE)).sum() for axis in (0, 1)]) / ink.sum()


TEXTS, SIZES, ANGLES = ("LCN2 (NGAL)", "−0.75", "jpgq", "1,000", "_y (x)"), (6.0, 6.5, 7.0, 8.0), (0, 45, 90, 270)


@given(st.sampled_from(TEXTS), st.sampled_from(SIZES), st.sampled_from(ANGLES))
def test_a_text_stands_where_matplotlib_writes_it(text: str, size: float, angle: float) -> None:
    mine, own = (drawn(kind(SIDE, SIDE, 300), text, size, angle) for kind in (Pixels, RendererAgg))
    assert mine.sum() == pytest.approx(own.sum(), rel=0.06)  # the last faint column may be cut
    assert middle(mine) == pytest.approx(middle(own), abs=1.1)  # a twelfth of a millimetre
    elsewhere = drawn(Pixels(SIDE, SIDE, 300), text, size, angle, CENTRE + 3)
    assert middle(elsewhere) != pytest.approx(middle(own), abs=1.1)


def test_colours_and_formulas_are_matplotlibs() -> None:
    pen = GraphicsContextBase()
    pen.set_foreground((1.0, 0.0, 0.0, 1.0), isRGBA=True)
    found = Pixels(200, 60, 200)
    with paper():
        found.draw_text(pen, 10.0, 40.0, r"$x^2$", FontProperties(size=8), 0, ismath=True)
        found.draw_text(pen, 100.0, 40.0, "red", FontProperties(size=8), 0)
    ink = np.asarray(found.buffer_rgba())
    for part in (ink[:, :90], ink[:, 90:]):
        solid = part[part[..., 3] > 250]
        assert len(solid)
        assert (solid[:, :3] == (255, 0, 0)).all()
