"""Study and designs in, tables out: the order of the steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.design import library_values
from dermshift.engines.base import FitResult
from dermshift.engines.gate import need_one_fit
from dermshift.engines.limma import META
from dermshift.engines.limma.gate import need_informative_block, need_log2, need_varying
from dermshift.engines.limma.linear import least_squares, of_contrast, ordered
from dermshift.engines.limma.moderate import moderated
from dermshift.engines.limma.record import fit_record, linear_record, question_record
from dermshift.engines.options import need_options
from dermshift.engines.quiet import quiet
from dermshift.engines.table import assemble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.engines.base import EngineOptions
    from dermshift.study import Study
    from dermshift.tables import DETable

NO_SHRUNKEN = pd.Series(dtype=float)


def run(study: Study, designs: Sequence[Design], options: EngineOptions) -> FitResult:
    """Fit once, test every contrast; see `dermshift.engines.limma.run`."""
    need_options(META, options)
    need_log2(META, study)
    need_one_fit(META, designs)
    first = designs[0]
    if first.block:
        need_informative_block(first)
    values = library_values(study, first, seed=options.seed).reindex(columns=study.genes.index)
    fitted = values.max() > values.min()
    need_varying(int(fitted.sum()))
    data = ordered(values.loc[:, fitted], first)
    base_mean = values.loc[data.libraries].mean()  # summed in one order
    heard: list[str] = []
    tables: dict[str, DETable] = {}
    questions: dict[str, object] = {}
    with quiet(heard):
        linear = least_squares(data, array_weights=options.array_weights)
        for design in designs:
            found = moderated(of_contrast(linear, data.contrast(design)), values.columns[fitted], options)
            table = assemble(study.genes, base_mean, found.tested, NO_SHRUNKEN, design)
            tables[design.question.id] = table
            questions[design.question.id] = question_record(table, design)
    record = fit_record(META, first, options, found, heard) | linear_record(first, linear)
    return FitResult(tables, record | {"questions": questions})
