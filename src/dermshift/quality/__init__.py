"""Quality frames computed from a `Study`: expression, library sizes, principal components, sex genes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.names import COMPARTMENT
from dermshift.quality.components import principal_components
from dermshift.quality.expression import library_sizes, log2_cpm, log2_expression, size_factors
from dermshift.quality.sex import sex_gene_levels

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.study import Study

__all__ = [
    "library_sizes",
    "log2_cpm",
    "log2_expression",
    "principal_components",
    "quality_frames",
    "sex_gene_levels",
    "size_factors",
]


def quality_frames(study: Study, sex_genes: pd.DataFrame | None = None) -> dict[str, pd.DataFrame]:
    """Return every quality frame by name, as `figures.FigureInputs.quality` wants them.

    Keys: ``library_sizes``, ``principal_components``; with several compartments ``principal_components_within`` (each
    compartment's mean removed); where a table of sex genes is given, ``sex_gene_levels``.
    """
    frames = {
        "library_sizes": library_sizes(study),
        "principal_components": principal_components(study),
    }
    if len(study.compartments) > 1:
        frames["principal_components_within"] = principal_components(study, within=COMPARTMENT)
    if sex_genes is not None and len(sex_genes):
        frames["sex_gene_levels"] = sex_gene_levels(study, sex_genes)
    return frames
