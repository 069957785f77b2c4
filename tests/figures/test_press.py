from __future__ import annotations

import io
import re
import zlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_pdf import RendererPdf
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from PIL import Image

from dermshift.figures.page import new_page, settle
from dermshift.figures.paper import PaperFigure
from dermshift.figures.pixels import Pixels
from dermshift.figures.press import PRESS, Plate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DPI = 200


def everything() -> PaperFigure:
    """Return a figure with each kind of stroke: lines, markers, dots, cells, an image, clips, text of any angle."""
    figure = new_page(120, 60, title="Every stroke", notes=["a note"], synthetic=True)
    left, middle, right = figure.subplots(1, 3)
    rng = np.random.default_rng(0)
    left.plot([0, 1, 2], [0, 3, 1], marker="o", linestyle="--", color="tab:red")
    left.set_ylim(0.5, 2)
    left.text(1, 1, "two\nlines", rotation=30)
    middle.scatter(*rng.normal(size=(2, 400)), s=rng.uniform(2, 20, 400), rasterized=True, color="grey", linewidths=0)
    middle.fill_between([-1, 1], [-1, -1], [1, 2], hatch="//", alpha=0.3)
    right.pcolormesh(rng.normal(size=(6, 4)), shading="flat", cmap="RdBu_r")
    right.imshow(rng.normal(size=(5, 5)), extent=(1, 3, 1, 3), aspect="auto", zorder=3)
    settle(figure)
    return figure


def alone(figure: PaperFigure) -> np.ndarray:
    """Return the pixels matplotlib draws by itself."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=DPI)
    with Image.open(buffer) as read:
        return np.asarray(read.convert("RGB")).astype(int)


def different(one: np.ndarray, other: np.ndarray) -> float:
    """Return the share of pixels that differ by more than the edge of a letter moved by a part of a pixel does."""
    return float((np.abs(one - other).max(axis=2) > 150).mean())


def test_the_pixels_are_those_matplotlib_draws_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pixels, "draw_text", RendererAgg.draw_text)  # test_pixels tells where texts stand
    drawn = everything().pictures("a", DPI).pixels[..., :3].astype(int)
    expected = alone(everything())
    assert drawn.shape == expected.shape
    assert different(drawn, expected) < 0.003
    # Twin: the same picture a millimetre lower is told apart.
    assert different(np.roll(drawn, DPI // 25, axis=0), expected) > 0.05


def test_the_drawings_are_those_matplotlib_makes_by_itself() -> None:
    figure = everything()
    svg, buffer = figure.pictures("a", DPI).svg.decode(), io.StringIO()
    everything().savefig(buffer, format="svg", dpi=DPI)
    for pattern in (r"<text[^>]*>[^<]*</text>", r"<g id=\"[a-z_]+_\d+\">", r"<use [^>]*>", r"<image "):
        mine, own = re.findall(pattern, svg), re.findall(pattern, buffer.getvalue())
        assert len(mine) == len(own) > 0, pattern
    paths = [
        np.array(re.findall(r"-?\d+\.?\d*", " ".join(re.findall(r' d="([^"]*)"', text))), float)
        for text in (svg, buffer.getvalue())
    ]
    assert paths[0] == pytest.approx(paths[1], abs=0.02)  # points; the settled page rounds to a millionth of its height


def test_a_pdf_draws_what_the_other_pictures_draw() -> None:
    drawn = everything().pictures("a", DPI).pdf
    assert drawn.startswith(b"%PDF")
    streams = [
        zlib.decompress(part) for part in re.findall(rb"FlateDecode.*?stream\r?\n(.*?)\r?\nendstream", drawn, re.S)
    ]
    assert any(b"Tj" in part or b"TJ" in part for part in streams)
    assert drawn.count(b"/Subtype /Image") >= 2


def test_what_is_rasterized_leaves_the_dots_out_of_the_drawing() -> None:
    def dots(rasterized: bool) -> int:
        figure = PaperFigure(40, 40)
        figure.subplots().scatter(np.arange(300), np.arange(300), rasterized=rasterized)
        return figure.pictures("a", DPI).svg.count(b"<use")

    assert dots(False) - dots(True) == 300


def test_an_empty_layer_leaves_no_image() -> None:
    figure = PaperFigure(40, 40)
    figure.add_artist(Line2D([], [], rasterized=True))
    assert b"<image" not in figure.pictures("a", DPI).svg


def test_equal_figures_give_equal_bytes_and_their_own_ids() -> None:
    one, again, other = (everything().pictures(salt, DPI) for salt in "aab")
    assert (one.svg, one.pdf) == (again.svg, again.pdf)
    assert (one.pixels == again.pixels).all()
    assert one.svg != other.svg
    assert one.pdf == other.pdf


def test_after_an_error_nothing_is_held() -> None:
    with pytest.raises(ZeroDivisionError), PRESS.onto((10, 10), [Plate(PRESS, 2)], DPI):
        raise ZeroDivisionError
    assert PRESS.get_canvas_width_height() == (0, 0)
    PRESS.draw_path(PRESS.new_gc(), None, None)  # on nothing


def test_texts_are_as_wide_as_their_letters_at_any_size() -> None:
    def width(size: float) -> float:
        return PRESS.get_text_width_height_descent(
            "LCN2 (NGAL)", FontProperties(family="DejaVu Sans", size=size), False
        )[0]

    assert width(60) == pytest.approx(10 * width(6), rel=0.02)


def test_lines_are_as_high_as_matplotlib_takes_them() -> None:
    figure = PaperFigure(40, 40)
    text = figure.text(0.5, 0.5, "two\nlines", size=9)
    mine = text.get_window_extent(PRESS).size
    height = RendererPdf(None, DPI, 1, 1)
    assert height._get_font_height_metrics(text.get_fontproperties()) == (None, None, None)  # matplotlib reads them
    assert mine == pytest.approx(text.get_window_extent(height).size, rel=1e-9)


def test_labels_of_a_column_stand_on_one_line_and_stay() -> None:
    figure = new_page(80, 60, title="title")
    upper, lower = figure.subplots(2, 1)
    upper.set(ylabel="upper", ylim=(0, 1))
    lower.set(ylabel="lower", ylim=(0, 1e5))
    settle(figure, align=True)

    def left(ax: Axes) -> float:
        return float(ax.yaxis.label.get_window_extent().x0)

    assert left(upper) == pytest.approx(left(lower), abs=0.01)
    assert left(upper) >= 0
    assert left(lower) + 5 < min(tick.get_window_extent().x0 for tick in lower.get_yticklabels())
    before = [left(ax) for ax in figure.axes]
    figure.pictures("a", 72)
    assert [left(ax) for ax in figure.axes] == before
