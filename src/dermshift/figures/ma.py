"""MA plot: change against mean expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    untested,
)
from dermshift.figures.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one MA plot per question."""
    for card in inputs.answered:
        with paper():
            yield _ma(inputs, card)


def _ma(inputs: FigureInputs, card: Card) -> Figure:
    counts = inputs.study.scale == "counts"
    genes = _placed(changes.tested_genes(inputs, card), log=counts)
    page = new_page(
        SINGLE,
        68,
        title=headline(card),
        lines=[patients(card), f"Passing: FDR < {percent(inputs.alpha)}"],
        notes=[sign(card), caution(inputs), *untested(inputs, card)],
        synthetic=inputs.study.synthetic,
        key=changes.key(genes, changes.class_names(card)) if len(genes) else (),
        key_columns=2,
    )
    ax = page.add_subplot()
    if len(genes):
        _panel(ax, genes, card, inputs)
        settle(page)
        chosen = changes.to_label(genes, 10)
        kept = label_points(ax, chosen, "x", "y", avoid=genes[genes["change"] != changes.NOT_PASSING].head(400))
        genes["labelled"] = genes.index.isin(kept)
    else:
        say(ax, "No gene was tested in this question.")
    claim = {
        "question": f"{question(card)} Does the size of the change depend on the level of expression?",
        "shows": changes.summary(genes, card, inputs),
        "does_not_show": not_cause(inputs),
        "n": patients(card),
        "caution": caution(inputs),
    }
    return Figure(f"ma_{card['id']}", page, genes, claim, (card["id"],))


def _placed(genes: pd.DataFrame, *, log: bool) -> pd.DataFrame:
    """Add where each gene is drawn: ``x`` (log10 normalised count, or log2 mean), ``y`` (log2), ``capped``."""
    mean = genes["base_mean"].to_numpy(float)
    genes["x"] = np.log10(np.maximum(mean, 0.1)) if log else mean
    size = np.abs(genes["effect"].to_numpy(float))
    side = changes.cap(size, 3.0)
    genes["y"] = genes["effect"].clip(-side, side)
    genes["capped"] = size > side
    genes["labelled"] = False
    return genes


def _panel(ax: Axes, genes: pd.DataFrame, card: Card, inputs: FigureInputs) -> None:
    changes.scatter(ax, genes, "x", "y")
    ax.axhline(0, color=QUIET, linewidth=0.5, zorder=0)
    reach = changes.reach(genes["y"], genes["capped"], 0.5, 1.15)
    ax.set_ylim(-reach, reach)
    ax.margins(x=0.06)
    ax.set_ylabel(wrapped(changes.effect_name(genes, card), 56))
    if inputs.study.scale == "counts":
        ax.set_xlabel("Mean normalised count")
        exponents = np.arange(np.floor(genes["x"].min()), np.ceil(genes["x"].max()) + 1)
        low, high = ax.get_xlim()
        exponents = exponents[(exponents >= low) & (exponents <= high)]
        ax.set_xticks(exponents, [f"{10.0**k:,g}" if k < 6 else f"1e{k:.0f}" for k in exponents])
    else:
        ax.set_xlabel("Mean expression (log2)")


FAMILY = Family(
    "ma",
    "effect against mean expression, per question",
    draw,
    kind="MA plot",
    reads=("tables/QUESTION.tsv",),
    made="every tested gene of the question's table",
    model=True,
)
