"""Specification curve: every defensible way to get the number of one gene, sorted, with the choices below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.evidence_tables import main_cards
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import judged, key_line, slugs
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, INK, PALE, QUIET, SIZE_NOTE, paper
from dermshift.figures.words import caution, headline, not_cause, patients, plain, sign, signed
from dermshift.figures.wrapping import shorten
from dermshift.palette import VERMILLION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

CHOICES = {
    "model": "",
    "curve": "curve: ",
    "filter": "genes: ",
    "adjustment": "adjusted for: ",
    "weights": "weights: ",
    "left_out": "",
}
NOBODY, SOMEBODY = "all patients", "one patient left out"


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw the curve of each configured gene in the first of the main questions that has one."""
    cards = [card for card, _ in judged(inputs, inputs.evidence.specifications)]
    ordered = main_cards(cards) or cards
    for gene, slug in slugs(inputs).items():
        for card in ordered:
            table = inputs.evidence.specifications[card["id"]]
            rows = table[(table["item"] == gene) & table["estimate"].notna()]
            if len(rows):
                with paper():
                    yield _figure(inputs, card, rows, inputs.genes[gene], slug)
                break


def _figure(inputs: FigureInputs, card: Card, rows: pd.DataFrame, label: str, slug: str) -> Figure:
    found = rows.sort_values("estimate", kind="stable", ignore_index=True).assign(place=range(len(rows)))
    matrix = choices(found)
    page = new_page(
        DOUBLE,
        62 + 3.4 * (len(matrix) + 1),
        title=f"{label} by every defensible choice. {headline(card)}",
        lines=[f"{len(found)} specifications; {patients(card)}"],
        notes=[
            " ".join(
                (
                    "Each column is one way to get the number; the dots below say which. They share the same",
                    "patients, so their agreement is no replication.",
                )
            ),
            f"{sign(card)} {caution(inputs)}",
        ],
        synthetic=inputs.study.synthetic,
        key=[
            key_line("p < 0.05, 95 % CI", color=INK, marker="o", ms=3.5, linewidth=1),
            key_line("p of 0.05 or more", color=QUIET, marker="o", mfc="white", ms=3.5, linewidth=1),
            key_line("headline: the number of the main tables", color=VERMILLION, marker="D", ms=4.5, linewidth=1.4),
        ],
    )
    grid = page.add_gridspec(2, 1, height_ratios=[58, 3.4 * (len(matrix) + 1)])
    top = page.add_subplot(grid[0])
    below = page.add_subplot(grid[1], sharex=top)
    _curve(top, found)
    _matrix(below, matrix, found)
    settle(page)
    claim = {
        "question": f"{card['title']}: does the number of {label} depend on how it is computed?",
        "shows": shows(found, label),
        "does_not_show": f"{not_cause(inputs)} Anything about new patients.",
        "n": patients(card),
        "caution": f"All specifications use the same patients. {caution(inputs)}",
    }
    return Figure(f"specifications_{slug}", page, found, claim, (card["id"],))


def choices(found: pd.DataFrame) -> dict[str, np.ndarray]:
    """Return one row per choice: which of the specifications made it, as places along the curve."""
    values = found.assign(left_out=np.where(found["left_out"] == "", NOBODY, SOMEBODY))
    matrix: dict[str, np.ndarray] = {}
    for column, lead in CHOICES.items():
        for value in dict.fromkeys(values[column]):
            matrix[f"{lead}{plain(value)}"] = np.flatnonzero(values[column] == value)
    return matrix


def is_headline(found: pd.DataFrame) -> pd.Series:
    """Mark the numbers of the main tables."""
    return found["headline"].astype(str).str.lower().isin(["yes", "true"])


def _curve(ax: Axes, found: pd.DataFrame) -> None:
    for row, main in zip(found.to_dict("records"), is_headline(found), strict=True):
        low = row["p_value"] < 0.05
        colour = VERMILLION if main else (INK if low else QUIET)
        face = colour if low else "white"
        if pd.notna(row["ci_lower"]):
            ax.plot([row["place"]] * 2, [row["ci_lower"], row["ci_upper"]], color=colour, linewidth=1.0, zorder=2)
        style: dict[str, Any] = (
            {"marker": "D", "ms": 5, "zorder": 4} if main else {"marker": "o", "ms": 3.6, "zorder": 3}
        )
        ax.plot(row["place"], row["estimate"], mfc=face, mec=colour, mew=0.9, **style)
    ax.axhline(0, color=QUIET, linewidth=0.6, zorder=0)
    ax.set_ylabel("log2 fold change")
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(-0.8, len(found) - 0.2)


def _matrix(ax: Axes, matrix: dict[str, np.ndarray], found: pd.DataFrame) -> None:
    for line, places in enumerate(matrix.values()):
        ax.axhline(line, color="#EEEEEE", linewidth=0.5, zorder=0)
        ax.plot(places, np.full(len(places), line), linestyle="none", marker="s", ms=3, mfc=INK, mec=INK)
    for place in np.flatnonzero(is_headline(found)):
        ax.axvline(float(place), color=VERMILLION, alpha=0.35, linewidth=3.5, zorder=-1)
    ax.set_yticks(range(len(matrix)), [shorten(name, 44, SIZE_NOTE) for name in matrix], fontsize=SIZE_NOTE)
    ax.set_ylim(len(matrix) - 0.4, -0.6)
    ax.tick_params(length=0, labelbottom=False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(PALE)


def shows(found: pd.DataFrame, label: str) -> str:
    """Return the range of the estimates, and how many share the sign of the headline and lie below .05."""
    main = found[is_headline(found)]["estimate"]
    sign_ = float(np.sign(main.iloc[0] if len(main) else found["estimate"].median()))
    same, low = int((found["estimate"] * sign_ > 0).sum()), int((found["p_value"] < 0.05).sum())
    ends = f"{signed(float(found['estimate'].min()))} to {signed(float(found['estimate'].max()))}"
    whose = "the headline" if len(main) else "the median"
    return " ".join(
        (
            f"{label}: {ends} log2 over {len(found)} specifications; {same} have the sign of {whose}, {low} have p",
            "below 0.05.",
        )
    )


FAMILY = Family(
    "specifications",
    "a configured gene by every defensible choice",
    draw,
    kind="specification curve",
    reads=("evidence/QUESTION.specifications.tsv",),
    made="one estimate per choice of model, curve, filter, adjustment, weights and patient left out",
    model=True,
    fdr="none: p-values of single specifications are not adjusted",
)
