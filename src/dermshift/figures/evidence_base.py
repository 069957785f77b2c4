"""What the figures of the evidence share: rows under headings, estimates with intervals, words beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.evidence_names import CONFIGURED, ENGINE, PAIRED, SET, TOP
from dermshift.figures.style import INK, QUIET, SIZE_NOTE, SIZE_SMALL, SIZE_TEXT
from dermshift.figures.words import plain, symbol_of
from dermshift.figures.wrapping import shorten
from dermshift.names import short_file_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

ROW = 3.7
"""Height of a row, mm."""
MOST_TOP = 12
"""Genes of smallest p shown beside the configured ones and the sets."""
GROUPS = {
    CONFIGURED: "Named in the configuration",
    SET: "Declared gene sets",
    TOP: "Smallest p in this question",
}
NO_ANSWER = "cannot be answered"
METHODS = {PAIRED: "own changes", ENGINE: "model"}
METHOD_NOTE = " ".join(
    (
        "Own changes: plain paired t of the patients' own changes, no other gene enters. Model: the engine of the",
        "main tables.",
    )
)


def judged(inputs: FigureInputs, tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[Card, pd.DataFrame]]:
    """Return the questions that have a table with rows, in their order."""
    for card in inputs.answered:
        table = tables.get(card["id"])
        if table is not None and len(table):
            yield card, table


def slugs(inputs: FigureInputs) -> dict[str, str]:
    """Return for each configured gene a part of a file name: its symbol, made safe and unique."""
    taken: dict[str, str] = {}
    symbols = inputs.study.genes["gene_symbol"]
    for gene in inputs.genes:
        name = symbol_of(gene, symbols.get(gene)) if gene in symbols.index else gene
        slug = re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("_.-") or "gene"
        again = re.sub(r"[^A-Za-z0-9._-]", "_", f"{slug}_{gene}")
        chosen = slug if slug not in taken.values() else again
        taken[gene] = short_file_name(chosen, gene, set(taken.values()))
    return taken


def shown_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows to draw, with their ``name``: configured genes by both methods, sets, the first top genes.

    A gene of smallest p is shown by the model that ranked it, a set by the mean change of its genes.
    """
    wanted = {CONFIGURED: (PAIRED, ENGINE), SET: (PAIRED,), TOP: (ENGINE,)}
    parts = []
    for kind, methods in wanted.items():
        part = rows[(rows["kind"] == kind) & rows["method"].isin(methods)]
        place = {item: number for number, item in enumerate(dict.fromkeys(part["item"]))}
        order = part.assign(a=part["item"].map(place), b=[methods.index(method) for method in part["method"]])
        order = order.sort_values(["a", "b"]).drop(columns=["a", "b"])
        parts.append(order.head(MOST_TOP) if kind == TOP else order)
    found = pd.concat(parts, ignore_index=True)
    named = [
        f"{plain(label)}, {METHODS[method]}" if kind == CONFIGURED else plain(label)
        for label, kind, method in zip(found["label"], found["kind"], found["method"], strict=True)
    ]
    return found.assign(name=named)


def stacked(
    rows: pd.DataFrame, titles: Mapping[str, str], column: str = "kind"
) -> tuple[pd.DataFrame, dict[float, str]]:
    """Return rows with their height ``line``, group by group, and the heights of the headings."""
    headings: dict[float, str] = {}
    line, parts = 0.0, []
    for group, title in titles.items():
        part = rows[rows[column] == group]
        if len(part):
            headings[line] = title
            parts.append(part.assign(line=line + 1 + np.arange(len(part))))
            line += len(part) + 1.3
    return pd.concat(parts, ignore_index=True) if parts else rows.assign(line=0.0), headings


def tall(rows: pd.DataFrame) -> float:
    """Return the room stacked rows need, mm."""
    return 12.0 + ROW * (float(rows["line"].max()) + 2 if len(rows) else 6)


def dress(ax: Axes, rows: pd.DataFrame, headings: Mapping[float, str], *, width: float = 40.0) -> None:
    """Name the rows and headings left of a panel, and draw the line of no change."""
    ticks = [*headings, *rows["line"]]
    labels = [*headings.values(), *(shorten(name, width, SIZE_SMALL) for name in rows["name"])]
    ax.set_yticks(ticks, labels, fontsize=SIZE_SMALL)
    for place, tick in enumerate(ax.get_yticklabels()):
        tick.set(fontweight="bold" if place < len(headings) else "normal")
    last = float(rows["line"].max()) if len(rows) else 1.0
    ax.set_ylim(last + 0.8, -0.8)
    ax.axvline(0, color=QUIET, linewidth=0.6, zorder=0)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.05)


