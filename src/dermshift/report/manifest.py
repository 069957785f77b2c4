"""manifest.json: which files, from which inputs, with which versions, seeds and values."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from dermshift import __version__
from dermshift.evidence_tables import KINDS, WHOLE
from dermshift.report.words import portable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PACKAGES = (
    "anndata", "gseapy", "jinja2", "matplotlib", "numpy", "pandas", "pydeseq2", "pylimma", "rocrate", "scanpy", "scipy",
    "seaborn", "snakemake", "xlsxwriter",
)  # fmt: skip
TABLE_KINDS = ("", ".sets", ".running", ".configured_sets")
"""Tables with one file per question."""
OWN = ("README.txt", "tables.xlsx", "verify.py")
"""Files that are made for the bundle."""
FIGURE_SUFFIXES = (".svg", ".png", ".pdf", ".csv", ".json")


def output_files(
    questions: Iterable[str], fits: Iterable[str], figures: Iterable[str], evidence: Iterable[str] = ()
) -> list[str]:
    """Return the relative names of everything a study leaves behind, sorted, without files of earlier runs.

    Parameters
    ----------
    evidence
        Relative names of the files of the evidence stage (`evidence_files`).
    """
    names = ["checks.json", "designs.json", "study.h5ad", "enrichment.json", "report.html", "methods.md"]
    names += ["references.bib", *OWN]
    names += [f"tables/{name}.tsv" for name in ("configured_genes", "set_symbols", "set_overlaps")]
    names += ["figures/index.json"]
    names += [f"tables/{question}{kind}.tsv" for question in questions for kind in TABLE_KINDS]
    names += [f"fits/{fit}.json" for fit in fits]
    names += [f"figures/{figure}{suffix}" for figure in figures for suffix in FIGURE_SUFFIXES]
    return sorted({*names, *evidence})


def evidence_files(judged: Iterable[str], dossiers: Iterable[str]) -> list[str]:
    """Return the relative names of what the evidence stage leaves behind.

    Parameters
    ----------
    judged
        Ids of the questions that were judged.
    dossiers
        Names of the files of the dossiers, without suffix.
    """
    names = [f"evidence/{question}.json" for question in judged]
    names += [f"evidence/{question}.{kind}.tsv" for question in judged for kind in KINDS]
    names += [f"evidence/{name}.tsv" for name in WHOLE]
    names += [f"dossier/{name}{suffix}" for name in dossiers for suffix in (".json", ".html")]
    return [*names, "dossier/index.json"]


def manifest(
    folder: Path,
    names: Iterable[str],
    *,
    study: str,
    synthetic: bool,
    inputs: Iterable[dict[str, str]],
    config: dict[str, Any],
    headline: dict[str, Any],
) -> dict[str, Any]:
    """Return the manifest of the files `names` in `folder`: no date, no host, no absolute path.

    Parameters
    ----------
    inputs
        ``path``, ``sha256`` and ``role`` of every file that was read.
    config
        The configuration as read.
    headline
        The numbers of the summary (`report.headline.headline`), which `report.verify` counts again.
    """
    return {
        "study": study,
        "synthetic": synthetic,
        "dermshift": __version__,
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "seeds": {"analysis": config.get("analysis", {}).get("seed")},
        "config": portable(config),
        "headline": headline,
        "inputs": [portable(item) for item in inputs],
        "files": {name: hashed(folder / name) for name in names},
    }


def hashed(path: Path) -> dict[str, Any]:
    """Return the sha256 and size of a file."""
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
