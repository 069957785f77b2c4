"""Histogram of p-values: a peak near zero, and a flat rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures import changes
from dermshift.figures.base import Family, Figure
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import QUIET, SINGLE, paper
from dermshift.figures.words import headline, patients, question
from dermshift.palette import SKY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.figures.base import Card, FigureInputs

BINS = 40
FLAT: dict[str, Any] = {"color": QUIET, "linewidth": 0.9, "linestyle": (0, (4, 2))}
"""How the height of a flat histogram looks, in the panel and in the legend."""


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one histogram per question."""
    for card in inputs.answered:
        with paper():
            yield _histogram(inputs, card)


def _histogram(inputs: FigureInputs, card: Card) -> Figure:
    from matplotlib.lines import Line2D

    p = changes.tested_genes(inputs, card)["p_value"].to_numpy(float)
    numbers, edges = np.histogram(p, bins=BINS, range=(0, 1))
    flat = len(p) / BINS
    page = new_page(
        SINGLE,
        56,
        title=headline(card),
        lines=[f"p-values of {len(p):,} tested genes; {patients(card)}"],
        notes=["A hill towards 1 or in the middle would mean that the test's assumptions fail."],
        synthetic=inputs.study.synthetic,
        key=[Line2D([], [], label=f"expected if no gene changed: {flat:,.0f} per bin", **FLAT)] if len(p) else (),
    )
    ax = page.add_subplot()
    if len(p):
        bars: dict[str, Any] = {"color": SKY, "edgecolor": "white", "linewidth": 0.4}
        ax.bar(np.arange(BINS) / BINS, numbers, width=1 / BINS, align="edge", **bars)
        ax.axhline(flat, **FLAT)
        ax.set(xlim=(0, 1), xlabel="p-value", ylabel=f"Genes per bin of {1 / BINS:g}")
        ax.set_ylim(0, max(float(numbers.max()), flat * 1.3) * 1.05)
    else:
        say(ax, "No gene was tested in this question.")
    settle(page)
    claim = {
        "question": f"{question(card)} Are the p-values of a plausible shape?",
        "shows": f"{numbers[0]:,} p-values lie below {1 / BINS:g}; {flat:,.0f} would if no gene changed.",
        "does_not_show": "Which genes change.",
        "n": patients(card),
        "caution": "Genes are correlated, so a flat histogram may still wave.",
    }
    frame = pd.DataFrame({"p_from": edges[:-1], "p_to": edges[1:], "genes": numbers, "expected_if_none": flat})
    return Figure(f"pvalues_{card['id']}", page, frame, claim, (card["id"],))


FAMILY = Family(
    "pvalues",
    "histogram of p-values, per question",
    draw,
    kind="histogram of p-values",
    reads=("tables/QUESTION.tsv",),
    made="p-values of the tested genes of the question's table",
    model=True,
)
