"""Odd inputs that are fine pass, and mean what the good study means."""

from __future__ import annotations

import sys

import pandas as pd
import pytest
from bad_input_cases.accepted import ACCEPTED, CHANGED
from bad_input_cases.good import good_study

from dermshift import io
from dermshift.cli import main


@pytest.fixture
def load(tmp_path, monkeypatch, capsys):
    def load(study, name):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.chdir(folder)
        study.write(folder)
        for words in (["check", "config.yaml"], study.load_words()):
            monkeypatch.setattr(sys, "argv", ["dermshift", *words])
            with pytest.raises(SystemExit) as ended:
                main()
            assert (ended.value.code or 0, capsys.readouterr().err) == (0, "")
        return io.read_study(folder / "results/study/study.h5ad"), io.read_json(folder / "results/study/checks.json")

    return load


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.name)
def test_it_reads_as_the_good_study(case, load):
    good, _ = load(good_study(), "good")
    odd, _ = load(case.study(), "odd")
    pd.testing.assert_frame_equal(odd.values.sort_index(), good.values.sort_index())
    pd.testing.assert_frame_equal(odd.sheet.sort_index(), good.sheet.sort_index())
    assert list(odd.genes["gene_symbol"]) == list(good.genes["gene_symbol"])


@pytest.mark.parametrize("case", CHANGED, ids=lambda case: case.name)
def test_it_passes_and_is_reported(case, load):
    study, findings = load(case.study(), "odd")
    verdicts = {finding["check"]: finding["verdict"] for finding in findings}
    said = {finding["check"]: finding["evidence"] for finding in findings}
    if case.name == "numbered_rows":
        assert study.sheet.index[0] == "P1_before"
        assert study.sheet["row_names"].iloc[0] == "1"
    if case.name == "zero_gene":
        assert said["no_empty_samples"] == "5 of 60 genes are zero in every sample"
    if case.name == "numbers_as_patients":
        assert set(study.sheet["patient"]) == {"001", "1E5", "P3", "P4", "P5", "P6"}
    if case.name == "odd_library":
        assert verdicts["library_sizes"] == "warning"
        assert said["library_sizes"].endswith("P2_after")
    if case.name == "sex_one_letter":
        assert verdicts["sex_concordance"] == "ok"
    if case.name == "doubled_symbols":
        assert "1 symbols stand for several ids and are kept apart" in said["names_once"]
