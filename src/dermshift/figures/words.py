"""Sentences of the figures: questions, numbers, sign conventions and cautions, all made from the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design.words import CAUTIONS, wording
from dermshift.names import FILTERED, GENE_ID, NOT_ESTIMABLE, OUTLIER, SET_ASIDE, TESTED

if TYPE_CHECKING:
    from dermshift.figures.base import Card, FigureInputs

EXPLORATORY = "p of gene sets are exploratory: genes are permuted, correlation between genes is ignored."
_NOT_CAUSE = {
    "on_drug": "Not what brought the change about: there is no control arm.",
    "conditions": "Not what brought the difference about.",
}


def caution(inputs: FigureInputs) -> str:
    """Return what stands under every result: what was compared, and that it is no cause."""
    return CAUTIONS[inputs.study.comparison]


def not_cause(inputs: FigureInputs) -> str:
    """Return the first thing no figure shows."""
    return _NOT_CAUSE[inputs.study.comparison]


NO_FDR = "no part of the FDR"
ASIDE = "another probe set stands for the gene, or it stands for several"
_WHY_NOT_TESTED = {
    FILTERED: "below the detection limit of the filter, not tested",
    OUTLIER: "not tested: one sample's count is an outlier",
    NOT_ESTIMABLE: "not estimable",
    SET_ASIDE: f"{NO_FDR}, see its slopes: {ASIDE}",
}


def plain(text: object) -> str:
    """Return a label with blanks for underscores."""
    return str(text).replace("_", " ")


def percent(alpha: float) -> str:
    """Return a share as a percentage, e.g. ``5 %``."""
    return f"{alpha * 100:g} %"


def change(inputs: FigureInputs) -> str:
    """Return e.g. ``week1 vs baseline``."""
    return f"{plain(inputs.study.timepoints.after)} vs {plain(inputs.study.timepoints.before)}"


def headline(card: Card) -> str:
    """Return the title of a question's figure."""
    return wording(card).heading


def question(card: Card) -> str:
    """Return the question in words."""
    return wording(card).question


def sign(card: Card) -> str:
    """Return what a positive value means, and what else differs between patients that are compared."""
    return " ".join([wording(card).positive, *(f"{note}." for note in card["notes"])])


def patients(card: Card) -> str:
    """Return e.g. ``n = 12 patients (6 female, 6 male)``, with those left out."""
    numbers = card["n_by_level"] if len(card["n_by_level"]) > 1 else {}
    levels = ", ".join(f"{n} {plain(level)}" for level, n in numbers.items())
    text = f"n = {card['n_pairs']} patients with complete pairs" + (f" ({levels})" if levels else "")
    gone = {entry["patient"] for entry in card.get("left_out", [])}
    return f"{text}; {len(gone)} left out" if gone else text


def everyone(inputs: FigureInputs) -> str:
    """Return the number of samples and patients of the study."""
    sheet = inputs.study.sheet
    return f"{len(sheet)} samples of {sheet['patient'].nunique()} patients"


def signed(value: float) -> str:
    """Return a number with its sign, two decimals, and a true minus."""
    return f"{value:+.2f}".replace("-", "−")


def interval(row: pd.Series) -> str:
    """Return e.g. ``+1.20 [0.80, 1.60]``: log2 fold change and its 95 % confidence interval."""
    lower, upper = (f"{row[end]:.2f}".replace("-", "−") for end in ("ci_lower", "ci_upper"))
    return f"{signed(row['log2_fold_change'])} [{lower}, {upper}]"


def small(value: float) -> str:
    """Return a p-value or FDR in two significant digits."""
    if pd.isna(value):
        return "NA"
    return f"{value:.2g}" if value >= 1e-4 else f"{value:.0e}".replace("e-0", "e-").replace("-", "−")


def row_of(inputs: FigureInputs, card_id: str, gene: str) -> pd.Series | None:
    """Return the row of a gene in a question, or None where it has no p-value; one set aside has one."""
    table = inputs.tables.get(card_id)
    if table is None:
        return None
    rows = table[(table[GENE_ID] == gene) & table["status"].isin([TESTED, SET_ASIDE])]
    return rows.iloc[0] if len(rows) else None


def untested(inputs: FigureInputs, card: Card) -> list[str]:
    """Return one note per configured gene that this question did not test."""
    table = inputs.tables[card["id"]].set_index(GENE_ID)
    notes = []
    for gene, label in inputs.genes.items():
        status = str(table.loc[gene, "status"]) if gene in table.index else ""
        if status != TESTED:
            notes.append(f"{label}: {_WHY_NOT_TESTED.get(status, 'not in the matrix')}.")
    return notes


def symbol_of(gene: str, symbol: object) -> str:
    """Return the symbol, or the id where there is none."""
    return symbol if isinstance(symbol, str) and symbol.strip() else gene


def find_card(
    inputs: FigureInputs, kind: str, column: str = "", levels: tuple[str, ...] = (), within: tuple[str, ...] = ()
) -> Card | None:
    """Return the answered card of exactly this question, or None; random blocks are sensitivity runs, never found."""
    for card in inputs.answered:
        same = (card["kind"], card["column"]) == (kind, column) and not card.get("block")
        if same and tuple(card["levels"]) == levels and tuple(card["within"]) == within:
            return card
    return None
