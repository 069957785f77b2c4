"""From the rows of a matrix to genes: duplicates settled, annotated, and every identifier read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.scale_evidence import Decision, decide
from dermshift.io.duplicates import add_up, keep_apart
from dermshift.io.genes_of_matrix import annotate
from dermshift.io.identifiers import identify

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.checks import Finding
    from dermshift.genes import GeneRegistry
    from dermshift.io.matrix import Matrix
    from dermshift.study import StudySpec


@dataclass(frozen=True)
class GeneRows:
    """The matrix after the rule for duplicates, its gene annotation, what was done, and how identifiers are read.

    Parameters
    ----------
    identifiers
        Columns `identifiers.IDENTIFIER_COLUMNS`; None without a table of known genes.
    """

    matrix: Matrix
    genes: pd.DataFrame
    findings: tuple[Finding, ...]
    identifiers: pd.DataFrame | None


def gene_rows(matrix: Matrix, spec: StudySpec, registry: GeneRegistry) -> GeneRows:
    """Settle duplicates by ``spec.duplicates``, annotate the rows and read their identifiers through `registry`."""
    added: tuple[Finding, ...] = ()
    apart: tuple[Finding, ...] = ()
    if spec.duplicates == "sum":
        matrix, added = add_up(matrix, scale_of(spec, matrix).scale, spec.matrix)
    genes, notes = annotate(matrix.genes, matrix.symbols, registry)
    # An annotation of probe sets goes by their names, so these stay what they are.
    if spec.duplicates == "keep" and not spec.probes:
        genes, apart = keep_apart(genes)
    identified = identify(genes, registry)
    if identified is None:
        return GeneRows(matrix, genes, (*added, *notes, *apart), None)
    return GeneRows(matrix, genes, (*added, *notes, *apart, identified.finding), identified.table)


def scale_of(spec: StudySpec, matrix: Matrix) -> Decision:
    """Return what the values of `matrix` are taken for."""
    return decide(matrix.values, spec.scale, spec.log2_offset, arrays=matrix.arrays, estimated=matrix.estimated)
