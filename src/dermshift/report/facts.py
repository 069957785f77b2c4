"""Everything the report may say, as read from the files of a study."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_tables import Evidence
from dermshift.set_tables import side_by_side

if TYPE_CHECKING:
    from dermshift.report.pictures import Picture
    from dermshift.study import Source
    from dermshift.tables import DETable, EnrichmentTable

Card = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the stages left behind; the report adds no number of its own.

    Parameters
    ----------
    before, after, further
        Labels of the timepoints; `after` is the main visit.
    checks, cards, fits, enrichment
        ``checks.json``, ``designs.json``, ``fits/*.json``, ``enrichment.json``.
    tables, sets
        By question id, in the order of the questions.
    configured
        ``tables/configured_genes.tsv``.
    alpha
        False discovery rate below which a gene counts as passing.
    comparison
        ``on_drug`` or ``conditions``.
    places
        By question id, where the configured genes stand in ranking and sets (`names.CONFIGURED_IN_SETS_COLUMNS`).
    evidence
        Tables of the evidence stage; empty where it did not run.
    sheet, expression
        The samples, and their levels (samples x genes, log2): what slopes of any gene are drawn from.
    """

    name: str
    synthetic: bool
    scale: str
    before: str
    after: str
    n_samples: int
    n_patients: int
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    checks: list[dict[str, Any]]
    cards: list[Card]
    fits: list[dict[str, Any]]
    enrichment: dict[str, Any]
    tables: dict[str, DETable]
    sets: dict[str, EnrichmentTable]
    configured: pd.DataFrame
    pictures: tuple[Picture, ...]
    alpha: float
    comparison: str = "on_drug"
    further: tuple[str, ...] = ()
    places: dict[str, pd.DataFrame] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    sheet: pd.DataFrame = field(default_factory=pd.DataFrame)
    expression: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def wide_sets(self) -> dict[str, pd.DataFrame]:
        """The gene sets of every question with the answers of all methods side by side."""
        return {question: side_by_side(sets, self.alpha) for question, sets in self.sets.items()}
