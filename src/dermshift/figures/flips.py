"""What chance alone yields: findings under every sign pattern of the patients' changes, the observed one marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import key_line
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, SIZE_NOTE, SIZE_SMALL, paper
from dermshift.figures.words import change, not_cause, percent, small
from dermshift.figures.words import everyone as whole_study
from dermshift.figures.wrapping import shorten
from dermshift.palette import SKY, VERMILLION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

ACROSS, HIGH = 4, 33.0
COLUMNS = ["question", "genes_from", "genes_to", "patterns", "observed", "p_genes", "floor"]
OBSERVED: dict[str, Any] = {"color": VERMILLION, "linewidth": 1.4}


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure for all judged questions."""
    facts = inputs.evidence.facts
    cards = [card for card in inputs.answered if card["id"] in facts and card["id"] in inputs.evidence.flips]
    if cards:
        with paper():
            yield _figure(inputs, cards)


def bins(counts: np.ndarray) -> np.ndarray:
    """Return the bin of each count: 0, 1, 2 to 3, 4 to 7, ... are bins 0, 1, 2, 3, ..."""
    values = np.asarray(counts, float)
    return np.where(values > 0, np.floor(np.log2(np.maximum(values, 1))) + 1, 0).astype(int)


def edges(place: int) -> tuple[int, int]:
    """Return the smallest and the largest count of a bin."""
    return (0, 0) if place == 0 else (2 ** (place - 1), 2**place - 1)


def _figure(inputs: FigureInputs, cards: list[Card]) -> Figure:
    across = min(ACROSS, len(cards))
    deep = -(-len(cards) // across)
    page = new_page(
        DOUBLE if across > 2 else 60.0 * across + 10,
        deep * HIGH + 4,
        title=f"What chance alone yields ({change(inputs)})",
        lines=[f"{whole_study(inputs)}; genes at FDR {percent(inputs.alpha)} under each pattern"],
        notes=[
            " ".join(
                (
                    "Pattern: the sign of each patient's change kept or flipped; for a difference between",
                    "patients, labels dealt anew. p: share of patterns with at least as many genes, the observed",
                    "one included; never below the floor.",
                )
            ),
            " ".join(
                (
                    "By a paired moderated t of the patients' changes, so counts differ from those of the main",
                    "tables. Bars hold 0, 1, 2 to 3, 4 to 7, ... genes.",
                )
            ),
        ],
        synthetic=inputs.study.synthetic,
        key=[
            key_line("patterns", color=SKY, linewidth=5),
            key_line("observed", **OBSERVED),
        ],
    )
    axes = np.atleast_1d(page.subplots(deep, across, squeeze=False)).ravel()
    parts = [_panel(ax, card, inputs) for ax, card in zip(axes, cards, strict=False)]
    for ax in axes[len(cards) :]:
        ax.set_axis_off()
    for place, ax in enumerate(axes[: len(cards)]):
        ax.set_ylabel("patterns" if place % across == 0 and ax.axison else "")
        ax.set_xlabel("genes found" if (place + across >= len(cards)) and ax.axison else "")
    settle(page, align=True)
    claim = {
        "question": "How many genes would be found if the direction of each patient's change were chance?",
        "shows": " ".join(sentence(card, inputs.evidence.facts[card["id"]]["flips"]) for card in cards[:3]),
        "does_not_show": f"{not_cause(inputs)} Which of the genes are real.",
        "n": whole_study(inputs),
        "caution": "Assumes changes symmetric about zero where nothing changed, or exchangeable patients.",
    }
    return Figure("flips", page, stacked_frames(parts), claim, tuple(card["id"] for card in cards))


def stacked_frames(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return what all panels draw; a question without an answer draws nothing."""
    drawn = [part for part in parts if len(part)]
    return pd.concat(drawn, ignore_index=True) if drawn else pd.DataFrame(columns=COLUMNS)


def sentence(card: Card, null: dict[str, Any]) -> str:
    """Return e.g. ``all patients: 372 genes, exact p 0.016 of 64 patterns (floor 0.016)`` with a full stop."""
    if null["reason"] or null["n_genes"] is None:
        return f"{card['title']}: cannot be answered: {null['reason']}."
    return " ".join(
        (
            f"{card['title']}: {null['n_genes']:,} genes, exact p {small(null['p_genes'])} of",
            f"{null['n_patterns']:,} patterns (floor {small(null['floor'])}).",
        )
    )


def _panel(ax: Axes, card: Card, inputs: FigureInputs) -> pd.DataFrame:
    null = inputs.evidence.facts[card["id"]]["flips"]
    counts = inputs.evidence.flips[card["id"]]["n_genes"]
    if null["reason"] or not len(counts):
        say(ax, f"{card['title']}: cannot be answered: {null['reason']}", 38)
        return pd.DataFrame(columns=COLUMNS)
    found = bins(counts.to_numpy(float))
    observed = int(bins(np.array([null["n_genes"]]))[0])
    numbers = np.bincount(found, minlength=int(found.max()) + 1)
    ax.bar(range(len(numbers)), numbers, width=0.85, color=SKY)
    ax.plot([observed, observed], [0, numbers.max() * 1.02], **OBSERVED)
    floor = "its floor" if null["p_genes"] <= null["floor"] else f"floor {small(null['floor'])}"
    said = f"{null['n_genes']:,} found, p {small(null['p_genes'])} ({floor})"
    title = f"{shorten(card['title'], 41, SIZE_SMALL)}\n{said}"
    ax.set_title(title, fontsize=SIZE_NOTE, pad=3, linespacing=1.25, x=-0.16)
    ax.set_ylim(0, numbers.max() * 1.08)
    step = max(1, -(-len(numbers) // 6))
    places = range(0, len(numbers), step)
    ax.set_xticks(list(places), [f"{edges(place)[0]:,}" for place in places])
    ax.set_xlim(-0.8, max(len(numbers), 4) - 0.2)
    ax.locator_params(axis="y", nbins=3, integer=True)
    ax.yaxis.set_major_formatter("{x:,.0f}")
    rows = [
        (card["id"], *edges(k), int(n), k == observed, null["p_genes"], null["floor"]) for k, n in enumerate(numbers)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


FAMILY = Family(
    "flips",
    "findings under every sign pattern",
    draw,
    kind="histograms of genes found, one panel per question",
    reads=("evidence/QUESTION.flips.tsv", "evidence/QUESTION.json"),
    made="a paired moderated t of the patients' own changes under every pattern of signs, or of labels dealt anew",
    fdr="Benjamini-Hochberg over the tested genes, anew under each pattern",
)
