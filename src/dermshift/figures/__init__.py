"""Figures: one file per family, one explicit list, drawn from frames alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures import (
    breakdown,
    enrichment,
    heatmap,
    library_sizes,
    ma,
    pca,
    pvalues,
    running,
    sex_check,
    slopes,
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
    Family("enrichment", "declared gene sets over all questions", enrichment.draw),
    Family("running", "running score of the declared gene sets, per question", running.draw),
)


def draw_all(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw every figure the inputs allow, one at a time, so that only one is held in memory."""
    for family in FAMILIES:
        yield from family.draw(inputs)
