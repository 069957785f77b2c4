from __future__ import annotations

from pathlib import Path

import pytest

from dermshift.errors import ConfigError
from dermshift.io import geo_cache
from dermshift.io.geo_cache import Accession, missing, of_path, parse, portable, resolve


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(geo_cache.CACHE, str(tmp_path))
    monkeypatch.delenv(geo_cache.BASE, raising=False)
    return tmp_path


ADDRESSES = {
    "GSE10433": "series/GSE10nnn/GSE10433/matrix/GSE10433_series_matrix.txt.gz",
    "GSE14520/GPL571": "series/GSE14nnn/GSE14520/matrix/GSE14520-GPL571_series_matrix.txt.gz",
    "GSE7": "series/GSEnnn/GSE7/matrix/GSE7_series_matrix.txt.gz",
    "GSE999": "series/GSEnnn/GSE999/matrix/GSE999_series_matrix.txt.gz",
    "GSE1000": "series/GSE1nnn/GSE1000/matrix/GSE1000_series_matrix.txt.gz",
    "GSE123456": "series/GSE123nnn/GSE123456/matrix/GSE123456_series_matrix.txt.gz",
    "GPL571": "platforms/GPLnnn/GPL571/annot/GPL571.annot.gz",
    "GPL8300": "platforms/GPL8nnn/GPL8300/annot/GPL8300.annot.gz",
}


@pytest.mark.parametrize(("text", "address"), ADDRESSES.items())
def test_addresses_follow_the_folders_of_geo(text, address):
    assert parse(text).address() == f"https://ftp.ncbi.nlm.nih.gov/geo/{address}"
    assert parse(text).address("http://127.0.0.1:8000/mirror/") == f"http://127.0.0.1:8000/mirror/{address}"


def test_the_base_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv(geo_cache.BASE, "https://mirror.example/geo/")
    assert parse("GPL571").address() == "https://mirror.example/geo/platforms/GPLnnn/GPL571/annot/GPL571.annot.gz"


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_path_of_the_cache_and_its_accession_are_one(text, cache):
    path = resolve(f"geo:{text}")
    assert Path(path).parent == cache
    assert of_path(path) == parse(text) == parse(text.lower())
    assert portable(path) == f"geo:{text}"


@pytest.mark.parametrize("path", ["data/counts.tsv", "GSE10433_series_matrix.txt.gz", "", "geo/GSE1", "/GSE1.annot"])
def test_other_paths_stay_as_they_are(path):
    assert resolve(path) == portable(path) == path
    assert missing(path) is None


@pytest.mark.parametrize(
    "text",
    ["geo:", "geo:GSE", "geo:GSM263921", "geo:GSE0123", "geo:GPL571/GSE1", "geo:GSE1/../x", "geo:GSE1 ", "geo:GSE1\n"],
)
def test_malformed_accessions_are_refused(text):
    with pytest.raises(ConfigError, match="no GEO accession"):
        resolve(text)


def test_an_absent_file_says_how_to_get_it(cache):
    path = resolve("geo:GSE10433")
    problem = missing(path)
    assert "dermshift fetch GSE10433" in problem.action
    assert path in problem.action
    assert Accession("GSE10433").address() in problem.expected
    Path(path).touch()
    assert missing(path) is None


def test_a_bare_accession_is_told_how_to_be_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    problem = missing("GSE14520/GPL571")
    assert "Write geo:GSE14520/GPL571; dermshift fetch GSE14520/GPL571" in problem.action
    Path("GSE10433").touch()
    assert missing("GSE10433") is None


def test_without_the_variable_the_cache_is_that_of_the_user(monkeypatch):
    monkeypatch.delenv(geo_cache.CACHE)
    assert geo_cache.cache_folder().parts[-2:] == ("dermshift", "geo")
