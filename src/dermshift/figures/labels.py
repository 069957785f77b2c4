"""Labels of points that do not cover each other."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from dermshift.figures.style import INK, QUIET, SIZE_NOTE, SIZE_SMALL, paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.text import Text
    from matplotlib.transforms import Bbox


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
            row["label"],
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
        kept = _without_overlaps(ax, texts, list(points["configured"]))
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


def boxes(texts: Sequence[Text]) -> list[Bbox]:
    """Return the boxes of texts on the page, in pixels."""
    return [text.get_window_extent() for text in texts]


def _without_overlaps(ax: Axes, texts: list[Text], needed: list[bool]) -> list[bool]:
    """Remove what still covers an earlier label or leaves the panel, needed ones placed first."""
    placed: list[Bbox] = []
    frame = ax.get_window_extent()
    kept = [False] * len(texts)
    for place in sorted(range(len(texts)), key=lambda k: not needed[k]):
        box = texts[place].get_window_extent()
        outside = box.x0 < frame.x0 or box.x1 > frame.x1 or box.y0 < frame.y0 or box.y1 > frame.y1
        if not needed[place] and (outside or any(box.overlaps(other) for other in placed)):
            texts[place].remove()
            continue
        placed.append(box)
        kept[place] = True
    return kept


def _lines(ax: Axes, texts: list[Text], points: pd.DataFrame, x: str, y: str, kept: list[bool]) -> None:
    """Join each label to its point where it had to move away."""
    inverse = ax.transData.inverted()
    for text, keep, (_, row) in zip(texts, kept, points.iterrows(), strict=True):
        if not keep:
            continue
        box = text.get_window_extent()
        target = ax.transData.transform((row[x], row[y]))
        near = (min(max(target[0], box.x0), box.x1), min(max(target[1], box.y0), box.y1))
        if (near[0] - target[0]) ** 2 + (near[1] - target[1]) ** 2 > 5**2:
            (x0, x1), (y0, y1) = zip(inverse.transform(near), (row[x], row[y]), strict=True)
            ax.plot([x0, x1], [y0, y1], color=QUIET, linewidth=0.5, zorder=5, scalex=False, scaley=False)
