"""``dermshift report``: report.html and methods.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.cli.options import Alpha, Folder  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.report.facts import Facts


def report(out: Folder, alpha: Alpha = 0.05) -> None:
    """Write OUT/report.html (everything inside one file), OUT/methods.md, its references and OUT/dossier/GENE.html."""
    from dermshift.io.atomic import write_bytes
    from dermshift.report.citations import bibtex, cited
    from dermshift.report.dossier import dossier_page
    from dermshift.report.methods import methods
    from dermshift.report.page import page

    known = facts(out, alpha)
    write_bytes(methods(known).encode(), out / "methods.md")
    write_bytes(bibtex(cited(known)).encode(), out / "references.bib")
    write_bytes(page(known).encode(), out / "report.html")
    for name in known.evidence.dossiers:
        write_bytes(dossier_page(name, known).encode(), out / "dossier" / f"{name}.html")
    for path in (out / "dossier").glob("*.html"):
        if path.stem not in known.evidence.dossiers:  # of a gene that is no longer configured
            path.unlink()


def facts(out: Path, alpha: float) -> Facts:
    """Gather what the report may say."""
    from dermshift import io, quality
    from dermshift.cli.outputs import cards, fit_records, read_evidence, read_places, read_sets, read_tables
    from dermshift.engines import CONFIGURED_COLUMNS
    from dermshift.names import PATIENT
    from dermshift.report.facts import Facts
    from dermshift.report.pictures import pictures

    study = io.read_study(out / "study.h5ad")
    known = cards(out)
    questions = [card["id"] for card in known]
    return Facts(
        name=study.name,
        synthetic=study.synthetic,
        scale=study.scale,
        before=study.timepoints.before,
        after=study.timepoints.after,
        n_samples=len(study.sheet),
        n_patients=int(study.sheet[PATIENT].nunique()),
        sources=study.sources,
        notes=study.notes,
        checks=io.read_json(out / "checks.json"),
        cards=known,
        fits=fit_records(out),
        enrichment=io.read_json(out / "enrichment.json"),
        tables=read_tables(out, questions),
        sets=read_sets(out, questions),
        configured=io.read_table(out / "tables" / "configured_genes.tsv", CONFIGURED_COLUMNS),
        pictures=pictures(out / "figures"),
        alpha=alpha,
        comparison=study.comparison,
        further=study.timepoints.further,
        places=read_places(out, questions),
        evidence=read_evidence(out, questions),
        sheet=study.sheet,
        expression=quality.log2_expression(study),
    )
