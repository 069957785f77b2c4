"""``dermshift test``: one fit, and the table of every question it serves."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import (
    Alpha,
    Asks,
    Choices,
    EngineName,
    Folder,
    Genes,
    Seed,
    engine_options,
    pair,
)

if TYPE_CHECKING:
    import pandas as pd

    from dermshift.engines import Engine, EngineOptions, FitResult


def test(
    out: Folder,
    ask: Asks,
    fit: Annotated[str, typer.Option(help="Fit id, as in designs.json.")],
    engine: EngineName = "auto",
    option: Choices = [],  # noqa: B006 -- read by typer once, never changed
    alpha: Alpha = 0.05,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the fit; 0 for every core.")] = 0,
    seed: Seed = 0,
    flag: Annotated[list[str], typer.Option(help="GENE=ROLE, e.g. LCN2=mediator.")] = [],  # noqa: B006
    genes: Genes = "",
) -> None:
    """Fit one model of OUT/study.h5ad; write fits/FIT.json and the table of each of its questions."""
    from dermshift import engines, io
    from dermshift.cli.one_fit import designs_of
    from dermshift.names import DE_COLUMNS

    study = io.read_study(out / "study.h5ad")
    designs = designs_of(study, ask, fit)
    options = engine_options(option, alpha=alpha, seed=seed, threads=threads)
    chosen = engines.resolve(engine, study.scale)
    result = chosen.run(study, designs, options)
    flags = flagged(study.genes, flag, genes)
    for question, table in result.tables.items():
        io.write_table(engines.flag(table, flags), out / "tables" / f"{question}.tsv", DE_COLUMNS)
    io.write_json(record(fit, chosen, options, result), out / "fits" / f"{fit}.json")


def flagged(annotation: pd.DataFrame, flags: list[str], genes: str) -> dict[str, str]:
    """Map the gene ids that configured names stand for to their role.

    Raises
    ------
    ConfigError
        A configured gene is not in the matrix under any of its names.
    """
    from dermshift.checks.finding import nearest
    from dermshift.errors import ConfigError, Problem
    from dermshift.genes import GeneRegistry, find_gene
    from dermshift.io import read_genes

    registry = read_genes(genes) if genes else GeneRegistry()
    roles: dict[str, str] = {}
    problems = []
    for text in flags:
        # The role is a plain word; a gene may be called anything.
        name, role = pair(text, "--flag", last=True)
        found = find_gene(annotation, name, registry)
        # Two names may meet in one row: an alias, or a probe set of several genes.
        roles |= {gene: f"{roles[gene]}, {role}" if gene in roles else role for gene in found}
        if not found:
            action = "Correct the name, or drop the gene from genes."
            if annotation["gene_symbol"].fillna("").isin(["", *annotation.index]).all():
                action = "The matrix names no symbols. Name its probe sets under annotation: probes, or give ids."
            near = nearest(name, [*annotation.index, *annotation["gene_symbol"].fillna("")])
            problems.append(
                Problem(f"genes: {role}", f"{name}{near}", "a gene of the matrix, by id, symbol or alias", action)
            )
    if problems:
        raise ConfigError(*problems)
    return roles


def record(fit: str, engine: Engine, options: EngineOptions, result: FitResult) -> dict[str, object]:
    """Return everything the methods section needs to know about a fit."""
    return {
        "fit_id": fit,
        "engine": asdict(engine.meta),
        "options": options.record(),
        "questions": list(result.tables),
        "record": result.record,
    }
