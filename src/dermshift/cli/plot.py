"""``dermshift plot``: every figure of a study, and the list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import Alpha, Folder, Genes, SexGenes  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dermshift.errors import Problem
    from dermshift.figures import FigureInputs, Provenance

Processes = Annotated[int, typer.Option(min=0, help="Processes that draw side by side; 0 for every core.")]

Families = Annotated[list[str], typer.Option("--family", help="Family of figures to draw; repeat. All, if none.")]
FOLDERS = ("tables", "evidence", "dossier")
"""What figures are drawn from, besides the study."""
SUFFIXES = (".svg", ".png", ".pdf", ".csv", ".json")


def plot(
    out: Folder,
    alpha: Alpha = 0.05,
    genes: Genes = "",
    sex_genes: SexGenes = "",
    family: Families = [],  # noqa: B006 -- read by typer once, never changed
    processes: Processes = 1,
) -> None:
    """Draw every figure of OUT into OUT/figures; figures/index.json lists them in reading order."""
    from dermshift import io
    from dermshift.cli.drawing import Sources, draw
    from dermshift.errors import ConfigError

    # Figures that were not drawn are removed as stale: a misspelt name would remove all.
    if problems := unknown_families(family, "--family"):
        raise ConfigError(*problems)
    folder = out / "figures"
    drawn = draw(Sources(out, alpha, genes, sex_genes, tuple(family)), processes)
    io.write_json(drawn, folder / "index.json")
    drop_stale(folder, drawn)


def unknown_families(names: Sequence[str], where: str) -> list[Problem]:
    """Return a problem for each family of figures that does not exist."""
    from dermshift.checks.finding import listed, nearest
    from dermshift.errors import Problem

    if not names:
        return []
    from dermshift.figures import FAMILIES

    known = [family.name for family in FAMILIES]
    expected = f"one of {listed(known, 40)}"
    return [
        Problem(f"{where} {name}", f"no such family{nearest(name, known)}", expected, "Correct the name.")
        for name in names
        if name not in known
    ]


def inputs(out: Path, alpha: float, genes: str, sex_genes: str) -> FigureInputs:
    """Gather what the figures are drawn from."""
    from dermshift import figures, io, quality
    from dermshift.cli.labels import labels
    from dermshift.cli.outputs import cards, read_evidence, read_running, read_sets, read_tables
    from dermshift.genes import GeneRegistry
    from dermshift.names import SET_OVERLAP_COLUMNS

    study = io.read_study(out / "study.h5ad")
    known = cards(out)
    questions = [card["id"] for card in known]
    tables = read_tables(out, questions)
    return figures.FigureInputs(
        study=study,
        cards=known,
        tables=tables,
        sets=read_sets(out, questions),
        running=read_running(out, questions),
        genes=labels(tables, io.read_genes(genes) if genes else GeneRegistry()),
        expression=quality.log2_expression(study),
        quality=quality.quality_frames(study, io.read_sex_genes(sex_genes) if sex_genes else None),
        alpha=alpha,
        evidence=read_evidence(out, questions),
        overlaps=io.read_table(out / "tables" / "set_overlaps.tsv", SET_OVERLAP_COLUMNS),
    )


def provenance(out: Path, known: FigureInputs) -> Provenance:
    """Gather what the claim cards name besides: models, methods, and the files everything was read from."""
    from dermshift import io
    from dermshift.cli.outputs import fit_records
    from dermshift.figures import Provenance
    from dermshift.report.words import portable

    enrichment = io.read_json(out / "enrichment.json")
    whole = [out / name for name in ("study.h5ad", "designs.json")]
    left = [*whole, *(path for name in FOLDERS for path in sorted((out / name).glob("*.[tj]s*")))]
    return Provenance(
        cards=known.cards,
        fits=fit_records(out),
        enrichment=enrichment,
        files=[portable({"path": file.path, "role": file.role, "sha256": file.sha256}) for file in known.study.sources],
        gene_sets=[
            portable({"path": file["path"], "role": "gene sets", "sha256": file["sha256"]})
            for file in enrichment["gene_sets"]
        ],
        hashes={path.relative_to(out).as_posix(): io.sha256(path) for path in left},
        patients=sorted(known.study.sheet["patient"].astype(str).unique()),
        synthetic=known.study.synthetic,
    )


def drop_stale(folder: Path, drawn: list[str]) -> None:
    """Remove figures of an earlier run that this run did not draw."""
    for path in folder.iterdir():
        if path.suffix in SUFFIXES and path.stem not in {*drawn, "index"}:
            path.unlink()
