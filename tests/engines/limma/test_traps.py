"""What pylimma answers in silence, and what the engine makes of it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind, ttest_rel

from dermshift.design import Ask, library_values, plan
from dermshift.engines import EngineOptions, get
from dermshift.engines.limma.linear import least_squares, of_contrast, ordered
from dermshift.engines.limma.moderate import moderated
from dermshift.errors import DesignError

LIMMA = get("limma")
BY_SEX, RESPONSE = (Ask(by="sex"),), (Ask(),)


@pytest.fixture(scope="module")
def study(make_study):
    return make_study("log2")


def first_table(result):
    return next(iter(result.tables.values()))


def test_the_contrast_is_the_vector_never_an_index(study, answer):
    """`contrast` 8 of R is index 7 here; the neighbour would be the other sex."""
    tables = answer(LIMMA, study, BY_SEX).tables
    changes = study.values.to_numpy()[1::2] - study.values.to_numpy()[::2]
    expected = {
        "response_sex_female": changes[:4].mean(axis=0),
        "response_sex_male": changes[4:].mean(axis=0),
        "difference_sex_male_vs_female": changes[4:].mean(axis=0) - changes[:4].mean(axis=0),
    }
    for question, table in tables.items():
        np.testing.assert_allclose(table["log2_fold_change"][:-2], expected[question][:-2], rtol=1e-10)


def test_order_and_names_of_coefficients_do_not_matter(study):
    designs = plan(study.sheet, study.timepoints, BY_SEX)
    turned = [
        replace(
            design,
            matrix=design.matrix[design.matrix.columns[::-1]].set_axis([f"c{i}" for i in range(9)], axis=1),
            contrast=design.contrast[::-1],
        )
        for design in designs
    ]
    mine, other = (LIMMA.run(study, some, EngineOptions()).tables for some in (designs, turned))
    for question, table in mine.items():
        assert other[question].to_csv() == table.to_csv()


def test_without_a_prior_it_is_the_ordinary_paired_t(study):
    """Two genes: too few for a prior, so that the t-tests of any textbook come out."""
    small = replace(study, adata=study.adata[:, [30, 40]].copy())
    before, after = small.values.to_numpy()[::2], small.values.to_numpy()[1::2]
    table = first_table(LIMMA.run(small, plan(small.sheet, small.timepoints, RESPONSE), EngineOptions()))
    expected = ttest_rel(after, before)
    np.testing.assert_allclose(table["statistic"], expected.statistic, rtol=1e-10)
    np.testing.assert_allclose(table["p_value"], expected.pvalue, rtol=1e-9)
    assert (table["df"] == 6).all()
    changes = after - before
    table = LIMMA.run(small, plan(small.sheet, small.timepoints, BY_SEX), EngineOptions()).tables
    table = table["difference_sex_male_vs_female"]
    np.testing.assert_allclose(table["p_value"], ttest_ind(changes[4:], changes[:4]).pvalue, rtol=1e-9)
    assert (table["df"] == 5).all()


def test_the_trend_follows_the_mean_expression_not_the_difference(study, answer):
    """A fit of differences would take the mean difference for the covariate."""
    from pylimma import e_bayes, lm_fit

    fixed = study.adata[:, :-2].to_df()
    changes = (fixed.to_numpy()[1::2] - fixed.to_numpy()[::2]).T
    fit = lm_fit(changes, design=np.ones((7, 1)))
    table = first_table(answer(LIMMA, study, RESPONSE, EngineOptions(trend=True))).iloc[:-2]
    right = e_bayes(fit, trend=fixed.mean(axis=0).to_numpy())
    np.testing.assert_allclose(table["statistic"], right["t"][:, 0], rtol=1e-8)
    wrong = e_bayes(fit, trend=True)
    assert np.abs(table["statistic"].to_numpy() / wrong["t"][:, 0] - 1).max() > 0.01


def test_constant_genes_stay_outside_and_change_no_q(study, answer):
    before = first_table(answer(LIMMA, study))
    import anndata

    flat = anndata.AnnData(
        np.tile(np.linspace(3, 12, 500), (14, 1)), obs=study.sheet,
        var=study.genes.iloc[[0] * 500].set_axis([f"flat{i}" for i in range(500)]),
    )  # fmt: skip
    joined = anndata.concat([study.adata, flat], axis=1, merge="same")
    joined.obs = study.sheet
    after = first_table(answer(LIMMA, replace(study, adata=joined)))
    assert (after["status"][160:] == "filtered_low_count").all()
    np.testing.assert_array_equal(after["fdr"][:160], before["fdr"])


def test_rows_set_aside_set_the_prior_and_show_numbers_outside_the_family(study, answer):
    before = first_table(answer(LIMMA, study))
    aside = study.adata.copy()
    aside.var["set_aside"] = np.where(np.arange(160) % 4 == 1, "other probe set of the gene", "")
    table = first_table(answer(LIMMA, replace(study, adata=aside)))
    numbers = ["log2_fold_change", "standard_error", "ci_lower", "statistic", "df", "p_value", "base_mean"]
    assert table[numbers].equals(before[numbers])
    rows = (np.arange(160) % 4 == 1) & (before["status"] == "tested")
    assert (table.loc[rows, "status"] == "set_aside").all()
    assert table.loc[rows, ["fdr", "rank"]].isna().all(axis=None)
    kept = table[table["status"] == "tested"]
    assert sorted(kept["rank"]) == list(range(1, len(kept) + 1))
    assert table["status"].iloc[-3:].tolist() == ["set_aside", "filtered_low_count", "filtered_low_count"]


def test_numbers_of_a_row_agree(study, answer):
    for options in (EngineOptions(), EngineOptions(trend=True, robust=True), EngineOptions(array_weights=True)):
        table = first_table(answer(LIMMA, study, RESPONSE, options)).iloc[:-2]
        ratio = table["log2_fold_change"] / table["standard_error"]
        np.testing.assert_allclose(ratio, table["statistic"], rtol=1e-12)
        np.testing.assert_allclose(2 * student.sf(ratio.abs(), table["df"]), table["p_value"], rtol=1e-9)
        half = student.ppf(0.975, table["df"]) * table["standard_error"]
        np.testing.assert_allclose(table["ci_upper"], table["log2_fold_change"] + half, rtol=1e-12)
        assert table["log2_fold_change_shrunken"].isna().all()


@pytest.mark.parametrize("threshold", [0.1, 0.5, 3.0])
def test_a_threshold_adds_both_tails(study, answer, threshold):
    """TREAT of McCarthy and Smyth, at this threshold: pylimma's own default would be a fold change of 1.2."""
    plain = first_table(answer(LIMMA, study)).iloc[:-2]
    table = first_table(answer(LIMMA, study, RESPONSE, EngineOptions(lfc_threshold=threshold))).iloc[:-2]
    size, error = plain["log2_fold_change"].abs(), plain["standard_error"]
    tails = [student.sf((size + sign * threshold) / error, plain["df"]) for sign in (-1, 1)]
    np.testing.assert_allclose(table["p_value"], np.minimum(tails[0] + tails[1], 1), rtol=1e-9)
    expected = np.sign(plain["log2_fold_change"]) * np.maximum(size - threshold, 0) / error
    np.testing.assert_allclose(table["statistic"], expected, rtol=1e-9, atol=1e-12)


