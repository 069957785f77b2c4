"""Ways in which the library answers wrongly without a word, and that none of them reaches a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydeseq2.ds import DeseqStats

from dermshift.design import Ask, library_values, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.deseq2 import adapter
from dermshift.engines.deseq2.fit import fit
from dermshift.engines.deseq2.inference import BatchedInference
from dermshift.engines.deseq2.shrink import sign_changes
from dermshift.engines.deseq2.wald import aligned_contrast, wald
from dermshift.engines.quiet import quiet

ENGINE = get("deseq2")
MALE, FEMALE, DIFFERENCE = "response_sex_male", "response_sex_female", "difference_sex_male_vs_female"


@pytest.fixture(scope="module")
def study(make_study):
    return make_study()


@pytest.fixture(scope="module")
def by_sex(study, answer):
    return answer(ENGINE, study, (Ask(by="sex"),), EngineOptions())


@pytest.fixture(scope="module")
def fitted(study, sex_designs):
    counts = library_values(study, sex_designs[0], seed=0)
    with quiet([]):
        return fit(counts.loc[:, counts.nunique() > 1], sex_designs[0], BatchedInference())


def tested(result, question):
    table = result.tables[question].set_index("gene_id")
    return table[table["status"] == "tested"]


def test_difference_is_male_minus_female(by_sex):
    male, female, difference = (tested(by_sex, question) for question in (MALE, FEMALE, DIFFERENCE))
    np.testing.assert_allclose(
        difference["log2_fold_change"], male["log2_fold_change"] - female["log2_fold_change"], atol=1e-10
    )
    # the sexes share no patient, so the variances add
    np.testing.assert_allclose(
        difference["standard_error"] ** 2, male["standard_error"] ** 2 + female["standard_error"] ** 2, rtol=1e-6
    )
    assert (difference["df"].dropna() >= 5).all()


def test_sign_follows_the_config_not_the_alphabet(make_study, answer):
    study = make_study(n_genes=60, timepoints=("pre", "after"))
    table = answer(ENGINE, study).tables["response"]
    assert (table.loc[:9, "log2_fold_change"] > 1).all()


def test_opposite_contrast_is_the_negative_with_the_same_p(fitted, sex_designs):
    design, options = sex_designs[2], EngineOptions()
    opposite = replace(design, contrast=-design.contrast)
    with quiet([]):
        there = wald(fitted, design, options)
        back = wald(fitted, opposite, options)
    np.testing.assert_allclose(back["estimate"], -there["estimate"], rtol=1e-12)
    np.testing.assert_allclose(back["p"], there["p"], rtol=1e-12)


def test_contrast_reaches_the_library_as_an_array(fitted, sex_designs):
    weights = sex_designs[2].contrast.tolist()
    with pytest.raises(AttributeError, match="formulaic_contrasts"):
        DeseqStats(fitted, contrast=weights, inference=BatchedInference(), quiet=True)
    contrast = aligned_contrast(fitted, sex_designs[2])
    columns = fitted.obsm["design_matrix"].columns
    assert columns[contrast == 1].tolist() == ["week1_male"]
    assert columns[contrast == -1].tolist() == ["week1_female"]


def test_natural_logarithms_stay_inside(fitted, sex_designs):
    with quiet([]):
        results = wald(fitted, sex_designs[1], EngineOptions())
    natural = fitted.varm["LFC"][sex_designs[1].coefficient]
    np.testing.assert_allclose(natural / results["estimate"], np.log(2), rtol=1e-12)


def test_size_factors_are_the_median_of_ratios_of_the_filtered_genes(study, by_sex):
    counts = study.values
    kept = (counts >= 10).sum() >= 7
    positive = np.log(counts.loc[:, kept & (counts > 0).all() & (counts.nunique() > 1)])
    naive = np.exp((positive - positive.mean()).median(axis=1))
    recorded = pd.Series(by_sex.record["size_factors"])
    np.testing.assert_allclose(recorded.to_numpy(), naive.loc[recorded.index].to_numpy(), rtol=1e-12)


def test_base_mean_is_the_mean_of_normalised_counts_for_every_gene(study, by_sex):
    factors = pd.Series(by_sex.record["size_factors"])
    naive = study.values.loc[factors.index].div(factors, axis=0).mean()
    for table in by_sex.tables.values():
        np.testing.assert_allclose(table["base_mean"], naive, rtol=1e-12)


def test_shrinkage_leaves_the_estimate_and_p_alone(study, by_sex, answer):
    plain = answer(ENGINE, study, (Ask(by="sex"),), EngineOptions(shrink=False))
    for question, table in by_sex.tables.items():
        untouched = table.drop(columns="log2_fold_change_shrunken")
        pd.testing.assert_frame_equal(untouched, plain.tables[question].drop(columns="log2_fold_change_shrunken"))
    shrunk = tested(by_sex, MALE)
    assert shrunk["log2_fold_change_shrunken"].notna().all()
    assert shrunk["log2_fold_change_shrunken"].abs().mean() < shrunk["log2_fold_change"].abs().mean()


def test_a_combined_contrast_has_no_shrunken_estimate(by_sex):
    assert by_sex.tables[DIFFERENCE]["log2_fold_change_shrunken"].isna().all()
    assert by_sex.record["questions"][DIFFERENCE]["shrunken_coefficient"] == ""


def test_shrinkage_that_turns_a_sign_raises_the_alarm():
    estimate = pd.Series({"a": 1.0, "b": -1.0, "c": 0.5, "d": 1.0, "e": 0.1})
    assert sign_changes(estimate, pd.Series({"a": 0.9, "b": 0.1, "c": np.nan, "d": -2.0, "e": -0.001})) == ["b", "d"]


def test_alpha_and_the_independent_filter_change_no_p(study, answer):
    fixed, strict, loose = (
        answer(ENGINE, study, (Ask(),), options)
        for options in (
            EngineOptions(shrink=False),
            EngineOptions(shrink=False, independent_filtering=True, alpha=0.01),
            EngineOptions(shrink=False, independent_filtering=True, alpha=0.2),
        )
    )
    p = [result.tables["response"]["p_value"] for result in (strict, loose)]
    pd.testing.assert_series_equal(*p)
    assert fixed.record["options"]["alpha"] == 0.05
    assert "FDR 0.2" in loose.record["filter"]
    assert "count of 10" in fixed.record["filter"]


def test_no_worker_process_is_left_behind(study, by_sex, answer):
    tasks = Path("/proc/self/task")
    if not tasks.is_dir():
        pytest.skip("needs /proc")
    before = {file.read_text() for file in tasks.glob("*/children")}
    answer(ENGINE, study)
    assert {file.read_text() for file in tasks.glob("*/children")} <= before | {""}


def test_nothing_is_printed_and_warnings_go_to_the_record(make_study, answer, capfd):
    result = answer(ENGINE, make_study(n_genes=40))
    assert capfd.readouterr() == ("", "")
    warnings = result.record["warnings"]
    assert len(warnings) == len(set(warnings))


def test_adding_constant_genes_changes_no_q(study, answer):
    from anndata import AnnData

    extra = np.full((14, 50), 30.0)
    names = [f"extra{i}" for i in range(50)]
    genes = pd.DataFrame({"gene_symbol": names, "gene_id_original": names}, index=names)
    wide = AnnData(np.hstack([study.adata.X, extra]), obs=study.sheet.copy(), var=pd.concat([study.genes, genes]))
    larger = type(study)("wide", wide, "counts", study.timepoints)
    q, q_larger = (answer(ENGINE, s).tables["response"]["fdr"] for s in (study, larger))
    pd.testing.assert_series_equal(q_larger.iloc[: len(q)], q)


def test_one_fit_serves_all_contrasts(study, monkeypatch):
    calls = []
    monkeypatch.setattr(adapter, "fit", lambda *args: calls.append(1) or fit(*args))
    result = adapter.run(study, plan(study.sheet, study.timepoints, [Ask(by="sex")]), EngineOptions(shrink=False))
    assert len(calls) == 1
    assert len(result.tables) == 3


def test_other_kernels_can_be_passed_in(make_study):
    class Counting(BatchedInference):
        used = 0

        def irls(self, *args, **kwargs):
            Counting.used += 1
            return super().irls(*args, **kwargs)

    study = make_study(n_genes=40)
    designs = plan(study.sheet, study.timepoints, [Ask()])
    adapter.run(study, designs, EngineOptions(shrink=False), Counting(threads=1))
    assert Counting.used >= 2
