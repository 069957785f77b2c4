from __future__ import annotations

import json
import os
import zipfile
from io import BytesIO

import pytest

from dermshift import io
from dermshift.report.archive import COMPRESSED, EPOCH, LEVEL, READABLE, archive
from dermshift.report.inventory import described, media_type
from dermshift.report.manifest import evidence_files, output_files
from dermshift.report.readme import readme


@pytest.mark.parametrize("threads", [1, 3])
def test_a_zip_is_the_one_zipfile_writes(tmp_path, threads):
    for place, name in enumerate(["b.txt", "a.png", "empty.tsv", "c/d.json"]):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"" if name == "empty.tsv" else name.encode() * 5000 * place)
    names = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in sorted(names):
            entry = zipfile.ZipInfo(f"top/{name}", date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(COMPRESSED) else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, READABLE
            packed.writestr(entry, (tmp_path / name).read_bytes(), compresslevel=LEVEL)
    assert archive(tmp_path, names, "top", threads) == buffer.getvalue()


def test_the_manifest_knows_no_machine(bundle_folder):
    listed = io.read_json(bundle_folder / "manifest.json")
    text = json.dumps(listed)
    assert "/srv/" not in text
    assert str(bundle_folder) not in text
    assert listed["seeds"] == {"analysis": 7}
    response = {"id": "response", "title": "all patients", "patients": 4, "tested": 3, "up": 1, "down": 1}
    assert listed["headline"] == {"alpha": 0.05, "questions": [response]}


def test_equal_files_give_equal_bytes_whatever_their_dates(bundle_folder):
    names = ["methods.md", "tables/response.tsv"]
    first = archive(bundle_folder, names, "trial")
    os.utime(bundle_folder / "methods.md", (0, 0))
    assert archive(bundle_folder, reversed(names), "trial") == first


def test_entries_are_relative_sorted_and_undated(packed):
    with zipfile.ZipFile(packed[0]) as opened:
        entries = opened.infolist()
    names = [entry.filename for entry in entries]
    assert names == sorted(names)
    assert all(name.startswith("trial/") and ".." not in name for name in names)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}


def test_only_what_is_compressed_already_is_stored(tmp_path):
    names = ["a.png", "a.pdf", "a.xlsx", "a.svg", "a.tsv"]
    for name in names:
        (tmp_path / name).write_bytes(b"0123456789" * 100)
    (tmp_path / "bundle.zip").write_bytes(archive(tmp_path, names, "trial"))
    with zipfile.ZipFile(tmp_path / "bundle.zip") as opened:
        assert opened.testzip() is None
        sizes = {entry.filename.removeprefix("trial/a."): entry.compress_size for entry in opened.infolist()}
    assert all(sizes.pop(kind) == 1000 for kind in ("png", "pdf", "xlsx"))
    assert max(sizes.values()) < 100


def test_output_files_are_sorted_and_named_once():
    names = output_files(["response"], ["response", "response"], ["pca"])
    assert names == sorted(set(names))
    wanted = {"tables/response.sets.tsv", "fits/response.json", "figures/pca.svg", "tables.xlsx", "references.bib"}
    assert wanted <= set(names)


def test_every_file_of_a_bundle_is_described():
    names = output_files(["response"], ["response"], ["pca"], evidence_files(["response"], ["LCN2"]))
    for name in [*names, "identifiers.tsv", "probes.tsv", "manifest.json", "ro-crate-metadata.json"]:
        assert described(name)[1].endswith(".")
        assert "/" in media_type(name)
    assert described("tables/response.sets.tsv")[0] == "tables/*.sets.tsv"


def test_the_readme_lists_what_is_there_and_says_what_was_found(make_tables):
    names = ["report.html", "tables/response.tsv", "verify.py"]
    text = readme("trial", make_tables().headline, names, synthetic=True, comparison="week1 vs baseline")
    assert "SYNTHETIC" in text
    assert "Start here" in text
    assert "probes.tsv" not in text
    assert ["all", "patients", "4", "3", "1", "1"] in [line.split() for line in text.splitlines()]
    assert max(map(len, text.splitlines())) <= 140
