"""An atlas that was opened: cells, their columns, and every matrix that may hold the raw counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from dermshift.pseudobulk.blocks import Block
    from dermshift.pseudobulk.frames import Column
    from dermshift.pseudobulk.genes import Genes


class Values(Protocol):
    """A matrix of cells x genes in whatever layout."""

    kind: str
    shape: tuple[int, int]
    dtype: np.dtype[Any]

    def total(self, start: int, stop: int) -> int:
        """Return how many values `blocks` yields."""

    def blocks(self, start: int, stop: int) -> Iterator[Block]:
        """Yield the values of a range of cells."""

    def sample(self, blocks: int, rows: int) -> Iterator[NDArray[Any]]:
        """Yield values from places spread over the file."""


@dataclass(frozen=True)
class Candidate:
    """A matrix that may hold the raw counts: ``X``, ``raw/X``, ``layer:NAME`` or ``matrix``."""

    name: str
    values: Values
    genes: Callable[[], Genes]


@dataclass(frozen=True)
class Atlas:
    """What is known of an atlas before any value is read.

    Parameters
    ----------
    columns
        Names of the columns of the cells.
    column
        Opens one of them.
    cell_name
        Name of the cell at a place.
    barcodes
        The column of cell names, for a join with a table of cells.
    files
        The files it consists of, where it is a folder.
    """

    path: str
    format: str
    n_cells: int
    candidates: tuple[Candidate, ...]
    columns: tuple[str, ...]
    column: Callable[[str], Column]
    cell_name: Callable[[int], str]
    barcodes: Callable[[int, int], NDArray[Any]]
    files: tuple[str, ...] = field(default=())
