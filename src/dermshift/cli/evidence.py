"""``dermshift evidence``: how far the results of one fit can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.one_fit import designs_of
from dermshift.cli.options import Alpha, Asks, Choices, EngineName, Folder, Genes, Seed, engine_options

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dermshift.cli.judging import Judged
    from dermshift.design.model import Design
    from dermshift.engines import Engine, EngineOptions
    from dermshift.study import Study


def evidence(
    out: Folder,
    ask: Asks,
    fit: Annotated[str, typer.Option(help="Fit id, as in designs.json.")],
    engine: EngineName = "auto",
    option: Choices = [],  # noqa: B006 -- read by typer once, never changed
    alpha: Alpha = 0.05,
    gene_set: Annotated[list[str], typer.Option("--gene-set", help="GMT file; repeat for several.")] = [],  # noqa: B006
    declared: Annotated[list[str], typer.Option(help="Collection named before the run.")] = [],  # noqa: B006
    panel: Annotated[list[str], typer.Option(help="Gene set to follow; repeat for several.")] = [],  # noqa: B006
    adjust_for: Annotated[str, typer.Option(help="Gene set whose score is adjusted for.")] = "",
    association: Annotated[str, typer.Option(help="Gene set whose change is set beside each named gene's.")] = "",
    top: Annotated[int, typer.Option(help="Genes with the smallest p-values to judge.")] = 25,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the fits; 0 for every core.")] = 0,
    seed: Seed = 0,
    genes: Genes = "",
) -> None:
    """Judge every question of one fit of OUT: leave patients out, flip signs, power, composition, weights."""
    from dermshift import engines, io
    from dermshift.cli.judging import write

    study = io.read_study(out / "study.h5ad")
    designs = designs_of(study, ask, fit)
    options = engine_options(option, alpha=alpha, shrink=False, seed=seed, threads=threads)
    roles = Roles(tuple(declared), tuple(panel), adjust_for, association, top)
    judged = judge(out, study, designs, engines.resolve(engine, study.scale), options, roles, gene_set, genes)
    for question, found in judged.items():
        write(found, out / "evidence", question)


@dataclass(frozen=True)
class Roles:
    """Which gene sets play which part, and how many genes are judged; see the configuration."""

    declared: tuple[str, ...]
    panels: tuple[str, ...]
    adjust_for: str
    association: str
    top: int


def judge(
    out: Path, study: Study, designs: Sequence[Design], engine: Engine, options: EngineOptions, roles: Roles,
    gene_sets: Sequence[str], genes: str,
) -> dict[str, Judged]:  # fmt: skip
    """Return everything there is to say about each question of a fit."""
    from dermshift.cli.judged_items import items_of, mapped_sets
    from dermshift.cli.judging import Inputs, judged
    from dermshift.cli.multiverse import choices_of, other_runs
    from dermshift.cli.outputs import read_tables
    from dermshift.design import library_values
    from dermshift.evidence.refits import refits
    from dermshift.quality import log2_cpm

    tables = read_tables(out, [design.question.id for design in designs])
    values = library_values(study, designs[0], seed=options.seed)
    expression = log2_cpm(values) if study.scale == "counts" else values
    sets = mapped_sets(next(iter(tables.values())), gene_sets, genes)
    items = {question: items_of(table, roles.top) for question, table in tables.items()}
    wanted = {question: [item.name for item in chosen] for question, chosen in items.items()}
    genes_of_all = list(dict.fromkeys(name for names in wanted.values() for name in names))
    rerun = engine.reruns(study, designs[0], options)
    again = refits(lambda kept: rerun(kept, [options], genes_of_all)[0], designs, tables, wanted)
    others = other_runs(study, designs, engine, options, rerun, genes_of_all)
    return {
        design.question.id: judged(
            Inputs(
                design=design, table=tables[design.question.id], expression=expression,
                items=items[design.question.id], refits=again[design.question.id],
                choices=choices_of(engine, options), others=others,
                sets=sets, declared=roles.declared, panels=roles.panels, adjust_for=roles.adjust_for,
                association=roles.association, alpha=options.alpha, seed=options.seed,
                counts=study.scale == "counts",
            )
        )
        for design in designs
    }  # fmt: skip
