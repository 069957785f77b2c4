"""The shipped configurations of real studies, through the command line."""

from __future__ import annotations

import json
import zipfile
from typing import TYPE_CHECKING

import pytest

from dermshift import io
from dermshift.names import DE_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data


@pytest.fixture
def place(root: Path, real_data: Path, tmp_path: Path):
    """Function from a shipped config to a copy whose data are where they are here and whose results go aside."""

    def write(name: str) -> Path:
        text = (root / "config" / name).read_text(encoding="utf-8").replace("../shared/data", str(real_data))
        path = tmp_path / name
        path.write_text(f"{text}out: {tmp_path / 'results'}\n", encoding="utf-8")
        return path

    return write


@pytest.mark.slow
def test_airway_runs_from_counts_to_bundle(
    root: Path, dermshift, place, tmp_path: Path, glucocorticoid_genes: dict[str, str]
) -> None:
    done = dermshift(root, "run", str(place("airway.yaml")))
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "results" / "airway"
    table = io.read_table(folder / "tables" / "response.tsv", DE_COLUMNS).set_index("gene_id")
    for symbol, gene in glucocorticoid_genes.items():
        row = table.loc[gene]
        assert row["gene_symbol"] == symbol
        assert row["log2_fold_change"] > 1
        assert row["fdr"] < 1e-6
        assert row["n_pairs"] == 4
    assert table.loc[glucocorticoid_genes["FKBP5"], "flag"] == "marker"
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        names = {name.split("/", 1)[-1] for name in bundle.namelist()} | set(bundle.namelist())
    assert {"report.html", "manifest.json", "tables/response.tsv", "figures/volcano_response.svg"} <= names
    cards = json.loads((folder / "designs.json").read_text(encoding="utf-8"))
    assert [(card["id"], card["residual_df"]) for card in cards] == [("response", 3)]


def test_the_discordant_skin_sample_is_named(root: Path, dermshift, place, tmp_path: Path) -> None:
    done = dermshift(root, "check", str(place("ad_skin.yaml")))
    assert done.returncode == 2
    assert "sample 01_AD_22_LS_01" in done.stderr
    assert "recorded male, genes say female" in done.stderr
    assert not (tmp_path / "results").exists()


def test_acknowledged_the_sample_stops_nothing(root: Path, dermshift, place, tmp_path: Path) -> None:
    path = place("ad_skin.yaml")
    path.write_text(f"{path.read_text()}sex_check: {{acknowledged: [01_AD_22_LS_01]}}\n")
    done = dermshift(root, "check", str(path))
    assert done.returncode == 0, done.stderr
    assert "difference_sex_male_vs_female" in done.stdout
    assert "discordant 1: 01_AD_22_LS_01" in done.stdout


@pytest.mark.slow
def test_arrays_run_from_a_series_matrix_to_a_bundle(root: Path, dermshift, place, tmp_path: Path) -> None:
    done = dermshift(root, "run", str(place("gse14520.yaml")))
    assert done.returncode == 0, done.stdout + done.stderr
    folder = tmp_path / "results" / "gse14520"
    table = io.read_table(folder / "tables" / "response.tsv", DE_COLUMNS).set_index("gene_id")
    lcn2 = table.loc["212531_at"]
    assert (lcn2["gene_symbol"], lcn2["flag"], lcn2["status"], lcn2["n_pairs"]) == ("LCN2", "mediator", "tested", 19)
    # R's fit holds the 53 control probe sets as well, so its prior differs in the fourth digit; the estimate does not.
    assert lcn2["log2_fold_change"] == pytest.approx(1.70284210526316, rel=1e-12)
    trail = table[table["gene_symbol"] == "TNFSF10"]
    assert sorted(trail["status"]) == ["set_aside", "set_aside", "tested"]
    assert trail["p_value"].notna().all()
    assert trail["fdr"].notna().sum() == 1
    assert table.loc[table["status"] == "tested", "gene_symbol"].is_unique
    fit = json.loads((folder / "fits" / "response.json").read_text(encoding="utf-8"))
    assert fit["engine"]["name"] == "limma"
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        names = {name.split("/", 1)[-1] for name in bundle.namelist()} | set(bundle.namelist())
    assert {"report.html", "probes.tsv", "tables/response.tsv", "dossier/LCN2.json"} <= names
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "on drug" not in report
