"""Study and designs in, tables out: the order of the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dermshift.design import library_values, tested_genes
from dermshift.engines.base import FitResult
from dermshift.engines.gate import need_one_fit
from dermshift.engines.limma.adapter import NO_SHRUNKEN
from dermshift.engines.limma.linear import ordered
from dermshift.engines.limma.moderate import moderated
from dermshift.engines.limma.record import fit_record, question_record
from dermshift.engines.options import need_options
from dermshift.engines.quiet import quiet
from dermshift.engines.table import assemble
from dermshift.engines.voom import META
from dermshift.engines.voom.gate import need_reads, need_trend
from dermshift.engines.voom.precision import precision
from dermshift.engines.voom.weighted import weighted_contrasts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.study import Study
    from dermshift.tables import DETable


def run(study: Study, designs: Sequence[Design], options: EngineOptions) -> FitResult:
    """Fit once, test every contrast; see `dermshift.engines.voom.run`."""
    need_options(META, options)
    need_reads(META, study)
    need_one_fit(META, designs)
    first = designs[0]
    counts = library_values(study, first, seed=options.seed).reindex(columns=study.genes.index)
    kept = genes_to_fit(study, counts, options)
    data = ordered(counts.loc[:, kept], first)
    heard: list[str] = []
    tables: dict[str, DETable] = {}
    questions: dict[str, object] = {}
    with quiet(heard):
        found = precision(data.values, data.matrix, array_weights=options.array_weights)
        scaled = counts.loc[data.libraries].div(found.effective / found.effective.mean(), axis=0)
        contrasts = np.hstack([data.contrast(design) for design in designs])
        fit = weighted_contrasts(found.values, found.weights, data.matrix, contrasts)
        for i, design in enumerate(designs):
            tested = moderated(fit.of_contrast(i), counts.columns[kept], options)
            table = assemble(study.genes, scaled.mean(), tested.tested, NO_SHRUNKEN, design)
            tables[design.question.id] = table
            questions[design.question.id] = question_record(table, design)
    record = fit_record(META, first, options, tested, heard) | found.record(data.libraries, first.matrix.index)
    return FitResult(tables, record | {"filter": filter_words(options), "questions": questions})


def genes_to_fit(study: Study, counts: pd.DataFrame, options: EngineOptions) -> pd.Series[bool]:
    """Return which genes pass the fixed filter and vary over the libraries of the question; refuse too few."""
    kept = tested_genes(study, min_count=options.min_count).reindex(counts.columns)
    kept &= counts.max() > counts.min()
    need_trend(counts.loc[:, kept], options.min_count)
    return kept


def filter_words(options: EngineOptions) -> str:
    """Return the gene filter in words."""
    start = f"genes need a count of {options.min_count} in as many samples as the smallest timepoint (and compartment)"
    return f"{start} group; one filter for all questions, applied before the normalisation factors"
