"""ro-crate-metadata.json: the bundle described in RO-Crate's vocabulary."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

NO_DATE = "1970-01-01"
"""RO-Crate asks for a date of publication; a bundle bears none, so that equal inputs give equal bytes."""

PLACEHOLDER = "datePublished is a placeholder: a bundle bears no date, so that equal inputs give equal bytes."

FORMATS = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".h5ad": "application/x-hdf5",
    ".json": "application/json",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".tsv": "text/tab-separated-values",
}


def crate(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the RO-Crate metadata of a bundle, made from its manifest; identifiers are the relative file names."""
    from rocrate.rocrate import ROCrate

    bundle = ROCrate()
    kind = "Synthetic paired expression study" if manifest["synthetic"] else "Paired expression study"
    bundle.name = f"{kind}: {manifest['study']}"
    bundle.description = f"Results of dermshift {manifest['dermshift']}. {PLACEHOLDER}"
    bundle.root_dataset["datePublished"] = NO_DATE
    for name, facts in manifest["files"].items():
        properties = {"name": name, "contentSize": str(facts["bytes"]), "sha256": facts["sha256"]}
        properties["encodingFormat"] = FORMATS[PurePosixPath(name).suffix]
        bundle.add_file(dest_path=name, properties=properties)
    bundle.add_file(dest_path="manifest.json", properties={"name": "manifest.json", "encodingFormat": FORMATS[".json"]})
    metadata: dict[str, Any] = bundle.metadata.generate()
    metadata["@graph"] = sorted(metadata["@graph"], key=lambda entity: str(entity["@id"]))
    return metadata
