"""From the symbols of a gene set to the gene ids of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.enrich.base import SetGenes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.tables import DETable


def map_sets(sets: Sequence[GeneSet], table: DETable, registry: GeneRegistry, tested: pd.Index[str]) -> list[SetGenes]:
    """Return the tested genes of each set.

    A symbol is looked up among the symbols of the table, then among its ids, then through the registry. An alias of
    several genes is not mapped. Of several ids of one symbol the one with the highest ``base_mean`` stands for the
    gene, chosen before anything is known of its p-value; a gene named twice in a set counts once.
    """
    ids = symbol_ids(table)
    known = set(table["gene_id"])
    names = dict.fromkeys(name for item in sets for name in item.symbols)
    found = {name: gene_id(name, ids, known, registry) for name in names}
    keep = set(tested)
    return [SetGenes(item, _present(item.symbols, found, keep)) for item in sets]


def _present(names: Iterable[str], found: dict[str, str | None], keep: set[str]) -> tuple[str, ...]:
    genes = {found[name] for name in names}
    return tuple(sorted(gene for gene in genes if gene is not None and gene in keep))


def symbol_ids(table: DETable) -> dict[str, str]:
    """Map each symbol of the table to the id with the highest ``base_mean``; equal means go to the first id."""
    named = table[table["gene_symbol"].notna()]
    ordered = named.sort_values(["base_mean", "gene_id"], ascending=[False, True])
    first = ordered.drop_duplicates("gene_symbol")
    return dict(zip(first["gene_symbol"], first["gene_id"], strict=True))


def gene_id(name: str, ids: dict[str, str], known: set[str], registry: GeneRegistry) -> str | None:
    """Return the id `name` stands for in the table, or None where it has none or may mean several genes."""
    if name in ids:
        return ids[name]
    if name in known:
        return name
    meanings = registry.approved(name)
    if len(meanings) != 1:
        return None
    gene = meanings[0]
    hits = [ids[other] for other in (gene.symbol, *gene.previous) if other in ids]
    return gene.ensembl_id if gene.ensembl_id in known else next(iter(hits), None)
