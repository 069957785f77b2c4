"""``dermshift enriched``: what concerns the gene sets of all questions at once, and the configured genes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dermshift.cli.enrich import Declared, Sets  # noqa: TC001 -- typer reads annotations at run time
from dermshift.cli.options import Alpha, Folder, Genes, Seed  # noqa: TC001

if TYPE_CHECKING:
    from dermshift.tables import DETable


def enriched(
    out: Folder,
    gene_set: Sets = [],  # noqa: B006 -- read by typer once, never changed
    declared: Declared = [],  # noqa: B006
    genes: Genes = "",
    alpha: Alpha = 0.05,
    permutations: Annotated[int, typer.Option()] = 1000,
    min_size: Annotated[int, typer.Option()] = 5,
    max_size: Annotated[int, typer.Option()] = 500,
    seed: Seed = 0,
) -> None:
    """Write OUT/enrichment.json and, in tables/, configured_genes.tsv, set_symbols.tsv and set_overlaps.tsv."""
    from dermshift import io
    from dermshift.cli.outputs import question_ids, read_tables
    from dermshift.engines import CONFIGURED_COLUMNS, configured_rows
    from dermshift.enrich import METHODS

    tables = read_tables(out, question_ids(out))
    io.write_table(configured_rows(tables, flags(tables)), out / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS)
    options = {
        "alpha": alpha, "permutations": permutations, "seed": seed, "declared": sorted(declared), "min_size": min_size,
        "max_size": max_size,
    }  # fmt: skip
    record = {
        "methods": [asdict(method.meta) for method in METHODS],
        "options": options,
        "gene_sets": [described(path) for path in gene_set],
    }
    io.write_json(record | _sets(out, gene_set, genes, tables), out / "enrichment.json")


def described(path: str) -> dict[str, str]:
    """Return name and sha256 of a GMT file; of a fetched collection its source, release and licence as well."""
    from dermshift.io import sha256
    from dermshift.io.cache import portable, resolve
    from dermshift.io.fetch_record import read_record
    from dermshift.io.sets_cache import of_path

    place = Path(resolve(path))
    facts = {"path": portable(str(place)), "sha256": sha256(place)}
    collection, record = of_path(place), read_record(place)
    if collection is None:
        return facts
    release = record.release if record else ""
    source = collection.source
    return facts | {"source": source.title, "release": release or collection.release, "licence": source.licence}


def _sets(out: Path, paths: list[str], genes: str, tables: dict[str, DETable]) -> dict[str, Any]:
    """Write what concerns the sets alone, by the table of the first question; return it in short.

    Overlaps are those of the sets that are shown in any question.
    """
    from dermshift import io
    from dermshift.cli.outputs import read_running
    from dermshift.enrich.base import universe
    from dermshift.enrich.mapping import map_sets
    from dermshift.enrich.overlaps_between import RULE, clusters, set_overlaps
    from dermshift.enrich.symbols_report import by_collection, set_symbols
    from dermshift.genes import GeneRegistry
    from dermshift.names import SET_OVERLAP_COLUMNS, SET_SYMBOL_COLUMNS

    table = next(iter(tables.values()))
    registry = io.read_genes(genes) if genes else GeneRegistry()
    sets = [one for path in paths for one in io.read_gmt(path)]
    shown = {name for frame in read_running(out, list(tables)).values() for name in frame["set_name"]}
    rows = set_symbols(sets, table, registry)
    pairs = set_overlaps(map_sets(sets, table, registry, universe(table).index), shown)
    io.write_table(rows, out / "tables" / "set_symbols.tsv", SET_SYMBOL_COLUMNS)
    io.write_table(pairs, out / "tables" / "set_overlaps.tsv", SET_OVERLAP_COLUMNS)
    return {
        "symbols": by_collection(sets, rows).to_dict("index"),
        "alike": {"rule": RULE, "groups": [list(names) for names in clusters(pairs)]},
    }


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
