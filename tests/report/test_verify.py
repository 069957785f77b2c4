"""A bundle that is not what it claims to be is refused, by dermshift and by the file inside the bundle."""

from __future__ import annotations

import ast
import hashlib
import json
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dermshift import cli
from dermshift.fdr import benjamini_hochberg
from dermshift.report import verify as module
from dermshift.report.verify import Refused, verify

TABLE = "trial/tables/response.tsv"


def write(bundle, entries, **options):
    """Write a zip of (name or entry, content) pairs."""
    with zipfile.ZipFile(bundle, "w", **options) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return bundle


def relisted(contents):
    """Return contents whose manifest fits them, as a forger would make it."""
    manifest = json.loads(contents["trial/manifest.json"])
    for name in manifest["files"]:
        content = contents[f"trial/{name}"]
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    return contents | {"trial/manifest.json": json.dumps(manifest).encode()}


def reasons(bundle):
    with pytest.raises(Refused) as caught:
        verify(bundle)
    for reason in caught.value.reasons:
        assert len(reason) == 4
        assert all(reason)
    return [(where.split(": ")[-1], found) for where, found, _, _ in caught.value.reasons]


def test_a_sound_bundle_passes_packed_and_unpacked(packed, bundle_folder):
    bundle, contents = packed
    said = verify(bundle)
    assert said[0] == f"{bundle}: 4 files, each as in manifest.json"
    assert said[2].split() == ["3", "1", "1", "all", "patients"]
    assert said[-1].endswith(hashlib.sha256(contents["trial/manifest.json"]).hexdigest())
    (bundle_folder / ".DS_Store").touch()  # a desktop leaves it in every folder
    assert verify(bundle_folder)[1:] == said[1:]


def test_changed_added_and_missing_files_are_all_named(packed):
    bundle, contents = packed
    contents["trial/methods.md"] = b"# methods\n"
    contents["trial/designs.json"] += b"\n"
    contents["trial/extra.txt"] = b""
    del contents["trial/tables/configured_genes.tsv"]
    found = dict(reasons(write(bundle, contents.items())))
    assert found["methods.md"] == "changed: another sha256"
    assert found["designs.json"].startswith("changed: ")
    assert found["extra.txt"] == "not in manifest.json"
    assert found["tables/configured_genes.tsv"] == "missing"


@pytest.mark.parametrize("share", [0, 0.01, 0.5, 0.9, 0.999])
def test_a_truncated_bundle_is_refused(packed, share):
    bundle, _ = packed
    content = bundle.read_bytes()
    bundle.write_bytes(content[: int(share * len(content))])
    assert "no zip that can be read" in reasons(bundle)[0][1]


@pytest.mark.parametrize(
    "name",
    ["../out.txt", "trial/../../out.txt", "/etc/out.txt", "trial//out.txt", "trial\\..\\out.txt", "C:/out.txt",
     "trial/\x1b[2Jout", "other/out.txt", "trial/folder/", "trial/./out.txt"],
)  # fmt: skip
def test_names_that_lead_elsewhere_are_refused(packed, name):
    bundle, contents = packed
    found = [what for _, what in reasons(write(bundle, [*contents.items(), (name, b"x")]))]
    assert any("lead out of the folder" in what or "outside the folder" in what for what in found)


def test_links_locked_files_and_other_packings_are_refused(packed):
    bundle, contents = packed
    link = zipfile.ZipInfo("trial/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    assert ("trial/link", "a link or device") in reasons(write(bundle, [*contents.items(), (link, b"/etc/passwd")]))
    assert "packed in a way" in reasons(write(bundle, contents.items(), compression=zipfile.ZIP_LZMA))[0][1]
    content = bytearray(write(bundle, contents.items()).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    bundle.write_bytes(content)
    assert "password" in reasons(bundle)[0][1]


def test_a_link_in_an_unpacked_folder_is_refused(bundle_folder):
    (bundle_folder / "link").symlink_to("/etc/passwd")
    assert reasons(bundle_folder) == [("link", "a link")]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_given_twice_is_refused(packed):
    bundle, contents = packed
    twice = [*contents.items(), (TABLE, b"gene_id\n")]
    assert reasons(write(bundle, twice)) == [(TABLE, "the same name more than once")]


def test_a_bomb_is_refused_before_it_is_unpacked(packed, monkeypatch):
    bundle, contents = packed
    monkeypatch.setattr(module, "SMALL", 0)
    write(bundle, [*contents.items(), ("trial/big.txt", bytes(2**24))], compression=zipfile.ZIP_DEFLATED)
    with pytest.raises(Refused, match="bytes once unpacked"):
        verify(bundle)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b"\xff", b"[" * 10**5, b'{"files": {"methods.md": {}}}', b'{"files": []}',
     b'{"files": {"methods.md": {"sha256": "0", "bytes": 1}}}',
     b'{"files": {"../methods.md": {"sha256": "' + b"0" * 64 + b'", "bytes": 1}}}'],
)  # fmt: skip
def test_a_manifest_that_says_nothing_usable_is_refused(packed, manifest):
    bundle, contents = packed
    reasons(write(bundle, (contents | {"trial/manifest.json": manifest}).items()))


