"""Pair identity: how similar each sample is to its own partner, and to the closest sample of anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import heading, key_dot, key_line
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, PALE, SIZE_SMALL, paper
from dermshift.figures.words import everyone, plain
from dermshift.figures.wrapping import shorten
from dermshift.palette import BLUE, ORANGE, VERMILLION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

VERDICTS = {"ok": (BLUE, "o"), "unclear": (ORANGE, "s"), "warning": (VERMILLION, "X")}
ACROSS = 3
LIMIT = "No label is ever changed here: a warning asks for a look at tubes and sheets."


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure of all samples, where they were compared."""
    if len(inputs.evidence.pair_identity):
        with paper():
            yield _figure(inputs, inputs.evidence.pair_identity.reset_index(drop=True))


def _figure(inputs: FigureInputs, table: pd.DataFrame) -> Figure:
    table = with_stranger(table).assign(compartment=table["compartment"].fillna("").astype(str))
    places = sorted(table["compartment"].unique())
    ids = sorted(table["patient"].unique())
    across = min(ACROSS, len(places))
    deep = -(-len(places) // across)
    page = new_page(
        DOUBLE if across > 1 else 100.0,
        deep * (18 + 5.2 * len(ids)),
        title="Is each sample closest to its own partner?",
        lines=[everyone(inputs)],
        notes=[
            " ".join(
                (
                    f"Two rows per patient: {plain(inputs.study.timepoints.before)} above",
                    f"{plain(inputs.study.timepoints.after)}. Cross: the closest stranger of the other visit, where",
                    "it is known.",
                )
            ),
            f"Correlation over {genes_used(table)} genes chosen without the pairing. {LIMIT}",
        ],
        synthetic=inputs.study.synthetic,
        key=[
            *(key_dot(f"own partner: {name}", colour, shape) for name, (colour, shape) in VERDICTS.items()),
            key_line("closest stranger", color=PALE, marker="x", mec="black", ms=4, linewidth=1.2),
        ],
        key_columns=4,
    )
    axes = page.subplots(deep, across, squeeze=False).ravel()
    for ax, place in zip(axes, places, strict=False):
        _panel(ax, table[table["compartment"] == place], ids, inputs)
        if place:
            heading(ax, plain(place), 44)
    for ax in axes[len(places) :]:
        ax.set_axis_off()
    settle(page)
    claim = {
        "question": "Is each sample closest to its own partner?",
        "shows": shows(table),
        "does_not_show": "Who a patient is: two samples swapped together within one patient look alike.",
        "n": everyone(inputs),
        "caution": f"Unclear: the patients cannot be told apart by these genes. {LIMIT}",
    }
    return Figure("identity", page, table, claim)


def with_stranger(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the similarity to the closest stranger: known at least where a stranger is the closest."""
    if "correlation_stranger" in table:
        return table
    closer = (table["closest_patient"] != table["patient"]) & table["closest_patient"].notna()
    return table.assign(correlation_stranger=table["correlation_closest"].where(closer))


def genes_used(table: pd.DataFrame) -> str:
    """Return the number of genes, as a range where compartments differ."""
    low, high = int(table["n_genes_used"].min()), int(table["n_genes_used"].max())
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _panel(ax: Axes, part: pd.DataFrame, ids: list[str], inputs: FigureInputs) -> None:
    for row in part.to_dict("records"):
        first = row["timepoint"] == inputs.study.timepoints.before
        line = ids.index(row["patient"]) + (-0.2 if first else 0.2)
        _sample(ax, row, line)
    ax.set_yticks(range(len(ids)), [shorten(name, 22, SIZE_SMALL) for name in ids])
    ax.set_ylim(len(ids) - 0.4, -0.6)
    ax.set_xlabel("correlation with the sample")
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.margins(x=0.08)
    ax.locator_params(axis="x", nbins=5)


def _sample(ax: Axes, row: dict[Any, Any], line: float) -> None:
    own, other = row["correlation_partner"], row["correlation_stranger"]
    if pd.notna(other) and pd.notna(own):
        ax.plot([own, other], [line, line], color=PALE, linewidth=1.2, zorder=1)
    if pd.notna(other):
        ax.plot(other, line, marker="x", ms=4, mec="black", mew=1.0, zorder=2)
    if pd.notna(own):
        colour, shape = VERDICTS[row["verdict"]]
        ax.plot(own, line, marker=shape, ms=4.2, mfc=colour, mec=colour, zorder=3)


def shows(table: pd.DataFrame) -> str:
    """Return how many samples are closest to their partner, and the verdicts."""
    first = int((table["rank_of_partner"] == 1).fillna(value=False).sum())
    counts = ", ".join(f"{int((table['verdict'] == name).sum())} {name}" for name in VERDICTS)
    named = table.loc[table["verdict"] == "warning", "sample"]
    more = f" Warned of: {', '.join(named)}." if len(named) else ""
    return f"{first} of {len(table)} samples are closest to their own partner; verdicts: {counts}.{more}"


FAMILY = Family(
    "identity",
    "each sample against its own partner",
    draw,
    kind="dot plot of correlations",
    reads=("evidence/pair_identity.tsv",),
    made="correlation of every sample with its partner and with the closest sample of another patient",
    of_samples=True,
)
