"""From a study and its tables to the questions as the enrichment methods see them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.design import library_values
from dermshift.engines.order import canonical_order
from dermshift.enrich.asked import Asked
from dermshift.enrich.base import universe
from dermshift.enrich.mapping import map_sets
from dermshift.paired.changes import changes
from dermshift.quality import log2_cpm, log2_expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.design.model import Design
    from dermshift.enrich.asked import SetOptions
    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.study import Study
    from dermshift.tables import DETable


def asked_of(
    study: Study, design: Design, table: DETable, sets: Sequence[GeneSet], registry: GeneRegistry, options: SetOptions,
    correlation: float | None = None,
) -> Asked:  # fmt: skip
    """Return one question with everything the methods need; `correlation` is that of the fit's random block.

    Libraries and coefficients stand in an order that the values alone decide, so that neither the order of the samples
    nor the names of the patients change a digit.
    """
    counts = study.scale == "counts"
    libraries = library_values(study, design, seed=options.seed)
    tested = list(table.loc[table["gene_id"].isin(universe(table).index), "gene_id"])
    usual = log2_cpm(libraries) if counts else libraries
    rows, columns = canonical_order(libraries[tested].to_numpy("float64"), design.matrix)
    matrix = design.matrix.to_numpy("float64")[np.ix_(rows, columns)]
    values, weights = precise(libraries[tested].iloc[rows], matrix) if counts else (usual[tested].iloc[rows], None)
    taken = changes(design, usual, unit="log2 CPM" if counts else "log2 intensity")
    return Asked(
        table=table,
        sets=tuple(map_sets(sets, table, registry, pd.Index(tested))),
        values=values,
        matrix=matrix,
        contrast=design.contrast[columns],
        weights=weights,
        changes=replace(taken, values=taken.values[tested]),
        differences=differences_of(design).loc[taken.patients, values.index],
        expression=log2_expression(study),
        options=options,
        block=tuple(design.block[i] for i in rows) if design.block else (),
        correlation=correlation,
    )


def differences_of(design: Design) -> pd.DataFrame:
    """Return the weight of each library in the change of each patient, patients x libraries."""
    libraries = design.matrix.index
    one_each = pd.DataFrame(np.eye(len(libraries)), index=libraries, columns=libraries)
    return changes(design, one_each).values


def precise(counts: pd.DataFrame, matrix: np.ndarray) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the values of voom and their precision weights, libraries x genes."""
    from dermshift.engines.voom.precision import precision

    found = precision(np.ascontiguousarray(counts.to_numpy("float64").T), matrix)
    frame = pd.DataFrame(found.values.T, index=counts.index, columns=counts.columns)
    return frame, pd.DataFrame(found.weights.T, index=counts.index, columns=counts.columns)
