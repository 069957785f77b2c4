"""Two simulated studies against what R limma 3.54.1 answers for them; see tests/reference/README.md."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.limma.duplicate_correlation import duplicate_correlation
from dermshift.names import PATIENT

REFERENCE = Path(__file__).parents[2] / "reference"
STUDIES = {"limma_sex_by_timepoint": "sex", "limma_compartments": "compartment"}
OPTIONS = {
    "plain": EngineOptions(),
    "trend": EngineOptions(trend=True),
    "robust": EngineOptions(robust=True),
    "robust_trend": EngineOptions(trend=True, robust=True),
    "treat": EngineOptions(lfc_threshold=0.5),
    "weights": EngineOptions(array_weights=True),
    "random_block": EngineOptions(),
    "random_block_weights": EngineOptions(array_weights=True),
}
QUESTIONS = {
    "female": "response_sex_female",
    "male": "response_sex_male",
    "male_vs_female": "difference_sex_male_vs_female",
    "gland": "response_compartment_gland",
    "gland_vs_epidermis": "difference_compartment_gland_vs_epidermis",
}
# The same steps in the same order, so that only rounding, and where a root search ends, differ: 1e-6 relative in t is
# a hundred times what is found, and moves no printed digit. Of a p-value, log10 to 1e-6 is the same precision.
LIMIT = 1e-6


@pytest.fixture(scope="module")
def run(reference_study):
    """Return the tables and the records of a case of a study, each fitted once."""

    @cache
    def answered(name, case):
        study = reference_study(name)
        asked = Ask(by=STUDIES[name], block="random" if case.startswith("random_block") else "fixed")
        designs = plan(study.sheet, study.timepoints, [asked])
        tables, records = {}, {}
        for fit in dict.fromkeys(design.fit_id for design in designs):
            found = get("limma").run(study, [design for design in designs if design.fit_id == fit], OPTIONS[case])
            tables |= found.tables
            records |= dict.fromkeys(found.tables, found.record)
        return tables, records

    return answered


def read(study: str, name: str) -> pd.DataFrame:
    return pd.read_csv(REFERENCE / study / f"{name}.csv.gz", index_col=0)


def scalars(study: str) -> dict[str, object]:
    return json.loads((REFERENCE / study / "scalars.json").read_text())


def asked(study: str, case: str) -> dict[str, str]:
    """Return R's names of the questions of a table, and ours."""
    block = case.startswith("random_block")
    names = [column.removeprefix("t.") for column in read(study, case) if column.startswith("t.")]
    return {name: QUESTIONS[name] + ("_random_block" if block else "") for name in names}


def departures(tables: dict[str, pd.DataFrame], study: str, case: str) -> dict[str, float]:
    """Return the largest distance of each quantity from R's, over all questions and genes."""
    r, worst = read(study, case), {}
    for name, question in asked(study, case).items():
        mine = tables[question].set_index("gene_id").loc[r.index]
        t = (mine["statistic"] - r[f"t.{name}"]).abs() / r[f"t.{name}"].abs().clip(lower=1e-3)
        found = {
            "t": t.max(),
            "log10 p": (np.log10(mine["p_value"]) - np.log10(r[f"P.{name}"])).abs().max(),
            "estimate": (mine["log2_fold_change"] - r[f"logFC.{name}"]).abs().max(),
            "df": (mine["df"] / r["df"] - 1).abs().max(),
        }
        worst = {key: max(worst.get(key, 0.0), value) for key, value in found.items()}
    return worst


@pytest.mark.parametrize("case", OPTIONS)
@pytest.mark.parametrize("study", STUDIES)
def test_tables_are_those_of_r(run, study, case):
    tables, _ = run(study, case)
    found = departures(tables, study, case)
    assert max(found.values()) < LIMIT, found


@pytest.mark.parametrize("case", OPTIONS)
@pytest.mark.parametrize("study", STUDIES)
def test_priors_are_those_of_r(run, study, case):
    _, records = run(study, case)
    record = records[next(iter(asked(study, case).values()))]
    for name in ("df_prior", "s2_prior"):
        assert record[name] == pytest.approx(scalars(study)[f"{case}_{name}"], rel=LIMIT)


@pytest.mark.parametrize("study", STUDIES)
def test_weights_and_correlations_are_those_of_r(run, study, reference_study):
    _, records = run(study, "weights")
    record = records[next(iter(asked(study, "weights").values()))]
    assert record["array_weights"] == pytest.approx(scalars(study)["array_weights"], rel=LIMIT)
    for case, name in (("random_block", "consensus"), ("random_block_weights", "consensus_weights")):
        _, records = run(study, case)
        record = records[next(iter(asked(study, case).values()))]
        assert record["consensus_correlation"] == pytest.approx(scalars(study)[name], rel=1e-12)
    values = reference_study(study).values
    cells = pd.read_csv(REFERENCE / study / "cells.csv", index_col=0)
    block = pd.read_csv(REFERENCE / study / "block.csv", index_col=0).loc[values.index, PATIENT]
    found = duplicate_correlation(values.to_numpy().T, cells.loc[values.index].to_numpy(), tuple(block))
    np.testing.assert_allclose(found.atanh, read(study, "correlations")["atanh"], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    ("case", "instead"),
    [
        ("plain", "trend"),
        ("trend", "plain"),
        ("robust", "plain"),
        ("robust_trend", "trend"),
        ("robust_trend", "robust"),
        ("treat", "plain"),
        ("weights", "plain"),
    ],
)
def test_another_model_would_fail_here(run, study, case, instead):
    tables, _ = run(study, instead)
    found = departures(tables, study, case)
    assert found["t"] > 1e4 * LIMIT
    assert found["log10 p"] > 1e4 * LIMIT


@pytest.mark.parametrize("study", STUDIES)
def test_another_correlation_would_fail_here(run, study, reference_study):
    """Patients as a block whose correlation is taken for 0: one label per library is refused, so swap two patients."""
    values = reference_study(study)
    designs = plan(values.sheet, values.timepoints, [Ask(by=STUDIES[study], block="random")])
    first = designs[0].block
    swapped = {first[0]: first[-1], first[-1]: first[0]}
    block = tuple(swapped.get(label, label) if i % 2 else label for i, label in enumerate(first))
    tables = get("limma").run(values, [replace(design, block=block) for design in designs], EngineOptions()).tables
    assert departures(tables, study, "random_block")["t"] > 1e4 * LIMIT
