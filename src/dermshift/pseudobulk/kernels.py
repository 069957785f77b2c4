"""Adding stored values to their pseudobulk, each looked at on the way: whole, from zero, once, inside the matrix.

Every kernel returns the place of the first value that is wrong, or -1. Sums are whole numbers of 64 bits: values are
below 2^31, so that 2^32 cells cannot overflow them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]


@compiled
def add_rows(
    data: NDArray[Any], indices: NDArray[Any], starts: Integers, first: int, order: Integers, group: NDArray[Any],
    keep: NDArray[np.bool_], limit: int, sums: Integers, found: NDArray[Any], seen: NDArray[np.int32],
) -> int:  # fmt: skip
    """Add cells, beginning with cell `first`; ``seen`` holds for each gene the last cell that had it.

    The order of the cells is that of their groups: the sums of a group then stay close to the processor.
    """
    genes = sums.shape[1]
    for place in range(len(order)):
        row = order[place]
        which, cell, some = group[row], first + row, 0
        for k in range(starts[row], starts[row + 1]):
            gene, value = indices[k], np.int64(data[k])
            if gene < 0 or gene >= genes or value != data[k] or value < 0 or value > limit or seen[gene] == cell:
                return k
            seen[gene] = cell
            some += (value > 0) & keep[gene]
            if which >= 0:
                sums[which, gene] += value
        found[row] += some
    return -1


@compiled
def add_columns(
    data: NDArray[Any], indices: NDArray[Any], starts: Integers, first: int, group: NDArray[Any],
    keep: NDArray[np.bool_], limit: int, sums: Integers, found: NDArray[Any], seen: NDArray[np.int32],
) -> int:  # fmt: skip
    """Add genes, beginning with gene `first`; ``seen`` holds for each cell the last gene that had it."""
    cells = len(group)
    own = np.zeros(sums.shape[0], dtype=np.int64)
    for column in range(len(starts) - 1):
        gene = first + column
        own[:] = 0
        for k in range(starts[column], starts[column + 1]):
            cell, value = indices[k], np.int64(data[k])
            if cell < 0 or cell >= cells or value != data[k] or value < 0 or value > limit or seen[cell] == gene:
                return k
            seen[cell] = gene
            if group[cell] >= 0:
                own[group[cell]] += value
            found[cell] += (value > 0) & keep[gene]
        sums[:, gene] += own
    return -1


@compiled
def add_dense(
    values: NDArray[Any], group: NDArray[Any], keep: NDArray[np.bool_], limit: int, sums: Integers, found: NDArray[Any]
) -> int:
    """Add cells x genes."""
    cells, genes = values.shape
    for row in range(cells):
        which = group[row]
        for gene in range(genes):
            value = np.int64(values[row, gene])
            if value != values[row, gene] or value < 0 or value > limit:
                return int(row * genes + gene)
            found[row] += (value > 0) & keep[gene]
            if which >= 0:
                sums[which, gene] += value
    return -1


@compiled
def add_entries(
    data: NDArray[Any], cells: Integers, genes: Integers, group: NDArray[Any], keep: NDArray[np.bool_], limit: int,
    sums: Integers, found: NDArray[Any],
) -> int:  # fmt: skip
    """Add single entries, cells and genes from 0."""
    for k in range(len(data)):
        cell, gene, value = cells[k], genes[k], np.int64(data[k])
        if not (0 <= cell < len(group) and 0 <= gene < sums.shape[1]):
            return int(k)
        if value != data[k] or value < 0 or value > limit:
            return k
        found[cell] += (value > 0) & keep[gene]
        if group[cell] >= 0:
            sums[group[cell], gene] += value
    return -1


@compiled
def write_digits(values: NDArray[np.int64], text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
    """Write rows of whole numbers from 0 as decimal text, a tab before each; ``ends`` receives the end of each row.

    ``text`` has room for twenty bytes per number.
    """
    end = 0
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            text[end] = 9
            end += 1
            rest, digits = values[row, column], 1
            while rest >= 10:
                rest //= 10
                digits += 1
            rest = values[row, column]
            for place in range(end + digits - 1, end - 1, -1):
                text[place] = 48 + rest % 10
                rest //= 10
            end += digits
        ends[row] = end
