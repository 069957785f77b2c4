"""``dermshift workbook``: the tables for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.cli.options import Folder  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.report.workbook_sheets import Tables


def workbook(out: Folder) -> None:
    """Write OUT/tables.xlsx."""
    from dermshift.io.atomic import write_bytes
    from dermshift.report import workbook as made

    write_bytes(made.workbook(gathered(out)), out / "tables.xlsx")


def gathered(out: Path) -> Tables:
    """Gather the tables and count the headline at the false discovery rate of the run."""
    from dermshift import io
    from dermshift.cli.outputs import cards, read_sets, read_tables
    from dermshift.engines import CONFIGURED_COLUMNS
    from dermshift.report.headline import headline
    from dermshift.report.workbook_sheets import Tables

    study, known = io.read_study(out / "study.h5ad"), cards(out)
    questions = [card["id"] for card in known]
    genes = read_tables(out, questions)
    alpha = io.read_json(out / "enrichment.json")["options"]["alpha"]
    configured = io.read_table(out / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS)
    said = headline(known, genes, alpha)
    return Tables(study.name, study.synthetic, said, known, genes, read_sets(out, questions), configured)
