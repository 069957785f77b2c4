"""Power card: the smallest change these patients could have shown, beside what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import CONFIGURED, PAIRED
from dermshift.evidence_tables import main_cards
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import dress, judged, key_dot, key_line, stacked, tall, words_beside
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, INK, PALE, paper
from dermshift.figures.words import change, everyone, not_cause, plain
from dermshift.palette import BLUE, VERMILLION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

MEDIAN = "median gene"
MOST_ROWS = 70
UNSEEN: dict[str, Any] = {"color": PALE, "linewidth": 5.0, "solid_capstyle": "butt"}
MARK: dict[str, Any] = {"color": INK, "marker": "|", "ms": 9, "mew": 1.6}
COLUMNS = ["question", "item", "label", "n_a", "n_b", "sd", "mde", "mde_genome_wide", "estimate", "line"]


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure for all judged questions."""
    # The power of a random block is that of the same patients' changes.
    cards = [card for card, _ in judged(inputs, inputs.evidence.power) if not card.get("block")]
    rows = _rows(inputs, cards)
    if len(rows) > MOST_ROWS:
        cards = [card for card in main_cards(cards) if card["id"] in set(rows["question"])]
        rows = rows[rows["question"].isin([card["id"] for card in cards])]
    if len(rows):
        with paper():
            yield _figure(inputs, cards, rows)


def _rows(inputs: FigureInputs, cards: list[Card]) -> pd.DataFrame:
    """Return one row per question and item, with the change that was seen (plain paired t)."""
    parts = []
    for card in cards:
        table = inputs.evidence.power[card["id"]]
        kept = table[(table["kind"] == CONFIGURED) | (table["item"] == MEDIAN)]
        parts.append(kept.assign(question=card["id"], estimate=kept["item"].map(_seen(inputs, card))))
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)
    return frame.assign(name=[plain(label) for label in frame["label"]])


def _seen(inputs: FigureInputs, card: Card) -> pd.Series:
    table = inputs.evidence.leave_one_out.get(card["id"])
    if table is None:
        return pd.Series(dtype=float)
    own: pd.Series = table[table["method"] == PAIRED].drop_duplicates("item").set_index("item")["estimate"]
    return own


def _figure(inputs: FigureInputs, cards: list[Card], found: pd.DataFrame) -> Figure:
    rows, headings = stacked(found, {card["id"]: card["title"] for card in cards}, "question")
    rows = rows.assign(
        n=[who(row) for row in rows.to_dict("records")], needs=[needed(row) for row in rows.to_dict("records")]
    )
    page = new_page(
        DOUBLE,
        tall(rows),
        title=f"What these patients could have shown ({change(inputs)})",
        lines=[everyone(inputs)],
        notes=[
            " ".join(
                (
                    "Smallest change found with 80 % power at p < 0.05 (a gene named in advance) and at the p",
                    "that passes the false discovery rate, from the spread of the patients' own changes. Median",
                    "gene: the median spread.",
                )
            ),
            " ".join(
                (
                    "A dot inside the bar is no finding of 'no change'; one beyond it was within reach. Dots:",
                    "size of the mean change, sign left out.",
                )
            ),
        ],
        synthetic=inputs.study.synthetic,
        key=[
            key_line("too small to be found reliably", **UNSEEN),
            key_line("the same, genome-wide", linestyle="none", **MARK),
            key_dot("seen: rise", VERMILLION),
            key_dot("seen: fall", BLUE, face="white", mew=1.2),
        ],
        key_columns=4,
    )
    if len(rows):
        grid = page.add_gridspec(1, 2, width_ratios=[1, 0.45])
        left, right = page.add_subplot(grid[0]), page.add_subplot(grid[1])
        _panel(left, rows)
        dress(left, rows, headings, width=48)
        left.set_xlim(left=0)
        left.set_xlabel("Size of the change (log2)")
        words_beside(right, rows, {"n": ("Patients", 17.0), "needs": ("Patients needed for 1 log2", 36.0)}, left)
    else:
        say(page.add_subplot(), "No power was computed.")
    settle(page)
    claim = {
        "question": "How small a change could these patients have shown?",
        "shows": shows(rows, cards),
        "does_not_show": f"{not_cause(inputs)} That a smaller change is absent.",
        "n": everyone(inputs),
        "caution": "Power at a spread that is itself estimated from these few patients.",
    }
    return Figure("power", page, rows[COLUMNS], claim, tuple(dict.fromkeys(rows["question"])))


def who(row: dict[Any, Any]) -> str:
    """Return the patients behind a row, e.g. ``7`` or ``4 and 3``."""
    if pd.isna(row["n_a"]):
        return "NA"
    return f"{row['n_a']}" if pd.isna(row["n_b"]) else f"{row['n_a']} and {row['n_b']}"


def needed(row: dict[Any, Any]) -> str:
    """Return how many patients are needed for 1 log2, in words above the largest number that is computed."""
    if pd.isna(row["sd"]):
        return "NA"
    return "above 1,000" if pd.isna(row["pairs_for_1"]) else f"{int(row['pairs_for_1']):,}"


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    for row in rows.to_dict("records"):
        if pd.notna(row["mde"]):
            ax.plot([0, row["mde"]], [row["line"]] * 2, zorder=1, **UNSEEN)
        if pd.notna(row["mde_genome_wide"]):
            ax.plot(row["mde_genome_wide"], row["line"], zorder=2, **MARK)
        if pd.notna(row["estimate"]) and pd.notna(row["mde"]):
            rise = row["estimate"] > 0
            face, edge = (VERMILLION, VERMILLION) if rise else ("white", BLUE)
            ax.plot(abs(row["estimate"]), row["line"], marker="o", ms=4, mfc=face, mec=edge, mew=1.2, zorder=3)


def shows(rows: pd.DataFrame, cards: list[Card]) -> str:
    """Return the smallest change of the first question, for each row."""
    first = rows[(rows["question"] == cards[0]["id"]) & rows["mde"].notna()]
    if not len(first):
        return "No smallest change could be computed."
    parts = [f"{row['mde']:.2f} log2 for {row['name']}" for row in first.to_dict("records")]
    return f"{cards[0]['title']}: 80 % power needs a change of {', '.join(parts)}."


FAMILY = Family(
    "power",
    "smallest change that could have been found",
    draw,
    kind="bar chart of smallest changes",
    reads=("evidence/QUESTION.power.tsv", "evidence/QUESTION.leave_one_out.tsv"),
    made="80 % power of a paired t at the spread of the patients' own changes",
    fdr="Benjamini-Hochberg over the tested genes of one question, for the genome-wide mark",
)
