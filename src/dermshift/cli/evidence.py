"""``dermshift evidence``: how far the results of one fit can be trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from dermshift.cli.options import Alpha, Asks, Folder, Genes, Seed  # noqa: TC001 -- typer reads annotations at run time
from dermshift.cli.test import Claim, designs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dermshift.cli.judging import Judged
    from dermshift.design.model import Design
    from dermshift.engines import Engine, EngineOptions
    from dermshift.study import Study
    from dermshift.tables import DETable


def evidence(
    out: Folder,
    ask: Asks,
    fit: Annotated[str, typer.Option(help="Fit id, as in designs.json.")],
    engine: Annotated[str, typer.Option(help="Engine, as `dermshift show engines` lists them.")],
    min_count: Annotated[int, typer.Option()] = 10,
    alpha: Alpha = 0.05,
    independent_filtering: Annotated[bool, typer.Option()] = False,
    reference: Annotated[Literal["t", "normal"], typer.Option(help="Curve of p-values.")] = "t",
    statistic: Annotated[Literal["wald", "lrt"], typer.Option("--test", help="Wald or likelihood ratio.")] = "wald",
    lfc_threshold: Annotated[float, typer.Option(help="Log2 fold change to test against.")] = 0.0,
    alternative: Annotated[Claim, typer.Option(help="What is claimed of the threshold.")] = "greaterAbs",
    gene_set: Annotated[list[str], typer.Option("--gene-set", help="GMT file; repeat for several.")] = [],  # noqa: B006
    declared: Annotated[list[str], typer.Option(help="Collection named before the run.")] = [],  # noqa: B006
    panel: Annotated[list[str], typer.Option(help="Gene set to follow; repeat for several.")] = [],  # noqa: B006
    adjust_for: Annotated[str, typer.Option(help="Gene set whose score is adjusted for.")] = "",
    association: Annotated[str, typer.Option(help="Gene set whose change is set beside each named gene's.")] = "",
    top: Annotated[int, typer.Option(help="Genes with the smallest p-values to judge.")] = 25,
    threads: Annotated[int, typer.Option(help="Threads of the fits; 0 for every core.")] = 0,
    seed: Seed = 0,
    genes: Genes = "",
) -> None:
    """Judge every question of one fit of OUT: leave patients out, flip signs, power, composition, weights."""
    from dermshift import engines, io
    from dermshift.cli.judging import write

    study = io.read_study(out / "study.h5ad")
    designs = designs_of(study, ask, fit)
    options = engines.EngineOptions(
        min_count=min_count, alpha=alpha, independent_filtering=independent_filtering, shrink=False,
        reference=reference, test=statistic, lfc_threshold=lfc_threshold, alternative=alternative, seed=seed,
        threads=threads,
    )  # fmt: skip
    roles = Roles(tuple(declared), tuple(panel), adjust_for, association, top)
    judged = judge(out, study, designs, engines.get(engine), options, roles, gene_set, genes)
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
    again = refits(lambda kept: engine.run(study, kept, options).tables, designs, tables, wanted)
    others = other_runs(study, designs, engine, options)
    return {
        design.question.id: judged(
            Inputs(
                design=design, table=tables[design.question.id], expression=expression,
                items=items[design.question.id], refits=again[design.question.id],
                choices=choices_of(options), others=others,
                sets=sets, declared=roles.declared, panels=roles.panels, adjust_for=roles.adjust_for,
                association=roles.association, alpha=options.alpha, seed=options.seed,
                counts=study.scale == "counts",
            )
        )
        for design in designs
    }  # fmt: skip


def other_runs(
    study: Study, designs: Sequence[Design], engine: Engine, options: EngineOptions
) -> list[tuple[dict[str, str], Mapping[str, DETable]]]:
    """Return the tables of the same fit under other defensible choices, each with what was chosen."""
    others = [
        replace(options, reference="t" if options.reference == "normal" else "normal"),
        replace(options, independent_filtering=not options.independent_filtering),
    ]
    if options.lfc_threshold == 0 and options.alternative == "greaterAbs":
        others.append(replace(options, test="lrt" if options.test == "wald" else "wald"))
    return [(choices_of(chosen), engine.run(study, designs, chosen).tables) for chosen in others]


def choices_of(options: EngineOptions) -> dict[str, str]:
    """Return what a run of the engine chose, in the words of a specification curve."""
    test = {"wald": "Wald", "lrt": "likelihood ratio"}[options.test]
    return {
        "model": f"engine, {test}",
        "curve": options.reference,
        "filter": "all" if options.independent_filtering else "fixed",
    }
