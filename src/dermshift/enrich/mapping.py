"""From the symbols of a gene set to the gene ids of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.enrich.base import SetGenes
from dermshift.names import SET_ASIDE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.tables import DETable

SEVERAL, ABSENT = "alias_of_several_genes", "not_in_matrix"


@dataclass(frozen=True)
class Meaning:
    """What a symbol stands for.

    Parameters
    ----------
    gene_id
        Its row of the table; None where it has none or may mean several genes.
    used_as
        The name it goes by: that of the table or the approved one; "" for an unknown name or one of several genes.
    reason
        Why there is no row, else "".
    """

    gene_id: str | None
    used_as: str
    reason: str = ""


def map_sets(sets: Sequence[GeneSet], table: DETable, registry: GeneRegistry, tested: pd.Index[str]) -> list[SetGenes]:
    """Return the tested genes of each set (see `meanings`); a gene named twice in a set counts once."""
    found = meanings(sets, table, registry)
    keep = set(tested)
    return [SetGenes(item, _present(item.symbols, found, keep)) for item in sets]


def _present(names: Iterable[str], found: dict[str, Meaning], keep: set[str]) -> tuple[str, ...]:
    genes = {found[name].gene_id for name in names}
    return tuple(sorted(gene for gene in genes if gene is not None and gene in keep))


def meanings(sets: Iterable[GeneSet], table: DETable, registry: GeneRegistry) -> dict[str, Meaning]:
    """Return what every symbol of the sets stands for.

    A symbol is looked up among the symbols of the table, then among its ids, then through the registry. An alias of
    several genes is not mapped. Of several ids of one symbol the one with the highest ``base_mean`` stands for the
    gene, chosen before anything is known of its p-value; a probe set that was set aside stands for none if another
    one does.
    """
    ids, known = symbol_ids(table), set(table["gene_id"])
    names = dict.fromkeys(name for item in sets for name in item.symbols)
    return {name: meaning(name, ids, known, registry) for name in names}


def symbol_ids(table: DETable) -> dict[str, str]:
    """Map each symbol of the table to the id with the highest ``base_mean``; equal means go to the first id."""
    named = table[table["gene_symbol"].notna()]
    # The probe set that stands for a gene was chosen over all samples; the mean of one question may favour another.
    order = named.assign(aside=named["status"] == SET_ASIDE)
    ordered = order.sort_values(["aside", "base_mean", "gene_id"], ascending=[True, False, True])
    first = ordered.drop_duplicates("gene_symbol")
    return dict(zip(first["gene_symbol"], first["gene_id"], strict=True))


def meaning(name: str, ids: dict[str, str], known: set[str], registry: GeneRegistry) -> Meaning:
    """Return what `name` stands for, given the ids of the table's symbols and all its ids."""
    if name in ids:
        return Meaning(ids[name], name)
    if name in known:
        return Meaning(name, name)
    genes = registry.approved(name)
    if len(genes) != 1:
        return Meaning(None, "", SEVERAL if genes else ABSENT)
    gene = genes[0]
    if gene.ensembl_id in known:
        return Meaning(gene.ensembl_id, name if name == gene.ensembl_id else gene.symbol)
    other = next((other for other in (gene.symbol, *registry.other_names(gene)) if other in ids), None)
    return Meaning(ids[other], other) if other else Meaning(None, gene.symbol, ABSENT)


def gene_id(name: str, ids: dict[str, str], known: set[str], registry: GeneRegistry) -> str | None:
    """Return the id `name` stands for in the table, or None where it has none or may mean several genes."""
    return meaning(name, ids, known, registry).gene_id
