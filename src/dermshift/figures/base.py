"""What a figure is, and what figures are drawn from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dermshift.evidence_tables import Evidence
from dermshift.names import SAFE_ID, SET_OVERLAP_COLUMNS, column_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from dermshift.figures.paper import PaperFigure
    from dermshift.study import Study
    from dermshift.tables import DETable, EnrichmentTable

Card = dict[str, Any]
"""One design card, an entry of ``designs.json``."""


@dataclass(frozen=True)
class Figure:
    """A drawn figure.

    Parameters
    ----------
    id
        Used in file names.
    figure
        matplotlib's own; saves under the house style.
    frame
        What is drawn, one row per mark.
    claim
        ``question`` (in words), ``shows`` (one sentence made from the numbers), ``does_not_show``, ``n``, ``caution``.
    questions
        Ids of the design cards that are drawn, in their order; none where a figure draws no question.
    """

    id: str
    figure: PaperFigure
    frame: pd.DataFrame
    claim: dict[str, Any]
    questions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not SAFE_ID.fullmatch(self.id):
            message = f"figure id {self.id!r} is not safe in a path"
            raise ValueError(message)


def _no_overlaps() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=column_names(SET_OVERLAP_COLUMNS))


@dataclass(frozen=True)
class FigureInputs:
    """Everything figures are drawn from.

    Parameters
    ----------
    cards
        Design cards, in the order of the questions.
    tables, sets, running
        By question id; a question may be absent.
    genes
        Configured genes: gene id to label.
    expression
        Samples x genes, log2 (`quality.log2_expression`).
    quality
        Frames of `quality.quality_frames`; any may be absent.
    alpha
        False discovery rate below which a gene counts as passing.
    evidence
        Tables of the evidence stage; without them there are no figures of it.
    overlaps
        Pairs of gene sets that share genes (`names.SET_OVERLAP_COLUMNS`).
    """

    study: Study
    cards: list[Card]
    tables: dict[str, DETable]
    expression: pd.DataFrame
    sets: dict[str, EnrichmentTable] = field(default_factory=dict)
    running: dict[str, pd.DataFrame] = field(default_factory=dict)
    genes: dict[str, str] = field(default_factory=dict)
    quality: dict[str, pd.DataFrame] = field(default_factory=dict)
    alpha: float = 0.05
    evidence: Evidence = field(default_factory=Evidence)
    overlaps: pd.DataFrame = field(default_factory=_no_overlaps)

    @property
    def unit(self) -> str:
        """Unit of `expression`."""
        return "log2 CPM" if self.study.scale == "counts" else "log2 intensity"

    @property
    def answered(self) -> list[Card]:
        """Cards whose table is there."""
        return [card for card in self.cards if card["id"] in self.tables]


@dataclass(frozen=True)
class Family:
    """A kind of figure: draws none, one or many.

    Parameters
    ----------
    kind
        What one calls such a picture, as alternative text begins, e.g. ``volcano plot``.
    reads
        Files it is drawn from, in the folder of the study; QUESTION and GENE stand for those of the figure.
    made
        How the figure is made, as the method of its claim card begins.
    model
        Whether numbers of the engine's tables are drawn.
    sets
        Enrichment methods whose numbers are drawn.
    of_samples
        Whether samples are drawn, without a question.
    packages
        Distributions that computed what is drawn, besides those of the engine.
    fdr
        Which p-values are adjusted together, where it is not the engine's own family.
    """

    name: str
    summary: str
    draw: Callable[[Any], Iterator[Figure]]
    kind: str = ""
    reads: tuple[str, ...] = ()
    made: str = ""
    model: bool = False
    sets: tuple[str, ...] = ()
    of_samples: bool = False
    packages: tuple[str, ...] = ()
    fdr: str = ""
