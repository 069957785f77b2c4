"""What the board reads of one finished study."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dermshift.names import SET_ASIDE, TESTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from dermshift.paired.changes import Changes
    from dermshift.study import Study
    from dermshift.tables import DETable

COUNTS, ARRAY, LOG2 = "sequencing counts", "microarray", "other log2 values"
"""Kinds of measurement. Arrays compress large changes, so magnitudes are compared and pooled within a kind alone."""


@dataclass(frozen=True)
class Results:
    """One finished study.

    Parameters
    ----------
    label, role
        As the table of studies gives them.
    study
        The checked study itself.
    cards
        Design cards, in the order of the questions.
    tables
        Table of every question.
    judged
        By question: items with every patient by the plain paired t (``evidence/QUESTION.refits.tsv``).
    sizes
        By question: index set name, columns ``n_genes`` and ``n_tested``.
    changes
        By question: the patients' changes of the tested genes; a question that is absent has a reason in `no_changes`.
    symbols
        Index gene id, columns ``symbol`` (approved, "" where several genes may be meant) and ``reading``.
    expression
        Samples x genes, log2.
    """

    label: str
    role: str
    study: Study
    cards: list[dict[str, Any]]
    tables: Mapping[str, DETable]
    judged: Mapping[str, pd.DataFrame]
    sizes: Mapping[str, pd.DataFrame]
    changes: Mapping[str, Changes]
    symbols: pd.DataFrame
    expression: pd.DataFrame
    no_changes: Mapping[str, str] = field(default_factory=dict)

    @property
    def platform(self) -> str:
        """Kind of measurement."""
        if self.study.scale == "counts":
            return COUNTS
        return ARRAY if SET_ASIDE in self.study.genes else LOG2

    @cached_property
    def standing(self) -> pd.Series:
        """Approved symbol of every row that stands for its gene; index gene id.

        One that was set aside never stands where another does, nor one that was not tested; of several the highest
        mean stands, by the first question of the study and before anything is known of a change; equal means go to the
        first id.
        """
        table = self.first_table.set_index("gene_id").reindex(self.symbols.index)
        status = {"aside": table["status"] == SET_ASIDE, "untested": table["status"] != TESTED}
        frame = self.symbols.assign(**status, mean=table["base_mean"], id=self.symbols.index)
        order = frame[frame["symbol"] != ""].sort_values(
            ["aside", "untested", "mean", "id"], ascending=[True, True, False, True]
        )
        kept: pd.Series = order.drop_duplicates("symbol")["symbol"]
        return kept

    @property
    def first_table(self) -> DETable:
        """Table of the first question."""
        return self.tables[self.cards[0]["id"]]

    @property
    def pool(self) -> tuple[str, str]:
        """What two studies must have in common to be pooled: kind of measurement, and what was compared."""
        return self.platform, self.study.comparison

    def card(self, question: str) -> dict[str, Any]:
        """Return the design card of a question the study asks."""
        return next(card for card in self.cards if card["id"] == question)

    def n_pairs(self, question: str) -> int | None:
        """Return the patients of a question, None where the study does not ask it."""
        return next((int(card["n_pairs"]) for card in self.cards if card["id"] == question), None)

    def called(self, question: str, alpha: float) -> list[str]:
        """Return the ids of the genes the study calls in a question."""
        table = self.tables[question]
        return list(table.loc[(table["status"] == TESTED) & (table["fdr"] < alpha), "gene_id"])


def ordered(studies: list[Results]) -> list[Results]:
    """Return discovery first, then replication, each by label: the order the studies were named in changes nothing."""
    return sorted(studies, key=lambda one: (one.role, one.label))
