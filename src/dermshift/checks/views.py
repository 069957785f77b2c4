"""What the checks look at: the sample sheet alone, and the sheet together with the matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.genes import GeneRegistry
from dermshift.names import DERIVED, ROLES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.checks.finding import Finding
    from dermshift.checks.scale_evidence import Decision
    from dermshift.dosing import Band
    from dermshift.errors import DermshiftError
    from dermshift.study import Scale, StudySpec

NO_GENES = GeneRegistry()


@dataclass(frozen=True)
class SheetView:
    """A readable sample sheet.

    Parameters
    ----------
    frame
        Canonical column names, index sample, all text; a sample may occur twice.
    lines
        Line of the file each row stands on.
    asked
        Columns the questions break down by.
    left_out
        Samples of the sheet that take no part, by timepoint; they are not in `frame`.
    regimens
        Published definitions of regimens.
    """

    spec: StudySpec
    frame: pd.DataFrame
    lines: tuple[int, ...]
    asked: frozenset[str]
    left_out: tuple[str, ...] = ()
    regimens: tuple[Band, ...] = ()

    @property
    def labelled(self) -> list[str]:
        """Columns whose cells the analysis uses: the roles and what is asked for."""
        return [name for name in self.frame if name in ROLES or name in self.asked - set(DERIVED)]

    def cells(self, column: str) -> list[str]:
        """Return the cells of a canonical column, ``sample`` included."""
        return list(self.frame.index if column == "sample" else self.frame[column])

    def where(self, column: str, place: int) -> str:
        """Name a cell as the user knows it: file, column of the sheet, line."""
        original = self.spec.columns.get(column, column)
        return f"{self.spec.samples}, column '{original}', line {self.lines[place]}"


@dataclass(frozen=True)
class MatrixView:
    """A readable matrix, in the order of the sheet.

    Parameters
    ----------
    values
        Shared samples x genes, float64, NaN where the file has none.
    genes
        Index gene id (may be doubled), columns ``gene_symbol`` and ``gene_id_original``; as the columns of `values`.
    unlisted
        Samples of the matrix that the sheet lacks.
    doubled
        Samples that occur more than once in the matrix.
    decision
        What the values are taken for; `values` are as in the file, not yet on the study's scale.
    sex_genes
        Columns ``gene_symbol ensembl_id sex high_cpm low_cpm``, or None for no sex check.
    registry
        Known genes; empty for none.
    counts_in
        Other places of the file that hold whole numbers, where `values` are none.
    """

    spec: StudySpec
    sheet: pd.DataFrame
    asked: frozenset[str]
    values: pd.DataFrame
    genes: pd.DataFrame
    unlisted: tuple[str, ...]
    doubled: tuple[str, ...]
    decision: Decision
    sex_genes: pd.DataFrame | None
    registry: GeneRegistry = NO_GENES
    counts_in: tuple[str, ...] = ()

    @property
    def scale(self) -> Scale | None:
        """What the values were found to be, None where that is unclear."""
        return self.decision.scale

    @property
    def path(self) -> str:
        """Path of the matrix as the user gave it."""
        return self.spec.matrix

    def name_of(self, gene: int) -> str:
        """Name the gene at a place: id and, where known, symbol."""
        symbol = str(self.genes["gene_symbol"].iloc[gene])
        identifier = str(self.genes["gene_id_original"].iloc[gene])
        return f"{identifier} ({symbol})" if symbol and symbol != identifier else identifier


@dataclass(frozen=True)
class SheetCheck:
    """A check of the sheet: its name, the columns it needs, the error it leads to, and its function."""

    name: str
    needs: tuple[str, ...]
    error: type[DermshiftError]
    function: Callable[[SheetView], Finding]


@dataclass(frozen=True)
class MatrixCheck:
    """A check of the matrix: its name, the error it leads to, and its function."""

    name: str
    error: type[DermshiftError]
    function: Callable[[MatrixView], Finding]
