from __future__ import annotations

import json
import zipfile

import pytest

from dermshift.errors import FormatError
from dermshift.report.archive import archive
from dermshift.report.crate import crate
from dermshift.report.manifest import manifest, output_files
from dermshift.report.verify import verify

NAMES = ["methods.md", "tables/response.tsv"]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "methods.md").write_text("# Methods\n")
    (tmp_path / "tables" / "response.tsv").write_text("gene_id\nG1\n")
    return tmp_path


def listed(folder):
    inputs = [{"path": "/srv/someone/counts.tsv", "sha256": "ab", "role": "matrix"}]
    config = {"study": {"matrix": "/srv/someone/counts.tsv"}, "analysis": {"seed": 7}}
    return manifest(folder, NAMES, study="trial", synthetic=True, inputs=inputs, config=config)


def pack(folder):
    (folder / "manifest.json").write_text(json.dumps(listed(folder)))
    (folder / "bundle.zip").write_bytes(archive(folder, [*NAMES, "manifest.json"], "trial"))
    return folder / "bundle.zip"


def test_the_manifest_knows_no_machine(folder):
    text = json.dumps(listed(folder))
    assert "/srv/" not in text
    assert str(folder) not in text
    assert listed(folder)["seeds"] == {"analysis": 7}


def test_equal_files_give_equal_bytes_whatever_their_dates(folder):
    import os

    first = archive(folder, NAMES, "trial")
    os.utime(folder / "methods.md", (0, 0))
    assert archive(folder, reversed(NAMES), "trial") == first
    assert crate(listed(folder)) == crate(listed(folder))


def test_entries_are_relative_sorted_and_undated(folder):
    with zipfile.ZipFile(pack(folder)) as packed:
        entries = packed.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert all(name.startswith("trial/") and ".." not in name for name in names)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_the_crate_names_every_file_and_bears_no_date_of_today(folder):
    graph = crate(listed(folder))["@graph"]
    identifiers = {entity["@id"] for entity in graph}
    assert {*NAMES, "manifest.json", "./", "ro-crate-metadata.json"} <= identifiers
    root = next(entity for entity in graph if entity["@id"] == "./")
    assert root["datePublished"] == "1970-01-01"
    assert "Synthetic" in root["name"]


def test_a_sound_bundle_passes_and_every_tampering_is_named(folder):
    bundle = pack(folder)
    assert verify(bundle) == len(NAMES)
    with zipfile.ZipFile(bundle) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    contents["trial/methods.md"] = b"# Other methods\n"
    contents["trial/extra.txt"] = b""
    del contents["trial/tables/response.tsv"]
    with zipfile.ZipFile(bundle, "w") as packed:
        for name, content in contents.items():
            packed.writestr(name, content)
    with pytest.raises(FormatError) as caught:
        verify(bundle)
    found = {problem.where.split(": ")[1]: problem.found for problem in caught.value.problems}
    assert found == {"methods.md": "changed", "extra.txt": "not in the manifest", "tables/response.tsv": "missing"}


def test_what_is_no_bundle_is_refused(folder):
    (folder / "no.zip").write_text("no zip")
    with pytest.raises(FormatError, match=r"bundle\.zip"):
        verify(folder / "no.zip")


def test_output_files_are_sorted_and_named_once():
    names = output_files(["response"], ["response", "response"], ["pca"])
    assert names == sorted(set(names))
    assert {"tables/response.sets.tsv", "fits/response.json", "figures/pca.svg"} <= set(names)
