"""What the evidence stage left behind, as figures and report read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KINDS = tuple(BY_KIND)
"""Tables with one file per question, and fields of `Evidence`."""
WHOLE = ("differences", "pair_identity", "scores")
"""Tables over all questions, and fields of `Evidence`."""


@dataclass(frozen=True)
class Evidence:
    """The evidence tables; all of them empty where the stage did not run.

    Parameters
    ----------
    refits, leave_one_out, flips, power, adjusted, specifications, weights, association
        By question id; columns as in `evidence_names`.
    facts
        ``evidence/QUESTION.json``, by question id.
    differences, pair_identity, scores
        Tables over all questions.
    dossiers
        ``dossier/GENE.json`` by file name without suffix, in the order of the configuration.
    """

    refits: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    leave_one_out: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    flips: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    power: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    adjusted: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    specifications: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    weights: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    association: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    facts: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    differences: pd.DataFrame = field(default_factory=pd.DataFrame)
    pair_identity: pd.DataFrame = field(default_factory=pd.DataFrame)
    scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    dossiers: Mapping[str, dict[str, Any]] = field(default_factory=dict)


def everyone(refits: pd.DataFrame, method: str) -> pd.DataFrame:
    """Return the rows with every patient of one method, index item."""
    return refits[(refits["left_out"] == "") & (refits["method"] == method)].set_index("item")


def main_cards(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the overall response and the differences that are not nested in a level of another column.

    They are chosen by design, never by what was found. Without an overall response, its place goes to the responses
    in the levels; with nested differences only, they all stay. Random blocks repeat a question as a sensitivity run:
    they come in only where nothing else was asked.
    """
    cards = [card for card in cards if not card.get("block")] or cards
    response = [card for card in cards if card["kind"] == "response"]
    differences = [card for card in cards if card["kind"] == "difference"]
    levels = [card for card in cards if card["kind"] == "response_within"]
    return (response or levels) + ([card for card in differences if not card["within"]] or differences)


def patient_changes(refits: list[dict[str, Any]]) -> dict[str, float]:
    """Return each patient's own change (log2), taken back from the means without that patient.

    The mean of n changes is m; without patient i it is m_i, so the change of i is n m - (n - 1) m_i. Holds for the rows
    of one item by ``paired_t`` in a question with one group; {} where an estimate is missing.
    """
    full = [row["estimate"] for row in refits if row["left_out"] == ""]
    without = {row["left_out"]: row["estimate"] for row in refits if row["left_out"] != ""}
    n = len(without)
    if len(full) != 1 or n < 2 or any(pd.isna(value) for value in (*full, *without.values())):
        return {}
    return {patient: n * full[0] - (n - 1) * left for patient, left in without.items()}
