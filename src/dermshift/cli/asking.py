"""From a study and its tables to the questions as the enrichment methods see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
    from dermshift.enrich.base import SetGenes
    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.study import Study
    from dermshift.tables import DETable


@dataclass(frozen=True)
class Libraries:
    """What the questions of one fit share: its libraries, and what is made of them and of nothing else.

    Parameters
    ----------
    matrix
        Of the fit, rows as in the sheet.
    tested
        Gene ids, in the order of the table.
    usual
        Libraries x genes, log2 (counts: CPM).
    rows, columns
        Order of libraries and coefficients that the values alone decide.
    values, weights
        As in `Asked`.
    sets, expression, options, scored
        As in `Asked`.
    """

    matrix: pd.DataFrame
    tested: list[str]
    usual: pd.DataFrame
    rows: list[int]
    columns: list[int]
    values: pd.DataFrame
    weights: pd.DataFrame | None
    sets: tuple[SetGenes, ...]
    expression: pd.DataFrame
    options: SetOptions
    scored: dict[str, pd.DataFrame]

    def serve(self, design: Design, tested: Sequence[str]) -> bool:
        """Tell whether these are the libraries of a design, with the same tested genes."""
        return self.tested == list(tested) and self.matrix.equals(design.matrix)


def libraries_of(
    study: Study, design: Design, table: DETable, sets: Sequence[GeneSet], registry: GeneRegistry, options: SetOptions
) -> Libraries:
    """Return what the questions of the fit of `design` share.

    Libraries and coefficients stand in an order that the values alone decide, so that neither the order of the samples
    nor the names of the patients change a digit.
    """
    counts = study.scale == "counts"
    libraries = library_values(study, design, seed=options.seed)
    tested = tested_of(table)
    usual = log2_cpm(libraries) if counts else libraries
    rows, columns = canonical_order(libraries[tested].to_numpy("float64"), design.matrix)
    matrix = design.matrix.to_numpy("float64")[np.ix_(rows, columns)]
    values, weights = precise(libraries[tested].iloc[rows], matrix) if counts else (usual[tested].iloc[rows], None)
    known = tuple(map_sets(sets, table, registry, pd.Index(tested)))
    expression = log2_expression(study)
    return Libraries(design.matrix, tested, usual, rows, columns, values, weights, known, expression, options, {})


def tested_of(table: DETable) -> list[str]:
    """Return the ids of the tested genes, in the order of the table."""
    return list(table.loc[table["gene_id"].isin(universe(table).index), "gene_id"])


def asked_of(
    study: Study, design: Design, table: DETable, shared: Libraries, correlation: float | None = None
) -> Asked:
    """Return one question with everything the methods need; `correlation` is that of the fit's random block."""
    counts = study.scale == "counts"
    rows, columns = shared.rows, shared.columns
    taken = changes(design, shared.usual, unit="log2 CPM" if counts else "log2 intensity")
    return Asked(
        table=table,
        sets=shared.sets,
        values=shared.values,
        matrix=design.matrix.to_numpy("float64")[np.ix_(rows, columns)],
        contrast=design.contrast[columns],
        weights=shared.weights,
        changes=replace(taken, values=taken.values[shared.tested]),
        differences=differences_of(design).loc[taken.patients, shared.values.index],
        expression=shared.expression,
        options=shared.options,
        block=tuple(design.block[i] for i in rows) if design.block else (),
        correlation=correlation,
        scored=shared.scored,
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
