"""Fingerprints of the code behind a stage: what it computes counts, comments and docstrings do not."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from dermshift.workflow.syntax import digests

PACKAGE = Path(__file__).resolve().parents[1]
BASE = (
    *("names.py", "errors.py", "study.py", "tables.py", "genes.py", "fdr.py", "checks/finding.py", "cli/options.py"),
    *("design/question.py", "engines/base.py", "io/bounded.py", "io/hdf5.py"),
    *(
        f"io/{name}.py"
        for name in ("atomic", "decode", "gene_files", "held", "json_files", "study_file", "table_files", "text")
    ),
)
"""Layers below every stage. A file that does not exist counts as empty."""

STAGES = {
    "load": ("io", "checks", "design", "dosing.py", "cli/load.py"),
    "test": ("design", "engines", "compiled.py", "threads.py", "cli/one_fit.py", "cli/test.py"),
    "enrich": (
        "design",
        "paired",
        "compiled.py",
        "threads.py",
        "enrich",
        "engines/configured.py",
        "engines/order.py",
        "engines/voom",
        "quality/expression.py",
        "evidence_names.py",
        "evidence_tables.py",
        "cli/outputs.py",
        "cli/one_fit.py",
        "cli/asking.py",
        "cli/enrich.py",
        "cli/enriched.py",
        "io/sets_cache.py",
    ),
    "evidence": (
        "design",
        "engines",
        "paired",
        "compiled.py",
        "threads.py",
        "evidence",
        "evidence_names.py",
        "evidence_tables.py",
        "enrich/mapping.py",
        "enrich/base.py",
        "quality/expression.py",
        "cli/outputs.py",
        "cli/one_fit.py",
        "cli/evidence.py",
        "cli/judged_items.py",
        "cli/judging.py",
        "cli/multiverse.py",
        "cli/specified.py",
    ),
    "dossier": (
        "checks/sex_gap.py",
        "design",
        "paired",
        "evidence",
        "evidence_names.py",
        "evidence_tables.py",
        "enrich/mapping.py",
        "enrich/base.py",
        "quality/expression.py",
        "cli/outputs.py",
        "cli/dossier.py",
        "cli/labels.py",
    ),
    "plot": (
        "io/figure_files.py",
        "io/png_files.py",
        "checks/sex.py",
        "checks/sex_gap.py",
        "checks/sex_levels.py",
        "quality",
        "figures",
        "palette.py",
        "design/words.py",
        "design/model_words.py",
        "evidence_names.py",
        "evidence_tables.py",
        "replication_names.py",
        "set_tables.py",
        "threads.py",
        "report/words.py",
        "cli/outputs.py",
        "cli/labels.py",
        "cli/drawing.py",
        "cli/plot.py",
    ),
    "report": (
        "report",
        "set_tables.py",
        "palette.py",
        "design/words.py",
        "design/model_words.py",
        "quality/expression.py",
        "engines/configured.py",
        "evidence_names.py",
        "evidence_tables.py",
        "cli/outputs.py",
        "cli/report.py",
    ),
    "workbook": (
        "design/words.py",
        "evidence_names.py",
        "evidence_tables.py",
        "report/grid.py",
        "report/headline.py",
        "report/summary.py",
        "report/words.py",
        "report/workbook.py",
        "report/workbook_rows.py",
        "report/workbook_sheets.py",
        "engines/configured.py",
        "cli/outputs.py",
        "cli/workbook.py",
    ),
    "bundle": (
        "report",
        "design/words.py",
        "engines/configured.py",
        "evidence_names.py",
        "evidence_tables.py",
        "cli/outputs.py",
        "threads.py",
        "cli/bundle.py",
    ),
    "board": (
        "design",
        "paired",
        "evidence_names.py",
        "evidence_tables.py",
        "replication",
        "replication_names.py",
        "io/figure_files.py",
        "io/png_files.py",
        "quality",
        "checks/sex.py",
        "checks/sex_gap.py",
        "checks/sex_levels.py",
        "threads.py",
        "figures",
        "palette.py",
        "report",
        "set_tables.py",
        "cli/outputs.py",
        "cli/labels.py",
        "cli/drawing.py",
        "cli/plot.py",
        "cli/boards.py",
        "cli/board.py",
    ),
}

LIBRARIES = {
    "load": ("anndata", "pandas"),
    "test": ("pydeseq2", "pylimma", "numba", "numpy", "scipy"),
    "enrich": ("gseapy", "numba", "numpy", "pylimma", "scipy"),
    "evidence": ("numpy", "pydeseq2", "pylimma", "scipy"),
    "dossier": ("numpy", "scipy"),
    "plot": ("matplotlib", "seaborn", "scanpy", "adjusttext"),
    "report": ("itables", "jinja2", "plotly"),
    "workbook": ("xlsxwriter",),
    "bundle": ("rocrate",),
    "board": ("jinja2", "matplotlib", "scipy", "seaborn", "statsmodels"),
}
"""Distributions whose version a stage's numbers or pictures depend on."""


def fingerprints(package: Path = PACKAGE) -> dict[str, str]:
    """Return for every stage a sha256 over its code, the layers below it, and the versions of its libraries.

    Python files enter as their syntax tree without docstrings, other files (templates) as bytes.
    """
    files = {stage: [f for part in (*BASE, *STAGES[stage]) for f in code_of(package / part)] for stage in STAGES}
    known = digests(dict.fromkeys(path for stage in files.values() for path in stage))
    return {
        stage: _fingerprint(stage, {path.relative_to(package): known[path] for path in files[stage]}) for stage in files
    }


def _fingerprint(stage: str, files: dict[Path, bytes]) -> str:
    digest = hashlib.sha256()
    for path, content in files.items():
        digest.update(path.as_posix().encode() + b"\0" + content)
    for library in LIBRARIES[stage]:
        digest.update(f"{library}=={version(library)}\0".encode())
    return digest.hexdigest()


def code_of(path: Path) -> list[Path]:
    """Return the files of a part of the package that change what a stage does."""
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.suffix in {".bib", ".css", ".gz", ".html", ".js", ".py"})
    return [path] if path.is_file() else []
