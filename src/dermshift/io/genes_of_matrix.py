"""Gene annotation of a matrix: identifiers without version, symbols from the file or the table of known genes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks.finding import Finding, listed
from dermshift.io.identifiers import gene_of, kinds_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.genes import GeneRegistry
    from dermshift.io.identifiers import Kind

VERSIONED = re.compile(r"(ENS[A-Z]*\d{6,})\.\d+(_PAR_Y)?")
NO_SYMBOL = re.compile(r"ENS[A-Z]*\d{6,}.*|\d+|.*_at")
"""Identifiers that are no symbols: Ensembl ids, numbers, Affymetrix probe sets."""
ABSENT = frozenset({"", "NA", "nan", "NaN", "None", "-", "---"})


def annotate(
    genes: Sequence[str], symbols: Sequence[str] | None, registry: GeneRegistry
) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """Return the gene annotation (index gene id; ``gene_symbol``, ``gene_id_original``) and what was done, as notes.

    Versions of Ensembl ids are removed unless two genes would then share an id. A symbol of the matrix stays as it is,
    outdated or not: genes are found through `registry` by any of their names. A missing symbol is filled from
    `registry` by Ensembl or Entrez id; without a column of symbols, identifiers that are symbols are used as such.
    """
    identifiers, stripped = _without_version(genes)
    kinds = kinds_of(identifiers, registry)
    given = [symbol.strip() for symbol in symbols] if symbols is not None else [""] * len(genes)
    notes = [stripped] if stripped else []
    if symbols is None and sum(bool(NO_SYMBOL.fullmatch(name)) for name in identifiers) < len(identifiers) / 2:
        given = ["" if NO_SYMBOL.fullmatch(name) else name for name in identifiers]
        notes.append(Finding("gene_symbols", "note", "no symbol column; the identifiers are taken as gene symbols"))
    pairs = zip(given, identifiers, strict=True)
    found = ["" if symbol in ABSENT and name != symbol else symbol for symbol, name in pairs]
    rows = zip(found, identifiers, kinds, strict=True)
    filled = [symbol or _known(name, kind, registry) for symbol, name, kind in rows]
    added = sum(bool(new) and not old for new, old in zip(filled, found, strict=True))
    if added:
        notes.append(Finding("gene_symbols", "note", f"{added} missing symbols filled from the table of known genes"))
    index = pd.Index(identifiers, name="gene_id", dtype=object)
    frame = pd.DataFrame({"gene_symbol": filled, "gene_id_original": list(genes)}, index=index, dtype=object)
    return frame, tuple(notes)


def _known(name: str, kind: Kind, registry: GeneRegistry) -> str:
    gene = gene_of(name, kind, registry)
    return gene.symbol if gene else ""


def _without_version(genes: Sequence[str]) -> tuple[list[str], Finding | None]:
    # The mark of the second copy in the pseudoautosomal region stays: it is another gene.
    short = [f"{match[1]}{match[2] or ''}" if (match := VERSIONED.fullmatch(name)) else name for name in genes]
    counts = Counter(short)
    clash = {new for new, old in zip(short, genes, strict=True) if counts[new] > 1 and new != old}
    identifiers = [old if new in clash else new for new, old in zip(short, genes, strict=True)]
    changed = sum(new != old for new, old in zip(identifiers, genes, strict=True))
    if not changed and not clash:
        return identifiers, None
    text = f"version removed from {changed} Ensembl ids, the original kept"
    if clash:
        text = f"{text}; kept on genes that would share an id: {listed(sorted(clash))}"
    return identifiers, Finding("gene_versions", "note", text)
