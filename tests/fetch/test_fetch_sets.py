from __future__ import annotations

import hashlib
import io
import json
import stat
import zipfile
from typing import TYPE_CHECKING

import pytest

from dermshift.cli.enriched import described
from dermshift.config import read_config
from dermshift.errors import ConfigError, FetchError, FormatError
from dermshift.io import fetch_zip, read_gmt, sets_cache
from dermshift.io.fetch_job import Options
from dermshift.io.fetch_sets import fetch_sets
from dermshift.io.sets_cache import parse

if TYPE_CHECKING:
    from pathlib import Path

HALLMARK = b"".join(b"HALLMARK_%d\thttps://x/%d\tA%d\tB\tC\n" % (i, i, i) for i in range(50))
PATHWAYS = b"TRAIL  signaling\tR-HSA-75158\tTNFSF10\tCASP8\nApoptosis\tR-HSA-109581\tCASP3\n"
H_PATH, R_PATH = "/2024.1.Hs/h.all.v2024.1.Hs.symbols.gmt", "/current/ReactomePathways.gmt.zip"
QUICK = ("--wait", "0", "--timeout", "2", "--tries", "2")
MODIFIED = {"Last-Modified": "Fri, 12 Sep 2025 08:00:00 GMT"}


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", packing) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def link() -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("pathways.gmt")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


GOOD = zipped(("ReactomePathways.gmt", PATHWAYS))


@pytest.fixture
def publisher(mirror, monkeypatch):
    """The mirror as MSigDB and Reactome."""
    monkeypatch.setenv(sets_cache.BASE, mirror.address)
    mirror.files |= {H_PATH: HALLMARK, R_PATH: GOOD}
    mirror.headers |= MODIFIED
    return mirror


def get(*texts: str, **how):
    options = Options(tries=how.pop("tries", 2), wait=0, timeout=2, **how)
    return [fetched for _, fetched in fetch_sets([parse(text) for text in texts], options=options)]


def refusal(*texts: str, **how) -> str:
    with pytest.raises((FetchError, FormatError)) as error:
        get(*texts, **how)
    assert all(error.value.problems[0].as_dict().values())
    return str(error.value)


def test_a_collection_is_fetched_with_its_release(publisher, cache):
    (fetched,) = get("hallmark")
    assert fetched.new
    assert fetched.path == cache / "sets/2024.1.Hs/hallmark.gmt"
    record = json.loads(fetched.path.with_name("hallmark.gmt.json").read_text())
    assert record["address"] == publisher.address + H_PATH
    assert record["release"] == "2024.1.Hs"
    assert record["sha256"] == hashlib.sha256(HALLMARK).hexdigest()
    assert record["size"] == len(HALLMARK)
    assert [one.collection for one in read_gmt(fetched.path)] == ["hallmark"] * 50
    (again,) = get("hallmark", offline=True)
    assert (again.record, again.new) == (fetched.record, False)
    assert publisher.paths == [H_PATH]


def test_a_packed_collection_is_unpacked_and_dated(publisher, cache):
    (fetched,) = get("reactome")
    assert fetched.path.read_bytes() == PATHWAYS
    assert fetched.record.release == "current, last modified 2025-09-12"
    assert fetched.record.sha256 == hashlib.sha256(PATHWAYS).hexdigest()
    assert [one.name for one in read_gmt(fetched.path)] == ["TRAIL signaling", "Apoptosis"]
    assert get("reactome")[0].record == fetched.record
    assert len(publisher.requests) == 1


def test_an_altered_file_comes_back_from_its_archive_without_the_network(publisher):
    (fetched,) = get("reactome")
    fetched.path.write_bytes(b"other\tset\tGENE\n")
    with pytest.raises(FormatError, match="dermshift fetch sets reactome"):
        read_gmt(fetched.path)
    assert get("reactome", offline=True)[0].path.read_bytes() == PATHWAYS
    assert len(publisher.requests) == 1


def test_an_archive_without_a_date_says_so(publisher):
    del publisher.headers["Last-Modified"]
    assert get("reactome")[0].record.release == "current, date unknown"


def test_new_content_needs_a_refresh(publisher):
    (first,) = get("reactome")
    publisher.files[R_PATH] = zipped(("ReactomePathways.gmt", PATHWAYS + b"New\tR\tA\n"))
    first.path.unlink()
    assert get("reactome")[0].record.sha256 == first.record.sha256
    assert get("reactome", refresh=True)[0].path.read_bytes().endswith(b"New\tR\tA\n")
    assert len(read_gmt(first.path)) == 3


