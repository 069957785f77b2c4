"""Principal components of the samples, with a line joining each pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.samples import legend_handles, scatter
from dermshift.figures.style import DOUBLE, PALE, SINGLE, paper
from dermshift.figures.words import everyone
from dermshift.names import COMPARTMENT, PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

PLAIN, WITHIN = "principal_components", "principal_components_within"


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the first two components, where they were computed; once more without the compartments' means."""
    if PLAIN in inputs.quality:
        with paper():
            yield _pca(inputs)


def _pca(inputs: FigureInputs) -> Figure:
    panels = {"": inputs.quality[PLAIN]}
    if WITHIN in inputs.quality:
        panels = {"All differences": panels[""], "Mean of each compartment removed": inputs.quality[WITHIN]}
    page = new_page(
        SINGLE if len(panels) == 1 else DOUBLE,
        76,
        title="Principal components of the samples",
        lines=[everyone(inputs), _genes(panels, inputs)],
        notes=["Each line joins the samples of a patient. Before any test; no sample was moved or left out here."],
        synthetic=inputs.study.synthetic,
        key=legend_handles(inputs),
        key_columns=2 if len(panels) == 1 else 8,
    )
    axes = page.subplots(1, len(panels), squeeze=False)[0]
    for ax, (title, scores) in zip(axes, panels.items(), strict=True):
        _panel(ax, title, scores, inputs)
    settle(page)
    claim = {
        "question": "Which samples resemble each other, and how do pairs move?",
        "shows": " ".join(_shows(title, scores) for title, scores in panels.items()),
        "does_not_show": "Which genes change: distances mix all genes, and a batch would look the same.",
        "n": everyone(inputs),
        "caution": "Exploratory; the sign of an axis is arbitrary.",
    }
    return Figure("pca", page, _frame(panels, inputs), claim)


def _frame(panels: dict[str, pd.DataFrame], inputs: FigureInputs) -> pd.DataFrame:
    """Stack the panels, one row per sample and panel."""
    parts = [
        inputs.study.sheet.join(scores, how="inner").assign(panel=title or "All differences")
        for title, scores in panels.items()
    ]
    return pd.concat(parts).rename_axis("sample").reset_index()


def _genes(panels: dict[str, pd.DataFrame], inputs: FigureInputs) -> str:
    numbers = [int(scores["n_genes"].iloc[0]) for scores in panels.values() if len(scores)]
    where = " of each panel" if len(panels) > 1 else ""
    return f"{max(numbers):,} most variable genes{where}, {inputs.unit}" if numbers else ""


def _shows(title: str, scores: pd.DataFrame) -> str:
    lead = f"{title}: " if title else ""
    if not len(scores):
        return f"{lead}nothing, too few samples or varying genes."
    first, second = scores["pc1_share"].iloc[0], scores["pc2_share"].iloc[0]
    return f"{lead}two axes hold {first:.0%} and {second:.0%} of the variance of these genes.".replace("%", " %")


def _panel(ax: Axes, title: str, scores: pd.DataFrame, inputs: FigureInputs) -> None:
    import seaborn as sns

    if not len(scores):
        say(ax, "Too few samples or varying genes for principal components.")
        return
    frame = inputs.study.sheet.join(scores, how="inner")
    frame["pair"] = frame[[name for name in (PATIENT, COMPARTMENT) if name in frame]].astype(str).agg("\t".join, axis=1)
    line: dict[str, Any] = {"estimator": None, "units": "pair", "sort": False, "color": PALE, "linewidth": 0.8}
    sns.lineplot(frame, x="pc1", y="pc2", zorder=1, ax=ax, **line)
    scatter(ax, frame, "pc1", "pc2", inputs.study)
    for axis, name in ((ax.set_xlabel, "pc1"), (ax.set_ylabel, "pc2")):
        share = float(scores[f"{name}_share"].iloc[0]) * 100
        axis(f"{name.upper()}: {share:.1f} % of variance")
    ax.set_title(title)


FAMILY = Family(
    "pca",
    "samples on two axes, pairs joined",
    draw,
    kind="scatter plot of principal components",
    reads=("study.h5ad",),
    made="principal components of the most variable genes' log2 values, centred, not scaled",
    of_samples=True,
    packages=("scanpy",),
)
