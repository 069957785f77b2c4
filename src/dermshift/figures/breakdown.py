"""Response by level, side by side, with the difference and its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.figures import changes, forest, twin
from dermshift.figures.base import Family, Figure
from dermshift.figures.labels import label_points
from dermshift.figures.page import new_page, settle
from dermshift.figures.style import DOUBLE, paper
from dermshift.figures.words import caution, change, find_card, not_cause, patients, percent, plain, untested
from dermshift.names import TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs
    from dermshift.figures.paper import PaperFigure

ACROSS = 3
MOST_PANELS = 6
"""Of levels against each other; the volcano of each difference shows the genes of more."""
SQUARE = 62.0


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per breakdown that has a difference."""
    groups: dict[tuple[str, tuple[str, ...]], list[Card]] = {}
    for card in inputs.answered:
        if card["kind"] == "difference" and not card.get("block"):
            groups.setdefault((card["column"], tuple(card["within"])), []).append(card)
    for (column, within), cards in groups.items():
        with paper():
            yield _breakdown(inputs, column, within, cards)


def _breakdown(inputs: FigureInputs, column: str, within: tuple[str, ...], cards: list[Card]) -> Figure:
    shown = cards if len(cards) <= MOST_PANELS else []
    pairs = {card["id"]: twin.level_pairs(inputs, card) for card in shown}
    rows = forest.rows(inputs, column, within, cards)
    levels = forest.shown_levels(inputs, column, cards)
    verdicts = _verdicts(inputs, cards)
    compared = f"each vs {plain(inputs.study.timepoints.before)}" if column == TIMEPOINT else change(inputs)
    heading = f"Change by {plain(column)} ({compared})" + (f", in {plain(within[1])}" if within else "")
    tall = forest.height(rows)
    body = max(SQUARE + 8, tall) if len(cards) == 1 else (SQUARE + 2) * -(-len(shown) // ACROSS) + tall
    page = new_page(
        DOUBLE,
        body,
        title=heading,
        lines=_lines(cards),
        notes=[*verdicts, _sign(cards[0]), caution(inputs), *untested(inputs, cards[0])],
        synthetic=inputs.study.synthetic,
        key=[*(twin.key(inputs, list(pairs.values())) if shown else ()), *forest.key(inputs, column, levels)],
        key_columns=4,
    )
    panels, left, right = _grid(page, len(shown), tall)
    for ax, card in zip(panels, shown, strict=True):
        twin.panel(ax, pairs[card["id"]], card)
    forest.panels(left, right, rows, cards, inputs, column, levels)
    settle(page)
    for ax, card in zip(panels, shown, strict=True):
        genes = pairs[card["id"]]
        if len(genes):
            label_points(ax, changes.to_label(genes, 5), "x", "y", avoid=genes[genes["change"] != changes.NOT_PASSING])
    claim = {
        "question": f"Does the change depend on {plain(column)}?",
        "shows": " ".join(verdicts),
        "does_not_show": f"{not_cause(inputs)} Two lists of passing genes, one per level, are no comparison of levels.",
        "n": "; ".join(_numbers(card) for card in cards),
        "caution": caution(inputs),
    }
    name = f"breakdown_{column}" + (f"_in_{within[1]}" if within else "")
    return Figure(name, page, _frame(pairs, rows), claim, _questions(inputs, column, within, cards))


def _questions(inputs: FigureInputs, column: str, within: tuple[str, ...], cards: list[Card]) -> tuple[str, ...]:
    """Return the changes of the levels, then their differences."""
    levels = forest.shown_levels(inputs, column, cards)
    found = [find_card(inputs, "response_within", column, (level,), within) for level in levels]
    return tuple(card["id"] for card in (*found, *cards) if card)


def _numbers(card: Card) -> str:
    return f"{card['title']}: {patients(card)}"


def _lines(cards: list[Card]) -> list[str]:
    """Return the number of patients behind every difference, on few lines."""
    return (
        [_numbers(cards[0])]
        if len(cards) == 1
        else [f"{len(cards)} differences, each of n = {cards[0]['n_pairs']} patients with complete pairs"]
        if len({card["n_pairs"] for card in cards}) == 1
        else ["Patients with complete pairs: " + "; ".join(f"{card['title']}: {card['n_pairs']}" for card in cards)]
    )


def _verdicts(inputs: FigureInputs, cards: list[Card]) -> list[str]:
    """Say what the difference tables say, and no more; differences without a passing gene share a sentence."""
    level = f"FDR {percent(inputs.alpha)}"
    lines, none = [], []
    for card in cards:
        genes = changes.tested_genes(inputs, card)
        passing = int((genes["change"] != changes.NOT_PASSING).sum())
        verb = "gene differs" if passing == 1 else "genes differ"
        if passing:
            lines.append(f"{card['title']}: {passing:,} {verb} at {level} (of {len(genes):,} tested).")
        else:
            none.append(card["title"])
    if none:
        lines.append(f"{'; '.join(none)}: no gene's difference passes {level}: that is not evidence of equality.")
    return lines


def _sign(card: Card) -> str:
    if card["column"] == TIMEPOINT:
        return "Positive = higher at the later visit; a difference 'a − b' is the level at a minus that at b."
    after, before = plain(card["after"]), plain(card["before"])
    return f"Positive = higher at {after} than at {before}; a difference 'a − b' is the change in a minus that in b."


def _grid(page: PaperFigure, n: int, tall: float) -> tuple[list[Axes], Axes, Axes]:
    """Return the scatter panels and the two forest panels: side by side for one difference, else scatters on top."""
    if not n:
        grid = page.add_gridspec(1, 2)
        return [], page.add_subplot(grid[0]), page.add_subplot(grid[1])
    if n == 1:
        grid = page.add_gridspec(1, 3, width_ratios=[1.2, 1, 0.85])
        first, left, right = (page.add_subplot(grid[0, k]) for k in range(3))
        return [first], left, right
    deep = -(-n // ACROSS)
    outer = page.add_gridspec(2, 1, height_ratios=[(SQUARE + 2) * deep, tall])
    top: Any = outer[0].subgridspec(deep, ACROSS)
    panels = [page.add_subplot(top[k // ACROSS, k % ACROSS]) for k in range(n)]
    bottom: Any = outer[1].subgridspec(1, 2)
    return panels, page.add_subplot(bottom[0]), page.add_subplot(bottom[1])


def _frame(pairs: dict[str, pd.DataFrame], rows: pd.DataFrame) -> pd.DataFrame:
    """Stack what both kinds of panel draw; ``panel`` tells them apart."""
    parts = [
        frame.rename(columns={"x": "log2_fold_change_b", "y": "log2_fold_change_a"}).assign(
            panel="scatter", question=name
        )
        for name, frame in pairs.items()
        if len(frame)
    ]
    parts += [rows.assign(panel="forest")] if len(rows) else []
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["panel", "question", "gene_id"])


FAMILY = Family(
    "breakdown",
    "change by level side by side, with the difference",
    draw,
    kind="scatter plot of genes and forest plot",
    reads=("tables/QUESTION.tsv",),
    made="estimates and 95 % intervals of the questions' tables",
    model=True,
)
