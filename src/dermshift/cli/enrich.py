"""``dermshift enrich``: gene sets of every question of one fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import Alpha, Asks, Folder, Genes, Seed  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.enrich import Asked
    from dermshift.tables import EnrichmentTable

Sets = Annotated[list[str], typer.Option("--gene-set", help="GMT file, or sets:NAME; repeat for several.")]
Declared = Annotated[list[str], typer.Option(help="Collection named before the run; repeat for several.")]
SHOWN = 20
"""Exploratory sets of each collection whose running score is kept: those of smallest p."""


def enrich(
    out: Folder,
    ask: Asks,
    fit: Annotated[str, typer.Option(help="Fit id, as in designs.json.")],
    gene_set: Sets = [],  # noqa: B006 -- read by typer once, never changed
    declared: Declared = [],  # noqa: B006
    genes: Genes = "",
    alpha: Alpha = 0.05,
    permutations: Annotated[int, typer.Option()] = 1000,
    min_size: Annotated[int, typer.Option(help="Fewest tested genes of a set.")] = 5,
    max_size: Annotated[int, typer.Option(help="Most tested genes of a set.")] = 500,
    threads: Annotated[int, typer.Option(min=0, help="Threads; 0 for every core.")] = 0,
    seed: Seed = 0,
) -> None:
    """Test gene sets in every question of a fit of OUT; write its .sets, .running and .configured_sets.tsv."""
    from dermshift import io
    from dermshift.cli.asking import asked_of, libraries_of, tested_of
    from dermshift.cli.one_fit import designs_of
    from dermshift.cli.outputs import read_tables
    from dermshift.enrich import SetOptions
    from dermshift.enrich.configured import where_configured_genes_stand
    from dermshift.enrich.running import running_table
    from dermshift.genes import GeneRegistry, need_unique_names
    from dermshift.names import CONFIGURED_IN_SETS_COLUMNS, RUNNING_COLUMNS, SET_COLUMNS

    registry = io.read_genes(genes) if genes else GeneRegistry()
    sets = [one for path in gene_set for one in io.read_gmt(path)]
    need_unique_names(sets)
    options = SetOptions(frozenset(declared), alpha, permutations, min_size, max_size, seed, threads)
    study = io.read_study(out / "study.h5ad")
    designs = designs_of(study, ask, fit)
    tables = read_tables(out, [design.question.id for design in designs])
    correlation = io.read_json(out / "fits" / f"{fit}.json")["record"].get("consensus_correlation")
    libraries = None
    for design in designs:
        name = design.question.id
        if libraries is None or not libraries.serve(design, tested_of(tables[name])):
            libraries = libraries_of(study, design, tables[name], sets, registry, options)
        asked = asked_of(study, design, tables[name], libraries, correlation)
        rows = tested(asked)
        stand = where_configured_genes_stand(asked, rows, registry)
        io.write_table(rows, out / "tables" / f"{name}.sets.tsv", SET_COLUMNS)
        io.write_table(running_table(asked, shown(rows)), out / "tables" / f"{name}.running.tsv", RUNNING_COLUMNS)
        io.write_table(stand, out / "tables" / f"{name}.configured_sets.tsv", CONFIGURED_IN_SETS_COLUMNS)


def tested(asked: Asked) -> EnrichmentTable:
    """Return the rows of every method."""
    import pandas as pd

    from dermshift.enrich import METHODS

    return pd.concat([method.run(asked) for method in METHODS], ignore_index=True)


def shown(rows: pd.DataFrame) -> set[str]:
    """Return the sets whose running score is kept: the declared ones, and the first of each other collection."""
    first = rows[rows["method"] == rows["method"].iloc[0]] if len(rows) else rows
    named = first["family"] == "declared"
    others = first[~named].sort_values(["p_value", "set_name"]).groupby("collection").head(SHOWN)
    return {*first.loc[named, "set_name"], *others["set_name"]}
