"""Which genes and gene sets of a question are judged, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.evidence_names import CONFIGURED, TOP
from dermshift.genes import distinct_labels
from dermshift.names import TESTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.tables import DETable


@dataclass(frozen=True)
class Item:
    """A gene or gene set to judge, and why."""

    name: str
    label: str
    kind: str


def items_of(table: DETable, top: int) -> list[Item]:
    """Return the configured genes of a table, then its genes with the smallest p-values."""
    configured = table.loc[table["flag"].notna(), "gene_id"]
    ranked = table[table["status"] == TESTED].sort_values(["rank", "gene_id"])["gene_id"].head(top)
    found = [gene for gene in ranked if gene not in set(configured)]
    named = distinct_labels(table.set_index("gene_id").loc[[*configured, *found], "gene_symbol"])
    return [Item(gene, named[gene], CONFIGURED) for gene in configured] + [
        Item(gene, named[gene], TOP) for gene in found
    ]


def mapped_sets(table: DETable, paths: Sequence[str], genes: str) -> dict[str, tuple[str, list[str]]]:
    """Return set name to collection and tested gene ids."""
    from dermshift import io
    from dermshift.enrich.mapping import map_sets
    from dermshift.genes import GeneRegistry

    registry = io.read_genes(genes) if genes else GeneRegistry()
    sets = [one for path in paths for one in io.read_gmt(path)]
    tested = pd.Index(table.loc[table["status"] == TESTED, "gene_id"])
    found = map_sets(sets, table, registry, tested)
    return {one.gene_set.name: (one.gene_set.collection, list(one.tested)) for one in found}
