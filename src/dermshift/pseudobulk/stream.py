"""One walk over the stored values: each is checked, and added to its pseudobulk."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.errors import ScaleError
from dermshift.io.decode import refuse
from dermshift.io.progress import shown
from dermshift.pseudobulk.blocks import ahead
from dermshift.pseudobulk.kernels import add_columns, add_dense, add_entries, add_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.atlas import Atlas, Candidate
    from dermshift.pseudobulk.blocks import Block
    from dermshift.pseudobulk.genes import Genes

LARGEST = 2**31 - 1
EXACT_IN_FLOAT32 = 2**24


@dataclass(frozen=True)
class Summed:
    """Sums of a stretch of cells.

    Parameters
    ----------
    sums
        Pseudobulks x genes, every row of the matrix.
    found
        Genes with a count of each cell of the stretch.
    """

    sums: NDArray[np.int64]
    found: NDArray[np.uint32]


class _Tally:
    """Sums that grow block by block; `start` is the first cell that is looked at."""

    def __init__(self, group: NDArray[np.int16], groups: int, keep: NDArray[np.bool_], start: int, kind: str) -> None:
        self.group, self.keep, self.start = group, keep, start
        self.sums = np.zeros((groups, len(keep)), dtype=np.int64)
        self.found = np.zeros(len(group), dtype=np.uint32)
        self.seen = np.full(len(group) if kind == "columns" else len(keep), -1, dtype=np.int32)

    def add(self, block: Block) -> int:
        """Add a block; return the place of its first wrong value, or -1."""
        limit = EXACT_IN_FLOAT32 if block.data.dtype == np.float32 else LARGEST
        rest = (self.keep, limit, self.sums)
        if block.kind == "dense":
            cells = slice(block.first - self.start, block.first - self.start + len(block.data))
            return int(add_dense(block.data, self.group[cells], *rest, self.found[cells]))
        if block.kind == "entries":
            return int(add_entries(block.data, block.indices, block.genes, self.group, *rest, self.found))
        places = (block.data, block.indices, block.starts, block.first)
        if block.kind == "columns":
            return int(add_columns(*places, self.group, *rest, self.found, self.seen))
        cells = slice(block.first - self.start, block.first - self.start + len(block.starts) - 1)
        order = np.argsort(self.group[cells], kind="stable")
        return int(add_rows(*places, order, self.group[cells], *rest, self.found[cells], self.seen))


def add_up(
    atlas: Atlas, candidate: Candidate, genes: Genes, group: NDArray[np.int16], groups: int, stretch: tuple[int, int]
) -> Summed:
    """Return the sums of a stretch of cells.

    Parameters
    ----------
    group
        Pseudobulk of every cell of the atlas, -1 for none.
    stretch
        First cell and end. Values stored by gene, or in no order, are all read, and those of other cells are left out.

    Raises
    ------
    ScaleError
        The first value that is no raw count, by cell and gene.
    FormatError
        A place outside the matrix, a gene twice in a cell, or damage.
    """
    values, (start, stop) = candidate.values, stretch
    whole = values.kind in ("columns", "entries")
    first, end = (0, atlas.n_cells) if whole else stretch
    own = group[first:end].copy()
    own[: start - first] = -1
    own[stop - first :] = -1
    tally = _Tally(own, groups, genes.keep, first, values.kind)
    with shown(values.total(start, stop), f"adding {candidate.name}", sys.stderr) as advance:
        for block in ahead(values.blocks(start, stop)):
            wrong = tally.add(block)
            if wrong >= 0:
                raise _offender(atlas, candidate, genes, block, wrong)
            advance(block.data.size)
    found = tally.found[start - first : stop - first]
    return Summed(tally.sums if genes.keep.all() else tally.sums[:, genes.keep], found)


def _offender(atlas: Atlas, candidate: Candidate, genes: Genes, block: Block, wrong: int) -> Exception:
    cell, gene = block.place(wrong)
    value = block.data.reshape(-1)[wrong]
    where = f"{atlas.path}: {candidate.name}"
    if not (0 <= cell < atlas.n_cells and 0 <= gene < len(genes)):
        found = f"a value at cell {cell}, gene {gene} (from 0)"
        expected = f"places within {atlas.n_cells} cells and {len(genes)} genes"
        return refuse(where, found, expected, "Write the atlas again; the file is damaged.")
    place = f"{where}, cell '{atlas.cell_name(cell)}', gene '{genes.ids[gene]}'"
    exact = EXACT_IN_FLOAT32 if block.data.dtype == np.float32 else LARGEST
    if 0 <= value <= exact and float(value).is_integer():
        action = "Add repeated entries up before (adata.X.sum_duplicates()), and write the atlas again."
        return refuse(place, "a second value", "one value per cell and gene", action)
    kind = "below 2^24, as 32-bit decimals hold them exactly" if exact == EXACT_IN_FLOAT32 else "below 2^31"
    error = refuse(
        place,
        f"{value:.9g}",
        f"a raw count: a whole number from 0, {kind}",
        "Name the matrix that holds the raw counts: --counts X, raw or layer:NAME. Nothing is rounded here.",
    )
    return ScaleError(*error.problems)
