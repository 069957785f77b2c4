from __future__ import annotations

import gzip
import random

import pytest

from dermshift.config import read_config
from dermshift.io import geo_cache
from dermshift.io.geo_cache import parse

FILES = {
    "gse10433": ("GSE10433", "GPL571", ("baseline", "week1")),
    "gse11792": ("GSE11792", "GPL571", ("baseline", "week8")),
    "gse10432": ("GSE10432", "GPL8300", ("vehicle", "drug_72h")),
}
NGAL = "212531_at"


@pytest.fixture
def project(root, monkeypatch):
    """Paths of a configuration are relative to the project."""
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("name", FILES)
def test_the_configurations_are_valid_and_ask_only_what_is_known(project, name):
    series, platform, labels = FILES[name]
    config = read_config(f"config/{name}.yaml")
    assert config.spec.matrix == str(parse(series).path)
    assert config.spec.probes == str(parse(platform).path)
    assert config.spec.samples == f"data/geo/{series}_samples.tsv"
    assert (config.spec.timepoints.before, config.spec.timepoints.after) == labels
    assert config.questions == ("response",)
    assert "sex" not in config.spec.columns


def test_without_its_files_a_check_says_how_to_get_each(project, command, cache):
    code, _, err = command("check", "config/gse10433.yaml")
    assert code == 2
    assert "3 problems" in err
    assert "Run: dermshift sheet geo:GSE10433 --out data/geo/GSE10433_samples.tsv" in err
    assert "Run: dermshift fetch GSE10433." in err
    assert "Run: dermshift fetch GPL571." in err
    assert f"save it as {cache / 'GSE10433_series_matrix.txt.gz'}" in err
    assert "/series/GSE10nnn/GSE10433/matrix/GSE10433_series_matrix.txt.gz" in err
    assert all(err.count(part) == 3 for part in ("found:", "expected:", "do:"))


def test_a_wrong_accession_is_refused(project, command, tmp_path):
    text = (project / "config/gse10433.yaml").read_text().replace("geo:GSE10433\n", "geo:GSM263921\n")
    (tmp_path / "wrong.yaml").write_text(text)
    code, _, err = command("check", str(tmp_path / "wrong.yaml"))
    assert code == 2
    assert "no GEO accession" in err


def series_matrix() -> bytes:
    """Invented log2 values for two arrays of six patients, laid out as GEO does."""
    draw = random.Random(4)
    samples = [f"GSM26392{i}" if i < 10 else f"GSM2639{20 + i}" for i in range(1, 13)]
    titles = [f"patient {(i + 1) // 2} {'week 1' if i % 2 == 0 else 'baseline'}" for i in range(1, 13)]
    rows = [[f"{200000 + i}_at" if i else NGAL] + [f"{draw.uniform(3, 13):.6f}" for _ in samples] for i in range(400)]

    def line(key: str, cells: list[str]) -> str:
        return "\t".join([key, *(f'"{cell}"' for cell in cells)])

    lines = [
        '!Series_title\t"Invented values"',
        '!Series_geo_accession\t"GSE10433"',
        f'!Series_sample_id\t"{" ".join(samples)} "',
        "",
        line("!Sample_title", titles),
        line("!Sample_geo_accession", samples),
        line("!Sample_platform_id", ["GPL571"] * 12),
        line("!Sample_data_row_count", [str(len(rows))] * 12),
        "!series_matrix_table_begin",
        line('"ID_REF"', samples),
        *("\t".join([f'"{row[0]}"', *row[1:]]) for row in rows),
        "!series_matrix_table_end",
        "",
    ]
    return gzip.compress("\n".join(lines).encode(), mtime=0)


def annotation() -> bytes:
    symbols = ["LCN2", *(f"INVENTED{i}" for i in range(1, 400))]
    lines = [f"{200000 + i}_at\t{symbol}" if i else f"{NGAL}\t{symbol}" for i, symbol in enumerate(symbols)]
    head = ["^Annotation", "!Annotation_platform = GPL571", "!platform_table_begin", "ID\tGene symbol"]
    return gzip.compress("\n".join([*head, *lines, "!platform_table_end", ""]).encode(), mtime=0)


def test_from_an_accession_to_a_checked_study(project, command, mirror, monkeypatch, tmp_path):
    monkeypatch.setenv(geo_cache.BASE, mirror.address)
    for text, body in (("GSE10433", series_matrix()), ("GPL571", annotation())):
        mirror.files[parse(text).address("")[len(mirror.address) :]] = body
    assert command("fetch", "GSE10433")[0] == 0
    sheet, config = tmp_path / "samples.tsv", tmp_path / "config.yaml"
    text = (project / "config/gse10433.yaml").read_text()
    config.write_text(text.replace("data/geo/GSE10433_samples.tsv", str(sheet)))
    code, out, err = command("sheet", "geo:GSE10433", "--out", str(sheet))
    assert (code, err) == (0, ""), err

    code, _, err = command("check", str(config))
    assert code == 2
    assert "nobody confirmed" in err

    header, *rows = [line.split("\t") for line in sheet.read_text().splitlines()]
    for row in rows:
        words = row[header.index("title")].split()
        filled = {"patient": f"P{words[1]}", "timepoint": "".join(words[2:]), "confirmed": "yes", "sex": "unknown"}
        for name, value in filled.items():
            row[header.index(name)] = value
    sheet.write_text("".join("\t".join(row) + "\n" for row in (header, *rows)))
    code, out, err = command("check", str(config))
    assert (code, err) == (0, ""), err
    assert "response: 6 patients" in out
    assert "log2" in out
