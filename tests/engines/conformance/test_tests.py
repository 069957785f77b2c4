"""What every engine must do when another test is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask
from dermshift.engines import ENGINES, EngineOptions
from dermshift.names import DE_COLUMNS, column_names
from dermshift.tables import require_de

THRESHOLD = 1.0
ASKED = {
    "lrt": {"test": "lrt"},
    "beyond": {"lfc_threshold": THRESHOLD},
    "within": {"lfc_threshold": THRESHOLD, "alternative": "lessAbs"},
    "above": {"lfc_threshold": THRESHOLD, "alternative": "greater"},
    "below": {"lfc_threshold": THRESHOLD, "alternative": "less"},
}
UNTOUCHED = ["gene_id", "base_mean", "log2_fold_change", "standard_error", "ci_lower", "ci_upper", "df", "n_pairs"]


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.meta.name)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def study(engine, make_study):
    return make_study(engine.meta.scale)


@pytest.fixture(scope="module")
def tables(engine, study, answer):
    """Tables of the response and by sex, for each test."""
    found = {}
    for name, choice in {"usual": {}, **ASKED}.items():
        options = EngineOptions(shrink=False, **choice)
        found[name] = answer(engine, study, (Ask(),), options).tables
        found[name] |= answer(engine, study, (Ask(by="sex"),), options).tables
    return found


def tested(table):
    return table[table["status"] == "tested"]


@pytest.mark.parametrize("name", ASKED)
def test_tables_are_valid(tables, name):
    for question, table in tables[name].items():
        assert list(table.columns) == column_names(DE_COLUMNS)
        pd.testing.assert_frame_equal(require_de(table.copy(), question), table)
        p = tested(table)["p_value"]
        assert p.between(0, 1).all()
        assert (p > 0).all()
        assert tested(table).sort_values("rank")["p_value"].is_monotonic_increasing


@pytest.mark.parametrize("name", ASKED)
def test_estimates_and_intervals_stay_those_of_the_model(tables, name):
    for question, table in tables[name].items():
        pd.testing.assert_frame_equal(table[UNTOUCHED], tables["usual"][question][UNTOUCHED])


def test_the_likelihood_ratio_finds_what_wald_finds(tables):
    for question, table in tables["lrt"].items():
        mine, usual = tested(table), tested(tables["usual"][question])
        assert (np.sign(mine["statistic"]) == np.sign(mine["log2_fold_change"])).all()
        assert np.corrcoef(mine["statistic"], usual["statistic"])[0, 1] > 0.95
        assert not (mine["p_value"] == usual["p_value"]).all()
    assert (tables["lrt"]["response"].loc[:9, "fdr"] < 0.05).all()


def test_claims_of_a_threshold_go_with_the_interval(tables):
    for table in tables["beyond"].values():
        outside = (tested(table)["ci_lower"] > THRESHOLD) | (tested(table)["ci_upper"] < -THRESHOLD)
        assert (outside == (tested(table)["p_value"] < 0.05)).all()
    for name, inside in {
        "within": lambda t: (t["ci_lower"] > -THRESHOLD) & (t["ci_upper"] < THRESHOLD),
        "above": lambda t: t["ci_lower"] > THRESHOLD,
        "below": lambda t: t["ci_upper"] < -THRESHOLD,
    }.items():
        for table in map(tested, tables[name].values()):
            assert (inside(table) == (table["p_value"] < 0.025)).all(), name  # one tail of the interval


def test_a_threshold_is_harder_than_none_and_claims_oppose_each_other(tables):
    for question, usual in tables["usual"].items():
        assert (tested(tables["beyond"][question])["p_value"] >= tested(usual)["p_value"]).all()
    beyond, within, below = (tables[name]["response"] for name in ("beyond", "within", "below"))
    assert not ((beyond["fdr"] < 0.05) & (within["fdr"] < 0.05)).any()
    assert (within.loc[20:, "fdr"] < 0.05).sum() > 20  # genes without a response
    assert not (below.loc[:9, "fdr"] < 0.05).any()  # planted upwards


def test_the_question_of_a_threshold_is_the_contrast_itself(tables):
    """In the difference of the sexes the planted genes of one sex exceed, those of both stay within."""
    difference = tables["within"]["difference_sex_male_vs_female"]
    assert (difference.loc[10:19, "p_value"] > 0.5).mean() > 0.7
    assert difference.loc[:9, "p_value"].median() < 0.2


@pytest.mark.parametrize("name", ASKED)
def test_order_of_samples_changes_no_byte(engine, study, answer, tables, name):
    order = np.random.default_rng(5).permutation(study.adata.n_obs)
    other = replace(study, adata=study.adata[order].copy())
    again = answer(engine, other, (Ask(by="sex"),), EngineOptions(shrink=False, **ASKED[name])).tables
    for question, table in again.items():
        assert table.to_csv() == tables[name][question].to_csv()


@pytest.mark.parametrize("threads", [2, 3, 0])
def test_threads_change_no_byte(engine, study, answer, tables, threads):
    for name in ("usual", "lrt"):
        options = EngineOptions(shrink=False, threads=threads, **ASKED.get(name, {}))
        again = answer(engine, study, (Ask(by="sex"),), options).tables
        assert {q: t.to_csv() for q, t in again.items()} == {q: tables[name][q].to_csv() for q in again}
