"""All human genes: ``python data/make_genes.py org.Hs.eg.sqlite`` rewrites ``genes.tsv``.

The SQLite file is that of Bioconductor's org.Hs.eg.db 3.16 (NCBI Gene of September 2022; Debian: r-bioc-org.hs.eg.db).
Rows whose source is not `SOURCE` are curated: they stay as they are but for the Entrez id, and their names are theirs
alone. The others:

- a gene is listed if it has an Ensembl id, or if it codes for a protein or is a non-coding RNA with a name of its own;
- one Ensembl id per gene and one gene per Ensembl id: links that Ensembl and NCBI both make go first, then the lower
  Entrez id, then the lower Ensembl id, which leaves out the copies on alternative haplotypes;
- of two genes with one symbol the one with an Ensembl id, then that with the lower Entrez id;
- genes of the mitochondrion get the symbol of HGNC (MT-ND1; NCBI says ND1), made of their alias MTND1, and are listed;
- NCBI does not tell previous symbols from aliases; those of `RENAMED` families are previous symbols, the rest aliases;
- an alias that is the symbol of a gene is left out, as are numbers, single letters and names with blanks or `;`. An
  alias of several genes stands at each of them, so that it can be called ambiguous.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLE = Path(__file__).with_name("genes.tsv")
COLUMNS = ("gene_symbol", "ensembl_id", "entrez_id", "previous_symbols", "aliases", "source")
SOURCE = "NCBI Gene 2022-09"
NAMED_TYPES = ("protein-coding", "ncRNA")
NO_ALIAS = re.compile(r"\d+|.|.*[\s;\"].*")
RENAMED = tuple(
    (re.compile(symbol), before)
    for symbol, before in (
        (r"SEPTIN(\d+)", r"SEPT\1"), (r"MARCHF(\d+)", r"MARCH\1"), (r"MTARC(\d)", r"MARC\1"),
        (r"([A-Z]ARS|EPRS)1", r"\1"), (r"DELEC1", "DEC1"),
    )
)  # fmt: skip
"""Families HGNC renamed in 2019 and 2020, most of them because spreadsheets read the old symbols as dates."""
GENES = "SELECT gene_id, symbol, gene_type FROM genes JOIN gene_info USING (_id) JOIN genetype USING (_id)"
LINKS = "SELECT gene_id, ensembl_id FROM {} JOIN genes USING (_id)"
MITOCHONDRIAL = "SELECT gene_id FROM chromosomes JOIN genes USING (_id) WHERE chromosome = 'MT'"
ALIASES = "SELECT gene_id, alias_symbol FROM alias JOIN genes USING (_id)"


def main(database: str) -> None:
    """Write the table anew."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as source, TABLE.open(encoding="utf-8") as old:
        curated = [row for row in csv.DictReader(old, delimiter="\t") if row["source"] != SOURCE]
        genes = {gene: (symbol, kind) for gene, symbol, kind in source.execute(GENES)}
        both = set(source.execute(LINKS.format("ensembl2ncbi"))) & set(source.execute(LINKS.format("ncbi2ensembl")))
        ensembl = one_to_one(source.execute(LINKS.format("ensembl")), both)
        aliases = list(source.execute(ALIASES))
        rename_mitochondrial({gene for (gene,) in source.execute(MITOCHONDRIAL)}, genes, aliases)
    rows = add_entrez(curated, genes, ensembl) + others(curated, genes, ensembl, aliases)
    rows.sort(key=lambda row: row["gene_symbol"])
    with TABLE.open("w", encoding="utf-8", newline="") as new:
        writer = csv.DictWriter(new, COLUMNS, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def one_to_one(links: Iterable[tuple[str, str]], both: set[tuple[str, str]]) -> dict[str, str]:
    """Map Entrez id to Ensembl id, either at most once."""
    chosen: dict[str, str] = {}
    taken = set()
    for gene, name in sorted(links, key=lambda link: (link not in both, int(link[0]), link[1])):
        if gene not in chosen and name not in taken:
            chosen[gene] = name
            taken.add(name)
    return chosen


def rename_mitochondrial(
    mitochondrial: set[str], genes: dict[str, tuple[str, str]], aliases: list[tuple[str, str]]
) -> None:
    """Give genes of the mitochondrion the symbol of HGNC; that of NCBI stays among the aliases."""
    for gene, alias in aliases:
        if gene in mitochondrial and alias.startswith("MT"):
            genes[gene] = (f"MT-{alias.removeprefix('MT')}", NAMED_TYPES[0])


def add_entrez(
    curated: list[dict[str, str]], genes: dict[str, tuple[str, str]], ensembl: dict[str, str]
) -> list[dict[str, str]]:
    """Return the curated rows with the Entrez id of their Ensembl id."""
    entrez = {name: gene for gene, name in ensembl.items()}
    for row in curated:
        row["entrez_id"] = entrez[row["ensembl_id"]]
        if genes[row["entrez_id"]][0] != row["gene_symbol"]:
            sys.exit(f"{row['gene_symbol']}: NCBI calls {row['ensembl_id']} {genes[row['entrez_id']][0]}")
    return curated


def others(
    curated: list[dict[str, str]],
    genes: dict[str, tuple[str, str]],
    ensembl: dict[str, str],
    aliases: list[tuple[str, str]],
) -> list[dict[str, str]]:
    """Return the rows of all genes that are not curated."""
    done = {row["gene_symbol"] for row in curated}
    taken = {name for row in curated for part in ("previous_symbols", "aliases") for name in row[part].split(";")}
    taken |= {symbol for symbol, _ in genes.values()}
    known: dict[str, set[str]] = {}
    for gene, alias in aliases:
        if alias not in taken and not NO_ALIAS.fullmatch(alias):
            known.setdefault(gene, set()).add(alias)
    found = []
    for gene in sorted(genes, key=lambda gene: (gene not in ensembl, int(gene))):
        symbol, kind = genes[gene]
        named = kind in NAMED_TYPES and symbol != f"LOC{gene}"
        if symbol not in done and (gene in ensembl or named):
            done.add(symbol)
            names = known.get(gene, set())
            before = previous(symbol, names)
            rest = ";".join(sorted(names - {before}))
            found.append(dict(zip(COLUMNS, (symbol, ensembl.get(gene, ""), gene, before, rest, SOURCE), strict=True)))
    return found


def previous(symbol: str, names: set[str]) -> str:
    """Return the symbol a gene of a renamed family had, if it is among its `names`."""
    before = (pattern.sub(old, symbol) for pattern, old in RENAMED if pattern.fullmatch(symbol))
    return next((name for name in before if name in names), "")


if __name__ == "__main__":
    main(sys.argv[1])
