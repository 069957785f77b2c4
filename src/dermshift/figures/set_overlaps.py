"""Which gene sets share their genes: three names for one signal are seen as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.enrichment import NOT_ACTIVITY
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.words import everyone, plain
from dermshift.figures.wrapping import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

MOST = 36
"""Sets drawn: the declared ones, then those that share most."""
NUMBERED = 16
"""Up to this many sets the shared genes are written into the cells."""
CLOSE = 0.5
"""Overlap coefficient from which two sets are one signal."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one map, where any question has gene sets."""
    if inputs.sets:
        with paper():
            yield _map(inputs)


def names_of(inputs: FigureInputs) -> tuple[list[str], set[str]]:
    """Return the sets to draw, and which of them are declared."""
    rows = next(iter(inputs.sets.values()))
    declared = list(dict.fromkeys(rows.loc[rows["family"] == "declared", "set_name"]))
    pairs = inputs.overlaps
    both = pd.concat([pairs[["set_a", "overlap"]].set_axis(["name", "overlap"], axis=1),
                      pairs[["set_b", "overlap"]].set_axis(["name", "overlap"], axis=1)])  # fmt: skip
    most = both.groupby("name")["overlap"].max().sort_values(ascending=False, kind="stable")
    others = [name for name in most.index if name not in declared]
    return [*declared, *others][:MOST], set(declared)


def matrix_of(pairs: pd.DataFrame, names: list[str], column: str) -> pd.DataFrame:
    """Return sets x sets of a column of the overlap table, 0 where two share nothing, NaN on the diagonal."""
    found = pd.DataFrame(0.0, index=names, columns=names)
    for a, b, value in pairs[["set_a", "set_b", column]].itertuples(index=False, name=None):
        if a in found.index and b in found.index:
            found.loc[a, b] = found.loc[b, a] = float(value)
    return found.mask(np.eye(len(names), dtype=bool))


def ordered(overlap: pd.DataFrame) -> list[str]:
    """Return the sets with neighbours beside each other (average linkage of one minus the overlap coefficient)."""
    if len(overlap) < 3:
        return list(overlap.index)
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    distance = 1 - overlap.fillna(1.0).to_numpy()
    return [str(overlap.index[place]) for place in leaves_list(linkage(squareform(distance, checks=False), "average"))]


def _map(inputs: FigureInputs) -> Figure:
    names, declared = names_of(inputs)
    overlap = matrix_of(inputs.overlaps, names, "overlap")
    names = ordered(overlap)
    shared = matrix_of(inputs.overlaps, names, "n_shared")
    close = inputs.overlaps[(inputs.overlaps["overlap"] >= CLOSE) & inputs.overlaps["set_a"].isin(names)]
    page = new_page(
        DOUBLE if len(names) > 12 else 0.5 * DOUBLE + 3.5 * max(len(names) - 4, 0),
        30 + 4.6 * max(len(names), 4),
        title="Gene sets that share their genes",
        lines=[
            "Share of the tested genes of the smaller set that are in both",
            f"{len(names)} sets, {len(close)} pairs share half or more; {everyone(inputs)}",
        ],
        notes=[
            "Bold: declared sets. Neighbours share most. Sets that share most of their genes are one result.",
            "Tested genes of the first question; sets that are shown in any question.",
        ],
        synthetic=inputs.study.synthetic,
    )  # fmt: skip
    if len(names) > 1:
        _panel(page.add_subplot(), overlap.loc[names, names], shared, declared)
    else:
        say(page.add_subplot(), "There are no two gene sets to compare.")
    settle(page)
    frame = inputs.overlaps[inputs.overlaps["set_a"].isin(names) & inputs.overlaps["set_b"].isin(names)]
    said = "; ".join(f"{plain(a)} and {plain(b)}" for a, b in close[["set_a", "set_b"]].head(6).to_numpy())
    claim = {
        "question": "Which gene sets are one signal under several names?",
        "shows": f"{len(close)} pairs share half of the smaller set or more" + (f": {said}." if said else "."),
        "does_not_show": NOT_ACTIVITY,
        "n": everyone(inputs),
        "caution": "Shared genes make results of two sets one result.",
    }
    return Figure("set_overlaps", page, frame.reset_index(drop=True), claim)


def _panel(ax: Axes, overlap: pd.DataFrame, shared: pd.DataFrame, declared: set[str]) -> None:
    import seaborn as sns

    labels = [shorten(plain(name), 40, SIZE_NOTE) for name in overlap.index]
    numbers = shared.loc[overlap.index, overlap.columns].fillna(0).astype(int)
    texts = numbers.astype(str).where(numbers > 0, "") if len(overlap) <= NUMBERED else False
    sns.heatmap(
        overlap, vmin=0, vmax=1, cmap="Blues", square=True, annot=texts, fmt="", annot_kws={"fontsize": SIZE_NOTE},
        xticklabels=labels, yticklabels=labels, linewidths=0.3, linecolor="#EEEEEE", ax=ax,
        cbar_kws={"shrink": 0.5, "aspect": 16, "pad": 0.02, "label": "Overlap coefficient"},
    )  # fmt: skip
    ax.tick_params(length=0, labelsize=SIZE_NOTE)
    for axis in (ax.get_xticklabels(), ax.get_yticklabels()):
        for tick, name in zip(axis, overlap.index, strict=True):
            tick.set_fontweight("bold" if name in declared else "normal")
    for tick in ax.get_xticklabels():
        tick.set(rotation=45, ha="right", rotation_mode="anchor")
    for tick in ax.get_yticklabels():
        tick.set_rotation(0)
    ax.set_xlabel("")
    ax.set_ylabel("")
    ax.figure.axes[-1].tick_params(labelsize=SIZE_SMALL)


FAMILY = Family(
    "set_overlaps",
    "gene sets that share their genes",
    draw,
    kind="heatmap of gene sets by gene sets",
    reads=("tables/set_overlaps.tsv",),
    made="tested genes that two sets share, over those of the smaller set",
)
