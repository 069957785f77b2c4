from __future__ import annotations

import shutil

import pandas as pd
import pytest

from dermshift.cli import main
from dermshift.cli.drawing import Sources, draw
from dermshift.cli.labels import labels, with_alias
from dermshift.figures import FAMILIES
from dermshift.genes import GeneName, GeneRegistry

REGISTRY = GeneRegistry(
    (
        GeneName("LCN2", "ENSG1", aliases=("NGAL", "24p3")),
        GeneName("KRT5", "ENSG2"),
        GeneName("ONE", "ENSG3", aliases=("X",)),
        GeneName("TWO", "ENSG4", aliases=("X",)),
    )
)


def test_a_configured_gene_bears_its_symbol_and_first_alias():
    table = pd.DataFrame(
        {
            "gene_id": ["ENSG1", "ENSG2", "g9"],
            "gene_symbol": ["LCN2", "KRT5", None],
            "flag": ["mediator", None, "other"],
            "status": "tested",
        }
    )
    assert labels({"response": table}, REGISTRY) == {"ENSG1": "LCN2 (NGAL)", "g9": "g9"}
    assert labels({"response": table}, GeneRegistry()) == {"ENSG1": "LCN2", "g9": "g9"}


def test_the_probe_set_that_stands_for_the_gene_comes_first():
    table = pd.DataFrame({"gene_id": ["1_at", "2_at"], "gene_symbol": "KRT5", "flag": "a", "status": "set_aside"})
    table.loc[1, "status"] = "tested"
    assert labels({"response": table}, REGISTRY) == {"2_at": "KRT5 2_at", "1_at": "KRT5 1_at"}
    assert list(labels({"response": table}, REGISTRY)) == ["2_at", "1_at"]


def test_an_alias_is_neither_repeated_nor_guessed():
    assert with_alias("g1", "NGAL", REGISTRY) == "NGAL"
    assert with_alias("g1", "X", REGISTRY) == "X"
    assert with_alias("ENSG2", "KRT5", REGISTRY) == "KRT5"


def test_figures_are_the_same_however_many_processes_draw(small_results, tmp_path, monkeypatch):
    folder = tmp_path / "study"
    shutil.copytree(small_results, folder)
    shutil.rmtree(folder / "figures")
    monkeypatch.setattr("dermshift.figures.FAMILIES", FAMILIES[:4])  # the first four, here and by themselves there
    (folder / "figures").mkdir()
    sources = Sources(folder, 0.05, "", "")
    alone = draw(sources, 1)
    before = {path.name: path.read_bytes() for path in (folder / "figures").iterdir()}
    assert len(before) == 5 * len(alone) > 0
    shutil.rmtree(folder / "figures")
    (folder / "figures").mkdir()
    assert draw(sources, 2) == alone
    assert {path.name: path.read_bytes() for path in (folder / "figures").iterdir()} == before


def test_without_a_study_nothing_is_written(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        refused("plot", f"--out={tmp_path / 'none'}")
    assert ended.value.code == 2
    assert "none/study.h5ad" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_misspelt_family_removes_no_figure(tmp_path, capsys):
    kept = tmp_path / "figures" / "volcano_response.svg"
    kept.parent.mkdir()
    kept.write_text("drawn before")
    with pytest.raises(SystemExit) as ended:
        refused("plot", f"--out={tmp_path}", "--family=volcan", "--family=ma")
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "--family volcan" in said
    assert "volcano" in said
    assert kept.read_text() == "drawn before"


@pytest.mark.parametrize("verb", ["bundle", "test", "evidence", "enrich"])
def test_fewer_than_no_threads_are_refused(verb, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        refused(verb, f"--out={tmp_path}", "--threads=-1")
    assert ended.value.code == 2
    assert "greater than or equal to 0" in capsys.readouterr().err


def refused(*words):
    """Run the command line in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["dermshift", *words])
        main()
