"""Genes by any of their names, and sets of genes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from dermshift.errors import FormatError, Problem
from dermshift.names import SET_ASIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd


Reading = Literal["approved", "previous", "alias", "ambiguous", "unknown"]
"""As what a name is read: the approved symbol or an id of a gene, one of its other names, or that of several."""
SEVERAL = re.compile(r"\s*///\s*")
"""What stands between the symbols of a probe set that cannot tell several genes apart."""


@dataclass(frozen=True)
class GeneSet:
    """A named set of gene symbols, with the file it comes from."""

    name: str
    collection: str
    description: str
    symbols: tuple[str, ...]


class GeneName(NamedTuple):
    """One row of the table of known genes: approved symbol, ids of Ensembl and NCBI, previous symbols and aliases."""

    symbol: str
    ensembl_id: str
    previous: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    entrez_id: str = ""


Lookup = dict[str, tuple[GeneName, ...]]


def _by_name(genes: Iterable[GeneName], names: Callable[[GeneName], Iterable[str]]) -> Lookup:
    found: Lookup = {}
    for gene in genes:
        for name in names(gene):
            held = found.get(name)
            if held is None:
                found[name] = (gene,)
            elif gene not in held:
                found[name] = (*held, gene)
    found.pop("", None)
    return found


@dataclass(frozen=True)
class GeneRegistry:
    """Known genes; the names an approved symbol, an Ensembl id, a previous symbol and an alias stand for."""

    names: tuple[GeneName, ...] = ()

    def approved(self, name: str) -> tuple[GeneName, ...]:
        """Return the genes `name` may mean: approved symbol first, then previous symbols, then aliases.

        A name that is itself an approved symbol or an Ensembl id is never read as another gene's alias.
        """
        return self.reading(name)[1]

    def reading(self, name: str) -> tuple[Reading, tuple[GeneName, ...]]:
        """Return as what `name` is read, and the genes it may mean: several where it is ambiguous."""
        for reading, lookup in self._lookup.items():
            if name in lookup:
                genes = lookup[name]
                return (reading if len(genes) == 1 else "ambiguous"), genes
        return "unknown", ()

    def other_names(self, gene: GeneName) -> tuple[str, ...]:
        """Return the previous symbols of `gene`, then the aliases that stand for no other gene."""
        return (*gene.previous, *(alias for alias in gene.aliases if self.approved(alias) == (gene,)))

    @cached_property
    def _lookup(self) -> dict[Reading, Lookup]:
        """Genes by symbol or id, by previous symbol and by alias: a collection asks for thousands of names."""
        return {
            "approved": _by_name(self.names, lambda gene: (gene.symbol, gene.ensembl_id)),
            "previous": _by_name(self.names, lambda gene: gene.previous),
            "alias": _by_name(self.names, lambda gene: gene.aliases),
        }

    @cached_property
    def by_ensembl(self) -> dict[str, GeneName]:
        """Genes by Ensembl id."""
        return {gene.ensembl_id: gene for gene in self.names if gene.ensembl_id}

    @cached_property
    def by_entrez(self) -> dict[str, GeneName]:
        """Genes by Entrez id."""
        return {gene.entrez_id: gene for gene in self.names if gene.entrez_id}


def distinct_labels(symbols: pd.Series) -> dict[str, str]:
    """Return a label for each gene id: its symbol, and the id where it has none or several ids share the symbol.

    Parameters
    ----------
    symbols
        Symbol of each row, missing where none is known; index gene id.
    """
    known = symbols.notna() & (symbols != "")
    label = symbols.where(known, symbols.index.to_series())
    several = label.duplicated(keep=False)
    return {
        str(gene): f"{text} {gene}" if twice else str(text)
        for gene, text, twice in zip(label.index, label, several, strict=True)
    }


def need_unique_names(sets: Sequence[GeneSet]) -> None:
    """Refuse two sets of one name: their rows could not be told apart.

    Raises
    ------
    FormatError
        Naming every repeated set and its collections.
    """
    collections: dict[str, list[str]] = {}
    for item in sets:
        collections.setdefault(item.name, []).append(item.collection)
    problems = [
        Problem(
            where=f"gene set '{name}'",
            found=f"{len(files)} sets of this name, in {', '.join(files)}",
            expected="one set per name",
            action="Rename or remove one of them in its GMT file.",
        )
        for name, files in collections.items()
        if len(files) > 1
    ]
    if problems:
        raise FormatError(*problems)


def find_gene(genes: pd.DataFrame, name: str, registry: GeneRegistry) -> list[str]:
    """Return the ids of the rows of `genes` (index gene id, column ``gene_symbol``) that `name` stands for.

    Every row that bears the name is found, one of a probe set of several genes too; rows that stand for a gene (an
    empty ``set_aside``, where there is such a column) come first. The name is tried as an id and as a symbol of the
    matrix first. Only if that finds nothing, it is read through the registry (symbol, previous symbol, alias, Ensembl
    id) and every name of that gene is tried, so an alias never shadows a gene that bears the name itself.
    """
    found = _rows(genes, {name})
    if not found:
        for known in registry.approved(name):
            found += _rows(genes, {known.symbol, known.ensembl_id, *registry.other_names(known)} - {""})
    if SET_ASIDE in genes:
        aside = set(genes.index[genes[SET_ASIDE] != ""])
        found.sort(key=lambda gene: gene in aside)
    return list(dict.fromkeys(found))


def _rows(genes: pd.DataFrame, names: set[str]) -> list[str]:
    symbols = genes["gene_symbol"]
    hits = genes.index.isin(names) | symbols.isin(names)
    joined = symbols[symbols.str.contains("///", regex=False, na=False)]
    several = {gene for gene, text in joined.items() if names.intersection(SEVERAL.split(text))}
    return [str(gene) for gene in genes.index[hits | genes.index.isin(several)]]
