"""Where the genes named in the config stand in a ranking, and in which sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dermshift.enrich.base import symbols
from dermshift.enrich.mapping import meanings
from dermshift.names import CONFIGURED_IN_SETS_COLUMNS, SET_ASIDE, column_names
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.enrich.asked import Asked
    from dermshift.enrich.base import SetGenes
    from dermshift.genes import GeneRegistry
    from dermshift.tables import DETable, EnrichmentTable

PRERANK = "prerank"


def where_configured_genes_stand(asked: Asked, rows: EnrichmentTable, registry: GeneRegistry) -> pd.DataFrame:
    """Return the place in the ranking and the sets of every gene with a flag in the table.

    A gene that is in no set of the declared collections gets a row that says so, before those of its other sets.

    Parameters
    ----------
    rows
        Answers of all methods; the leading edges are those of prerank.
    registry
        The one the sets were mapped with.

    Returns
    -------
    Columns `names.CONFIGURED_IN_SETS_COLUMNS`, genes in the order of the table, sets in that of the question.
    """
    place = {gene: i for i, gene in enumerate(asked.ranking.index)}
    edges = _leading_edges(rows)
    found = [
        (gene, symbol, name, collection, place.get(gene, pd.NA), len(place), _in_edge(gene, symbol, item, edges))
        for gene, symbol, homes in _homes(asked, registry)
        for name, collection, item in _named(asked, homes)
    ]
    frame = pd.DataFrame(found, columns=column_names(CONFIGURED_IN_SETS_COLUMNS))
    return require(frame, CONFIGURED_IN_SETS_COLUMNS, "table of the configured genes' sets")


def flagged(table: DETable) -> pd.DataFrame:
    """Return the rows of the configured genes; a probe set that is set aside only where no other stands for its gene.

    Returns
    -------
    ``gene_id``, and ``gene_symbol`` with the id where no symbol is known.
    """
    rows = table[table["flag"].notna()]
    rows = rows.assign(gene_symbol=symbols(rows))
    aside = rows["status"] == SET_ASIDE
    standing = rows[~aside]
    spoken_for = rows["gene_symbol"].isin(standing["gene_symbol"]) | rows["flag"].isin(standing["flag"])
    return rows[~(aside & spoken_for)]


def _homes(asked: Asked, registry: GeneRegistry) -> Iterator[tuple[str, str, list[SetGenes]]]:
    """Yield every configured gene, its symbol and the sets that name it, tested or not."""
    table = asked.table
    symbol_of = dict(zip(table["gene_id"], symbols(table), strict=True))
    names: dict[str, set[str]] = {}
    for name, meaning in meanings((item.gene_set for item in asked.sets), table, registry).items():
        if meaning.gene_id is not None:
            names.setdefault(symbol_of[meaning.gene_id], set()).add(name)
    members = [(item, set(item.gene_set.symbols)) for item in asked.sets]
    for gene, symbol in flagged(table)[["gene_id", "gene_symbol"]].itertuples(index=False, name=None):
        called = names.get(symbol, set())
        yield gene, symbol, [item for item, held in members if held & called]


def _named(asked: Asked, homes: list[SetGenes]) -> Iterator[tuple[str, str, SetGenes | None]]:
    """Yield name, collection and set of every home, first that there is none in the declared family."""
    declared = asked.options.declared
    if not any(item.gene_set.collection in declared for item in homes) and (declared or not homes):
        yield "", ";".join(sorted(declared)), None
    for item in homes:
        yield item.gene_set.name, item.gene_set.collection, item


def _leading_edges(rows: EnrichmentTable) -> dict[str, set[str]]:
    known = rows[(rows["method"] == PRERANK) & rows["leading_edge"].notna()]
    return {name: set(text.split(";")) for name, text in zip(known["set_name"], known["leading_edge"], strict=True)}


def _in_edge(gene: str, symbol: str, item: SetGenes | None, edges: dict[str, set[str]]) -> str | None:
    """Say whether a gene is in the leading edge; None where it, or another row that stands for it, was not ranked."""
    if item is None or gene not in item.tested or item.gene_set.name not in edges:
        return None
    return "yes" if symbol in edges[item.gene_set.name] else "no"
