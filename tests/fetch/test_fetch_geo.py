from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys

import pytest

from dermshift.errors import FetchError, FormatError
from dermshift.io import geo_cache
from dermshift.io.decode import read_bytes
from dermshift.io.fetch_geo import fetch_geo, platforms
from dermshift.io.fetch_job import Options
from dermshift.io.geo_cache import parse

SERIES, PLATFORM = "GSE10433", "GPL571"
QUICK = ("--wait", "0", "--timeout", "2", "--tries", "3")


def matrix(*named: str) -> bytes:
    """A series matrix of two samples, as far as fetching looks at it."""
    cells = "\t".join(f'"{name}"' for name in named)
    head = ['!Series_title\t"caf\xe9"', '!Series_platform_id\t"GPL3921"', f"!Sample_platform_id\t{cells}"]
    table = ["!series_matrix_table_begin", '"ID_REF"\t"GSM1"\t"GSM2"', f"!Sample_platform_id\t{PLATFORM}9"]
    noise = random.Random(0).randbytes(100_000).hex()
    return gzip.compress("\n".join([*head, *table, noise, ""]).encode("latin-1"), mtime=0)


def place(text: str) -> str:
    return parse(text).address("http://x").removeprefix("http://x")


@pytest.fixture
def geo(mirror, monkeypatch):
    """The mirror as GEO: one series on one platform, with annotation."""
    monkeypatch.setenv(geo_cache.BASE, mirror.address)
    mirror.files[place(SERIES)] = matrix(PLATFORM, PLATFORM)
    mirror.files[place(PLATFORM)] = gzip.compress(b"ID\tGene symbol\n", mtime=0)
    return mirror


def get(*texts: str, **how) -> list[str]:
    options = Options(tries=2, wait=0, timeout=2, offline=how.pop("offline", False))
    return [str(a) for a, _ in fetch_geo([parse(text) for text in texts], options=options, **how)]


def test_the_annotation_of_the_samples_platform_comes_along(geo):
    assert get(SERIES) == [SERIES, PLATFORM]
    assert geo.paths == [place(SERIES), place(PLATFORM)]


def test_it_can_be_left_out_or_asked_for_alone(geo):
    assert get(SERIES, annotation=False) == [SERIES]
    assert get(PLATFORM) == [PLATFORM]
    assert get(SERIES, PLATFORM, SERIES) == [SERIES, PLATFORM]
    assert len(geo.requests) == 2


def test_every_platform_of_a_series_is_fetched_once(geo):
    geo.files[place("GSE1")] = matrix(PLATFORM, "GPL96", PLATFORM)
    geo.files[place("GPL96")] = gzip.compress(b"ID\n", mtime=0)
    assert get("GSE1", SERIES) == ["GSE1", SERIES, PLATFORM, "GPL96"]


def test_platforms_are_those_of_the_samples(tmp_path):
    path = tmp_path / "matrix.gz"
    path.write_bytes(matrix("GPL571", " GPL96 ", "", "../x", "GPL571"))
    assert platforms(path) == ["GPL571", "GPL96"]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("GSE14520", "dermshift fetch GSE14520/GPL571"),
        ("GSE10433/GPL571", "fetched as GSE10433 alone"),
        ("GPL9115", "annotation.probes"),
    ],
)
def test_an_absent_file_comes_with_advice(geo, text, advice):
    with pytest.raises(FetchError) as error:
        get(text)
    problem = error.value.problems[0]
    assert "404" in problem.found
    assert advice in problem.action
    assert len(geo.requests) == 1


def test_another_base_address_is_asked(geo, mirror):
    geo.files = {f"/deep/geo{path}": body for path, body in geo.files.items()}
    assert get(SERIES, base=f"{mirror.address}/deep/geo/") == [SERIES, PLATFORM]


