"""The second opinion for counts: what it refuses, and what it writes down."""

from __future__ import annotations

import json

import numpy as np
import pytest

from dermshift.design import Ask
from dermshift.engines import EngineOptions, get
from dermshift.engines.voom.precision import precision
from dermshift.errors import DesignError, ScaleError

VOOM = get("voom")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda X: np.log2(X + 1), "as in log2 values"),
        (lambda X: X - 500, "negative, missing or infinite"),
        (lambda X: np.where(X.max() == X, np.nan, X), "1 values"),
        (lambda X: np.where(X.max() == X, np.inf, X), "1 values"),
    ],
)
def test_values_that_cannot_be_counts_are_refused(make_study, answer, change, found):
    study = make_study(n_genes=40)
    study.adata.X = change(study.adata.X)
    with pytest.raises(ScaleError, match=found):
        answer(VOOM, study)


def test_estimated_counts_are_taken_as_they_are(make_study, answer):
    study = make_study()
    whole = answer(VOOM, study).tables["response"]
    study.adata.X = study.adata.X * 0.999 + 0.1
    table = answer(VOOM, study).tables["response"]
    assert (table["log2_fold_change"] - whole["log2_fold_change"]).abs().median() < 0.01


def test_too_few_genes_and_empty_libraries_are_refused(make_study, answer):
    with pytest.raises(DesignError, match=r"0 genes that vary and pass min_count = 1000000"):
        answer(VOOM, make_study(n_genes=40), options=EngineOptions(min_count=1_000_000))
    study = make_study(n_genes=40)
    study.adata.X[4] = 0
    with pytest.raises(DesignError, match="no count of a tested gene in P3_baseline"):
        answer(VOOM, study)


def test_it_agrees_with_the_count_model_on_what_changed(make_study, answer):
    study = make_study()
    mine, theirs = (answer(get(name), study, (Ask(by="sex"),)).tables for name in ("voom", "deseq2"))
    for question, table in mine.items():
        tested = (table["status"] == "tested") & (theirs[question]["status"] == "tested")
        assert tested.sum() > 150
        both = np.corrcoef(table.loc[tested, "log2_fold_change"], theirs[question].loc[tested, "log2_fold_change"])
        assert both[0, 1] > 0.98


def test_the_mean_is_in_normalised_counts(make_study, answer):
    study = make_study()
    table = answer(VOOM, study).tables["response"]
    counts = answer(get("deseq2"), study).tables["response"]["base_mean"]
    np.testing.assert_allclose(table["base_mean"], counts, rtol=0.1)
    assert table["base_mean"].iloc[-2:].tolist() == [pytest.approx(100, rel=0.1), 0]


def test_fitted_sizes_decide_the_weights():
    rng = np.random.default_rng(0)
    mean = np.exp(rng.normal(4, 1.5, (300, 1)))
    counts = rng.poisson(rng.gamma(20, mean / 20, (300, 10))).astype(float)
    found = precision(counts, np.column_stack([np.ones(10), np.tile([0.0, 1.0], 5)]))
    order = np.argsort(counts.mean(axis=1))
    assert np.median(found.weights[order[:50]]) < np.median(found.weights[order[-50:]])
    np.testing.assert_allclose(found.effective, counts.sum(axis=0) * found.factors, rtol=1e-14)
    expected = np.log2((counts + 0.5) / (found.effective + 1) * 1e6)
    np.testing.assert_allclose(found.values, expected, rtol=1e-12)


def test_the_record_is_json_and_holds_the_facts_of_the_fit(make_study, answer):
    study = make_study()
    record = answer(VOOM, study, options=EngineOptions(array_weights=True, robust=True)).record
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    names = list(study.sheet.index)
    for name in ("normalisation_factors", "effective_library_sizes", "array_weights"):
        assert list(record[name]) == names
    assert record["voom"]["span"] == 0.5
    assert record["voom"]["adaptive_span"] is False
    points = record["voom"]["log2_count"]
    assert points == sorted(points)
    assert len(points) == len(record["voom"]["sqrt_standard_deviation"]) == 21
    assert answer(VOOM, study).record["array_weights"] is None
    assert "count of 10" in record["filter"]
