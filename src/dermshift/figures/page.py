"""The page: title and numbers above, panels in the middle, conventions and cautions below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures.press import PRESS
from dermshift.figures.style import INK, POINT, QUIET, SIZE_NOTE, SIZE_SMALL, SIZE_TEXT, SIZE_TITLE, paper
from dermshift.figures.wrapping import shorten, wrap
from dermshift.palette import VERMILLION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

    from dermshift.figures.paper import PaperFigure

MARGIN = 1.5
LEADING = 1.3
KEY_ROW = 3.6
KEY_HANDLE = 8.5
SYNTHETIC = "Synthetic data"


def new_page(
    width: float,
    body: float,
    *,
    title: str,
    lines: Sequence[str] = (),
    notes: Sequence[str] = (),
    synthetic: bool = False,
    key: Sequence[Artist] = (),
    key_columns: int = 3,
) -> PaperFigure:
    """Return a page of `width` mm whose panels get `body` mm of height; text is wrapped and never shares their room.

    Parameters
    ----------
    title, lines
        What is asked, and the numbers behind it, above the panels.
    notes
        Conventions and cautions, below the panels.
    synthetic
        Print the mark for synthetic data.
    key, key_columns
        Legend entries in a strip of their own between panels and notes, filled column by column.
    """
    from dermshift.figures.paper import PaperFigure, text_width

    room = width - 2 * MARGIN
    mark = text_width(SYNTHETIC, SIZE_TEXT, weight="bold") + 6 if synthetic else 0
    head = [(text, SIZE_TITLE, "bold", INK) for text in wrap(title, room - mark, SIZE_TITLE, weight="bold")]
    for line in lines:
        beside = mark if len(head) < 2 else 0  # lower lines pass below the mark
        head += [(text, SIZE_SMALL, "normal", QUIET) for text in wrap(line, room - beside, SIZE_SMALL)]
    foot = [(text, SIZE_NOTE, "normal", QUIET) for note in notes for text in wrap(note, room, SIZE_NOTE)]
    top, bottom = _height(head) + 2 * MARGIN, _height(foot) + 2 * MARGIN
    across = _fit_key(key, width, key_columns)
    strip = KEY_ROW * -(-len(key) // across) + MARGIN if key else 0.0
    height = top + body + strip + bottom
    figure = PaperFigure(width, height)
    _write(figure, head, MARGIN, height - MARGIN, width, height)
    _write(figure, foot, MARGIN, bottom - MARGIN, width, height)
    if synthetic:
        _mark(figure, width, height)
    if key:
        place: dict[str, Any] = {"loc": "lower center", "bbox_to_anchor": (0.5, bottom / height)}
        figure.legend(handles=list(key), ncols=across, **place)
    panels = (0, (bottom + strip) / height, 1 - MARGIN / width, body / height)
    figure.set_layout_engine("constrained", rect=panels, w_pad=0.05, h_pad=0.03)
    return figure


def _fit_key(key: Sequence[Artist], width: float, most: int) -> int:
    """Return how many legend columns fit; a label wider than the page loses its middle."""
    from dermshift.figures.paper import text_width

    for handle in key:
        handle.set_label(shorten(str(handle.get_label()), width - 3 * KEY_HANDLE, SIZE_SMALL))
    widths = [text_width(str(handle.get_label()), SIZE_SMALL) + KEY_HANDLE for handle in key]

    def fits(across: int) -> bool:
        # matplotlib fills column by column, and each column is as wide as its widest label.
        return bool(sum(part.max() for part in np.array_split(widths, across)) <= width)

    return next((across for across in range(min(most, len(key)), 1, -1) if fits(across)), 1)


def _height(lines: Sequence[tuple[str, float, str, str]]) -> float:
    return sum(size * POINT * LEADING for _, size, _, _ in lines)


def _write(figure: PaperFigure, lines: Sequence[Any], left: float, top: float, width: float, height: float) -> None:
    for text, size, weight, colour in lines:
        figure.text(
            left / width, top / height, text, fontsize=size, fontweight=weight, color=colour, ha="left", va="top"
        )
        top -= size * POINT * LEADING


def _mark(figure: PaperFigure, width: float, height: float) -> None:
    figure.text(
        1 - (MARGIN + 1) / width,
        1 - (MARGIN + 0.8) / height,
        SYNTHETIC,
        fontsize=SIZE_TEXT,
        fontweight="bold",
        color="white",
        ha="right",
        va="top",
        bbox={"facecolor": VERMILLION, "edgecolor": "none", "boxstyle": "round,pad=0.25"},
    )


def settle(figure: PaperFigure, *, align: bool = False) -> None:
    """Place every panel for good; labels that look for free room come after.

    Parameters
    ----------
    align
        Write the labels of the vertical axes of panels below each other on one line.
    """
    from matplotlib.transforms import Bbox

    with paper():
        passes = _passes(figure)
        axes = [axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)]
        for axis in axes:
            if not axis.get_label_text():
                axis.set_label_coords(0, 0)  # where nothing stands, no place is looked for
        engine = figure.get_layout_engine()
        for _ in range(passes):
            if engine is not None:
                engine.execute(figure)
        figure.set_layout_engine(None)  # "none" would have each file drawn twice, once for an engine that does nothing
        for ax in figure.axes:
            # The solver's last digits differ between processes, and so would the bytes of the file.
            corners = np.round(ax.get_position(original=True).get_points(), 6)
            ax.set_position(Bbox(corners))
            if ax.get_axes_locator() is None:
                ax.apply_aspect()
                _stay(ax.xaxis)
                _stay(ax.yaxis)  # a colour bar finds its place when it is drawn
        if align:
            _align(figure.axes)
        figure.settled = True


def _stay(axis: Axis) -> None:
    """Leave the label of an axis where it stands: matplotlib looks for its place anew in each drawing."""
    if axis.get_label_text():
        axis.get_tightbbox(PRESS)  # places the label
        place = axis.label.get_transform().transform(axis.label.get_position())
        axis.set_label_coords(*axis.axes.transAxes.inverted().transform(place))


def _align(panels: Sequence[Axes]) -> None:
    """Move the labels of the vertical axes of each column to where the leftmost of them stands."""
    columns: dict[int, list[Axis]] = {}
    for ax in panels:
        if ax.get_ylabel() and (place := ax.get_subplotspec()):
            columns.setdefault(place.colspan.start, []).append(ax.yaxis)
    for axes in columns.values():
        left = min(axis.label.get_position()[0] for axis in axes)
        for axis in axes:
            axis.set_label_coords(left, axis.label.get_position()[1])


def _passes(figure: PaperFigure) -> int:
    """Return how often to lay out: panels and colour bars of fixed shape leave room only the next pass gives away."""
    if any(ax.get_aspect() != "auto" for ax in figure.axes):
        return 3
    return 2 if any(ax.get_box_aspect() is not None for ax in figure.axes) else 1


def say(ax: Axes, text: str, width: float = 60.0) -> None:
    """Write `text` in an otherwise empty panel."""
    ax.set_axis_off()
    ax.text(
        0.5,
        0.5,
        "\n".join(wrap(text, width, SIZE_TEXT)),
        ha="center",
        va="center",
        transform=ax.transAxes,
        color=QUIET,
        fontsize=SIZE_TEXT,
    )
