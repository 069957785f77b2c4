"""Genes matched across studies by approved symbol; a name that may mean several genes matches none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.genes import GeneRegistry
    from dermshift.replication.results import Results

UNREAD = ("ambiguous", "several genes")
"""Readings that match nothing."""


def approved_symbols(genes: pd.DataFrame, registry: GeneRegistry) -> pd.DataFrame:
    """Return the approved symbol of every row of a study, and as what its name is read.

    The row's id is tried first, then its symbol. An alias of several genes and a probe set of several genes match no
    other study; a name nobody knows is matched as it is written.

    Parameters
    ----------
    genes
        Index gene id, column ``gene_symbol``.
    """
    symbols = genes["gene_symbol"].fillna("").astype(str)
    rows = [_read(str(gene), symbol, registry) for gene, symbol in zip(genes.index, symbols, strict=True)]
    return pd.DataFrame(rows, index=genes.index, columns=["symbol", "reading"])


def _read(gene: str, symbol: str, registry: GeneRegistry) -> tuple[str, str]:
    if "///" in symbol:
        return "", UNREAD[1]
    for name in (gene, symbol):
        reading, found = registry.reading(name) if name else ("unknown", ())
        if reading == "ambiguous":
            return "", reading
        if len(found) == 1:
            return found[0].symbol, reading
    return symbol or gene, "unknown"


def rows_of(study: Results, symbol: str) -> list[str]:
    """Return the rows of a study that bear a symbol, the one that stands for the gene first (`Results.standing`)."""
    ids = sorted(study.symbols.index[study.symbols["symbol"] == symbol])
    return sorted(ids, key=lambda gene: gene not in study.standing.index)


def configured(studies: Sequence[Results]) -> list[str]:
    """Return the approved symbols of all genes named in any configuration, sorted."""
    found = set()
    for study in studies:
        table = study.first_table
        named = table.loc[table["flag"].notna(), "gene_id"]
        found |= set(study.symbols.loc[named, "symbol"]) - {""}
    return sorted(found)
