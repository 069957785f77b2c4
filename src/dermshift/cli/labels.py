"""What the configured genes are called in figures and dossiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dermshift.genes import GeneRegistry
    from dermshift.tables import DETable


def labels(tables: dict[str, DETable], registry: GeneRegistry) -> dict[str, str]:
    """Map the id of every configured gene to the label it bears in figures: its symbol, and its first alias if any.

    Probe sets that are set aside come last: the one that stands for the gene takes the plain file name.
    """
    import pandas as pd

    from dermshift.genes import distinct_labels
    from dermshift.names import SET_ASIDE

    named = [table.loc[table["flag"].notna(), ["gene_id", "gene_symbol", "status"]] for table in tables.values()]
    rows = pd.concat(named).drop_duplicates("gene_id")
    rows = rows.assign(last=rows["status"] == SET_ASIDE).sort_values("last", kind="stable")
    symbols = rows.set_index("gene_id")["gene_symbol"]
    return {
        gene: with_alias(gene, str(symbols[gene]), registry) + label.removeprefix(str(symbols[gene]))
        if pd.notna(symbols[gene])
        else label
        for gene, label in distinct_labels(symbols).items()
    }


def with_alias(gene: str, symbol: str, registry: GeneRegistry) -> str:
    """Return e.g. ``LCN2 (NGAL)``: the names a lab uses side by side."""
    known = registry.approved(gene) or registry.approved(symbol)
    alias = known[0].aliases[0] if len(known) == 1 and known[0].aliases else ""
    return f"{symbol} ({alias})" if alias not in ("", symbol) else symbol
