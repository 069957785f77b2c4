"""``dermshift bundle``: README, manifest, RO-Crate metadata and the zip of everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from dermshift.cli.options import Folder  # noqa: TC001 -- typer reads annotations at run time

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from dermshift.study import Study

Values = Annotated[str, typer.Option("--values", help="The configuration as JSON, for the manifest.")]

Threads = Annotated[int, typer.Option(min=0, help="Files that are compressed side by side; 0 for every core.")]


def bundle(out: Folder, values: Values = "{}", threads: Threads = 1) -> None:
    """Write OUT/README.txt, verify.py, manifest.json, ro-crate-metadata.json and bundle.zip."""
    from dermshift import io
    from dermshift.io.atomic import write_bytes
    from dermshift.report.archive import archive
    from dermshift.report.crate import crate
    from dermshift.report.manifest import hashed, manifest
    from dermshift.threads import available_threads

    study, recorded = io.read_study(out / "study.h5ad"), json.loads(values)
    names, headline = contents(out), counted(out)
    write_own(out, study, names, headline)
    listed = manifest(
        out,
        names,
        study=study.name,
        synthetic=study.synthetic,
        inputs=inputs(study, out, recorded),
        config=recorded,
        headline=headline,
    )
    io.write_json(crate(listed), out / "ro-crate-metadata.json")
    listed["files"]["ro-crate-metadata.json"] = hashed(out / "ro-crate-metadata.json")
    io.write_json(listed, out / "manifest.json")
    write_bytes(
        archive(out, [*listed["files"], "manifest.json"], study.name, threads or available_threads()),
        out / "bundle.zip",
    )


def contents(out: Path) -> list[str]:
    """Return the relative names of every file the bundle describes, those that are made for it included."""
    from dermshift import io
    from dermshift.cli.outputs import cards
    from dermshift.report.manifest import output_files

    known = cards(out)
    drawn = io.read_json(out / "figures" / "index.json")
    questions = [card["id"] for card in known]
    tables = [name for name in ("identifiers.tsv", "probes.tsv") if (out / name).is_file()]
    return output_files(questions, [card["fit_id"] for card in known], drawn, [*tables, *evidence(out, questions)])


def counted(out: Path) -> dict[str, Any]:
    """Count the headline at the false discovery rate of the run."""
    from dermshift import io
    from dermshift.cli.outputs import cards, read_tables
    from dermshift.report.headline import headline

    known = cards(out)
    alpha = io.read_json(out / "enrichment.json")["options"]["alpha"]
    return headline(known, read_tables(out, [card["id"] for card in known]), alpha)


def write_own(out: Path, study: Study, names: list[str], headline: dict[str, Any]) -> None:
    """Write the files that are made for the bundle."""
    from pathlib import Path

    from dermshift.io.atomic import write_bytes
    from dermshift.report import verify
    from dermshift.report.readme import readme
    from dermshift.report.words import plain

    compared = f"{plain(study.timepoints.after)} vs {plain(study.timepoints.before)}"
    packed = [*names, "ro-crate-metadata.json", "manifest.json"]
    text = readme(study.name, headline, packed, synthetic=study.synthetic, comparison=compared)
    write_bytes(text.encode(), out / "README.txt")
    write_bytes(Path(verify.__file__).read_bytes(), out / "verify.py")


def evidence(out: Path, questions: list[str]) -> list[str]:
    """Return the relative names of the files of the evidence stage; none where it did not run."""
    from dermshift import io
    from dermshift.report.manifest import evidence_files

    index = out / "dossier" / "index.json"
    if not index.is_file():
        return []
    judged = [name for name in questions if (out / "evidence" / f"{name}.json").is_file()]
    return evidence_files(judged, io.read_json(index))


def inputs(study: Study, out: Path, recorded: dict[str, Any]) -> list[dict[str, str]]:
    """Return every file that was read for the study, with its sha256; the questions may come from a file too."""
    from dermshift import io

    read = [{"path": source.path, "sha256": source.sha256, "role": source.role} for source in study.sources]
    sets = io.read_json(out / "enrichment.json")["gene_sets"]
    asked = [path for path in [recorded.get("contrasts")] if path]
    read += [{"path": path, "sha256": io.sha256(path), "role": "contrasts"} for path in asked]
    return read + [{**file, "role": "gene sets"} for file in sets]
