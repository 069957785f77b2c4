"""Figures: one file per family, one explicit list, drawn from frames alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures import (
    barcode,
    board_agreement,
    board_forest,
    breakdown,
    composition,
    dose,
    dossier_panel,
    enrichment,
    flips,
    heatmap,
    identity,
    leading_edge,
    left_out,
    library_sizes,
    ma,
    pca,
    power,
    pvalues,
    running,
    sampling,
    scores,
    set_overlaps,
    sex_check,
    slopes,
    specifications,
    volcano,
)
from dermshift.figures.base import Family, Figure, FigureInputs
from dermshift.figures.board import BoardInputs
from dermshift.figures.claims import Provenance, claim_card

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "BOARD_FAMILIES",
    "FAMILIES",
    "BoardInputs",
    "Family",
    "Figure",
    "FigureInputs",
    "Provenance",
    "claim_card",
    "draw_all",
]

FAMILIES: tuple[Family, ...] = (
    sampling.FAMILY,
    pca.FAMILY,
    library_sizes.FAMILY,
    sex_check.FAMILY,
    pvalues.FAMILY,
    volcano.FAMILY,
    ma.FAMILY,
    heatmap.FAMILY,
    slopes.FAMILY,
    breakdown.FAMILY,
    dose.FAMILY,
    enrichment.FAMILY,
    running.FAMILY,
    barcode.FAMILY,
    leading_edge.FAMILY,
    set_overlaps.FAMILY,
    left_out.FAMILY,
    flips.FAMILY,
    power.FAMILY,
    composition.FAMILY,
    scores.FAMILY,
    identity.FAMILY,
    specifications.FAMILY,
    dossier_panel.FAMILY,
)

BOARD_FAMILIES: tuple[Family, ...] = (board_forest.FAMILY, board_agreement.FAMILY)
"""Figures of several studies; they are drawn from `BoardInputs`."""


def draw_all(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw every figure the inputs allow, one at a time, so that only one is held in memory."""
    for family in FAMILIES:
        yield from family.draw(inputs)
