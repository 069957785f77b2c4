"""Three visits and doses from the sheet to the report, on log2 values of nine synthetic patients."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dermshift import io
from dermshift.names import DE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VISITS = ("baseline", "week1", "week8")
KG = (50, 58, 62, 66, 70, 74, 76, 80, 92)
MG = (10, 10, 10, 20, 20, 20, 40, 40, 60)
GENE = "GENE1"


def write_study(folder: Path) -> None:
    rng = np.random.default_rng(8)
    rows = [
        {"sample": f"P{i}_{visit}", "patient": f"P{i}", "visit": visit, "sex": "male" if i % 2 else "female",
         "mg": MG[i], "times": 7, "kg": KG[i], "days": 7 * (0, 1, 8)[place]}
        for i in range(9)
        for place, visit in enumerate(VISITS)
    ]  # fmt: skip
    sheet = pd.DataFrame(rows)
    level = rng.normal(8, 2, 120)
    person = {f"P{i}": rng.normal(0, 0.5, 120) for i in range(9)}
    dose = sheet["mg"] / sheet["kg"]
    values = np.vstack([level + person[patient] + rng.normal(0, 0.2, 120) for patient in sheet["patient"]])
    values[:, 1] += 4 * dose * (sheet["visit"] != "baseline")
    values[:, 2] += 2.0 * (sheet["visit"] == "week8")
    genes = [f"GENE{i}" for i in range(120)]
    pd.DataFrame(values.T, index=pd.Index(genes, name="gene"), columns=sheet["sample"]).to_csv(folder / "log2.csv")
    sheet.to_csv(folder / "samples.csv", index=False)
    (folder / "sets.gmt").write_text("FIRST\t\t" + "\t".join(genes[:12]) + "\nSECOND\t\t" + "\t".join(genes[20:40]))


def config(root: Path) -> dict[str, object]:
    columns = {"patient": "patient", "timepoint": "visit", "sex": "sex", "dose_mg": "mg", "doses_per_week": "times",
               "weight_kg": "kg", "days_on_drug": "days"}  # fmt: skip
    return {
        "study": {"name": "visits", "matrix": "log2.csv", "samples": "samples.csv", "columns": columns,
                  "synthetic": True, "timepoints": {"before": "baseline", "after": ["week1", "week8"]}},
        "questions": [{"by": "timepoint"}, {"slope": "mg_per_kg_day"}],
        "genes": {"named": GENE},
        "gene_sets": ["sets.gmt"],
        "declared": ["sets"],
        "evidence": {"top": 3, "adjust_for": "SECOND", "association": "FIRST"},
        "annotation": {"genes": "", "sex_genes": "", "regimens": str(root / "data" / "regimens.tsv")},
        "analysis": {"permutations": 100},
    }  # fmt: skip


@pytest.fixture(scope="module")
def results(
    tmp_path_factory: pytest.TempPathFactory, root: Path, whole_run: Callable[[Path], Path], quick_pictures: Any
) -> Path:
    folder = tmp_path_factory.mktemp("visits")
    write_study(folder)
    (folder / "config.yaml").write_text(json.dumps(config(root)))
    with pytest.MonkeyPatch.context() as context:
        quick_pictures(context)
        return whole_run(folder)


def row(results: Path, question: str, gene: str) -> pd.Series:
    return io.read_table(results / "tables" / f"{question}.tsv", DE_COLUMNS).set_index("gene_id").loc[gene]


def test_each_planted_change_is_in_its_own_question(results: Path) -> None:
    slope = row(results, "slope_mg_per_kg_day", GENE)
    assert slope["ci_lower"] < 4 < slope["ci_upper"]
    assert slope["p_value"] < 1e-4
    late = row(results, "difference_timepoint_week8_vs_week1", "GENE2")
    assert late["ci_lower"] < 2 < late["ci_upper"]
    assert row(results, "response_timepoint_week8", "GENE2")["fdr"] < 0.01
    assert row(results, "response_timepoint_week1", "GENE2")["p_value"] > 0.001


def test_the_study_holds_what_follows_from_the_doses(results: Path) -> None:
    sheet = io.read_study(results / "study.h5ad").sheet
    for i in range(9):
        assert float(sheet.loc[f"P{i}_week1", "mg_per_kg_day"]) == pytest.approx(MG[i] / KG[i], rel=1e-5)
        assert float(sheet.loc[f"P{i}_week8", "cumulative_mg_per_kg"]) == pytest.approx(56 * MG[i] / KG[i], rel=1e-5)
    assert set(sheet["regimen"]) == {"micro", "low", "conventional"}


def test_too_few_of_a_regimen_are_refused_by_name(
    tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dermshift.cli import main

    write_study(tmp_path)
    sheet = pd.read_csv(tmp_path / "samples.csv", dtype=str)
    sheet.loc[sheet["patient"].isin(["P0", "P1"]), "mg"] = "20"
    sheet.to_csv(tmp_path / "samples.csv", index=False)
    asked = config(root) | {"questions": [{"by": "regimen"}]}
    (tmp_path / "config.yaml").write_text(json.dumps(asked))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["dermshift", "check", "config.yaml"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "1 patient with a complete pair in regimen = micro" in capsys.readouterr().err


def test_evidence_says_what_a_slope_cannot_have(results: Path) -> None:
    facts = io.read_json(results / "evidence" / "slope_mg_per_kg_day.json")
    assert facts["flips"]["reason"] == "a slope has neither signs to flip nor labels to deal"
    card = {card["id"]: card for card in io.read_json(results / "designs.json")}["slope_mg_per_kg_day"]
    assert "sex explains" in card["notes"][0]


def test_the_report_and_figures_name_visits_and_dose(results: Path) -> None:
    page, methods = (results / "report.html").read_text("utf-8"), (results / "methods.md").read_text("utf-8")
    assert "rising with mg/kg/day" in page
    assert "higher at week8" in page
    assert "`baseline` (before) and `week1` and `week8` (after)" in methods
    assert "regimen by the lower ends of the published bands" in methods
    assert (results / "figures" / f"dose_{GENE}_slope_mg_per_kg_day.png").is_file()
    assert (results / "figures" / "breakdown_timepoint.png").is_file()


def test_a_study_without_named_genes_and_sets_runs_too(
    tmp_path: Path, root: Path, whole_run: Callable[[Path], Path]
) -> None:
    write_study(tmp_path)
    bare = {name: part for name, part in config(root).items() if name not in ("genes", "gene_sets", "declared")}
    bare |= {"evidence": {"top": 2}, "questions": ["response"]}
    (tmp_path / "config.yaml").write_text(json.dumps(bare))
    results = whole_run(tmp_path)
    assert (results / "bundle.zip").is_file()
    assert (results / "evidence" / "response.specifications.tsv").read_text().count("\n") == 1
