from __future__ import annotations

import pytest

SERIES = """\
!Series_geo_accession\t"GSE1"
!Sample_title\t"before, ""one"" of two"\t"after"
!Sample_geo_accession\t"GSM1"\t"GSM2"
!Sample_characteristics_ch1\t"subject: 1"\t"subject: 1"
!series_matrix_table_begin
"ID_REF"\t"GSM1"\t"GSM2"
!series_matrix_table_end
"""


@pytest.fixture
def series(tmp_path, monkeypatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "GSE1_series_matrix.txt").write_text(SERIES)
    return "GSE1_series_matrix.txt"


def test_a_draft_is_written_and_explained(tmp_path, command, series) -> None:
    code, out, _ = command("sheet", series, "--out", "sub/samples.tsv")
    assert code == 0
    assert "sub/samples.tsv: 2 samples of GSE1" in out
    assert "patient: from the tag 'subject', 1 different labels\n" in out
    assert "sex: no such tag; 2 to be filled in by hand (?)" in out
    lines = (tmp_path / "sub" / "samples.tsv").read_text().splitlines()
    assert lines[0].split("\t")[-4:] == ["patient", "timepoint", "sex", "confirmed"]
    assert lines[2].split("\t") == ["GSM2", "after", "", "1", "1", "?", "?", "no"]


def test_a_file_that_is_there_is_never_overwritten(tmp_path, command, series) -> None:
    (tmp_path / "samples.tsv").write_text("by hand")
    code, _, err = command("sheet", series, "--out", "samples.tsv")
    assert code == 2
    assert all(part in err for part in ("samples.tsv", "found:", "expected:", "do:"))
    assert (tmp_path / "samples.tsv").read_text() == "by hand"


def test_an_accession_that_was_not_fetched_says_what_to_do(tmp_path, command, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DERMSHIFT_CACHE", str(tmp_path / "cache"))
    code, _, err = command("sheet", "geo:GSE1", "--out", "samples.tsv")
    assert code == 2
    assert "dermshift fetch GSE1" in err
    assert not (tmp_path / "samples.tsv").exists()


def test_a_drafted_sheet_is_refused_until_it_is_confirmed(trial, command) -> None:
    trial.sheet = [[*row, "confirmed" if place == 0 else "no"] for place, row in enumerate(trial.sheet)]
    code, _, err = command("check", trial.write())
    assert code == 2
    assert "8 samples that nobody confirmed" in err
    trial.sheet = [[*row[:-1], "confirmed" if place == 0 else "yes"] for place, row in enumerate(trial.sheet)]
    assert command("check", trial.write())[0] == 0


def test_every_malformed_accession_is_named(command) -> None:
    code, _, err = command("fetch", "GSM1", "GSE10433", "GPL", "--offline")
    assert code == 2
    assert "'GSM1'" in err
    assert "'GPL'" in err
