"""What became of every symbol of every set, as far as it is not simply a tested gene."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.enrich.base import universe
from dermshift.enrich.mapping import ABSENT, SEVERAL, Meaning, meanings
from dermshift.genes import SEVERAL as JOINED
from dermshift.genes import GeneSet
from dermshift.names import NOT_ESTIMABLE, SET_ASIDE, SET_SYMBOL_COLUMNS, TESTED, column_names
from dermshift.tables import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.genes import GeneRegistry
    from dermshift.tables import DETable

UPDATED = "updated"
OUTCOMES = ("n_tested", "n_updated", "n_not_tested", "n_absent", "n_ambiguous")


def set_symbols(sets: Sequence[GeneSet], table: DETable, registry: GeneRegistry) -> pd.DataFrame:
    """Return one row per set and symbol that is not a tested gene under that very name.

    Returns
    -------
    Columns `names.SET_SYMBOL_COLUMNS`, in the order of the sets. ``outcome`` is ``updated`` for a gene that is tested
    under another name, ``alias_of_several_genes``, ``not_in_matrix``, or the status of a gene that is not tested.
    """
    fates = _fates(sets, table, registry)
    rows = [
        (item.name, item.collection, symbol, *fates[symbol])
        for item in sets
        for symbol in dict.fromkeys(item.symbols)
        if symbol in fates
    ]
    frame = pd.DataFrame(rows, columns=column_names(SET_SYMBOL_COLUMNS))
    return require(frame, SET_SYMBOL_COLUMNS, "table of set symbols")


def _fates(sets: Sequence[GeneSet], table: DETable, registry: GeneRegistry) -> dict[str, tuple[str, str, str]]:
    """Return used_as, gene id and outcome of every symbol with something to say."""
    status: dict[str, str] = dict(zip(table["gene_id"], table["status"], strict=True))
    tested = set(universe(table).index)
    shared = _shared_rows(table)
    fates = {}
    for symbol, found in meanings(sets, table, registry).items():
        if found.gene_id is None:
            fates[symbol] = _unmapped(symbol, found, shared)
        elif found.gene_id not in tested:
            outcome = status[found.gene_id]
            fates[symbol] = (found.used_as, found.gene_id, NOT_ESTIMABLE if outcome == TESTED else outcome)
        elif found.used_as != symbol:
            fates[symbol] = (found.used_as, found.gene_id, UPDATED)
    return fates


def _unmapped(symbol: str, found: Meaning, shared: dict[str, str]) -> tuple[str, str, str]:
    """Say of an absent symbol that it is measured together with others, where it is."""
    name = next((one for one in (symbol, found.used_as) if found.reason == ABSENT and one in shared), None)
    return (found.used_as, "", found.reason) if name is None else (name, shared[name], SET_ASIDE)


def _shared_rows(table: DETable) -> dict[str, str]:
    """Map each symbol to the first probe set that measures it together with other genes and is set aside for that."""
    rows = table[(table["status"] == SET_ASIDE) & table["gene_symbol"].str.contains("///", regex=False, na=False)]
    named: dict[str, str] = {}
    for gene, text in zip(rows["gene_id"], rows["gene_symbol"], strict=True):
        for symbol in JOINED.split(text):
            named.setdefault(symbol, gene)
    return named


def summary(sets: Sequence[GeneSet], rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many symbols of each set met which fate.

    Parameters
    ----------
    rows
        From `set_symbols`, for the same sets.

    Returns
    -------
    Index set name, in the order of the sets; ``collection``, ``n_symbols`` and `OUTCOMES`: tested under the name in
    the set, tested under another name, in the matrix but not tested, not in the matrix, alias of several genes.
    """
    kinds = {UPDATED: "n_updated", ABSENT: "n_absent", SEVERAL: "n_ambiguous"}
    kind = rows["outcome"].map(kinds).fillna("n_not_tested")
    counts = pd.crosstab(rows["set_name"], kind).reindex(
        index=pd.Index([item.name for item in sets], name="set_name"), columns=list(OUTCOMES), fill_value=0
    )
    total = np.array([len(set(item.symbols)) for item in sets], dtype=int)
    counts["n_tested"] = total - counts[list(OUTCOMES[1:])].sum(axis=1)
    counts.insert(0, "n_symbols", total)
    counts.insert(0, "collection", [item.collection for item in sets])
    return counts


def by_collection(sets: Sequence[GeneSet], rows: pd.DataFrame) -> pd.DataFrame:
    """Return `summary` by collection, every symbol of a collection counted once."""
    named: dict[str, list[str]] = {}
    for item in sets:
        named.setdefault(item.collection, []).extend(item.symbols)
    whole = [GeneSet(name, name, "", tuple(dict.fromkeys(held))) for name, held in named.items()]
    once = rows.assign(set_name=rows["collection"]).drop_duplicates(["set_name", "symbol"])
    counts = summary(whole, once).drop(columns="collection").rename_axis("collection")
    counts.insert(0, "n_sets", [sum(item.collection == name for item in sets) for name in named])
    return counts


def sentence(row: pd.Series) -> str:
    """Say in words what a row of `summary` holds, zeros left out."""
    words = (
        ("n_updated", "tested under another name"),
        ("n_not_tested", "in the matrix but not tested"),
        ("n_absent", "not in the matrix"),
        ("n_ambiguous", "an alias of several genes, not used"),
    )
    parts = [f"{row['n_tested']} of {row['n_symbols']} symbols tested"]
    return "; ".join(parts + [f"{row[name]} {text}" for name, text in words if row[name]])
