"""The tested genes of a question as they are drawn: effect, class, caps and which get a label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.design.words import compares_levels, wording
from dermshift.figures.style import PALE, QUIET
from dermshift.figures.words import percent, symbol_of
from dermshift.names import GENE_ID, TESTED
from dermshift.palette import HIGHER, LOWER

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import Card, FigureInputs

UP, DOWN, NOT_PASSING = "higher", "lower", "not passing"
COLOURS = {UP: HIGHER, DOWN: LOWER, NOT_PASSING: PALE}


def tested_genes(inputs: FigureInputs, card: Card) -> pd.DataFrame:
    """Return one row per tested gene.

    Columns ``gene_id``, ``label``, ``configured``, ``base_mean``, ``effect`` (log2; the shrunken estimate where the
    question has one, see ``shrunken``), ``shrunken``, ``p_value``, ``fdr`` and ``change`` (higher, lower or
    not passing, by the unshrunken sign).
    """
    table = inputs.tables[card["id"]]
    table = table[(table["status"] == TESTED) & table["p_value"].notna()]
    shrunken = bool(len(table)) and bool(table["log2_fold_change_shrunken"].notna().all())
    effect = table["log2_fold_change_shrunken" if shrunken else "log2_fold_change"]
    passing = (table["fdr"] < inputs.alpha).to_numpy()
    upward = (table["log2_fold_change"] > 0).to_numpy()
    return pd.DataFrame(
        {
            GENE_ID: table[GENE_ID].to_numpy(),
            "label": _labels(table, inputs),
            "configured": table[GENE_ID].isin(list(inputs.genes)).to_numpy(),
            "base_mean": table["base_mean"].to_numpy(float),
            "effect": effect.to_numpy(float),
            "shrunken": shrunken,
            "p_value": table["p_value"].to_numpy(float),
            "fdr": table["fdr"].to_numpy(float),
            "change": np.where(passing, np.where(upward, UP, DOWN), NOT_PASSING),
        }
    )


def _labels(table: pd.DataFrame, inputs: FigureInputs) -> list[str]:
    ids, symbols, named = table[GENE_ID].tolist(), table["gene_symbol"].tolist(), inputs.genes
    return [named.get(gene) or symbol_of(gene, symbol) for gene, symbol in zip(ids, symbols, strict=True)]


def effect_name(genes: pd.DataFrame, card: Card) -> str:
    """Return the axis label of ``effect``."""
    shrunken = bool(genes["shrunken"].any())
    effect = wording(card).effect
    if shrunken:
        return f"Shrunken {effect}"
    return effect[0].upper() + effect[1:] if compares_levels(card) else effect


def class_names(card: Card) -> dict[str, str]:
    """Return what the classes are called in the legend."""
    words = wording(card)
    return {UP: words.up, DOWN: words.down, NOT_PASSING: "not passing"}


def cap(values: npt.NDArray[np.float64], least: float) -> float:
    """Return the limit beyond which points are drawn at the edge, so that a few do not flatten all others."""
    if not len(values):
        return least
    beyond = min(len(values), max(3, len(values) // 1000))
    usual = float(np.sort(values)[-beyond])
    return float(min(values.max(), max(least, 1.5 * usual)))


def reach(values: pd.Series, capped: pd.Series, least: float, room: float) -> float:
    """Return where an axis ends: with `room` for labels, or at the edge capped points are drawn at."""
    largest = float(values.abs().max())
    at_edge = bool((capped & (values.abs() >= largest)).any())
    return largest * 1.03 if at_edge else max(least, largest) * room


def to_label(genes: pd.DataFrame, most: int) -> pd.DataFrame:
    """Return the genes to label: the configured ones, then the `most` passing genes of smallest p."""
    passing = genes[(genes["change"] != NOT_PASSING) & ~genes["configured"]]
    return pd.concat([genes[genes["configured"]], passing.sort_values(["p_value", GENE_ID]).head(most)])


def summary(genes: pd.DataFrame, card: Card, inputs: FigureInputs) -> str:
    """Return the sentence of the claim: how many genes pass, and in which direction."""
    if not len(genes):
        return "No gene was tested."
    up, down = ((genes["change"] == name).sum() for name in (UP, DOWN))
    names = class_names(card)
    level = f"FDR {percent(inputs.alpha)}"
    if not up + down:
        tail = " That is not evidence of equality." if compares_levels(card) else ""
        return f"None of {len(genes):,} tested genes passes {level}.{tail}"
    found = f"{up:,} {_are(up)} {names[UP]} and {down:,} {_are(down)} {names[DOWN]}"
    return f"Of {len(genes):,} tested genes, {found} at {level}."


def _counted(genes: pd.DataFrame, name: str, names: dict[str, str]) -> str:
    return f"{names[name]}: {(genes['change'] == name).sum():,}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def key(genes: pd.DataFrame, names: dict[str, str]) -> list[Line2D]:
    """Return the legend of the classes, each with its number of genes."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], linestyle="none", marker="o", ms=3.5, color=COLOURS[name], label=_counted(genes, name, names))
        for name in (UP, DOWN, NOT_PASSING)
    ]
    return handles + capped_key(genes)


def capped_key(genes: pd.DataFrame) -> list[Line2D]:
    """Return the legend of capped points, where there are any."""
    from matplotlib.lines import Line2D

    text = "beyond the axis, drawn at its edge"
    handle = Line2D([], [], linestyle="none", marker="^", ms=3.8, color=QUIET, label=text)
    return [handle] if bool(genes["capped"].any()) else []


def scatter(ax: Axes, genes: pd.DataFrame, x: str, y: str) -> None:
    """Draw the three classes of genes, grey ones below; capped points as triangles, configured genes ringed."""
    for name in (UP, DOWN, NOT_PASSING):
        part = genes[genes["change"] == name]
        grey = name == NOT_PASSING
        # Thousands of grey points as vectors would make a file nobody can open in an editor.
        style: dict[str, Any] = {
            "color": COLOURS[name],
            "linewidths": 0,
            "zorder": 1 if grey else 2,
            "s": 3 if grey else 5,
        }
        style["rasterized"] = grey
        ax.scatter(part.loc[~part["capped"], x], part.loc[~part["capped"], y], **style)
        ax.scatter(part.loc[part["capped"], x], part.loc[part["capped"], y], **{**style, "s": 16}, marker="^")
    ringed = genes[genes["configured"]]
    ax.scatter(ringed[x], ringed[y], s=22, facecolors="none", edgecolors="black", linewidths=0.9, zorder=6)