def test_other_releases_stand_beside_each_other(publisher, cache):
    publisher.files["/2023.2.Hs/h.all.v2023.2.Hs.symbols.gmt"] = HALLMARK[:-2] + b"D\n"
    assert [one.path.parent.name for one in get("hallmark", "hallmark/2023.2.Hs")] == ["2024.1.Hs", "2023.2.Hs"]
    assert {parse("go").address("http://x"), parse("go/2023.1.Hs").address("http://x/")} == {
        f"http://x/{release}/c5.go.bp.v{release}.symbols.gmt" for release in ("2024.1.Hs", "2023.1.Hs")
    }


@pytest.mark.parametrize("text", ["kegg", "", "Hallmark", "hallmark/", "hallmark/2024.1.Mm", "reactome/../x", "go/."])
def test_unknown_collections_and_releases_are_refused(text):
    with pytest.raises(ConfigError, match=r"no collection of that name|no release of"):
        parse(text)


def test_a_truncated_file_goes_on_where_it_stopped(publisher, bad):
    publisher.behaviours = [bad.truncate(1000)]
    assert get("hallmark")[0].path.read_bytes() == HALLMARK
    assert publisher.ranges() == [None, "bytes=1000-"]


def test_a_file_that_stays_truncated_is_not_there(publisher, bad, cache):
    publisher.behaviours = [bad.truncate(10)] * 2
    assert "the whole file" in refusal("hallmark")
    assert not list(cache.rglob("*.gmt"))


def test_half_an_archive_is_seen(publisher, bad, cache):
    publisher.behaviours = [bad.send(GOOD[:-30], kind="application/zip")] * 2
    assert "incomplete or damaged zip" in refusal("reactome")
    assert not [path for path in cache.rglob("*") if path.suffix in {".gmt", ".zip"}]


def test_an_absent_release_says_what_to_do(publisher):
    words = refusal("hallmark/2019.1.Hs")
    assert "404" in words
    assert "dermshift fetch sets hallmark/2023.2.Hs" in words
    assert len(publisher.requests) == 1


@pytest.mark.parametrize("text", ["hallmark", "reactome"])
def test_a_web_page_is_no_collection(publisher, bad, cache, text):
    publisher.behaviours = [bad.send(b"<!DOCTYPE html><p>Log in")]
    assert "a web page (HTML)" in refusal(text)
    assert not list(cache.rglob("*.gmt*"))


def test_text_that_holds_no_sets_is_refused(publisher, cache):
    publisher.files[H_PATH] = b"not found\n"
    assert "no gene sets as GMT: no symbols" in refusal("hallmark")
    assert not list(cache.rglob("*.gmt"))


