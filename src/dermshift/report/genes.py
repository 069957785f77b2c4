"""Gene tables, and the genes named in the configuration: one sentence each, one row per question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.design.words import compares_levels
from dermshift.evidence_tables import main_cards
from dermshift.genes import distinct_labels
from dermshift.names import SET_ASIDE, TESTED, plain_unit
from dermshift.report.grid import Form, Grid, grid, question_cell
from dermshift.report.words import decimal, interval, plain, probability, text, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.report.facts import Card, Facts

TOP = 50
"""Genes shown per question."""

CAUTION = " ".join(
    (
        "The p-value of a gene named in advance needs no genome-wide FDR.",
        "But engines that borrow strength from other genes understate it, and draw its interval too narrow,",
        "when the gene is far more variable than other genes of its level: read the interval, not p alone, and beside",
        "it the slopes of the single patients.",
    )
)

GENE_FORM: tuple[Form, ...] = (
    ("rank", "rank", whole),
    ("gene", "gene_symbol", text),
    ("id", "gene_id", text),
    ("log2 fold change", "log2_fold_change", decimal),
    ("95 % CI", "interval", text),
    ("shrunken", "log2_fold_change_shrunken", decimal),
    ("p", "p_value", probability),
    ("FDR", "fdr", probability),
)
ROLE: Form = ("role", "flag", text)
"""Shown where one of the genes was named in the configuration."""
BADGE: Form = ("without each patient", "badge", text)
"""Shown where genes of the table were fitted again without each patient."""
CONFIGURED_FORM: tuple[Form, ...] = (
    ("gene", "label", text),
    ("log2 fold change", "log2_fold_change", decimal),
    ("95 % CI", "interval", text),
    ("p", "p_value", probability),
    ("FDR", "fdr", probability),
    ("rank", "rank", whole),
    ("patients", "n_pairs", whole),
    ("mean", "base_mean", decimal),
)
STATUS: Form = ("status", "status", plain)
"""Shown where a configured gene was not tested in every question."""


def top_genes(table: pd.DataFrame, badges: Mapping[str, str] | None = None) -> Grid:
    """Return the tested genes with the smallest p-values, and the verdict without each patient where one was judged.

    Parameters
    ----------
    badges
        Gene id to what the fits without one patient say.
    """
    tested = table[table["status"] == TESTED].sort_values(["rank", "gene_id"]).head(TOP)
    form = (*GENE_FORM, ROLE) if tested["flag"].notna().any() else GENE_FORM
    shown = _with_interval(tested).assign(flag=tested["flag"].fillna(""))
    if not badges:
        return grid(shown, form)
    return grid(shown.assign(badge=[badges.get(gene, "") for gene in shown["gene_id"]]), (*form, BADGE))


def configured_genes(facts: Facts) -> Grid:
    """Return the table of configured genes with titles of questions, differences marked."""
    frame = _with_interval(facts.configured)
    form = CONFIGURED_FORM if (frame["status"] == TESTED).all() else (*CONFIGURED_FORM, STATUS)
    names = _names(facts)
    rows = grid(frame.assign(label=[label(row, names) for row in frame.to_dict("records")]), form)
    known = {card["id"]: question_cell(card) for card in facts.cards}
    cells = tuple((known[name], *row) for name, row in zip(frame["question"], rows.rows, strict=True))
    return Grid(("question", *rows.header), cells, (False, *rows.numeric))


def gene_sentences(facts: Facts) -> list[str]:
    """Return one sentence per configured gene and main question: the overall response, then the differences."""
    cards = {card["id"]: card for card in main_cards(facts.cards)}
    frame = facts.configured
    rows = frame[frame["question"].isin(cards)].to_dict("records")
    genes = {name: place for place, name in enumerate(dict.fromkeys(frame["gene_id"]))}
    order = {name: place for place, name in enumerate(cards)}
    rows.sort(key=lambda row: (genes[row["gene_id"]], order[row["question"]]))
    names = _names(facts)
    return [_sentence(row, label(row, names), cards[row["question"]]) for row in rows]


def _names(facts: Facts) -> dict[str, str]:
    return distinct_labels(facts.configured.drop_duplicates("gene_id").set_index("gene_id")["gene_symbol"])


def label(row: dict[Any, Any], names: Mapping[str, str]) -> str:
    """Return the name of a gene and its role, e.g. ``LCN2 (mediator)``."""
    name = names[row["gene_id"]]
    return name if pd.isna(row["flag"]) else f"{name} ({plain(row['flag'])})"


def _sentence(row: dict[Any, Any], name: str, card: Card) -> str:
    start = f"{name}, {card['title']}:"
    if row["status"] not in (TESTED, SET_ASIDE):
        return f"{start} no p-value ({plain(row['status'])})."
    estimate = row["log2_fold_change"]
    if compares_levels(card):
        a, b = (plain(level) for level in card["levels"])
        side = "positive" if estimate >= 0 else "negative"
        found = f"the change is {decimal(abs(estimate))} log2 more {side} in {a} than in {b}"
    elif card["kind"] == "slope":
        found = f"{decimal(abs(estimate))} log2 {'more' if estimate >= 0 else 'less'} per {plain_unit(card['column'])}"
    else:
        side = "higher" if estimate >= 0 else "lower"
        found = f"{decimal(abs(estimate))} log2 {side} at {plain(card['after'])} than at {plain(card['before'])}"
    certainty = f"95 % CI {interval(row['ci_lower'], row['ci_upper'])}, p = {probability(row['p_value'])}"
    zero = "; the interval includes 0" if row["ci_lower"] <= 0 <= row["ci_upper"] else ""
    aside = "; this probe set is no part of the FDR" if row["status"] == SET_ASIDE else ""
    return f"{start} {found} ({certainty}, n = {whole(row['n_pairs'])} patients){zero}{aside}."


def _with_interval(frame: pd.DataFrame) -> pd.DataFrame:
    ends = zip(frame["ci_lower"], frame["ci_upper"], strict=True)
    return frame.assign(interval=[interval(lower, upper) for lower, upper in ends])
