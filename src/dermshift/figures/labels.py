"""Labels of points that do not cover each other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures.style import INK, QUIET, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.wrapping import shorten

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox

    Label = tuple[Bbox, npt.NDArray[np.float64]]

SIDES = {"right": (1, 0), "left": (-1, 0), "above": (0, 1), "below": (0, -1)}
WIDEST = 40.0
"""Width of a label, mm; of a longer one the middle is left out, and the table of the figure holds it whole."""
GAP = 2.2
"""Between a point and a text beside it, points."""
RING = 5.0
"""Between a ringed point and its text: the ring is a part of the point."""
LINE = 3.6
"""A text further off than this is joined to its point by a line."""


def label_points(
    ax: Axes,
    points: pd.DataFrame,
    x: str,
    y: str,
    *,
    avoid: pd.DataFrame | None = None,
    italic: bool = True,
) -> list[object]:
    """Write ``points.label`` beside its point; call it last, when every panel is in place.

    Parameters
    ----------
    points
        Columns `x`, `y`, ``label`` and ``configured`` (bold, never left out).
    avoid
        Further points a label should not cover.

    Returns
    -------
    list
        Index labels of `points` that kept their text; a text that would cover another one is left out.
    """
    if points.empty:
        return []
    texts = [
        ax.text(
            row[x],
            row[y],
            shorten(str(row["label"]), WIDEST, SIZE_NOTE),
            fontsize=SIZE_SMALL if row["configured"] else SIZE_NOTE,
            fontweight="bold" if row["configured"] else "normal",
            fontstyle="italic" if italic and not row["configured"] else "normal",
            color=INK,
            zorder=8,
        )
        for _, row in points.iterrows()
    ]
    others = points if avoid is None else avoid
    with paper():
        _move_apart(ax, texts, points, others, x, y)
        kept = _without_overlaps(ax, texts, points, others, x, y)
        _lines(ax, texts, points, x, y, kept)
    return [index for index, keep in zip(points.index, kept, strict=True) if keep]


def _move_apart(ax: Axes, texts: list[Text], points: pd.DataFrame, others: pd.DataFrame, x: str, y: str) -> None:
    from adjustText import adjust_text

    logging.getLogger("adjustText").setLevel(logging.ERROR)  # it reports label counts we already handle
    adjust_text(
        texts,
        x=others[x].to_numpy(),
        y=others[y].to_numpy(),
        target_x=points[x].to_numpy(),
        target_y=points[y].to_numpy(),
        ax=ax,
        expand=(1.15, 1.35),
        force_text=(0.2, 0.35),
        iter_lim=400,  # the default stops after one second of wall time, so places would depend on the machine
    )


def _without_overlaps(
    ax: Axes, texts: list[Text], points: pd.DataFrame, others: pd.DataFrame, x: str, y: str
) -> list[bool]:
    """Remove every text that fits nowhere: one of an earlier row, and a configured one before all, has the place."""
    dots = ax.transData.transform(others[[x, y]].to_numpy(float))
    needed = list(points["configured"])
    placed: list[Label] = []
    kept = [True] * len(texts)
    for place in sorted(range(len(texts)), key=lambda k: not needed[k]):
        row = points.iloc[place]
        label = (texts[place].get_window_extent(), _line(ax, texts[place], row, x, y))
        if needed[place]:
            fitting: Label | None = _beside_ring(ax, texts[place], row, x, y, placed, dots) or label
        else:
            fitting = _fit(ax, texts[place], row, x, y, placed, dots)
        if fitting is None:
            texts[place].remove()
            kept[place] = False
        else:
            placed.append(fitting)
    return kept


def _beside_ring(
    ax: Axes, text: Text, row: pd.Series, x: str, y: str, placed: list[Label], dots: npt.NDArray[np.float64]
) -> Label | None:
    """Move the text of a ringed point off its ring where it stands on it; None if it stands well or fits nowhere."""
    line = _line(ax, text, row, x, y)
    if np.hypot(*(line[1] - line[0])) >= RING:
        return None
    before = text.get_position(), text.get_horizontalalignment(), text.get_verticalalignment()
    found = _fit(ax, text, row, x, y, placed, dots, gap=RING, sides=tuple(SIDES))
    if found is None:
        text.set(position=before[0], ha=before[1], va=before[2])
    return found


def _fit(
    ax: Axes, text: Text, row: pd.Series, x: str, y: str, placed: list[Label], dots: npt.NDArray[np.float64],
    *, gap: float = GAP, sides: tuple[str, ...] = ("", *SIDES),
) -> Label | None:  # fmt: skip
    """Return where the text stands, beside its point if need be; None if it would cover a text or a dot there."""
    frame = ax.get_window_extent()
    for side in sides:
        if side:
            right, up = SIDES[side]
            target = ax.transData.transform((row[x], row[y])) + gap * np.array([right, up])
            text.set(ha=("right", "center", "left")[right + 1], va=("top", "center", "bottom")[up + 1])
            text.set_position(tuple(ax.transData.inverted().transform(target)))
        box, line = text.get_window_extent(), _line(ax, text, row, x, y)
        inside = box.x0 >= frame.x0 and box.x1 <= frame.x1 and box.y0 >= frame.y0 and box.y1 <= frame.y1
        free = not side or not box.count_contains(dots)
        if inside and free and not any(_clash((box, line), other) for other in placed):
            return box, line
    return None


def _clash(one: Label, other: Label) -> bool:
    """Tell whether two labels, each a box and the line to its point, touch each other."""
    from matplotlib.path import Path

    (box, line), (second, far) = one, other
    return bool(box.overlaps(second) or Path(line).intersects_bbox(second) or Path(far).intersects_bbox(box))


def _line(ax: Axes, text: Text, row: pd.Series, x: str, y: str) -> npt.NDArray[np.float64]:
    """Return the line from a label to its point, in points of the page."""
    box = text.get_window_extent()
    target = ax.transData.transform((row[x], row[y]))
    near = (min(max(target[0], box.x0), box.x1), min(max(target[1], box.y0), box.y1))
    return np.array([near, target], dtype=float)


def _lines(ax: Axes, texts: list[Text], points: pd.DataFrame, x: str, y: str, kept: list[bool]) -> None:
    """Join each label to its point where it had to move away."""
    for text, keep, (_, row) in zip(texts, kept, points.iterrows(), strict=True):
        ends = _line(ax, text, row, x, y) if keep else np.zeros((2, 2))
        if np.hypot(*(ends[1] - ends[0])) > LINE:
            start = ax.transData.inverted().transform(ends[0])
            style: dict[str, Any] = {"color": QUIET, "linewidth": 0.5, "zorder": 5, "scalex": False, "scaley": False}
            ax.plot([start[0], row[x]], [start[1], row[y]], **style)
