"""Figures: one file per family, one explicit list, drawn from frames alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures import (
    barcode,
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
    scores,
    set_overlaps,
    sex_check,
    slopes,
    specifications,
    volcano,
)
from dermshift.figures.base import Family, Figure, FigureInputs

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FAMILIES", "Family", "Figure", "FigureInputs", "draw_all"]

FAMILIES: tuple[Family, ...] = (
    Family("pca", "samples on two axes, pairs joined", pca.draw),
    Family("library_sizes", "depth of every library", library_sizes.draw),
    Family("sex_check", "sex-linked genes against the recorded sex", sex_check.draw),
    Family("pvalues", "histogram of p-values, per question", pvalues.draw),
    Family("volcano", "effect against p-value, per question", volcano.draw),
    Family("ma", "effect against mean expression, per question", ma.draw),
    Family("heatmap", "top genes in every patient, per response", heatmap.draw),
    Family("slopes", "a configured gene in every patient, by sex and compartment", slopes.draw),
    Family("breakdown", "change by level side by side, with the difference", breakdown.draw),
    Family("dose", "a configured gene's change against the patients' dose, per slope", dose.draw),
    Family("enrichment", "declared gene sets over all questions", enrichment.draw),
    Family("running", "running score of the declared gene sets, per question", running.draw),
    Family("barcode", "genes of the declared gene sets in the ranking, per question", barcode.draw),
    Family("leading_edge", "leading edge of a declared gene set in every patient, per response", leading_edge.draw),
    Family("set_overlaps", "gene sets that share their genes", set_overlaps.draw),
    Family("refits", "estimates without each patient, per question", left_out.draw),
    Family("flips", "findings under every sign pattern", flips.draw),
    Family("power", "smallest change that could have been found", power.draw),
    Family("composition", "changes at a constant score, per question", composition.draw),
    Family("scores", "scores of what the samples are made of", scores.draw),
    Family("identity", "each sample against its own partner", identity.draw),
    Family("specifications", "a configured gene by every defensible choice", specifications.draw),
    Family("dossier", "everything of a configured gene", dossier_panel.draw),
)


def draw_all(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw every figure the inputs allow, one at a time, so that only one is held in memory."""
    for family in FAMILIES:
        yield from family.draw(inputs)
