"""The change of every gene in one level against that in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures import changes
from dermshift.figures.page import say
from dermshift.figures.style import PALE, QUIET, SIZE_SMALL
from dermshift.figures.words import find_card, percent, plain
from dermshift.figures.wrapping import wrapped
from dermshift.names import GENE_ID, TESTED
from dermshift.palette import HIGHER, LOWER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import Card, FigureInputs

WIDE = 46.0
"""Room of the words around a panel, mm."""


def level_pairs(inputs: FigureInputs, card: Card) -> pd.DataFrame:
    """Return genes tested in both levels and in their difference.

    ``x`` is the log2 fold change in level b, ``y`` that in level a, ``change`` the class of the difference.
    """
    difference = changes.tested_genes(inputs, card)
    a, b = (_level(inputs, card, level) for level in card["levels"])
    if a is None or b is None:
        return difference.head(0)
    genes = difference.assign(y=difference[GENE_ID].map(a), x=difference[GENE_ID].map(b))
    genes = genes.dropna(subset=["x", "y"]).drop(columns=["effect", "shrunken"]).reset_index(drop=True)
    limit = changes.cap(genes[["x", "y"]].abs().max(axis=1).to_numpy(float), 2.0)
    genes["capped"] = (genes["x"].abs() > limit) | (genes["y"].abs() > limit)
    return genes.assign(x=genes["x"].clip(-limit, limit), y=genes["y"].clip(-limit, limit))


def _level(inputs: FigureInputs, card: Card, level: str) -> pd.Series | None:
    own = find_card(inputs, "response_within", card["column"], (level,), tuple(card["within"]))
    if own is None:
        return None
    table = inputs.tables[own["id"]]
    return table[table["status"] == TESTED].set_index(GENE_ID)["log2_fold_change"]


def key(inputs: FigureInputs, pairs: Sequence[pd.DataFrame]) -> list[Line2D]:
    """Return the legend of the classes, and of capped points where a panel has any."""
    from matplotlib.lines import Line2D

    level = f"difference FDR < {percent(inputs.alpha)}"
    entries = {f"{level}, positive": HIGHER, f"{level}, negative": LOWER, "difference not passing": PALE}
    handles = [
        Line2D([], [], linestyle="none", marker="o", ms=3.5, color=colour, label=text)
        for text, colour in entries.items()
    ]
    capped = [handle for genes in pairs if len(genes) for handle in changes.capped_key(genes)]
    return handles + capped[:1]


def panel(ax: Axes, genes: pd.DataFrame, card: Card) -> None:
    """Draw level a against level b with the line of equal change."""
    a, b = (plain(level) for level in card["levels"])
    if not len(genes):
        say(ax, f"No gene was tested in {a}, in {b} and in their difference.", 45)
        return
    changes.scatter(ax, genes, "x", "y")
    reach = changes.reach(genes[["x", "y"]].abs().max(axis=1), genes["capped"], 0.5, 1.15)
    ax.axline((0, 0), slope=1, color=QUIET, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
    ax.axhline(0, color=PALE, linewidth=0.5, zorder=0)
    ax.axvline(0, color=PALE, linewidth=0.5, zorder=0)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")
    ax.set_xlabel(wrapped(f"log2 fold change, {b}", WIDE))
    ax.set_ylabel(wrapped(f"log2 fold change, {a}", WIDE))
    up, down = ((genes["change"] == name).sum() for name in (changes.UP, changes.DOWN))
    lines = [f"{len(genes):,} genes; difference passing:", f"{up:,} more positive in {a}", f"{down:,} in {b}"]
    ax.set_title("\n".join(wrapped(line, WIDE, SIZE_SMALL) for line in lines), fontsize=SIZE_SMALL)
