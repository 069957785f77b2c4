"""``dermshift enrich``: gene sets of every question, and the rows of the configured genes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import Alpha, Folder, Genes, Seed  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from dermshift.genes import GeneRegistry, GeneSet
    from dermshift.tables import DETable, EnrichmentTable

Sets = Annotated[list[str], typer.Option("--gene-set", help="GMT file; repeat for several.")]
Declared = Annotated[list[str], typer.Option(help="Collection named before the run; repeat for several.")]


def enrich(
    out: Folder,
    gene_set: Sets = [],  # noqa: B006 -- read by typer once, never changed
    declared: Declared = [],  # noqa: B006
    genes: Genes = "",
    alpha: Alpha = 0.05,
    permutations: Annotated[int, typer.Option()] = 1000,
    seed: Seed = 0,
) -> None:
    """Test gene sets in every table of OUT; write .sets.tsv, .running.tsv, configured_genes.tsv and enrichment.json."""
    from dermshift import io
    from dermshift.cli.outputs import question_ids, read_tables
    from dermshift.engines import CONFIGURED_COLUMNS, configured_rows
    from dermshift.genes import GeneRegistry
    from dermshift.names import RUNNING_COLUMNS, SET_COLUMNS

    registry = io.read_genes(genes) if genes else GeneRegistry()
    sets = [one for path in gene_set for one in io.read_gmt(path)]
    questions = question_ids(out)
    tables = read_tables(out, questions)
    for question, table in tables.items():
        result, running = both(table, sets, registry, frozenset(declared), alpha, permutations, seed)
        io.write_table(result, out / "tables" / f"{question}.sets.tsv", SET_COLUMNS)
        io.write_table(running, out / "tables" / f"{question}.running.tsv", RUNNING_COLUMNS)
    io.write_table(configured_rows(tables, flags(tables)), out / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS)
    files = [{"path": path, "sha256": io.sha256(Path(path))} for path in gene_set]
    options = {"alpha": alpha, "permutations": permutations, "seed": seed, "declared": sorted(declared)}
    io.write_json({"methods": methods(), "options": options, "gene_sets": files}, out / "enrichment.json")


def both(
    table: DETable,
    sets: list[GeneSet],
    registry: GeneRegistry,
    declared: frozenset[str],
    alpha: float,
    permutations: int,
    seed: int,
) -> tuple[EnrichmentTable, DETable]:
    """Return prerank and overlap results in one table, and the running scores of prerank."""
    import pandas as pd

    from dermshift.enrich import overlap, prerank

    ranked, running = prerank(table, sets, registry, declared=declared, seed=seed, permutations=permutations)
    listed = overlap(table, sets, registry, declared=declared, alpha=alpha)
    return pd.concat([ranked, listed], ignore_index=True), running


def flags(tables: dict[str, DETable]) -> dict[str, str]:
    """Return the role of every configured gene, by gene id; the probe sets of a gene together, the tested one first."""
    from dermshift.names import TESTED

    roles: dict[str, str] = {}
    for table in tables.values():
        rows = table[table["flag"].notna()].reset_index()
        first = rows.groupby(rows["gene_symbol"].fillna(rows["gene_id"]))["index"].transform("min")
        order = rows.assign(first=first, aside=rows["status"] != TESTED)
        rows = order.sort_values(["first", "aside", "index"], kind="stable")
        roles |= dict(zip(rows["gene_id"], rows["flag"], strict=True))
    return roles


def methods() -> list[dict[str, object]]:
    """Return the meta records of the enrichment methods as plain values."""
    from dataclasses import asdict

    from dermshift.enrich import METHODS

    return [asdict(method) for method in METHODS]
