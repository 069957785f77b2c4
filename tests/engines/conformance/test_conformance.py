"""What every engine must do, whatever its model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask
from dermshift.engines import ENGINES
from dermshift.errors import ScaleError
from dermshift.names import DE_COLUMNS, column_names
from dermshift.tables import require_de


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.meta.name)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def study(engine, make_study):
    return make_study(engine.meta.scale)


@pytest.fixture(scope="module")
def response(engine, study, answer):
    return answer(engine, study).tables["response"]


@pytest.fixture(scope="module")
def by_sex(engine, study, answer):
    return answer(engine, study, (Ask(by="sex"),)).tables


def shuffled(study, seed=5):
    order = np.random.default_rng(seed).permutation(study.adata.n_obs)
    return replace(study, adata=study.adata[order].copy())


def test_tables_are_valid_and_keep_every_gene_in_order(study, response, by_sex):
    for question, table in {"response": response, **by_sex}.items():
        assert list(table.columns) == column_names(DE_COLUMNS)
        pd.testing.assert_frame_equal(require_de(table.copy(), question), table)
        assert table["gene_id"].tolist() == study.genes.index.tolist()
        assert table["gene_symbol"].tolist() == study.genes["gene_symbol"].tolist()


def test_questions_keep_their_ids_pairs_and_degrees_of_freedom(response, by_sex):
    assert list(by_sex) == ["response_sex_female", "response_sex_male", "difference_sex_male_vs_female"]
    assert [int(table["n_pairs"].iloc[0]) for table in (response, *by_sex.values())] == [7, 4, 3, 7]
    assert (response["df"].dropna() >= 6).all()
    assert (by_sex["difference_sex_male_vs_female"]["df"].dropna() >= 5).all()


def test_planted_genes_are_found_in_whom_they_were_planted(response, by_sex):
    assert set(response.nsmallest(20, "p_value").index[:10]) & set(range(10))
    assert (response.loc[:9, "fdr"] < 0.05).all()
    assert (response.loc[:9, "log2_fold_change"] > 1).all()
    difference = by_sex["difference_sex_male_vs_female"]
    assert (difference.loc[10:19, "log2_fold_change"] > 1).all()
    assert (difference.loc[10:19, "fdr"] < 0.05).mean() >= 0.5
    assert (difference.loc[:9, "fdr"] < 0.05).sum() <= 1  # one of ten may be a false discovery


def test_constant_and_zero_genes_have_no_p_value(study, response, by_sex):
    for table in (response, *by_sex.values()):
        last = table.iloc[-2:]
        assert last[["p_value", "fdr", "log2_fold_change", "rank"]].isna().all(axis=None)
        assert (last["status"] == "filtered_low_count").all()
        assert not (table["p_value"] == 0).any()


def test_interval_excludes_zero_exactly_when_p_is_below_five_percent(response, by_sex):
    for table in (response, *by_sex.values()):
        tested = table[table["status"] == "tested"]
        outside = (tested["ci_lower"] > 0) | (tested["ci_upper"] < 0)
        assert (outside == (tested["p_value"] < 0.05)).all()
        assert (np.sign(tested["statistic"]) == np.sign(tested["log2_fold_change"])).all()


def test_rank_counts_tested_genes_by_p(response):
    tested = response[response["status"] == "tested"].sort_values("rank")
    assert tested["rank"].tolist() == list(range(1, len(tested) + 1))
    assert tested["p_value"].is_monotonic_increasing


def test_order_of_samples_changes_no_byte(engine, study, response, answer):
    again = answer(engine, shuffled(study)).tables["response"]
    assert again.to_csv() == response.to_csv()


def test_names_of_patients_change_nothing(engine, make_study, response, answer):
    numbers = [str(i) for i in (12, 3, 40, 5, 7, 1, 9)]  # look like integers, and sort in another order
    table = answer(engine, make_study(engine.meta.scale, patients=numbers)).tables["response"]
    assert table.to_csv() == response.to_csv()


def test_swapping_before_and_after_flips_the_sign_and_keeps_p(engine, study, response, answer):
    times = study.timepoints
    swapped = replace(study, timepoints=type(times)(times.after, times.before))
    table = answer(engine, swapped).tables["response"]
    np.testing.assert_allclose(table["log2_fold_change"], -response["log2_fold_change"], rtol=2e-3, atol=2e-3)
    np.testing.assert_allclose(np.log10(table["p_value"]), np.log10(response["p_value"]), rtol=2e-2, atol=2e-2)


def test_input_is_left_alone(engine, make_study, answer):
    study = make_study(engine.meta.scale, n_genes=40)
    before = study.adata.copy()
    answer(engine, study)
    np.testing.assert_array_equal(study.adata.X, before.X)
    pd.testing.assert_frame_equal(study.adata.obs, before.obs)
    pd.testing.assert_frame_equal(study.adata.var, before.var)


def test_values_on_another_scale_are_refused(engine, make_study, answer):
    other = {"counts": "log2", "log2": "counts"}[engine.meta.scale]
    right = {"counts": "deseq2", "log2": "limma"}[other]
    with pytest.raises(ScaleError, match=f"modelled by '{right}'"):
        answer(engine, make_study(other, n_genes=40))


def test_under_the_null_about_five_percent_are_below_five_percent(engine, make_study, answer):
    study = make_study(engine.meta.scale, n_genes=302, effect=0.0)
    p = answer(engine, study).tables["response"]["p_value"].dropna()
    assert len(p) >= 250
    assert 0.02 < (p < 0.05).mean() < 0.09  # 300 genes: standard error .013


def test_meta_is_complete(engine):
    assert all(str(value) for value in vars(engine.meta).values())
