"""``dermshift bundle``: manifest, RO-Crate metadata and the zip of everything."""

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


def bundle(out: Folder, values: Values = "{}") -> None:
    """Write OUT/manifest.json, OUT/ro-crate-metadata.json and OUT/bundle.zip."""
    from dermshift import io
    from dermshift.cli.outputs import cards
    from dermshift.io.atomic import write_bytes
    from dermshift.report.archive import archive
    from dermshift.report.crate import crate
    from dermshift.report.manifest import manifest, output_files

    study, recorded = io.read_study(out / "study.h5ad"), json.loads(values)
    known = cards(out)
    drawn = io.read_json(out / "figures" / "index.json")
    questions = [card["id"] for card in known]
    tables = [name for name in ("identifiers.tsv", "probes.tsv") if (out / name).is_file()]
    extra = [*tables, *evidence(out, questions)]
    names = output_files(questions, [card["fit_id"] for card in known], drawn, extra)
    listed = manifest(
        out, names, study=study.name, synthetic=study.synthetic, inputs=inputs(study, out, recorded), config=recorded
    )
    io.write_json(listed, out / "manifest.json")
    io.write_json(crate(listed), out / "ro-crate-metadata.json")
    packed = [*names, "manifest.json", "ro-crate-metadata.json"]
    write_bytes(archive(out, packed, study.name), out / "bundle.zip")


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
