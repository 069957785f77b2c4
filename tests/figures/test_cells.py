"""Fields of a heat map stand where their names are."""

from __future__ import annotations

import numpy as np

from dermshift.figures.cells import cells
from dermshift.figures.page import settle
from dermshift.figures.paper import PaperFigure
from dermshift.figures.style import paper


def test_the_first_row_is_on_top_and_a_gap_is_left_out():
    matrix = np.array([[1.0, -1.0, 0.5], [np.nan, 0.0, 0.25]])
    with paper():
        page = PaperFigure(80, 60)
        page.set_layout_engine("constrained")
        ax = page.add_subplot()
        cells(ax, matrix, ["a", "b", "c"], ["upper", "lower"], {"label": "change", "aspect": 18}, vmin=-1, vmax=1)
    drawn = ax.collections[0].get_array()
    assert np.ma.filled(drawn, 9.0).tolist() == [[1.0, -1.0, 0.5], [9.0, 0.0, 0.25]]
    places = {tick.get_text(): tick.get_position()[1] for tick in ax.get_yticklabels()}
    assert places == {"upper": 0.5, "lower": 1.5}
    assert ax.get_ylim() == (2, 0)
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["a", "b", "c"]
    assert page.axes[1].get_ylabel() == "change"


def test_a_colour_bar_stands_still_once_the_page_is_settled():
    with paper():
        page = PaperFigure(80, 60)
        page.set_layout_engine("constrained")
        ax = page.add_subplot()
        cells(ax, np.eye(3), ["a", "b", "c"], ["x", "y", "z"], {"shrink": 0.6, "aspect": 18})
    engine = page.get_layout_engine()
    settle(page)
    before = [axes.get_position(original=True).get_points().round(3).tolist() for axes in page.axes]
    with paper():
        engine.execute(page)
    assert [axes.get_position(original=True).get_points().round(3).tolist() for axes in page.axes] == before