def test_the_verb_prints_files_and_the_next_step(geo, command, cache):
    code, out, err = command("fetch", SERIES, *QUICK)
    assert (code, err) == (0, "")
    path = cache / "GSE10433_series_matrix.txt.gz"
    record = json.loads(path.with_name(f"{path.name}.json").read_text())
    lines = out.splitlines()
    assert lines[:3] == [str(path), f"  {record['size']} bytes, fetched", f"  sha256 {record['sha256']}"]
    assert lines[3] == str(cache / "GPL571.annot.gz")
    assert lines[-1] == "next: dermshift sheet geo:GSE10433 --out data/geo/GSE10433_samples.tsv"
    again = command("fetch", SERIES, "--offline", "--base", "http://127.0.0.1:9")[1]
    assert f"{record['size']} bytes, in the cache, fetched on {record['date'][:10]}" in again
    assert len(geo.requests) == 2


def test_the_verb_takes_a_series_of_several_platforms(geo, command):
    geo.files[place("GSE14520/GPL571")] = matrix("GPL571")
    code, out, _ = command("fetch", "gse14520/gpl571", "--no-annotation")
    assert code == 0
    assert out.endswith("dermshift sheet geo:GSE14520/GPL571 --out data/geo/GSE14520-GPL571_samples.tsv\n")


def test_what_was_fetched_before_a_refusal_is_told(geo, command, cache):
    del geo.files[place(PLATFORM)]
    code, out, err = command("fetch", SERIES, *QUICK)
    assert code == 2
    assert "GSE10433_series_matrix.txt.gz" in out
    assert "next:" not in out
    assert "--no-annotation" in err
    assert not (cache / "GPL571.annot.gz").exists()


FAILURES = {
    "404": ("status", 404),
    "503": ("status", 503),
    "truncated": ("truncate", 5000),
    "stalled": ("stall", 0),
    "reset": ("reset", 5000),
    "redirected": ("redirect", "file:///etc/passwd"),
    "page": ("send", b"<html>log in</html>"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_is_four_parts_and_exit_code_2(geo, command, bad, cache, failure):
    way, value = FAILURES[failure]
    geo.behaviours = [getattr(bad, way)(value)] * 3
    code, out, err = command("fetch", SERIES, *QUICK[:2], "--timeout", "0.2", "--tries", "2")
    assert (code, out) == (2, "")
    assert all(part in err for part in (place(SERIES), "found:", "expected:", "do:"))
    assert "Traceback" not in err
    assert not list(cache.glob("*_series_matrix.txt.gz"))


@pytest.mark.parametrize(
    "words",
    [["GSM263921"], ["GSE10433", "x"], ["GSE10433", "--base", "file:///etc"], ["GSE10433", "--base", "no address"]],
)
def test_wrong_words_are_refused_before_any_request(geo, command, words):
    code, _, err = command("fetch", *words)
    assert code == 2
    assert "expected:" in err
    assert geo.requests == []


def test_an_altered_file_of_the_cache_is_not_read(geo, cache):
    get(SERIES)
    path = geo_cache.resolve(f"geo:{SERIES}")
    assert read_bytes(path).startswith(b"!Series_title")
    (cache / "GSE10433_series_matrix.txt.gz").write_bytes(gzip.compress(b"other"))
    with pytest.raises(FormatError, match="not those fetched on") as error:
        read_bytes(path)
    assert "dermshift fetch GSE10433" in error.value.problems[0].action
    get(SERIES)
    assert read_bytes(path).startswith(b"!Series_title")


def test_a_file_placed_by_hand_is_read(cache):
    cache.mkdir()
    path = geo_cache.resolve(f"geo:{PLATFORM}")
    with pytest.raises(FormatError, match="dermshift fetch GPL571"):
        read_bytes(path)
    (cache / "GPL571.annot.gz").write_bytes(gzip.compress(b"ID"))
    assert read_bytes(path) == b"ID"


def test_reading_studies_loads_no_network_library():
    code = "import sys, dermshift.io, dermshift.config, dermshift.cli.fetch; "
    code += "print([m for m in ('requests', 'urllib3', 'pooch', 'tqdm') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
