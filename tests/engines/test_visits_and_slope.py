"""Three visits and a slope on the dose against R DESeq2 and limma, asked there in R's own formulas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from anndata import AnnData

from dermshift.design import Ask, plan
from dermshift.engines import EngineOptions, get
from dermshift.study import Scale, Study, Timepoints

CASE = Path(__file__).parents[1] / "reference" / "visits"
TIMES = Timepoints("baseline", "week1", ("week8",))
QUESTIONS = (
    "response_timepoint_week1",
    "response_timepoint_week8",
    "difference_timepoint_week8_vs_week1",
    "slope_mg_per_kg_day",
)


def study_of(scale: Scale) -> Study:
    counts = pd.read_csv(CASE / "counts.csv.gz", index_col="gene").T.astype(float)
    sheet = pd.read_csv(CASE / "sheet.csv", dtype=str).set_index("sample").rename(columns={"dose": "mg_per_kg_day"})
    values = counts.to_numpy()
    if scale == "log2":
        values = np.log2((values + 0.5) / (values.sum(axis=1, keepdims=True) + 1) * 1e6)
    var = pd.DataFrame({"gene_symbol": ""}, index=counts.columns)
    return Study("visits", AnnData(values, obs=sheet.loc[counts.index], var=var), scale, TIMES)


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, pd.DataFrame]]:
    """Return the tables of both engines, by question."""
    counted = EngineOptions(reference="normal", shrink=False, min_count=0)
    runs: tuple[tuple[str, Scale, EngineOptions], ...] = (
        ("deseq2", "counts", counted),
        ("limma", "log2", EngineOptions()),
    )
    found: dict[str, dict[str, pd.DataFrame]] = {}
    for engine, scale, options in runs:
        study = study_of(scale)
        found[engine] = {}
        for ask in (Ask("timepoint"), Ask(slope="mg_per_kg_day")):
            designs = plan(study.sheet, TIMES, [ask])
            found[engine] |= get(engine).run(study, designs, options).tables
    return found


def of_r(engine: str, question: str) -> pd.DataFrame:
    return pd.read_csv(CASE / f"{engine}_{question}.csv.gz", index_col=0, skipinitialspace=True)


@pytest.mark.parametrize("question", QUESTIONS)
def test_limma_agrees(tables: dict[str, dict[str, pd.DataFrame]], question: str) -> None:
    mine, theirs = tables["limma"][question].set_index("gene_id"), of_r("limma", question)
    theirs = theirs.reindex(mine.index)
    # The same closed forms, in another coding of the same space: rounding and no more.
    np.testing.assert_allclose(mine["log2_fold_change"], theirs["estimate"], rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(mine["statistic"], theirs["t"], rtol=1e-6)
    np.testing.assert_allclose(np.log10(mine["p_value"]), np.log10(theirs["p"]), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("question", QUESTIONS)
def test_deseq2_agrees(tables: dict[str, dict[str, pd.DataFrame]], question: str) -> None:
    mine, theirs = tables["deseq2"][question].set_index("gene_id"), of_r("deseq2", question)
    tested = mine["p_value"].notna()
    assert tested.mean() > 0.99
    mine, theirs = mine[tested], theirs.reindex(mine.index[tested])
    off = (np.log10(mine["p_value"]) - np.log10(theirs["pvalue"])).abs()
    # R codes the same space by a reference patient, and where its iterations stop depends on the coding: 4e-6 is found.
    assert off.median() < 1e-5
    assert off.quantile(0.99) < 1e-3
    np.testing.assert_allclose(mine["log2_fold_change"], theirs["log2FoldChange"], rtol=1e-3, atol=1e-4)


def test_a_slope_taken_from_groups_is_another_answer(tables: dict[str, dict[str, pd.DataFrame]]) -> None:
    """The tolerances tell the slope from the response it is centred on."""
    slope, response = (tables["limma"][name]["log2_fold_change"] for name in (QUESTIONS[3], QUESTIONS[0]))
    assert np.abs(slope.to_numpy() - response.to_numpy()).max() > 0.5