ARCHIVES = {
    "two files": (zipped(("a.gmt", PATHWAYS), ("b.gmt", PATHWAYS)), "2 files"),
    "no file": (zipped(), "0 files"),
    "traversal": (zipped(("../../evil.gmt", PATHWAYS)), "a path: '../../evil.gmt'"),
    "absolute": (zipped(("/tmp/evil.gmt", PATHWAYS)), "a path"),
    "drive": (zipped(("C:\\evil.gmt", PATHWAYS)), "a path"),
    "link": (zipped((link(), b"/etc/passwd")), "a link"),
    "suffix": (zipped(("evil.sh", PATHWAYS)), "another kind of file"),
    "packing": (zipped(("a.gmt", PATHWAYS), packing=zipfile.ZIP_LZMA), "packing number 14"),
    "bomb": (zipped(("a.gmt", b"0" * 5000)), "unpacks to 5000 bytes"),
    "no sets": (zipped(("a.gmt", b"text\n")), "no symbols"),
    "checksum": (zipped(("a.gmt", PATHWAYS), packing=0).replace(b"CASP8", b"CASP9"), "Bad CRC-32"),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_that_are_not_opened(publisher, monkeypatch, tmp_path, cache, name):
    monkeypatch.setattr(fetch_zip, "LARGEST", 4096)
    publisher.files[R_PATH], words = ARCHIVES[name]
    assert words in refusal("reactome")
    assert not list(tmp_path.rglob("*.gmt"))
    assert {path.name for path in tmp_path.iterdir()} == {"cache"}


def test_an_archive_that_lies_about_its_size_unpacks_no_further(publisher, monkeypatch, cache):
    lie = bytearray(zipped(("a.gmt", b"0" * 50_000)))
    for start in (lie.index(b"PK\x01\x02") + 24, lie.index(b"PK\x03\x04") + 22):
        lie[start : start + 4] = (100).to_bytes(4, "little")
    publisher.files[R_PATH] = bytes(lie)
    assert "Bad CRC-32" in refusal("reactome")
    assert not list(cache.rglob("*.gmt"))


def test_a_refresh_that_fails_leaves_the_old_collection(publisher, bad):
    (fetched,) = get("reactome")
    publisher.files[R_PATH] = ARCHIVES["two files"][0]
    refusal("reactome", refresh=True)
    assert fetched.path.read_bytes() == PATHWAYS
    assert read_gmt(fetched.path)


@pytest.mark.parametrize("text", ["hallmark", "reactome"])
def test_a_file_placed_by_hand_is_taken(publisher, text):
    path = parse(text).path
    path.parent.mkdir(parents=True)
    path.write_bytes(HALLMARK)
    (fetched,) = get(text, offline=True)
    assert (fetched.record.origin, fetched.new) == ("placed by hand", False)
    assert publisher.requests == []


def test_the_verb_prints_release_and_licence(publisher, command, cache):
    code, out, err = command("fetch", "sets", "hallmark", "reactome", *QUICK)
    assert (code, err) == (0, "")
    assert f"{cache / 'sets/2024.1.Hs/hallmark.gmt'}\n  {len(HALLMARK)} bytes, fetched\n" in out
    assert "release 2024.1.Hs, licence CC BY 4.0" in out
    assert "release current, last modified 2025-09-12, licence CC0 1.0" in out
    assert out.endswith("next: name under gene_sets: sets:hallmark, sets:reactome\n")
    base = ("--offline", "--base", "http://127.0.0.1:9", "--release", "2024.1.Hs")
    assert "in the cache, fetched on" in command("fetch", "sets", "hallmark", *base)[1]


@pytest.mark.parametrize(
    "words",
    [
        ["sets"],
        ["sets", "kegg", "x"],
        ["sets", "reactome", "--release", "2024.1.Hs"],
        ["sets", "hallmark", "--base", "file:///etc"],
        ["GSE10433", "--release", "2024.1.Hs"],
        ["GSE10433", "sets", "hallmark"],
    ],
)
def test_wrong_words_are_refused_before_any_request(publisher, command, words):
    code, _, err = command("fetch", *words)
    assert code == 2
    assert all(part in err for part in ("found:", "expected:", "do:"))
    assert publisher.requests == []


@pytest.fixture
def config(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    text = (root / "config/config.yaml").read_text()
    assert "gene_sets:\n" in text
    path = tmp_path / "config.yaml"

    def write(*sets: str, declared: str = "hallmark") -> Path:
        lines = text.replace("gene_sets:\n", "gene_sets:\n" + "".join(f"  - {one}\n" for one in sets))
        path.write_text(lines.replace("declared:", f"declared: [apoptosis, {declared}] #"))
        return path

    return write


def test_a_config_names_a_collection(publisher, config):
    (fetched,) = get("hallmark")
    read = read_config(config("sets:hallmark"))
    assert str(fetched.path) in read.set_files
    assert "sets:hallmark" in read.gene_sets
    assert "hallmark" in read.declared


def test_a_check_says_how_to_get_an_absent_collection(publisher, config, command, cache):
    code, _, err = command("check", str(config("sets:hallmark", "sets:reactome")))
    assert code == 2
    assert "Run: dermshift fetch sets hallmark." in err
    assert f"unpack it and save it as {cache / 'sets/current/reactome.gmt'}" in err
    assert err.count("expected:") == 2
    get("hallmark", "reactome")
    code, _, err = command("check", str(config("sets:hallmark", "sets:reactome")))
    assert code == 0, err


@pytest.mark.parametrize(
    ("text", "words"), [("sets:kegg", "no collection of that name"), ("hallmark", "Write sets:hallmark")]
)
def test_a_misspelt_collection_is_refused(publisher, config, command, text, words):
    code, _, err = command("check", str(config(text)))
    assert code == 2
    assert words in err


def test_the_record_of_a_run_says_which_release_was_used(publisher, root):
    get("hallmark", "reactome")
    facts = described("sets:hallmark")
    assert facts["sha256"] == hashlib.sha256(HALLMARK).hexdigest()
    assert (facts["path"], facts["release"]) == ("sets:hallmark/2024.1.Hs", "2024.1.Hs")
    assert facts["licence"] == "CC BY 4.0"
    assert described(str(parse("reactome").path))["release"] == "current, last modified 2025-09-12"
    shipped = root / "data/gene_sets/apoptosis.gmt"
    assert set(described(str(shipped))) == {"path", "sha256"}
