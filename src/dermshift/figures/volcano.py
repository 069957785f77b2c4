"""Volcano: how large and how well supported is each gene's change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures import changes
from dermshift.figures.base import Family, Figure
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import QUIET, SINGLE, paper
from dermshift.figures.words import (
    caution,
    headline,
    not_cause,
    patients,
    percent,
    question,
    sign,
    small,
    untested,
)
from dermshift.figures.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import Card, FigureInputs

LINE: dict[str, Any] = {"color": QUIET, "linewidth": 0.7, "linestyle": (0, (4, 2))}
"""How the threshold looks, in the panel and in the legend."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one volcano per question."""
    for card in inputs.answered:
        with paper():
            yield _volcano(inputs, card)


def _volcano(inputs: FigureInputs, card: Card) -> Figure:
    genes = _placed(changes.tested_genes(inputs, card))
    page = new_page(
        SINGLE,
        76,
        title=headline(card),
        lines=[patients(card)],
        notes=[sign(card), caution(inputs), *untested(inputs, card)],
        synthetic=inputs.study.synthetic,
        key=_key(genes, card, inputs) if len(genes) else (),
        key_columns=2,
    )
    ax = page.add_subplot()
    if len(genes):
        _panel(ax, genes, card)
        settle(page)
        chosen = changes.to_label(genes, 12)
        kept = label_points(ax, chosen, "x", "y", avoid=genes[genes["change"] != changes.NOT_PASSING].head(400))
        genes["labelled"] = genes.index.isin(kept)
    else:
        say(ax, "No gene was tested in this question.")
    claim = {
        "question": question(card),
        "shows": changes.summary(genes, card, inputs),
        "does_not_show": not_cause(inputs),
        "n": patients(card),
        "caution": caution(inputs),
    }
    return Figure(f"volcano_{card['id']}", page, genes, claim, (card["id"],))


def _placed(genes: pd.DataFrame) -> pd.DataFrame:
    """Add where each gene is drawn: ``x`` (log2), ``y`` (-log10 p), ``capped``."""
    height = -np.log10(genes["p_value"].to_numpy(float))
    size = np.abs(genes["effect"].to_numpy(float))
    top, side = changes.cap(height, 15.0), changes.cap(size, 3.0)
    genes["x"] = genes["effect"].clip(-side, side)
    genes["y"] = np.minimum(height, top)
    genes["capped"] = (height > top) | (size > side)
    genes["labelled"] = False
    return genes


def threshold(genes: pd.DataFrame) -> float:
    """Return the largest p-value that passes, NaN where none does."""
    return float(genes.loc[genes["change"] != changes.NOT_PASSING, "p_value"].max())


def _key(genes: pd.DataFrame, card: Card, inputs: FigureInputs) -> list[Line2D]:
    from matplotlib.lines import Line2D

    limit, level = threshold(genes), f"FDR {percent(inputs.alpha)}"
    if np.isfinite(limit):
        line = Line2D([], [], label=f"{level} (p ≤ {small(limit)})", **LINE)
    else:
        line = Line2D([], [], linestyle="none", label=f"no gene passes {level}")
    return [*changes.key(genes, changes.class_names(card)), line]


def _panel(ax: Axes, genes: pd.DataFrame, card: Card) -> None:
    changes.scatter(ax, genes, "x", "y")
    if np.isfinite(threshold(genes)):
        ax.axhline(-np.log10(threshold(genes)), zorder=0, **LINE)
    ax.axvline(0, color=QUIET, linewidth=0.5, zorder=0)
    side = changes.reach(genes["x"], genes["capped"], 0.5, 1.2)
    ax.set(xlim=(-side, side), ylim=(0, changes.reach(genes["y"], genes["capped"], 2.0, 1.12)))
    ax.set_xlabel(wrapped(changes.effect_name(genes, card), 64))
    ax.set_ylabel("−log10 p")


FAMILY = Family(
    "volcano",
    "effect against p-value, per question",
    draw,
    kind="volcano plot",
    reads=("tables/QUESTION.tsv",),
    made="every tested gene of the question's table",
    model=True,
)
