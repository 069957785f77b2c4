"""Rows of a matrix that share an identifier: left for the checks to refuse, added up, or kept under names of their own.

Symbols are no identifiers: several identifiers of one symbol are kept apart under every rule.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.finding import Finding, listed
from dermshift.errors import Problem
from dermshift.io.identifiers import ENSEMBL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.io.matrix import Matrix
    from dermshift.study import Scale

CHECK = "duplicates"


def add_up(matrix: Matrix, scale: Scale | None, path: str) -> tuple[Matrix, tuple[Finding, ...]]:
    """Add the rows that share an identifier (rule ``sum``): Ensembl ids without version and mark of the copy on Y.

    Parameters
    ----------
    scale
        What the values are taken for; only counts can be added. Where it is unclear nothing is done.
    """
    keys = [_bare(name) for name in matrix.genes]
    shared = {key: count for key, count in Counter(keys).items() if count > 1}
    if not shared or scale is None:
        return matrix, ()
    if scale != "counts":
        return matrix, (_refused(shared, path),)
    return _added(matrix, keys), (Finding(CHECK, "note", f"rule sum: {_rows(shared)}; their counts were added"),)


def keep_apart(genes: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Give rows that share an identifier names of their own (rule ``keep``): ID, ID.2, ID.3, in the order of the file.

    Parameters
    ----------
    genes
        Gene annotation, index gene id; symbols and original names stay.
    """
    names = [str(name) for name in genes.index]
    counts = Counter(names)
    shared = {name: count for name, count in counts.items() if count > 1}
    if not shared:
        return genes, ()
    taken, last = set(counts), dict.fromkeys(shared, 0)
    free = [_free(name, last, taken) if name in shared else name for name in names]
    text = f"rule keep: {_rows(shared)}; the second row of ID is ID.2, and so on in the order of the file"
    return genes.set_axis(pd.Index(free, name=genes.index.name, dtype=object)), (Finding(CHECK, "note", text),)


def _bare(name: str) -> str:
    match = ENSEMBL.fullmatch(name)
    return match[1] if match else name


def _rows(shared: dict[str, int]) -> str:
    cases = listed(f"{name} ({count} rows)" for name, count in sorted(shared.items()))
    return f"{len(shared)} identifiers stand on {sum(shared.values())} rows: {cases}"


def _refused(shared: dict[str, int], path: str) -> Finding:
    found = f"log2 values, which cannot be added; {_rows(shared)}"
    action = "Choose a row for each gene, or write study.duplicates: keep."
    problem = Problem(f"{path}, duplicates: sum", found, "counts", action)
    return Finding(CHECK, "error", found, (problem,))


def _added(matrix: Matrix, keys: Sequence[str]) -> Matrix:
    """Add the rows of each key; a key of several spellings goes by its bare form, and the least symbol stands."""
    rows: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        rows.setdefault(key, []).append(place)
    values = np.column_stack([matrix.values[:, places].sum(axis=1) for places in rows.values()])
    spellings = {key: {matrix.genes[place] for place in places} for key, places in rows.items()}
    genes = tuple(key if len(names) > 1 else names.pop() for key, names in spellings.items())
    symbols = None
    if matrix.symbols is not None:
        given = matrix.symbols
        symbols = tuple(min((given[p] for p in places if given[p]), default="") for places in rows.values())
    return replace(matrix, values=values, genes=genes, symbols=symbols)


def _free(name: str, last: dict[str, int], taken: set[str]) -> str:
    last[name] += 1
    if last[name] == 1:
        return name
    while f"{name}.{last[name]}" in taken:
        last[name] += 1
    taken.add(f"{name}.{last[name]}")
    return f"{name}.{last[name]}"
