"""Library size of every sample, a row per patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.figures.base import Family, Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.samples import legend_handles, scatter
from dermshift.figures.style import DOUBLE, PALE, QUIET, SIZE_SMALL, paper
from dermshift.figures.words import everyone
from dermshift.figures.wrapping import shorten
from dermshift.names import PATIENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

COUNTS = {
    "total": ("Library size (million counts)", 1e-6),
    "detected": ("Genes with at least one count (thousand)", 1e-3),
    "size_factor": ("Size factor (median of ratios)", 1.0),
}
LOG2 = {
    "lower_quartile": ("Lower quartile (log2)", 1.0),
    "median": ("Median (log2)", 1.0),
    "upper_quartile": ("Upper quartile (log2)", 1.0),
}
OF_COUNTS = {
    "title": "Size of every library",
    "question": "Were all samples measured to a similar depth?",
    "does_not_show": "Whether a small library is a poor one.",
    "caution": "Depth is corrected for by size factors before any test.",
}
OF_LOG2 = {
    "title": "Level of every sample",
    "question": "Do the values of all samples lie on one level?",
    "does_not_show": "Whether a sample that differs is a poor one.",
    "caution": "The values are taken as they are: samples on different levels have to be normalised before.",
}


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the sizes, where they were computed."""
    if "library_sizes" in inputs.quality:
        with paper():
            yield _sizes(inputs)


def _sizes(inputs: FigureInputs) -> Figure:
    sizes = inputs.quality["library_sizes"]
    columns, said = (COUNTS, OF_COUNTS) if inputs.study.scale == "counts" else (LOG2, OF_LOG2)
    shown = {name: entry for name, entry in columns.items() if name in sizes}
    frame = inputs.study.sheet.join(sizes, how="inner").rename_axis("sample").reset_index()
    patients = sorted(inputs.study.sheet[PATIENT].astype(str).unique())
    page = new_page(
        DOUBLE,
        16 + 3.3 * len(patients),
        title=said["title"],
        lines=[everyone(inputs)],
        notes=["One row per patient; the line spans the patient's samples. Dashed: median of all samples."],
        synthetic=inputs.study.synthetic,
        key=legend_handles(inputs),
        key_columns=8,
    )
    if shown and len(frame):
        axes = page.subplots(1, len(shown), sharey=True)
        for ax, (name, (label, scale)) in zip(np.atleast_1d(axes), shown.items(), strict=True):
            scaled = frame.assign(**{name: frame[name] * scale, "row": frame[PATIENT].astype(str).map(patients.index)})
            _panel(ax, scaled, name, label, patients, inputs)
    else:
        say(page.add_subplot(), "No library sizes were computed.")
    settle(page)
    claim = {
        "question": said["question"],
        "shows": _shows(sizes),
        "does_not_show": said["does_not_show"],
        "n": everyone(inputs),
        "caution": said["caution"],
    }
    return Figure("library_sizes", page, frame, claim)


def _shows(sizes: pd.DataFrame) -> str:
    if "total" in sizes and len(sizes):
        low, high = sizes["total"].min() / 1e6, sizes["total"].max() / 1e6
        return f"Library sizes run from {low:.2f} to {high:.2f} million counts."
    if "median" in sizes and len(sizes):
        return f"Medians run from {sizes['median'].min():.2f} to {sizes['median'].max():.2f} (log2)."
    return "Nothing: no library sizes were computed."


def _panel(ax: Axes, frame: pd.DataFrame, name: str, label: str, patients: list[str], inputs: FigureInputs) -> None:
    import seaborn as sns

    line: dict[str, Any] = {"estimator": None, "units": PATIENT, "sort": False, "color": PALE, "linewidth": 0.8}
    sns.lineplot(frame, x=name, y="row", zorder=1, ax=ax, **line)
    scatter(ax, frame, name, "row", inputs.study, area=13)
    ax.axvline(float(frame[name].median()), color=QUIET, linewidth=0.7, linestyle=(0, (4, 2)), zorder=0)
    ax.set_yticks(range(len(patients)), [shorten(patient, 28, SIZE_SMALL) for patient in patients])
    ax.set_ylim(len(patients) - 0.4, -0.6)
    ax.set(xlabel=label, ylabel="")
    ax.margins(x=0.06)
    ax.locator_params(axis="x", nbins=5)


FAMILY = Family(
    "library_sizes",
    "depth of every library",
    draw,
    kind="dot plot of every library",
    reads=("study.h5ad",),
    made="totals and effective sizes of the libraries as they were read",
    of_samples=True,
)
