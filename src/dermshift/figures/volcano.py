"""Volcano: how large and how well supported is each gene's change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.figures import changes
from dermshift.figures.base import Figure
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import QUIET, SINGLE, paper
from dermshift.figures.words import (
    NOT_CAUSE,
    SINGLE_ARM,
    headline,
    patients,
    percent,
    question,
    sign,
    small,
    untested,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one volcano per question."""
    for card in inputs.answered:
        with paper():
            yield _volcano(inputs, card)


def _volcano(inputs: FigureInputs, card: Card) -> Figure:
    genes = _placed(changes.tested_genes(inputs, card))
    page = new_page(
        SINGLE,
        88,
        title=headline(card, inputs),
        lines=[patients(card)],
        notes=[sign(card, inputs), SINGLE_ARM, *untested(inputs, card)],
        synthetic=inputs.study.synthetic,
    )
    ax = page.add_subplot()
    if len(genes):
        _panel(ax, genes, card, inputs)
        settle(page)
        chosen = genes[changes.to_label(genes, 12)]
        kept = label_points(ax, chosen, "x", "y", avoid=genes[genes["change"] != changes.NOT_PASSING].head(400))
        genes["labelled"] = genes.index.isin(kept)
    else:
        say(ax, "No gene was tested in this question.")
    claim = {
        "question": question(card, inputs),
        "shows": changes.summary(genes, card, inputs),
        "does_not_show": NOT_CAUSE,
        "n": patients(card),
        "caution": SINGLE_ARM,
    }
    return Figure(f"volcano_{card['id']}", page, genes, claim)


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


def _panel(ax: Axes, genes: pd.DataFrame, card: Card, inputs: FigureInputs) -> None:
    changes.scatter(ax, genes, "x", "y", changes.class_names(card, inputs))
    limit = threshold(genes)
    level = f"FDR {percent(inputs.alpha)}"
    if np.isfinite(limit):
        line = ax.axhline(-np.log10(limit), color=QUIET, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
        line.set_label(f"{level} (p ≤ {small(limit)})")
    else:
        ax.plot([], [], linestyle="none", label=f"no gene passes {level}")
    ax.axvline(0, color=QUIET, linewidth=0.5, zorder=0)
    reach = max(0.5, float(genes["x"].abs().max())) * 1.2
    ax.set_xlim(-reach, reach)
    ax.set_ylim(0, max(2.0, float(genes["y"].max())) * 1.12)
    ax.set_xlabel(changes.effect_name(genes, card))
    ax.set_ylabel("−log10 p")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2, alignment="left")