def words_beside(ax: Axes, rows: pd.DataFrame, columns: Mapping[str, tuple[str, float]], like: Axes) -> None:
    """Write one or more columns of text beside the rows of the panel `like`.

    Parameters
    ----------
    columns
        Column of `rows` to its title and width in mm.
    """
    ax.set_axis_off()
    ax.set_ylim(like.get_ylim())
    ax.set_xlim(0, sum(width for _, width in columns.values()))
    left = 0.0
    for column, (title, width) in columns.items():
        ax.text(left, -0.15, shorten(title, width - 1, SIZE_NOTE), fontsize=SIZE_NOTE, color=QUIET, va="center")
        for line, text in zip(rows["line"], rows[column], strict=True):
            ax.text(left, line, shorten(str(text), width - 1, SIZE_NOTE), fontsize=SIZE_NOTE, color=INK, va="center")
        left += width


def interval(ax: Axes, row: Mapping[Any, Any], line: float, colour: str, marker: str = "o", **options: Any) -> None:
    """Draw an estimate with its 95 % interval; nothing where there is no interval, for then there is no answer."""
    numbers = pd.DataFrame([{name: row[name] for name in ("estimate", "ci_lower", "ci_upper")}], dtype=float)
    intervals(ax, numbers.assign(line=line), colour, marker, **options)


def intervals(ax: Axes, rows: pd.DataFrame, colour: str, marker: str = "o", **options: Any) -> None:
    """Draw `interval` of every row at its ``line``, all in one stroke."""
    known = rows[rows["estimate"].notna() & rows["ci_lower"].notna()]
    if known.empty:
        return
    style: dict[str, Any] = {"ms": 4.0, "mew": 0.9, "mec": colour, "mfc": colour, "zorder": 3} | options
    spans(ax, known, "ci_lower", "ci_upper", color=colour, linewidth=1.0, zorder=2)
    ax.plot(known["estimate"], known["line"], marker=marker, linestyle="none", **style)


def spans(ax: Axes, rows: pd.DataFrame, start: str, end: str, **style: Any) -> None:
    """Draw a line from one column to another in each row, at its ``line``; nothing where there is no row."""
    if rows.empty:
        return
    gap = np.full(len(rows), np.nan)  # lifts the pen between two rows
    ends = np.column_stack([rows[start].to_numpy(float), rows[end].to_numpy(float), gap])
    ax.plot(ends.ravel(), np.repeat(rows["line"].to_numpy(float), 3), **style)


def verdict(badge: object) -> str:
    """Return a badge without the reason for an answer that is missing; `reasons` tells it."""
    text = str(badge)
    return NO_ANSWER if text.startswith(NO_ANSWER) else text


def reasons(badges: pd.Series) -> list[str]:
    """Return one sentence per reason for which there is no answer."""
    found = dict.fromkeys(str(badge) for badge in badges if str(badge).startswith(NO_ANSWER))
    return [f"{text[:1].upper()}{text[1:]}." for text in found]


def reach(*columns: Sequence[float] | pd.Series) -> float:
    """Return how far from zero the known values of some columns lie."""
    values = np.concatenate([np.asarray(column, float) for column in columns])
    known = np.abs(values[np.isfinite(values)])
    return float(known.max()) if len(known) else 1.0


def key_line(label: str, **style: Any) -> Any:
    """Return a legend entry."""
    from matplotlib.lines import Line2D

    return Line2D([], [], label=label, **style)


def key_dot(label: str, colour: str = INK, marker: str = "o", face: str = "", **style: Any) -> Any:
    """Return a legend entry for a mark without a line."""
    options: dict[str, Any] = {"linestyle": "none", "ms": 4.0} | style
    return key_line(label, marker=marker, mec=colour, mfc=face or colour, **options)


def heading(ax: Axes, text: str, width: float) -> None:
    """Write the title of a small panel on one line."""
    ax.set_title(shorten(text, width, SIZE_TEXT), fontsize=SIZE_TEXT, pad=3)
