"""Cells: a matrix as coloured fields with named rows and columns, and its colour scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def cells(
    ax: Axes, matrix: np.ndarray, columns: list[str], rows: list[str], scale: dict[str, Any], **style: Any
) -> None:
    """Draw `matrix`, shape (rows, columns), first row on top; what is missing stays white.

    seaborn's heat map looks the same and draws the whole page once to see whether names run into each other, which the
    caller knows beforehand.

    Parameters
    ----------
    scale
        Settings of the colour bar.
    style
        Further settings of `matplotlib.axes.Axes.pcolormesh`: ``cmap``, ``vmin``, ``vmax`` and lines.
    """
    ax.spines[:].set_visible(False)
    mesh = ax.pcolormesh(np.ma.masked_invalid(matrix), **style)
    ax.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
    bar = ax.figure.colorbar(mesh, ax=ax, **scale)
    bar.outline.set_linewidth(0)
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns)
    ax.set_yticks(np.arange(len(rows)) + 0.5, rows, va="center")
