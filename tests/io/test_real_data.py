from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.io import examine, load_study
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data


def test_airway_loads(real_data: Path) -> None:
    folder = real_data / "airway"
    columns = {"patient": "celltype", "timepoint": "dex"}
    spec = StudySpec(
        "airway", str(folder / "counts.csv.gz"), str(folder / "samples.csv"), columns, Timepoints("control", "treated")
    )
    study, _ = load_study(spec, frozenset())
    assert study.adata.shape == (8, 64102)
    assert study.scale == "counts"
    witness = pd.read_csv(spec.matrix, index_col=0)
    np.testing.assert_array_equal(study.adata.X, witness[study.sheet.index].T.to_numpy())
    assert study.sheet.loc["SRR1039509", ["patient", "timepoint"]].tolist() == ["N61311", "treated"]


def test_the_discordant_eczema_sample_is_named(root: Path, real_data: Path) -> None:
    folder = real_data / "ad_skin"
    columns = {"patient": "subject", "timepoint": "replicate", "sex": "sex"}
    spec = StudySpec(
        "ad_skin",
        str(folder / "counts.csv.gz"),
        str(folder / "samples.csv"),
        columns,
        Timepoints("01", "02"),
        missing_pairs="drop",
        sex_genes=str(root / "data" / "sex_genes.tsv"),
    )
    findings = {finding.check: finding for finding in examine(spec, frozenset({"sex"})).findings}
    assert [name for name, finding in findings.items() if finding.verdict == "error"] == ["sex_concordance"]
    problems = findings["sex_concordance"].problems
    assert len(problems) == 1
    assert "01_AD_22_LS_01" in problems[0].where
    assert "recorded male, genes say female" in problems[0].found
    assert findings["pairs_complete"].verdict == "warning"
    assert findings["pairs_complete"].evidence.startswith("21 of 28 complete pairs")


def test_the_discordant_eczema_sample_is_named_from_log2_values_too(
    root: Path, real_data: Path, tmp_path: Path
) -> None:
    folder = real_data / "ad_skin"
    counts = pd.read_csv(folder / "counts.csv.gz", index_col=0)
    np.log2(counts / counts.sum() * 1e6 + 1).to_csv(tmp_path / "log2.csv")
    spec = StudySpec(
        "ad_skin",
        str(tmp_path / "log2.csv"),
        str(folder / "samples.csv"),
        {"patient": "subject", "timepoint": "replicate", "sex": "sex"},
        Timepoints("01", "02"),
        scale="log2",
        missing_pairs="drop",
        sex_genes=str(root / "data" / "sex_genes.tsv"),
    )
    findings = {finding.check: finding for finding in examine(spec, frozenset({"sex"})).findings}
    assert [name for name, finding in findings.items() if finding.verdict == "error"] == ["sex_concordance"]
    found = findings["sex_concordance"]
    assert found.evidence.startswith("48 of 49 samples concordant; discordant 1: 01_AD_22_LS_01; sex genes parted")
    assert "recorded male, genes say female (log2: XIST 5.64, RPS4Y1 0," in found.problems[0].found