def edited(contents, change):
    manifest = json.loads(contents["trial/manifest.json"])
    change(manifest["headline"])
    return contents | {"trial/manifest.json": json.dumps(manifest).encode()}


def test_a_wrong_headline_is_refused(packed):
    bundle, contents = packed
    wrong = edited(contents, lambda said: said["questions"][0].update(up=7))
    assert reasons(write(bundle, wrong.items())) == [("tables/response.tsv", "1 genes up")]
    wrong = edited(contents, lambda said: said.update(alpha=0.6))
    assert ("tables/response.tsv", "2 genes up") in reasons(write(bundle, wrong.items()))
    wrong = edited(contents, lambda said: said["questions"].clear())
    assert reasons(write(bundle, wrong.items())) == [("manifest.json", "a headline of other questions")]
    wrong = edited(contents, lambda said: said.pop("alpha"))
    assert "cannot be computed again" in reasons(write(bundle, wrong.items()))[0][1]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"\t0.003\t", b"\t0.002\t", "1 genes whose fdr does not follow from p_value, e.g. G0"),
        (b"\t1.5\t", b"\t1.25\t", "another row of the gene G0"),
        (b"\tmediator\t", b"\tNA\t", "another row of the gene G0"),
        (b"tested\n", b"outlier\n", "3 genes whose fdr does not follow from p_value, e.g. G0"),
    ],
)
def test_tables_that_contradict_themselves_are_refused_though_every_hash_fits(packed, old, new, found):
    bundle, contents = packed
    assert old in contents[TABLE]
    forged = relisted(contents | {TABLE: contents[TABLE].replace(old, new)})
    assert found in [what for _, what in reasons(write(bundle, forged.items()))]


@pytest.mark.parametrize("table", [b"", b"gene_id\nG0\n", b"\xff\xfe", b'"', b"gene_id\tstatus\nG0\ttested\n"])
def test_tables_of_another_shape_are_refused(packed, table):
    bundle, contents = packed
    assert reasons(write(bundle, relisted(contents | {TABLE: table}).items()))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(place=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
def test_a_flipped_byte_is_refused_or_touches_no_file(packed, tmp_path, place, flip):
    content = bytearray(packed[0].read_bytes())
    content[int(place * len(content))] ^= flip
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(content)
    try:
        verify(damaged)
    except Refused:
        return
    with zipfile.ZipFile(damaged) as opened:
        names = [name.partition("/")[2] for name in opened.namelist()]
        assert {f"trial/{name}": opened.read(opened.namelist()[i]) for i, name in enumerate(names)} == packed[1]


@given(st.lists(st.floats(1e-300, 1), min_size=1, max_size=50))
def test_its_false_discovery_rate_is_that_of_the_tables(p):
    np.testing.assert_allclose(module.benjamini_hochberg(p), benjamini_hochberg(p), rtol=1e-12)


def test_it_runs_with_python_alone(packed, tmp_path):
    bundle, _ = packed
    copy = tmp_path / "verify.py"
    copy.write_bytes(Path(module.__file__).read_bytes())
    ast.parse(copy.read_text(), feature_version=(3, 8))
    alone = [sys.executable, "-I", "-S", str(copy)]
    done = subprocess.run([*alone, str(bundle)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{bundle}: 4 files")
    bundle.write_bytes(b"no zip")
    done = subprocess.run([*alone, str(bundle)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert [part in done.stderr for part in ("found:", "expected:", "do:", "Traceback")] == [True] * 3 + [False]


def test_the_command_line_says_the_same(packed, capsys, monkeypatch):
    bundle, contents = packed
    monkeypatch.setattr(sys, "argv", ["dermshift", "verify", str(bundle)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    assert capsys.readouterr().out.splitlines() == verify(bundle)
    write(bundle, (contents | {"trial/methods.md": b"x"}).items())
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "changed: 1 bytes instead of 10" in capsys.readouterr().err
