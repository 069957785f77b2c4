"""``dermshift board``: finished studies side by side, discovery and replication apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import Alpha, Genes, Seed  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from dermshift.figures import Provenance
    from dermshift.replication import Board

Target = Annotated[Path, typer.Option("--out", help="Folder of the board, e.g. results/studies.board.")]
Studies = Annotated[
    list[str], typer.Option("--study", help="ROLE=FOLDER of a finished study, discovery or replication; repeat.")
]
Labels = Annotated[list[str], typer.Option("--label", help="What a study is called, in the order of --study.")]


def board(
    out: Target,
    study: Studies,
    label: Labels = [],  # noqa: B006 -- read by typer once, never changed
    alpha: Alpha = 0.05,
    genes: Genes = "",
    seed: Seed = 0,
) -> None:
    """Write OUT/board.json, OUT/*.tsv, OUT/figures and OUT/board.html: the same questions over all studies."""
    from dermshift.cli.boards import declared, named, results
    from dermshift.genes import GeneRegistry
    from dermshift.io import read_genes
    from dermshift.replication import board as lay_out

    studies = named(study, label)
    registry = read_genes(genes) if genes else GeneRegistry()
    members, differ = declared(studies, registry)
    found = lay_out([results(one, registry, seed) for one in studies], members, alpha=alpha, seed=seed)
    found.facts["warnings"] += differ
    write(found, out)


def write(found: Board, out: Path) -> None:
    """Write tables, facts, figures and page."""
    from dermshift import io
    from dermshift.replication_names import TABLES

    for name, columns in TABLES.items():
        io.write_table(found.tables[name], out / f"{name}.tsv", columns)
    io.write_json(found.facts, out / "board.json")
    picture(found, out)
    page(found, out)


def page(found: Board, out: Path) -> None:
    """Write OUT/board.html."""
    from dermshift.io.atomic import write_bytes
    from dermshift.report.board import BoardFacts, board_page
    from dermshift.report.pictures import pictures

    shown = BoardFacts(found.tables, found.facts, pictures(out / "figures"))
    write_bytes(board_page(shown).encode(), out / "board.html")


def picture(found: Board, out: Path) -> None:
    """Draw every figure of the board into OUT/figures; figures/index.json lists them in reading order."""
    from dataclasses import replace

    from dermshift import figures, io
    from dermshift.cli.plot import drop_stale

    folder, drawn = out / "figures", []
    folder.mkdir(parents=True, exist_ok=True)
    inputs, known = figures.BoardInputs(found.tables, found.facts, found.pairs), provenance(found, out)
    for family in figures.BOARD_FAMILIES:
        for figure in family.draw(inputs):
            io.write_figure(replace(figure, claim=figures.claim_card(figure, family, known)), folder)
            drawn.append(figure.id)
    drop_stale(folder, drawn)
    io.write_json(drawn, folder / "index.json")


def provenance(found: Board, out: Path) -> Provenance:
    """Return what stands behind the figures: the tables of the board, and the files every study was read from."""
    from dermshift import io
    from dermshift.figures import Provenance
    from dermshift.replication_names import TABLES

    studies = found.facts["studies"]
    files = [
        {"path": source["path"], "role": f"{study['label']}: {source['role']}", "sha256": source["sha256"]}
        for study in studies
        for source in study["sources"]
    ]
    hashes = {f"{name}.tsv": io.sha256(out / f"{name}.tsv") for name in TABLES}
    return Provenance([], [], {}, files, [], hashes, [], synthetic=bool(found.facts["synthetic"]))
