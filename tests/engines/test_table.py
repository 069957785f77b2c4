from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, t

from dermshift.engines.base import RERUN_COLUMNS
from dermshift.engines.deseq2.record import question_record
from dermshift.engines.table import assemble, rows_again
from dermshift.fdr import benjamini_hochberg

GENES = pd.DataFrame({"gene_symbol": ["A", "", "C", "D", "E", "F", "G"]}, index=list("abcdefg"))


@pytest.fixture
def tested():
    return pd.DataFrame(
        {
            "estimate": [1.0, -2.0, 0.5, 3.0, 0.2, 60.0],
            "error": [0.5, 0.5, 0.5, np.nan, 0.5, 1.0],
            "statistic": [2.0, -4.0, 1.0, np.nan, 0.4, 60.0],
            "df": [11.0, np.inf, 6.0, 6.0, 6.0, 6.0],
            "p": [0.0455, 6.3e-5, np.nan, np.nan, 0.69, 0.0],
            "outlier": [False, False, True, False, False, False],
            "converged": [True] * 6,
            "kept": [True, True, True, True, False, True],
        },
        index=list("abcdef"),
    )


@pytest.fixture
def table(tested, sex_designs):
    means = pd.Series([10.0, 20, 30, 40, 1, 60, 0], index=list("abcdefg"))
    return assemble(GENES, means, tested, pd.Series({"a": 0.9, "d": 1.0}), sex_designs[0]).set_index("gene_id")


def test_status_of_each_fate(table):
    assert table["status"].tolist() == [
        "tested",
        "tested",
        "outlier",
        "not_estimable",
        "filtered_low_count",
        "tested",
        "filtered_low_count",
    ]


def test_p_below_the_smallest_double_is_that_double(table):
    assert table.loc["f", "p_value"] == np.finfo(float).tiny


def test_fdr_is_over_the_tested_genes_alone(table):
    tested = table["status"] == "tested"
    np.testing.assert_array_equal(table.loc[tested, "fdr"], benjamini_hochberg(table.loc[tested, "p_value"]))
    assert table.loc[~tested, "fdr"].isna().all()
    assert table.loc["e", "p_value"] == 0.69  # kept by the independent filter's rule, outside the family


def test_genes_that_cannot_be_estimated_show_no_number(table):
    numbers = ["log2_fold_change", "standard_error", "ci_lower", "statistic", "p_value", "log2_fold_change_shrunken"]
    assert table.loc["d", numbers].isna().all()
    assert table.loc["d", "base_mean"] == 40


def test_outlier_keeps_its_estimate_and_loses_its_p(table):
    assert table.loc["c", "log2_fold_change"] == 0.5
    assert np.isnan(table.loc["c", "p_value"])


def test_interval_is_that_of_the_curve_of_the_gene(table, sex_designs):
    assert table.loc["a", "ci_upper"] == pytest.approx(1 + t.ppf(0.975, 11) * 0.5, rel=1e-12)
    assert table.loc["b", "ci_lower"] == pytest.approx(-2 - norm.ppf(0.975) * 0.5, rel=1e-12)
    assert table.loc["a", "df"] == 11
    assert table.loc["b", "df"] == sex_designs[0].residual_df  # a normal curve has none of its own


def test_empty_symbol_is_missing(table):
    assert table["gene_symbol"].isna().tolist() == [False, True, *[False] * 5]


def test_record_counts_rows_and_states_the_threshold(table, sex_designs):
    record = question_record(table.reset_index(), sex_designs[0], ["d"])
    assert record["n_by_status"] == {
        "tested": 3,
        "filtered_low_count": 2,
        "outlier": 1,
        "not_estimable": 1,
        "set_aside": 0,
    }
    assert record["independent_filter_threshold"] == 10.0
    assert record["shrinkage_changed_sign"] == ["d"]


def test_rows_set_aside_keep_their_numbers_and_stay_outside_fdr_and_rank(sex_designs):
    numbers = {"error": [0.5] * 4, "df": [9.0] * 4, "outlier": False, "converged": True, "kept": True}
    tested = pd.DataFrame(
        {"estimate": [1.0, 2.0, 0.5, 0.1], "statistic": [2.0, 4.0, 1.0, 0.2], "p": [0.04, 0.001, 0.3, 0.8]} | numbers,
        index=list("abcd"),
    )
    genes = GENES.iloc[:5].assign(set_aside=["", "other probe set of the gene", "", "no gene", "no gene"])
    rows = assemble(genes, pd.Series(1.0, index=genes.index), tested, pd.Series(dtype=float), sex_designs[0])
    assert rows["status"].tolist() == ["tested", "set_aside", "tested", "set_aside", "filtered_low_count"]
    assert rows["p_value"].tolist()[:4] == [0.04, 0.001, 0.3, 0.8]
    assert rows["fdr"].tolist()[:3:2] == [0.08, 0.3]
    assert rows.loc[[1, 3, 4], ["fdr", "rank"]].isna().all(axis=None)
    assert rows["rank"].tolist()[:3:2] == [1, 2]
    assert rows.loc[1, "ci_lower"] == pytest.approx(2 - 0.5 * t.ppf(0.975, 9))


def test_rows_of_a_few_genes_are_those_of_the_whole_table(table, tested, sex_designs):
    wanted = list("gdbfa")
    few = rows_again(wanted, tested, sex_designs[0])
    assert list(few.columns) == list(RERUN_COLUMNS)
    pd.testing.assert_frame_equal(
        few.set_index("gene_id"), table.loc[wanted, list(RERUN_COLUMNS[1:])], check_exact=True
    )


def test_of_a_fit_without_genes_nothing_is_shown(tested, sex_designs):
    few = rows_again(["a", "b"], tested.iloc[:0], sex_designs[0])
    assert few.drop(columns=["gene_id", "df"]).isna().all(axis=None)
