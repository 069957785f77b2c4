"""The summary: what the tables of all questions say, and what these data cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.design.words import compares_levels, wording
from dermshift.evidence_tables import main_cards
from dermshift.names import TESTED
from dermshift.report.grid import Cell, Grid, question_cell
from dermshift.report.words import percent, plain, split, whole

if TYPE_CHECKING:
    from dermshift.report.facts import Card, Facts
    from dermshift.tables import DETable

FEW_PATIENTS = 6
"""Below this many patients in a group, the report says that only large differences could have been seen."""

WHY = {
    "on_drug": "Why a gene changed. There is no control arm: what else differs between {0} and {1} is in the change.",
    "conditions": "Why a gene differs: everything that differs between {0} and {1} is in the difference.",
}
ALWAYS = (
    "That an untested gene did not change: it was below the limit of the filter.",
    "That a gene with a large FDR did not change: read its interval.",
    "What protein level or activity did: these are transcripts.",
)
TWO_LISTS = "That a gene is specific to one group because it passes in one list only: the difference has its own table."
FEW = f"That groups respond alike: with fewer than {FEW_PATIENTS} patients in a group, only large differences show."
SETS = "That a process runs higher or lower because its gene set moves: transcripts are not activity."
SYNTHETIC = "Anything about people: the data are synthetic, and every change in them was put in by a program."


def counts(table: DETable, alpha: float) -> tuple[int, int, int]:
    """Return genes up, genes down (FDR below `alpha`), and genes tested."""
    tested = table[table["status"] == TESTED]
    passing = tested[tested["fdr"] < alpha]
    up = int((passing["log2_fold_change"] > 0).sum())
    return up, len(passing) - up, len(tested)


def found(facts: Facts) -> list[str]:
    """Return one sentence per main question: how many genes pass, of how many tested."""
    return [_found(card, facts) for card in main_cards(facts.cards)]


def _found(card: Card, facts: Facts) -> str:
    up, down, tested = counts(facts.tables[card["id"]], facts.alpha)
    words = wording(card)
    passing = f"{whole(up)} {words.up}, {whole(down)} {words.down}"
    return f"{card['title']}: {passing}, of {whole(tested)} genes tested (FDR {percent(facts.alpha)})."


def answers(facts: Facts) -> Grid:
    """Return one row per question: patients, tested genes, and genes that pass on either side."""
    after = plain(facts.after)
    header = ("question", "patients", "genes tested", f"higher at {after}", f"lower at {after}")
    rows = tuple(_answer(card, facts) for card in facts.cards)
    return Grid(header, rows, (False, False, True, False, False))


def _answer(card: Card, facts: Facts) -> tuple[Cell, ...]:
    up, down, tested = counts(facts.tables[card["id"]], facts.alpha)
    sides = [whole(up), whole(down)]
    words = wording(card)
    if words.up != f"higher at {plain(facts.after)}":
        sides = [f"{n} {side}" for n, side in zip(sides, (words.up, words.down), strict=True)]
    size = f"{card['n_pairs']}{split(card)}"
    return question_cell(card), Cell(size), Cell(whole(tested)), *(Cell(side) for side in sides)


def limits(facts: Facts) -> list[str]:
    """Return what these data cannot say."""
    differences = [card for card in facts.cards if compares_levels(card)]
    few = any(min(card["n_by_level"].values(), default=card["n_pairs"]) < FEW_PATIENTS for card in differences)
    optional = ((TWO_LISTS, differences), (FEW, few), (SETS, facts.sets), (SYNTHETIC, facts.synthetic))
    said = [WHY[facts.comparison].format(plain(facts.before), plain(facts.after)), *ALWAYS]
    return said + [text for text, applies in optional if applies]
