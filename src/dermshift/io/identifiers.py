"""What the identifiers of a matrix are, and how each is read through the table of known genes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from dermshift.checks.finding import Finding, listed
from dermshift.genes import SEVERAL
from dermshift.names import GENE_ID, GENE_SYMBOL, Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.genes import GeneName, GeneRegistry, Reading

Kind = Literal["ensembl", "entrez", "number", "probe_set", "symbol"]
ENSEMBL = re.compile(r"(ENS[A-Z]*\d{6,})(\.\d+)?(_PAR_Y)?")
PROBE_SET = re.compile(r".*_at")
WORDS: dict[Kind, str] = {
    "ensembl": "Ensembl ids",
    "entrez": "Entrez ids",
    "number": "numbers that are no Entrez ids",
    "probe_set": "probe sets",
    "symbol": "gene symbols or other names",
}
OUTDATED = ("previous", "alias")
IDENTIFIER_COLUMNS = (
    Column(GENE_ID, "text", "", "gene identifier as in the study"),
    Column("identifier", "text", "", "the same as in the matrix"),
    Column("kind", "text", "", "ensembl, entrez, number (no Entrez id), probe_set or symbol (any other name)"),
    Column(GENE_SYMBOL, "text", "", "symbol of the matrix, filled in by id where it has none, else NA"),
    Column(
        "reading",
        "text",
        "",
        "approved (symbol or id), previous, alias, ambiguous (several genes) or unknown; of an unknown id: its symbol",
    ),
    Column("approved_symbol", "text", "", "approved symbol of the gene, or of each it may be, joined by ';'; else NA"),
    Column("ensembl_id", "text", "", "Ensembl id of that gene, NA where there is none or it may be several"),
)


@dataclass(frozen=True)
class Identified:
    """How every identifier is read: `table` has the columns `IDENTIFIER_COLUMNS`, one row per gene of the matrix."""

    table: pd.DataFrame
    finding: Finding


def kinds_of(names: Sequence[str], registry: GeneRegistry) -> list[Kind]:
    """Return the kind of every identifier; numbers are Entrez ids only if most identifiers are, as far as is known.

    Numbers that follow each other without a gap count rows, although many of them are Entrez ids as well.
    """
    kinds = [_kind(name) for name in names]
    numbers = [name for name, kind in zip(names, kinds, strict=True) if kind == "number"]
    known = sum(name in registry.by_entrez for name in numbers)
    if 2 * len(numbers) <= len(names) or 2 * known <= len(numbers) or _counts_rows(numbers):
        return kinds
    return ["entrez" if kind == "number" else kind for kind in kinds]


def _kind(name: str) -> Kind:
    if name.isascii() and name.isdigit():
        return "number"
    if ENSEMBL.fullmatch(name):
        return "ensembl"
    return "probe_set" if PROBE_SET.fullmatch(name) else "symbol"


def _counts_rows(numbers: Sequence[str]) -> bool:
    values = {int(name) for name in numbers if len(name) <= 9}
    return len(values) > 1 and len(values) == len(numbers) == max(values) - min(values) + 1


def gene_of(name: str, kind: Kind, registry: GeneRegistry) -> GeneName | None:
    """Return the known gene with the Ensembl id (version and mark of the copy on Y aside) or Entrez id `name`."""
    if kind == "ensembl" and (match := ENSEMBL.fullmatch(name)):
        return registry.by_ensembl.get(match[1])
    return registry.by_entrez.get(name) if kind == "entrez" else None


def identify(genes: pd.DataFrame, registry: GeneRegistry) -> Identified | None:
    """Say how every identifier of a matrix is read; None without a table of known genes.

    Parameters
    ----------
    genes
        Gene annotation (`genes_of_matrix.annotate`).
    """
    if not registry.names:
        return None
    names = [str(name) for name in genes["gene_id_original"]]
    symbols = [str(symbol) for symbol in genes[GENE_SYMBOL]]
    kinds = kinds_of(names, registry)
    read = [_read(*row, registry) for row in zip(names, kinds, symbols, strict=True)]
    table = pd.DataFrame(
        {
            GENE_ID: [str(gene) for gene in genes.index],
            "identifier": names,
            "kind": kinds,
            GENE_SYMBOL: [symbol or None for symbol in symbols],
            "reading": [reading for reading, _ in read],
            "approved_symbol": [";".join(sorted(gene.symbol for gene in found)) or None for _, found in read],
            "ensembl_id": [(found[0].ensembl_id or None) if len(found) == 1 else None for _, found in read],
        },
        dtype=object,
    )
    return Identified(table, _report(table))


def _read(name: str, kind: Kind, symbol: str, registry: GeneRegistry) -> tuple[Reading, tuple[GeneName, ...]]:
    if kind in ("ensembl", "entrez") and (gene := gene_of(name, kind, registry)):
        return "approved", (gene,)
    reading, found = registry.reading(name) if kind == "symbol" else ("unknown", ())
    if found or not symbol:
        return reading, found
    joined = SEVERAL.split(symbol)
    if len(joined) == 1:
        return registry.reading(symbol)
    # A probe set that cannot tell genes apart.
    return "ambiguous", tuple({gene: None for one in joined for gene in registry.approved(one)})


def _report(table: pd.DataFrame) -> Finding:
    total = len(table)
    known = table["reading"] != "unknown"
    parts: list[str] = []
    for kind, count in Counter(table["kind"]).most_common():
        here = table["kind"] == kind
        start = f"{count:,} of {total:,} identifiers are" if not parts else f"{count:,} are"
        parts.append(f"{start} {WORDS[kind]} ({int((here & known).sum()):,} known)")
    outdated = table[table["reading"].isin(OUTDATED)]
    ambiguous = table[table["reading"] == "ambiguous"]
    text = ", ".join(parts)
    if len(outdated):
        cases = [
            f"{old} (now {new})" for old, new in zip(outdated[GENE_SYMBOL], outdated["approved_symbol"], strict=True)
        ]
        text += f"; {len(outdated):,} are known under an older or other name: {listed(cases, 5)}"
    if len(ambiguous):
        text += f"; {len(ambiguous):,} may mean several genes: {listed(ambiguous[GENE_SYMBOL], 5)}"
    text += f"; {int((~known).sum()):,} are not in the table of known genes"
    return Finding("identifiers", "note", f"{text}; the symbols stay as they are in the matrix")
