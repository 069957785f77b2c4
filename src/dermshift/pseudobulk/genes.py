"""Genes of an atlas: identifiers, names, and which rows are genes at all."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import listed
from dermshift.io.decode import refuse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dermshift.pseudobulk.frames import Frame

ENSEMBL = re.compile(r"ENS[A-Z]*G\d{11}(\.\d+)?(_PAR_Y)?")
ID_COLUMNS = ("gene_ids", "gene_id", "ensembl_id", "ensembl", "feature_id")
NAME_COLUMNS = ("gene_name", "gene_symbol", "gene_symbols", "feature_name", "symbol", "gene_names")
TYPE_COLUMNS = ("feature_types", "feature_type")
EXPRESSION = "Gene Expression"


@dataclass(frozen=True)
class Genes:
    """Every row the matrix has, in its order.

    Parameters
    ----------
    names
        Symbols, "" where unknown; None where the file has none.
    keep
        Which rows are gene expression; antibodies and the like are not.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...] | None
    keep: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)


def genes(path: str, ids: list[str], names: list[str] | None, types: list[str] | None) -> Genes:
    """Return the genes.

    Raises
    ------
    FormatError
        Blank or doubled identifiers, or characters a table cannot hold, among the rows that are gene expression.
    """
    kinds = np.array(types if types is not None else [""] * len(ids), dtype=object)
    if len(kinds) != len(ids) or (names is not None and len(names) != len(ids)):
        found = f"{len(ids)} identifiers, {len(ids if names is None else names)} names and {len(kinds)} types"
        raise refuse(path, found, "as many of each", "Write the atlas again; the file is damaged.")
    expressed = kinds == EXPRESSION
    keep = expressed if expressed.any() else np.ones(len(ids), dtype=bool)
    counts = Counter(name for name, kept in zip(ids, keep, strict=True) if kept)
    where = f"{path}: var"
    doubled = [name for name, count in counts.items() if count > 1]
    odd = [name for name in counts if not name.strip() or any(sign in name for sign in "\t\n\r\x00")]
    if doubled:
        found = f"{len(doubled)} names more than once: {listed(repr(name) for name in doubled)}"
        action = "Put unique identifiers into var['gene_ids'], or run adata.var_names_make_unique() and write it again."
        raise refuse(where, found, "each gene once", action)
    if odd or not counts:
        found = f"names such as {listed(map(repr, odd), 3)}" if odd else "no gene"
        raise refuse(where, found, "names of genes, without tabs or line breaks", "Correct the names.")
    clean = None if names is None else tuple(re.sub(r"[\t\n\r\x00]", " ", name) for name in names)
    return Genes(tuple(ids), clean, keep)


def of_frame(path: str, var: Frame) -> Genes:
    """Return the genes of an AnnData table: Ensembl identifiers where it has them, in its index or in a column."""
    index = var.texts(var.index)
    types = next((var.texts(name) for name in TYPE_COLUMNS if name in var.names), None)
    symbols = next((var.texts(name) for name in NAME_COLUMNS if name in var.names), None)
    if not _ensembl(index):
        for name in ID_COLUMNS:
            found = var.texts(name) if name in var.names else []
            if _ensembl(found) and len(set(found)) == len(found):
                return genes(path, found, index, types)
    return genes(path, index, symbols, types)


def _ensembl(names: list[str]) -> bool:
    # Spike-ins and transgenes stand among them.
    return len(names) > 0 and sum(bool(ENSEMBL.fullmatch(name)) for name in names) >= 0.9 * len(names)
