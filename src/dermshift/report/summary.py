"""The summary: sentences made from the tables, and what these data cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.names import TESTED
from dermshift.report.words import patients, percent, plain, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts
    from dermshift.tables import DETable

FEW_PATIENTS = 6
"""Below this many patients in a group, the report says that only large differences could have been seen."""

NO_CONTROL = (
    "Why a gene changed. There is no control arm: everything that differs between {0} and {1} is in the change."
)
ALWAYS = (
    "That an untested gene did not change: it was below the limit of the filter.",
    "That a gene with a large FDR did not change: read its interval.",
    "What protein level or activity did: these are transcripts.",
)
TWO_LISTS = "That a gene is specific to one group because it passes in one list only: the difference has its own table."
FEW = f"That groups respond alike: with fewer than {FEW_PATIENTS} patients in a group, only large differences show."
SETS = "How sure a gene-set result is: p permutes genes and ignores that genes are correlated; it is exploratory."
SYNTHETIC = "Anything about people: the data are synthetic, and every change in them was put in by a program."


def counts(table: DETable, alpha: float) -> tuple[int, int, int]:
    """Return genes up, genes down (FDR below `alpha`), and genes tested."""
    tested = table[table["status"] == TESTED]
    passing = tested[tested["fdr"] < alpha]
    up = int((passing["log2_fold_change"] > 0).sum())
    return up, len(passing) - up, len(tested)


def sentence(card: Card, facts: Facts) -> str:
    """Return one sentence about a question."""
    up, down, tested = counts(facts.tables[card["id"]], facts.alpha)
    limit = f"at FDR {percent(facts.alpha)}, of {whole(tested)} tested genes"
    if card["kind"] == "difference":
        a, b = (plain(level) for level in card["levels"])
        sides = f"{whole(up)} more positive in {a}, {whole(down)} more positive in {b}"
        return f"{card['title']}: the change differs for {whole(up + down)} genes {limit} ({sides}); {patients(card)}."
    change = f"{plain(facts.after)} vs {plain(facts.before)}"
    return f"{card['title']}, {change}: {whole(up)} genes up and {whole(down)} down {limit}; {patients(card)}."


def set_sentence(card: Card, facts: Facts) -> str:
    """Return one sentence about the declared gene sets of a question, "" where none was declared."""
    sets = facts.sets[card["id"]]
    declared = sets[(sets["family"] == "declared") & (sets["method"] == "prerank") & (sets["status"] == "tested")]
    if declared.empty:
        return ""
    passing = declared[declared["fdr"] < facts.alpha].sort_values(["p_value", "set_name"])
    sides = passing["normalised_enrichment_score"].map(lambda score: "up" if score > 0 else "down")
    names = [f"{plain(name)} ({side})" for name, side in zip(passing["set_name"], sides, strict=True)]
    found = f"{len(names)} of {len(declared)} declared gene sets at FDR {percent(facts.alpha)}"
    return f"{card['title']}: {found}" + (f": {', '.join(names)}." if names else ".")


def limits(facts: Facts) -> list[str]:
    """Return what these data cannot say."""
    differences = [card for card in facts.cards if card["kind"] == "difference"]
    few = any(min(card["n_by_level"].values(), default=card["n_pairs"]) < FEW_PATIENTS for card in differences)
    optional = ((TWO_LISTS, differences), (FEW, few), (SETS, facts.sets), (SYNTHETIC, facts.synthetic))
    said = [NO_CONTROL.format(plain(facts.before), plain(facts.after)), *ALWAYS]
    return said + [text for text, applies in optional if applies]
