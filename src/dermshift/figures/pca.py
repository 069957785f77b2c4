"""Principal components of the samples, with a line joining each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.figures.base import Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.samples import legend_handles, mark, pairs
from dermshift.figures.style import PALE, SINGLE, paper
from dermshift.figures.words import everyone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the first two components, where they were computed."""
    if "principal_components" in inputs.quality:
        with paper():
            yield _pca(inputs)


def _pca(inputs: FigureInputs) -> Figure:
    scores = inputs.quality["principal_components"]
    n_genes = int(scores["n_genes"].iloc[0]) if len(scores) else 0
    page = new_page(
        SINGLE,
        80,
        title="Principal components of the samples",
        lines=[everyone(inputs), f"{n_genes:,} most variable genes, {inputs.unit}" if n_genes else ""],
        notes=["Each line joins the two samples of a pair. Before any test; no sample was moved or left out here."],
        synthetic=inputs.study.synthetic,
        key=legend_handles(inputs),
        key_columns=2,
    )
    ax = page.add_subplot()
    if len(scores):
        _panel(ax, scores, inputs)
    else:
        say(ax, "Too few samples or varying genes for principal components.")
    settle(page)
    claim = {
        "question": "Which samples resemble each other, and how do pairs move?",
        "shows": _shows(scores),
        "does_not_show": "Which genes change: distances mix all genes, and a batch would look the same.",
        "n": everyone(inputs),
        "caution": "Exploratory; the sign of an axis is arbitrary.",
    }
    frame = inputs.study.sheet.join(scores, how="inner") if len(scores) else pd.DataFrame(scores)
    return Figure("pca", page, frame.rename_axis("sample").reset_index(), claim)


def _shows(scores: pd.DataFrame) -> str:
    if not len(scores):
        return "Nothing: too few samples or varying genes."
    first, second = scores["pc1_share"].iloc[0], scores["pc2_share"].iloc[0]
    return f"Two axes hold {first:.0%} and {second:.0%} of the variance of these genes.".replace("%", " %")


def _panel(ax: Axes, scores: pd.DataFrame, inputs: FigureInputs) -> None:
    for _, _, before, after in pairs(inputs.study):
        if before in scores.index and after in scores.index:
            ends = scores.loc[[before, after]]
            ax.plot(ends["pc1"], ends["pc2"], color=PALE, linewidth=0.8, zorder=1)
    for sample, row in scores.iterrows():
        mark(ax, inputs.study, str(sample), row["pc1"], row["pc2"])
    for axis, name in ((ax.set_xlabel, "pc1"), (ax.set_ylabel, "pc2")):
        share = float(scores[f"{name}_share"].iloc[0]) * 100
        axis(f"{name.upper()}: {share:.1f} % of variance")
