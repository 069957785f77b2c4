"""ro-crate-metadata.json: the bundle described in RO-Crate's vocabulary."""

from __future__ import annotations

from typing import Any

from dermshift.report.inventory import described, media_type

NO_DATE = "1970-01-01"
"""RO-Crate asks for a date of publication; a bundle bears none, so that equal inputs give equal bytes."""

PLACEHOLDER = "datePublished is a placeholder: a bundle bears no date, so that equal inputs give equal bytes."

RIGHTS = {
    "@type": "CreativeWork",
    "name": "No licence stated",
    "description": "Whoever made the study decides who may use it, and for what: ask before passing it on.",
}
"""RO-Crate asks for a licence; dermshift cannot grant one for somebody's data."""


def crate(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the RO-Crate metadata of a bundle, made from its manifest; identifiers are the relative file names."""
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    bundle = ROCrate()
    kind = "Synthetic paired expression study" if manifest["synthetic"] else "Paired expression study"
    bundle.name = f"{kind}: {manifest['study']}"
    bundle.description = f"Results of dermshift {manifest['dermshift']}. {PLACEHOLDER}"
    bundle.root_dataset["datePublished"] = NO_DATE
    bundle.license = bundle.add(ContextEntity(bundle, "#rights", properties=RIGHTS))
    for name, facts in manifest["files"].items():
        known = {"contentSize": str(facts["bytes"]), "sha256": facts["sha256"]}
        bundle.add_file(dest_path=name, properties=_file(name) | known)
    bundle.add_file(dest_path="manifest.json", properties=_file("manifest.json"))
    _provenance(bundle, manifest)
    metadata: dict[str, Any] = bundle.metadata.generate()
    metadata["@graph"] = sorted(metadata["@graph"], key=lambda entity: str(entity["@id"]))
    return metadata


def _file(name: str) -> dict[str, str]:
    return {"name": name, "description": described(name)[1], "encodingFormat": media_type(name)}


def _provenance(bundle: Any, manifest: dict[str, Any]) -> None:
    """Say which program read which files; they are named by their hash, since they are not in the bundle."""
    from rocrate.model import ContextEntity

    program = {"@type": "CreativeWork", "name": "dermshift", "version": manifest["dermshift"]}  # software needs a url
    used = bundle.add(ContextEntity(bundle, "#dermshift", properties=program))
    read = [
        bundle.add(ContextEntity(bundle, f"#sha256-{item['sha256']}", properties=_input(item)))
        for item in manifest["inputs"]
    ]
    action = {"@type": "CreateAction", "name": "Analysis", "description": "What was read, and what came of it."}
    run = bundle.add(ContextEntity(bundle, "#analysis", properties=action))
    run["instrument"], run["object"], run["result"] = used, read, bundle.root_dataset
    bundle.root_dataset["mentions"] = run


def _input(item: dict[str, Any]) -> dict[str, str]:
    known = {"name": item["path"], "description": f"Read as {item['role']}; not in the bundle."}
    return {"@type": "CreativeWork", **known, "sha256": item["sha256"]}
