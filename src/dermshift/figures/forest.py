"""Estimates with intervals: in every level, and of the differences between levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures import changes
from dermshift.figures.page import say
from dermshift.figures.style import INK, QUIET, SIZE_NOTE, SIZE_SMALL
from dermshift.figures.words import find_card, percent, plain, row_of
from dermshift.figures.wrapping import shorten, wrapped
from dermshift.names import GENE_ID, SEX
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.lines import Line2D

    from dermshift.figures.base import Card, FigureInputs

STEP = 3.0
MOST_LINES = 60
COLUMNS = [
    "gene_id",
    "label",
    "configured",
    "question",
    "kind",
    "level",
    "line",
    "estimate",
    "ci_lower",
    "ci_upper",
    "fdr",
]


def _chosen(inputs: FigureInputs, cards: list[Card]) -> dict[str, str]:
    """Return the genes to show: the configured ones, then those of smallest p in any difference."""
    ranked = pd.concat([changes.tested_genes(inputs, card) for card in cards], ignore_index=True)
    ranked = ranked[~ranked["configured"]].sort_values(["p_value", GENE_ID]).drop_duplicates(GENE_ID)
    lines = max(len(cards), len({level for card in cards for level in card["levels"]})) + 1
    room = max(1, min(6, MOST_LINES // lines - len(inputs.genes)))
    return {**inputs.genes, **dict(ranked[[GENE_ID, "label"]].head(room).itertuples(index=False))}


def shown_levels(inputs: FigureInputs, column: str, cards: list[Card]) -> list[str]:
    """Return the levels the cards compare, in the order of every other figure."""
    compared = list(dict.fromkeys(level for card in cards for level in card["levels"]))
    known = [level for level in inputs.study.levels(column) if level in compared]
    return [*known, *(level for level in compared if level not in known)]


def rows(inputs: FigureInputs, column: str, within: tuple[str, ...], cards: list[Card]) -> pd.DataFrame:
    """Return one row per gene and level, and per gene and difference; ``line`` is its height in the panel."""
    levels = shown_levels(inputs, column, cards)
    named: list[tuple[str, str, Card | None]] = [
        ("level", level, find_card(inputs, "response_within", column, (level,), within)) for level in levels
    ]
    named += [("difference", " − ".join(map(plain, card["levels"])), card) for card in cards]
    found, start = [], 0
    for gene, label in _chosen(inputs, cards).items():
        place = {"level": 0, "difference": 0}
        for kind, level, card in named:
            row = row_of(inputs, card["id"], gene) if card else None
            line = start + place[kind]
            place[kind] += 1
            if card is None or row is None:
                continue
            numbers = (row["log2_fold_change"], row["ci_lower"], row["ci_upper"], row["fdr"])
            found.append((gene, label, gene in inputs.genes, card["id"], kind, level, line, *numbers))
        # An untested gene has no lines, so it takes no room.
        start += max(place.values()) + 1 if found and found[-1][0] == gene else 0
    return pd.DataFrame(found, columns=COLUMNS)


def height(found: pd.DataFrame) -> float:
    """Return the room the panels need, mm."""
    return 16.0 + STEP * (float(found["line"].max()) + 2 if len(found) else 8)


def key(inputs: FigureInputs, column: str, levels: Sequence[str]) -> list[Line2D]:
    """Return the legend: what filled means, level colours, the difference."""
    from matplotlib.lines import Line2D

    style: dict[str, Any] = {"linestyle": "-", "linewidth": 1.1, "ms": 4}
    palette = colours(inputs.study.levels(column) or levels, sexes=column == SEX)
    text = f"filled: FDR < {percent(inputs.alpha)}; line: 95 % CI"
    handles = [Line2D([], [], linestyle="none", marker="o", ms=4, mfc="white", mec=QUIET, label=text)]
    handles += [Line2D([], [], marker="o", color=palette[level], label=plain(level), **style) for level in levels]
    return [*handles, Line2D([], [], marker="D", color=INK, label="difference", **{**style, "ms": 3.6})]


def panels(
    left: Axes,
    right: Axes,
    found: pd.DataFrame,
    cards: list[Card],
    inputs: FigureInputs,
    column: str,
    levels: Sequence[str],
) -> None:
    """Draw the levels on the left and the differences on the right, line by line."""
    if not len(found):
        say(left, "No gene to show: none was tested.", 40)
        right.set_axis_off()
        return
    palette = colours(inputs.study.levels(column) or levels, sexes=column == SEX)
    for ax, kind in ((left, "level"), (right, "difference")):
        part = found[found["kind"] == kind]
        for _, row in part.iterrows():
            colour = palette[row["level"]] if kind == "level" else INK
            passing = bool(row["fdr"] < inputs.alpha)
            ax.plot([row["ci_lower"], row["ci_upper"]], [row["line"]] * 2, color=colour, linewidth=1.1, zorder=2)
            face = colour if passing else "white"
            marker, size = ("o", 4.0) if kind == "level" else ("D", 3.6)
            ax.plot(row["estimate"], row["line"], marker=marker, ms=size, mfc=face, mec=colour, mew=0.9, zorder=3)
        _dress(ax, found)
    _gene_names(left, found)
    _difference_names(right, found[found["kind"] == "difference"], cards)
    left.set_xlabel("log2 fold change\nin each level")
    pair = " − ".join(map(plain, cards[0]["levels"])) if len(cards) == 1 else "a − b"
    right.set_xlabel(f"Difference (log2)\n{wrapped(pair, 42)}")


def _dress(ax: Axes, found: pd.DataFrame) -> None:
    ax.axvline(0, color=QUIET, linewidth=0.6, zorder=0)
    last = float(found["line"].max())
    ax.set_ylim(last + 1.2, -1.2)
    for place, (_, block) in enumerate(found.groupby("gene_id", sort=False)):
        if place % 2 == 0:
            lines = block["line"]
            ax.axhspan(lines.min() - 0.8, lines.max() + 0.8, color="#F5F5F5", linewidth=0, zorder=-1)
    ax.margins(x=0.06)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _gene_names(ax: Axes, found: pd.DataFrame) -> None:
    blocks = found.groupby("gene_id", sort=False)
    centres = blocks["line"].agg(lambda lines: (lines.min() + lines.max()) / 2)
    labels = [shorten(label, 26, SIZE_SMALL) for label in blocks["label"].first()]
    ax.set_yticks(np.asarray(centres, float), labels)
    for tick, configured in zip(ax.get_yticklabels(), blocks["configured"].first(), strict=True):
        tick.set(fontweight="bold" if configured else "normal", fontstyle="normal" if configured else "italic")


def _difference_names(ax: Axes, part: pd.DataFrame, cards: list[Card]) -> None:
    if len(cards) == 1:
        ax.set_yticks([])
        return
    names = [shorten(name, 44, SIZE_NOTE) for name in part["level"]]
    ax.set_yticks(part["line"].to_numpy(float), names, fontsize=SIZE_NOTE)
