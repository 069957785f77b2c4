"""``dermshift enriched``: what concerns the gene sets of all questions at once, and the configured genes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.enrich import Declared, Sets  # noqa: TC001 -- typer reads annotations at run time
from dermshift.cli.options import Alpha, Folder, Genes, Seed  # noqa: TC001

if TYPE_CHECKING:
    from dermshift.tables import DETable


def enriched(
    out: Folder,
    gene_set: Sets = [],  # noqa: B006 -- read by typer once, never changed
    declared: Declared = [],  # noqa: B006
    genes: Genes = "",  # noqa: ARG001 -- the flags of a stage are the same for both verbs
    alpha: Alpha = 0.05,
    permutations: Annotated[int, typer.Option()] = 1000,
    min_size: Annotated[int, typer.Option()] = 5,
    max_size: Annotated[int, typer.Option()] = 500,
    seed: Seed = 0,
) -> None:
    """Write OUT/enrichment.json (methods, settings, files) and tables/configured_genes.tsv."""
    from dermshift import io
    from dermshift.cli.outputs import question_ids, read_tables
    from dermshift.engines import CONFIGURED_COLUMNS, configured_rows
    from dermshift.enrich import METHODS

    tables = read_tables(out, question_ids(out))
    io.write_table(configured_rows(tables, flags(tables)), out / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS)
    files = [{"path": path, "sha256": io.sha256(Path(path))} for path in gene_set]
    options = {
        "alpha": alpha, "permutations": permutations, "seed": seed, "declared": sorted(declared), "min_size": min_size,
        "max_size": max_size,
    }  # fmt: skip
    methods = [asdict(method.meta) for method in METHODS]
    io.write_json({"methods": methods, "options": options, "gene_sets": files}, out / "enrichment.json")


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
