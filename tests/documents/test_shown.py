"""What a notebook shows is text, whatever its names are; and it says where there is nothing to show."""

from __future__ import annotations

import pytest

from dermshift.errors import ConfigError
from dermshift.notebook import Lines, Pictures, Table, check, open_study, sheet_columns
from dermshift.report.grid import Cell, Grid
from dermshift.report.pictures import Picture

BAD = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
CLAIM = {"question": BAD, "shows": BAD, "does_not_show": BAD, "n": BAD, "caution": BAD}


@pytest.mark.parametrize(
    "value",
    [
        Table(Grid((BAD, "n"), ((Cell(BAD), Cell(BAD)),), (False, True)), BAD),
        Lines((BAD,)),
        Pictures((Picture("volcano", b"<svg/>", b"a longer png", CLAIM),)),
    ],
)
def test_hostile_names_stay_text(value):
    html = value._repr_html_()
    assert "<script" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html
    assert BAD in repr(value)


def test_a_study_without_a_figure_says_so():
    assert "no such figure" in Pictures(())._repr_html_()


def test_a_folder_without_a_run_is_refused_in_words(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="make run"):
        open_study()


def test_a_study_says_who_it_is_and_keeps_full_precision(small_results):
    results = open_study(small_results)
    assert repr(results).startswith("small: 28 samples of 7 patients")
    assert results.tables["response"]["p_value"].dtype == float
    assert list(results.tables) == results.questions
    assert results.who().frame["patients"].tolist() == ["4", "4", "3", "3"] * 2


def test_a_gene_without_a_dossier_is_refused_in_words(small_results):
    with pytest.raises(ConfigError, match="Name the gene under `genes`"):
        open_study(small_results).dossier("KRT5")


def test_a_configuration_that_is_not_there_is_refused_in_words():
    with pytest.raises(ConfigError, match="no such file"):
        check("config/of_nobody.yaml")


def test_a_changed_value_is_checked_with_the_others(root, monkeypatch):
    monkeypatch.chdir(root)
    refused = check("config/config.yaml", change={"analysis": {"alpah": 0.1}})
    assert "alpha" in repr(refused)
    assert refused.findings is None


def test_the_columns_of_a_sheet_show_themselves(tmp_path):
    (tmp_path / "sheet.tsv").write_text("sample\tdonor\n" + "".join(f"S{i}\tP{i // 2}\n" for i in range(20)))
    said = sheet_columns(str(tmp_path / "sheet.tsv")).frame.set_index("column")
    assert said.loc["donor", "different values"] == "10"
    assert said.loc["donor", "values"] == "P0, P1, P2, P3, P4, P5, ..."
