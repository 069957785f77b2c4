"""Gene sets: one table of the declared ones over all questions, one table per question with the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.names import TESTED
from dermshift.report.grid import Cell, Form, Grid, grid, question_cell
from dermshift.report.words import decimal, plain, probability, text, whole

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.report.facts import Card, Facts

TOP = 20
"""Exploratory gene sets shown per question and method; declared sets are all shown."""

SET_FORM: tuple[Form, ...] = (
    ("set", "set_name", plain),
    ("collection", "collection", plain),
    ("family", "family", text),
    ("method", "method", text),
    ("direction", "direction", text),
    ("tested genes", "n_tested", whole),
    ("score", "enrichment_score", decimal),
    ("normalised score", "normalised_enrichment_score", decimal),
    ("p", "p_value", probability),
    ("FDR", "fdr", probability),
    ("status", "status", plain),
)


def declared_sets(facts: Facts) -> Grid:
    """Return normalised enrichment scores of the declared sets, questions x sets; strong with a star where FDR < alpha.

    A set that prerank did not test in a question has a blank there.
    """
    found = {card["id"]: _prerank(facts.sets[card["id"]]) for card in facts.cards}
    names = list(dict.fromkeys(name for sets in found.values() for name in sets.index))
    rows = tuple(_row(card, found[card["id"]], names, facts.alpha) for card in facts.cards if names)
    return Grid(("question", *map(plain, names)), rows, (False, *(True for _ in names)))


def _prerank(sets: pd.DataFrame) -> pd.DataFrame:
    declared = (sets["family"] == "declared") & (sets["method"] == "prerank") & (sets["status"] == TESTED)
    return sets[declared].set_index("set_name")


def _row(card: Card, sets: pd.DataFrame, names: list[str], alpha: float) -> tuple[Cell, ...]:
    return question_cell(card), *(_score(sets, name, alpha) for name in names)


def _score(sets: pd.DataFrame, name: str, alpha: float) -> Cell:
    if name not in sets.index:
        return Cell("")
    score, fdr = (float(sets["normalised_enrichment_score"][name]), float(sets["fdr"][name]))
    passes = fdr < alpha
    return Cell(f"{decimal(score)} *" if passes else decimal(score), strong=passes)


def shown_sets(sets: pd.DataFrame) -> Grid:
    """Return every declared set and the first exploratory ones of each method and direction, by p-value."""
    ordered = sets.sort_values(["method", "direction", "p_value", "set_name"])
    exploratory = ordered[ordered["family"] != "declared"].groupby(["method", "direction"]).head(TOP)
    kept = ordered[(ordered["family"] == "declared") | ordered.index.isin(exploratory.index)]
    return grid(kept.sort_values(["family", "method", "direction", "p_value", "set_name"]), SET_FORM)