def test_array_weights_find_the_noisy_library_and_are_recorded_by_name(make_study, answer):
    study = make_study("log2")
    study.adata.X[5, :-2] += np.random.default_rng(0).normal(0, 2, 158)
    result = answer(LIMMA, study, RESPONSE, EngineOptions(array_weights=True))
    weights = result.record["array_weights"]
    assert list(weights) == list(study.sheet.index)
    assert set(sorted(weights, key=weights.get)[:2]) == {"P3_baseline", "P3_week1"}  # a pair shares its residual
    assert answer(LIMMA, study).record["array_weights"] is None


def test_labels_of_patients_and_order_of_samples_do_not_matter_in_a_random_block(make_study, answer):
    asks = (Ask(by="sex", block="random"),)
    expected = answer(LIMMA, make_study("log2"), asks)
    other = make_study("log2", patients=["12", "3", "40", "5", "7", "1", "9"])
    order = np.random.default_rng(2).permutation(14)
    found = answer(LIMMA, replace(other, adata=other.adata[order].copy()), asks)
    assert found.record["consensus_correlation"] == expected.record["consensus_correlation"]
    for question, table in expected.tables.items():
        assert found.tables[question].to_csv() == table.to_csv()


def test_a_random_block_uses_the_pairs(study, answer):
    """Patients differ by .4 and a library by .3: taking the libraries for independent would be far less sure."""
    result = answer(LIMMA, study, (Ask(block="random"),))
    assert 0.4 < result.record["consensus_correlation"] < 0.8
    paired = first_table(answer(LIMMA, study))
    ratio = (first_table(result)["standard_error"] / paired["standard_error"]).median()
    assert 0.8 < ratio < 1.3
    [design] = plan(study.sheet, study.timepoints, [Ask(block="random")])
    data = replace(ordered(library_values(study, design).iloc[:, :-2], design), block=())
    unpaired = moderated(
        of_contrast(least_squares(data), data.contrast(design)), study.genes.index[:-2], EngineOptions()
    )
    assert (
        unpaired.tested["error"] / first_table(result).iloc[:-2].set_index("gene_id")["standard_error"]
    ).median() > 1.2


def test_compartments_of_a_patient_are_averaged_for_the_response(reference_study):
    study = reference_study("limma_compartments")
    [design] = plan(study.sheet, study.timepoints, RESPONSE)
    table = first_table(LIMMA.run(study, [design], EngineOptions()))
    values, sheet = study.values, study.sheet
    merged = values.groupby([sheet["patient"], sheet["timepoint"]]).mean()
    change = merged.xs("week1", level=1) - merged.xs("baseline", level=1)
    np.testing.assert_allclose(table["log2_fold_change"], change.mean(), rtol=1e-8, atol=1e-12)
    assert (table["n_pairs"] == 7).all()


def test_variances_that_allow_no_prior_are_refused():
    one = np.ones((9, 1))
    fit = {"coefficients": one, "stdev_unscaled": one, "sigma": np.zeros(9), "df_residual": np.full(9, 4.0)}
    with pytest.raises(DesignError, match=r"(?s)moderated variances.*Variances are mostly <= 0"):
        moderated(fit, pd.Index(list("abcdefghi")), EngineOptions(robust=True))


def test_the_record_is_json_and_holds_the_facts_of_the_fit(study, answer):
    for options in (EngineOptions(seed=3), EngineOptions(trend=True, robust=True, array_weights=True)):
        record = answer(LIMMA, study, BY_SEX, options).record
        assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["s2_prior"].keys() == record["df_prior"].keys() == {"min", "median", "max"}
    assert record["residual_df"] == 5
    assert not record["low_residual_df"]
    assert record["n_genes_fitted"] == 158
    assert record["versions"]["pylimma"] == "0.2.0"
    found = record["questions"]["difference_sex_male_vs_female"]
    assert sum(found["n_by_status"].values()) == 160
    assert found["contrast"] == [0] * 7 + [-1, 1]
