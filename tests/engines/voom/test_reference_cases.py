"""Simulated counts against what R limma 3.54.1 and edgeR 3.40.2 answer for them; see tests/reference/README.md."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.voom.normalise import normalisation_factors
from dermshift.study import Study, Timepoints

REFERENCE = Path(__file__).parents[2] / "reference"
COUNTS, ANSWERS = REFERENCE / "sex_by_timepoint", REFERENCE / "voom_sex_by_timepoint"
QUESTIONS = {
    "female": "response_sex_female",
    "male": "response_sex_male",
    "male_vs_female": "difference_sex_male_vs_female",
}
# The same steps; only rounding differs, and it passes through the weights: far below any printed digit.
LIMIT = 1e-6


@pytest.fixture(scope="module")
def study():
    counts = pd.read_csv(COUNTS / "counts.csv.gz", index_col=0).T
    sheet = counts.index.to_series().str.split("_", expand=True).set_axis(["patient", "timepoint"], axis=1)
    sheet["sex"] = np.where(sheet["patient"].isin(["P5", "P6", "P7"]), "male", "female")
    genes = pd.DataFrame({"gene_symbol": "", "gene_id_original": counts.columns}, index=counts.columns)
    return Study(
        "counts", AnnData(counts.to_numpy(float), obs=sheet, var=genes), "counts", Timepoints("baseline", "week1")
    )


@pytest.fixture(scope="module")
def run(study):
    designs = plan(study.sheet, study.timepoints, [Ask(by="sex")])
    return {name: get("voom").run(study, designs, options) for name, options in OPTIONS.items()}


OPTIONS = {"voom": EngineOptions(), "weights": EngineOptions(array_weights=True)}


@pytest.fixture(scope="module")
def scalars():
    return json.loads((ANSWERS / "scalars.json").read_text())


def departures(tables, case):
    """Return the largest distance of each quantity from R's, over all questions and genes."""
    r, worst = pd.read_csv(ANSWERS / f"{case}.csv.gz", index_col=0), {}
    for name, question in QUESTIONS.items():
        if f"t.{name}" not in r:
            continue
        mine = tables[question].set_index("gene_id").loc[r.index]
        found = {
            "t": ((mine["statistic"] - r[f"t.{name}"]).abs() / r[f"t.{name}"].abs().clip(lower=1e-3)).max(),
            "log10 p": (np.log10(mine["p_value"]) - np.log10(r[f"P.{name}"])).abs().max(),
            "estimate": (mine["log2_fold_change"] - r[f"logFC.{name}"]).abs().max(),
            "df": (mine["df"] / r["df"] - 1).abs().max(),
        }
        worst = {key: max(worst.get(key, 0.0), value) for key, value in found.items()}
    return worst


@pytest.mark.parametrize("case", OPTIONS)
def test_tables_are_those_of_r(run, case):
    found = departures(run[case].tables, case)
    assert max(found.values()) < LIMIT, found


@pytest.mark.parametrize(("case", "other"), [("voom", "weights"), ("weights", "voom")])
def test_other_weights_would_fail_here(run, case, other):
    found = departures(run[other].tables, case)
    assert min(found["t"], found["log10 p"]) > 1e4 * LIMIT


def test_the_adaptive_span_of_the_library_would_fail_here(study, run, monkeypatch):
    import pylimma

    released = pylimma.voom
    monkeypatch.setattr(pylimma, "voom", lambda *args, **rest: released(*args, **(rest | {"adaptive_span": True})))
    designs = plan(study.sheet, study.timepoints, [Ask(by="sex")])
    found = departures(get("voom").run(study, designs, EngineOptions()).tables, "voom")
    assert found["log10 p"] > 1e3 * LIMIT


def test_factors_and_prior_are_those_of_r(run, scalars):
    record = run["voom"].record
    assert record["n_genes_fitted"] == scalars["n_genes"]
    assert record["normalisation_factors"] == pytest.approx(scalars["factors"], rel=1e-12)
    assert record["df_prior"] == pytest.approx(scalars["df_prior"], rel=LIMIT)
    assert record["s2_prior"] == pytest.approx(scalars["s2_prior"], rel=LIMIT)
    assert run["weights"].record["array_weights"] == pytest.approx(scalars["sample_weights"], rel=LIMIT)


def test_plain_library_sizes_would_fail_here(scalars, study):
    factors = normalisation_factors(study.values.to_numpy().T)
    assert np.abs(factors - 1).max() > 1e-2
    assert np.abs(np.array(list(scalars["factors"].values())) - 1).max() > 1e-2
